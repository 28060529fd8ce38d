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
class LatePage:
    """What `organiser/deadlines/late.html` wants."""

    competition: CompetitionLink
    back_url: str
    period: str
    views: Sequence[View]
    """The leaf periods."""
    sign: str | None
    """Until when departments sign off, in words; None where nothing is set."""
    own: str | None
    departments: Sequence[LateDepartmentRow]
    units: Sequence[LateUnitRow]
    nobody: int
    """Squares that no department enters."""
    closed: bool
    reminders: str
    """A line to send for each that is missing."""
    book_url: str
    departments_url: str | None
    deadlines: Sequence[DeadlineRow]
    months: str
    """How far each period's deadline is from the one before."""
    save_url: str | None
    problem: str | None
