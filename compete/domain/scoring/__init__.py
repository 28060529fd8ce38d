"""A whole competition from its bundle to its results, and again after one more mark."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.scoring.event_scorer import EventScorer, Written, grade_rules_of
    from compete.domain.scoring.scorer import Scorer, score

__all__ = [
    "EventScorer",
    "Scorer",
    "Written",
    "grade_rules_of",
    "score",
]

__getattr__ = loader(
    __name__,
    {
        "event_scorer": (
            "EventScorer",
            "Written",
            "grade_rules_of",
        ),
        "scorer": (
            "Scorer",
            "score",
        ),
    },
)
