"""Shapes of the desk's home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from compete.models import Competition
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A thing that waits for the viewer, in one competition."""

    icon: str
    what: str
    detail: str
    label: str
    """The text of the button."""
    url: str
    post: bool = False
    """True if the button sends a form, with `fields` beside the token."""
    fields: Mapping[str, str] | None = None
    due: datetime | None = None
    """The deadline, if there is one."""
    at_once: bool = False
    """True if others wait for it, or judging goes on."""
    day: date | None = None
    """The day that it is for, where no time is set."""
    competition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """An event to come in a competition, and when."""

    on: date
    what: str
    competition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """A line of the list."""

    waiting: Waiting
    due: str
    """The deadline in words; empty for no day."""
    urgent: bool


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
