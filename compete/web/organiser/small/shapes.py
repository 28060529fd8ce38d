"""Shapes of the pages of a small contest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from compete.web.organiser.shapes import CompetitionLink
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePoint:
    """A line of the judge's sheet, as it will look: its full marks, what a fault takes off."""

    name: str
    most: str
    off: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The values read out of the form so far."""

    people: int
    points: int
    total: str
    judges: int
    prizes: int
    first: str
    first_unit: str
    phone: Sequence[PhonePoint]
    faults: Mapping[str, Sequence[str]]
    odd: Sequence[str]
    """The names that should be looked at."""
    first_wrong: str | None
    """The field to which the cursor goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCard:
    """A judge's code; without `code` it was used, or is past its time."""

    name: str
    code: Markup | None
    state: Chip
    renew_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder:
    """Somebody's place in the order of appearance."""

    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage:
    """Right after it is opened: the judges' codes."""

    competition: CompetitionLink
    cards: Sequence[CodeCard]
    order: Sequence[InOrder]
    marks_url: str
    blank_url: str
    refreshes: bool
    """True if a code still waits to be scanned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCell:
    """A judge's sheet of somebody: its total, or the field in which it is typed."""

    sheet: int
    label: str
    total: str | None
    items: str
    """The points of each item, as they are typed."""
    typed_by: str | None
    handed_in: bool
    begun: bool
    open: bool
    """True if it is typed in here."""
    value: str
    """The value typed and not stored yet, or to be typed again."""
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """Somebody with every judge's mark."""

    rank: int | None
    name: str
    unit: str
    absent: bool
    cells: Sequence[MarkCell]
    total: str | None
    award: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeHead:
    """A judge above the column: how many sheets were handed in, how many of them typed."""

    name: str
    done: int
    all: int
    typed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksUrls:
    """The links of the page; None for what this person may not do, or not now."""

    codes: str | None
    here: str
    whole: str
    type: str | None
    anew: str | None
    publish: str | None
    certificates: str | None
    public: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksPage:
    """The marks of all people, ranked as they stand."""

    competition: CompetitionLink
    people: int
    items: Sequence[str]
    rows: Sequence[MarkRow]
    judges: Sequence[JudgeHead]
    left: int
    """Sheets without marks of those who came."""
    sheets: int
    stand: Chip
    blockers: Sequence[str]
    winners: int
    certified: int
    """Award certificates in force."""
    owed: int
    """Certificates that contradict the published results: due, or not in order any more."""
    half_absent: Sequence[str]
    """The people who are 缺考 though a judge marked them."""
    version: int | None
    announced: bool
    """True if the published results count; not while marks are opened again."""
    anew: bool
    """True if marks are typed again here."""
    reason: str
    evidence: str
    evidences: Sequence[Choice]
    problem: str | None
    asks_over: bool
    urls: MarksUrls
