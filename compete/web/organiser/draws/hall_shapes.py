"""What the big screen of a draw shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.draws.shapes import HashText, StepLine


@dataclass(frozen=True, slots=True, kw_only=True)
class HallShare:
    """A share as a card on the big screen."""

    name: str
    spare: bool
    words: str
    share: str | None
    time: str
    refused: bool
    missed: bool
    """Whether it can no longer open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HallPlace:
    """A place on the big screen: `column` is its station's and `row` its turn's number from 1."""

    code: str
    column: int
    row: int
    station: str
    where: str
    time: str
    person: str
    """The code of who got it; empty before the draw, and where nobody did."""
    name: str
    unit: str
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HallTurn:
    """A row of the big screen: a turn, and the session's name and time where it begins."""

    session: str
    time: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HallBoard:
    """All places of one layer; with several, the next is laid out once this one is full."""

    stations: Sequence[str]
    turns: Sequence[HallTurn]
    places: Sequence[HallPlace]
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HallScreen:
    """What the big screen of a draw wants."""

    key: str
    """Under which the screen keeps how far it is."""
    competition: str
    title: str
    note: str
    day: str
    seconds: int
    """The hall's clock at the moment of the answer, since midnight."""
    phase: str
    """The ceremony's state."""
    steps: Sequence[StepLine]
    hashes: Sequence[HashText]
    shares: Sequence[HallShare]
    boards: Sequence[HallBoard]
    rule: str
    adjusted: str
    """What was moved by the rule, and what could not be met; empty before the draw."""
    ended: str
    """Why it is void or was ended; empty while it stands."""
    check_url: str | None
    data_url: str
