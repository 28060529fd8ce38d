"""Public columns: the personal ones that rules look at, and those that may be told besides."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from compete.domain.bundle.event_types import Event
from compete.domain.scoring.event_scorer import grade_rules_of

PERSONAL = ("group", "grade", "promoted", "birth")
"""The keys in the bundle that are told of a person only where a rule asks for them."""

REASONS = "reasons"
EXTRAS = "extras"
UNNAMED = "unnamed"
"""Marks go out without whose they are."""
CHOICES = ("group", "grade", "promoted", REASONS, EXTRAS, UNNAMED)
"""The keys an organiser may let go out though no rule asks, never a birth; and `UNNAMED`."""


def needed_columns(event: Event) -> frozenset[str]:
    """The columns of `PERSONAL` that the event's results can't be worked out again without."""
    grade_rules = grade_rules_of(event)
    ties = (*event.ranking.ties, *(key for item in event.items for key in item.ties))
    asked = {
        "group": any(rule.when.groups for rule in grade_rules),
        # Whoever is granted a grade is compared with the one that is held.
        "grade": any(
            rule.when.holds or rule.grant.to is not None or rule.grant.up is not None
            for rule in grade_rules
        ),
        "promoted": any(rule.when.once_a_year for rule in grade_rules),
        "birth": any(key.startswith("age:") for key in ties),
    }
    return frozenset(column for column in PERSONAL if asked[column])


def told_columns(events: Iterable[Event], also: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """The columns of `PERSONAL` told of each event's people, by the event's code."""
    chosen = {column for column in also if column in PERSONAL and column in CHOICES}
    return {event.code: needed_columns(event) | chosen for event in events}
