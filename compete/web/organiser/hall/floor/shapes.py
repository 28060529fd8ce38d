"""Shapes of the pages of the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.services.hall.floor import OnFloor
from compete.web.organiser.schedule.arrivals.view_model import StateCount
from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorCard:
    """Somebody at a station, or who comes there next."""

    who: OnFloor
    station: str
    word: str
    icon: str
    likely: str
    """When they will, going by how late the station is; empty where that is as planned."""
    since: str
    """When the clock that runs for them began; empty where none runs."""
    note: str
    note_bad: bool
    stopped: str
    """The thing that stopped and since when, while it is not settled."""
    given: str
    """The time given for the time that they lost."""
    stop_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorColumn:
    """One station."""

    title: str
    under: str
    chip: str
    chip_kind: str
    """`ok` or `warn`."""
    at: Sequence[FloorCard]
    """The last of those at work there who began."""
    more_at: int
    coming: Sequence[FloorCard]
    """The next few."""
    more: int
    """The number of those who come after."""
    done: int
    all: int
    marks: Sequence[str]
    """The state of each, in the order of the plan; none where they are too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSee:
    """A matter on the floor that needs somebody."""

    title: str
    where: str
    text: str
    icon: str
    acts: Sequence[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfSession:
    """The end of a session, as planned and as likely."""

    name: str
    planned: str
    likely: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFloor:
    """The parts that change while it is open."""

    counts: Sequence[StateCount]
    columns: Sequence[FloorColumn]
    as_rows: bool
    """True if the stations are too many to stand side by side."""
    chosen: Sequence[FloorCard] | None
    """The first of one state, where one is asked for."""
    beyond: int
    """The number of further ones in it."""
    to_see: Sequence[ToSee]
    """The first matters that need somebody."""
    beyond_to_see: int
    waited: str
    ends: Sequence[EndOfSession]
    recorded: bool
    blind: bool
    updated: str
    taken: tuple[str, int] | None
    """The last batch that was moved and can be taken back: what it was, and its record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """Equipment that stopped during somebody's work, and the time given for it."""

    number: int
    text: str
    said: str
    by: str
    can_undo: bool
