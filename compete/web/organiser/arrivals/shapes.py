"""Shapes of the page of arrivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.services.schedule.arrivals import Arrival
from compete.web.paging import Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """The number of people in a state; the link to those alone."""

    key: str
    """`all` or the state's own, such as `late`, `present` or `at`."""
    icon: str
    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalRow:
    """One entrant on one occasion."""

    arrival: Arrival
    session: str
    station: str
    word: str
    icon: str
    time: str
    """The time of their check-in; empty while there is none."""
    notes: Sequence[tuple[str, str]]
    """Sentences beside a person, each `ok`, `warn`, `bad` or of no colour."""
    absent_url: str | None
    """The address to record absence, for whoever may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveArrivals:
    """The parts of the page that change while it is open."""

    counts: Sequence[StateCount]
    rows: Sequence[ArrivalRow]
    page: Paging
    recorded: bool
    """True if anybody records check-ins at all."""
    updated: str
    one_session: bool
    """True if all rows are of one session, which then stands on top alone."""
