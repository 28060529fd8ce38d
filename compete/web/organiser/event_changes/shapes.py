"""What the page about a change of an event's rules shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.differing import ChangeLine, DifferenceGroup
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """Somebody whose rank or total became another as the rules took effect."""

    stage: str
    """Its name, where the event has several."""
    number: str
    name: str
    unit: str
    ranks: tuple[str, str]
    totals: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BesidesRow:
    """An award, grade, item, team or unit that became another."""

    what: str
    name: str
    under: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedTable:
    """Who moved. `hidden`: why not shown to who looks; `more`: how many stand in no row."""

    rows: Sequence[MovedRow]
    several: bool
    more: int
    besides: Sequence[BesidesRow]
    more_besides: int
    hidden: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """One of the two who have to agree: chief judge or supervisor."""

    title: str
    chip_of: Chip
    said: str
    """Who agreed when, or why who looks cannot."""
    act_url: str | None
    """Where who looks agrees or refuses; None for who may not."""
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChangePage:
    """A change, as it was asked for and as it ended."""

    competition: CompetitionLink
    event: Link
    """The event with its form of rules; an empty address for who may not open it."""
    title: str
    below: str
    """What holds now: these rules, those before, or later ones."""
    chip_of: Chip
    """Its state; `chip` is the macro that draws it."""
    reason: str
    said: Sequence[str]
    """Who asked and who ended it, when, with why."""
    asked: bool
    """Whether it waits."""
    touched: Sequence[str]
    """What is scored anew, in numbers alone; empty once that is done."""
    misfits: Sequence[str]
    """Why it does not fit any more as things stand now."""
    differences: Sequence[DifferenceGroup]
    moved: MovedTable | None
    """None until it is in force: nobody is to agree by who gains."""
    seats: Sequence[SeatLine]
    people_url: str | None
    """Where somebody is added, where a seat is vacant and who looks may."""
    withdraw_url: str | None
    standings_url: str | None
    others: Sequence[ChangeLine]
    """The event's other changes, newest first."""
    problem: str | None
    typed: str
    """Why it is refused, as it was typed."""
    typed_in: str
    """In which seat."""
