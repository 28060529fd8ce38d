"""A whole competition from its bundle to its results, and again after one more mark."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.scoring.event_scorer import EventScorer, Written, grade_rules_of
    from compete.domain.scoring.overall import brought, counted_for, delegations
    from compete.domain.scoring.scorer import Scorer, refuse_unfit_playoffs, score

__all__ = [
    "EventScorer",
    "Scorer",
    "Written",
    "brought",
    "counted_for",
    "delegations",
    "grade_rules_of",
    "refuse_unfit_playoffs",
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
        "overall": ("brought", "counted_for", "delegations"),
        "scorer": (
            "Scorer",
            "refuse_unfit_playoffs",
            "score",
        ),
    },
)
