"""A second scorer, written from the format's sentences alone, slow and plain.

It shares no code with `compete.domain`: plain dictionaries in, plain
dictionaries out, Fractions throughout. Tests hold the two against each other.
"""

from tests.domain.reference.event import score_event
from tests.domain.reference.labour import score_labour
from tests.domain.reference.numbers import number, rounded

__all__ = ["number", "rounded", "score_bundle"]


def score_bundle(bundle: dict) -> dict:
    """The results of a bundle (as read from JSON), grades without their reasons."""
    results = {
        "format": "compete-results/1",
        "competition": bundle["competition"]["code"],
        "events": [score_event(bundle, event) for event in bundle.get("events", [])],
    }
    if bundle["competition"]["kind"] == "labour":
        results["labour"] = score_labour(bundle)
    return results
