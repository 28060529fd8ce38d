"""What the page of deadlines and of who is missing shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, View
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A leaf period's two deadlines as their fields have them, local and to the minute."""

    code: str
    name: str
    own: str
    sign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDepartmentRow:
    """A department in the chosen period."""

    name: str
    recorder: str | None
    """Who enters; None where no link was made."""
    lacking: str
    """What it lacks, in words; empty where nothing."""
    chip: Chip
    """Signed, late or open."""
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateUnitRow:
    """A unit that lacks self-assessments."""

    name: str
    group: str
    contact: str | None
    lacking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledMark:
    """A unit in a leaf period: `full`, `part`, `none`, `away` or, not due yet, `later`."""

    kind: str
    text: str
    url: str | None
    """Where the page tells what is missing; None where nothing can be."""
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledLine:
    """A unit over the leaf periods."""

    name: str
    marks: Sequence[FilledMark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a unit lacks in a period, who fills it in, and what comes of it."""

    title: str
    what: str
    who: str
    then: str
    url: str
    """The period's squares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstPeriod:
    """In how many units a period is not complete; `share` in per cent of the worst."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledGrid:
    """Units by leaf period, those that lack something first; `more` complete ones are folded."""

    title: str
    sides: Sequence[View]
    """What departments score, or what units say of themselves."""
    groups: Sequence[View]
    columns: Sequence[View]
    """The leaf periods."""
    rows: Sequence[FilledLine]
    more: int
    more_url: str
    gap: Gap | None
    worst: Sequence[WorstPeriod]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """How many lack something in the period, when they were told, and where they are told again."""

    count: int
    said: str
    url: str | None
    """None for who may not, and once all were told as often as they may be on one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePage:
    """What `organiser/deadlines/late.html` wants."""

    competition: CompetitionLink
    back_url: str
    period: str
    grid: FilledGrid
    sign: str | None
    """Until when departments sign off, in words; None where nothing is set."""
    own: str | None
    departments: Sequence[LateDepartmentRow]
    units: Sequence[LateUnitRow]
    nobody: int
    """Squares that no department enters."""
    closed: bool
    reminding: Reminding | None
    """None where nobody lacks anything."""
    reminders: str
    """A line to send for each that is missing."""
    book_url: str
    departments_url: str | None
    deadlines: Sequence[DeadlineRow]
    months: str
    """How far each period's deadline is from the one before."""
    save_url: str | None
    problem: str | None
