"""Explanations for pages: every grade rule of a person, wanted and found."""

from __future__ import annotations

from functools import lru_cache

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.grade_types import GradeRule
from compete.domain.bundle.results import Reason
from compete.domain.bundle.types import Bundle
from compete.domain.scoring.event_scorer import grade_rules_of
from compete.domain.scoring.scorer import Scorer


def grade_reasons(bundle: Bundle, entrant: str, member: str | None = None) -> list[Reason]:
    """List every rule of the entrant's event, also for those without a proposed grade.

    Of a crew it is the member's of that code, without one the first member's.
    """
    grades = scorer_of(bundle).event_of(entrant).grades
    people = grades.people(entrant)
    person = next((person for person in people if person.member == member), people[0])
    return grades.reasons(person)


def find_rule(event: Event, code: str) -> GradeRule | None:
    """The event's grade rule of that code, or None."""
    return next((rule for rule in grade_rules_of(event) if rule.code == code), None)


def scorer_of(bundle: Bundle) -> Scorer:
    """The worked-out competition of a bundle; the last few are kept by identity."""
    return _scorer(_Same(bundle))


class _Same:
    """A key that is equal only for the very same bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.bundle is other.bundle

    def __hash__(self) -> int:
        return id(self.bundle)


@lru_cache(maxsize=8)
def _scorer(same: _Same) -> Scorer:
    return Scorer(same.bundle)
