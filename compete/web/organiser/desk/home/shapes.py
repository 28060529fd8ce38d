"""Shapes of the desk's home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from compete.models import Competition, utc_now
from compete.web.organiser.desk.overview.shapes import Missing
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A thing that waits for the viewer, in one competition."""

    row: Missing
    competition: str
    at_once: bool = False
    """True if others wait for it, or judging goes on."""
    day: date | None = None
    """The day that it is for, where no time is set."""

    @property
    def urgent(self) -> bool:
        """True if it cannot wait a day."""
        due = self.row.due
        return self.at_once or (due is not None and due <= utc_now() + timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """An event to come in a competition, and when."""

    on: date
    what: str
    competition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitionRow:
    """A competition in the list."""

    competition: Competition
    level: str
    state: Chip
    entrants: str
    """The number of people who take part; empty for nobody."""
    units: int
    may_bring: bool
    """True if the viewer can bring back one that was put away."""
