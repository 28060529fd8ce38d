"""What the pages about keeping and erasing personal data show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.paging import Paging
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """A finished competition in which somebody is still known by name."""

    competition: Link
    finished: str
    until: str
    people: str
    chip: Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingPage:
    """What `organiser/erasure/keeping.html` wants."""

    rows: Sequence[KeptRow]
    page: Paging
    past: int
    """Of how many the time is over."""
    rule: str
    book_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """What somebody asked to be erased, and what became of it."""

    what: str
    reason: str
    asked: str
    chip: Chip
    ended: str | None
    """Who ended it, and what was answered."""
    agree_url: str | None
    agree_why_not: str | None
    refuse_url: str | None
    mine: bool
    """Whether who looks is who asked: an answer is not wanted of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsForm:
    """How long they are kept here."""

    url: str
    typed: str
    hint: str
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePage:
    """What `organiser/erasure/erasure.html` wants."""

    competition: CompetitionLink
    state_chip: Chip
    stands: Sequence[str]
    """How long they are kept, of how many people."""
    goes: Sequence[str]
    stays: Sequence[str]
    warning: str | None
    """What will not be possible any more."""
    why_not: str | None
    alone: bool
    """Whether one person's data can go by themselves."""
    ask_url: str | None
    asked: Sequence[AskedRow]
    months: MonthsForm | None
    problem: str | None
    """What is wrong with the reason that was sent."""
