"""What the page of arrivals shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.services.schedule.arrivals import Arrival
from compete.web.paging import Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """How many are in a state; the way to those alone."""

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
    """When they were checked in; empty while they are not."""
    notes: Sequence[tuple[str, str]]
    """Sentences beside a person, each `ok`, `warn`, `bad` or of no colour."""
    absent_url: str | None
    """Where absence is recorded, for whoever may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveArrivals:
    """The parts of the page that change while it is open."""

    counts: Sequence[StateCount]
    rows: Sequence[ArrivalRow]
    page: Paging
    recorded: bool
    """Whether anybody records check-ins at all."""
    updated: str
    one_session: bool
    """Whether all rows are of one session, which then stands on top alone."""
