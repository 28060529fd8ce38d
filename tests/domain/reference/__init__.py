"""A second scorer, written from the format's sentences alone, slow and plain.

It shares no code with `compete.domain`: plain dictionaries in, plain
dictionaries out, Fractions throughout. Tests hold the two against each other.
"""

from tests.domain.reference.event import Event
from tests.domain.reference.labour import score_labour
from tests.domain.reference.numbers import number, rounded
from tests.domain.reference.overall import overall_of

__all__ = ["number", "rounded", "score_bundle"]


def score_bundle(bundle: dict) -> dict:
    """The results of a bundle (as read from JSON), grades without their reasons."""
    events = [Event(bundle, event) for event in bundle.get("events", [])]
    results = {
        "format": "compete-results/1",
        "competition": bundle["competition"]["code"],
        "events": [reference.results() for reference in events],
    }
    if bundle.get("overall"):
        results["overall"] = [overall_of(bundle, events, it) for it in bundle["overall"]]
    if bundle["competition"]["kind"] == "labour":
        results["labour"] = score_labour(bundle)
    return results
