"""What the desk's home shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from compete.models import Competition
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits for who looks, in one competition."""

    icon: str
    what: str
    detail: str
    label: str
    """What the button says."""
    url: str
    post: bool = False
    """Whether the button sends a form, with `fields` beside the token."""
    fields: Mapping[str, str] | None = None
    due: datetime | None = None
    """Until when, where that is set."""
    at_once: bool = False
    """Whether others wait for it, or judging goes on."""
    day: date | None = None
    """The day that it is for, where no time is set."""
    competition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What is still to come in a competition, and when."""

    on: date
    what: str
    competition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """A line of the list."""

    waiting: Waiting
    due: str
    """Until when, in words; empty for no day."""
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitionRow:
    """A competition in the list."""

    competition: Competition
    level: str
    state: Chip
    entrants: str
    """How many take part; empty for nobody."""
    units: int
    may_bring: bool
    """Whether one that was put away is brought back by who looks."""
