"""What the verdicts of an evaluation's event show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFilter:
    """A verdict as a filter: how many have it."""

    label: str
    kind: str
    count: int
    note: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLine:
    """A module's or part's line, and how many reached it."""

    name: str
    line: str
    full: str
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A score under its module; `note` where it was brought along."""

    text: str
    bad: bool
    carried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """Somebody's marks and what they come to."""

    code: str
    name: str
    unit: str
    url: str | None
    """The person's page, for whoever may open it."""
    marks: Sequence[Mark]
    verdict: Chip
    why: str
    grade: str
    """What became of the grade: proposed, approved, certified; empty where none follows."""
    seen: str
    """How the grade stands, as a form says what it showed."""
    decide: Mapping[str, str]
    """By act, as `approve`, where it is sent; only what may be decided of this grade now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictActs:
    """What the page does next; None for what is not to be done now, or by whom it is shown to."""

    publish: str | None
    publish_words: str
    draft: str | None
    book: str
    approve: str | None
    approve_words: str
    results: str | None
