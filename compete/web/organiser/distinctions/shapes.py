"""What the page of awards given by hand shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One award of one holder, with what can be done about it."""

    id: int
    name: str
    unit: str
    reason: str
    state: str
    """The key of `state` in `_parts/states.html`."""
    word: str
    place: str = ""
    """Where its unit stands: before it is agreed, or where a veto came since."""
    barred: str = ""
    """What the unit's veto in that version says of it."""
    notes: Sequence[str]
    """Who nominated and granted it, by which place, why it was taken back."""
    certificate: Link | None
    agree_url: str | None
    agree_label: str
    agree_why_not: str | None
    drop_url: str | None
    drop_label: str
    drop_asks: str | None
    """What is to be written, or None where nothing is."""
    recall_url: str | None
    correct_url: str | None
    """Where another name is asked for, of who is known by name alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody whom an award may be given to; `why_not`: others come first, a veto."""

    code: str
    name: str
    note: str
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One event's ranked people whom an award by age or gender fits."""

    event: str
    name: str
    candidates: Sequence[Candidate]
    unknown: str | None
    """Of whom nobody knows whether it fits, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctionCard:
    """One title: whom it is for, who has it, and the form by which it is given."""

    mark: str
    title: str
    kind: str
    asks: str
    given: Sequence[Given]
    waiting: int
    candidates: Sequence[Candidate]
    """Units or officials to tick."""
    units: Sequence[Choice]
    """Of which one is a coach's."""
    by_place: bool
    contests: Sequence[Contest]
    not_yet: str | None
    """Why nobody can be nominated yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One title as the form about them asks for it."""

    title: str = ""
    kind: str = "unit"
    age_to: str = ""
    age_on: str = ""
    gender: str = ""
    places: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctionTyped:
    """What was sent and refused, and why; by the title that it was for."""

    title: str
    problem: str
    fields: Mapping[str, str]
    people: Sequence[str]
    event: str = ""
