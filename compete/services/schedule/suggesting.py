"""A whole seating proposed for a module, each move with its reason, and what is not met.

Nothing is written here: an organiser looks, changes, and says so (`use_seating`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from compete.domain.seating import Candidate, Seat, Table, suggest_seating
from compete.domain.values import Role
from compete.models import Event
from compete.services.schedule.allocation import begun_seats
from compete.services.schedule.seating import panels_in
from compete.services.schedule.suggestion_words import (
    Shortfall,
    SuggestedMove,
    Telling,
    highest_level,
    left_out,
)

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SuggestedSeating:
    """What is proposed. `seen` is the mark of what it was worked out from."""

    seats: frozenset[Seat]
    moves: Sequence[SuggestedMove]
    short: Sequence[Shortfall]
    loads: tuple[int, int]
    """The fewest and the most people that somebody with a seat judges in this module."""
    barred: int
    """How many must not sit where they do, and stay: who has begun cannot be taken away."""
    explained: int
    """How many seats want a sentence."""
    seconds: float
    proven: bool
    """Whether there is nothing better."""
    seen: str


def suggest_panels(
    event: Event, stage: str, module: str, *, loads_first: bool = True
) -> SuggestedSeating:
    """Work a seating out, for at most `SECONDS` and what preparing it takes."""
    began = monotonic()
    panels = panels_in(event, stage, module)
    tables = [
        Table(station, panels.wanted_at(station), panels.clashes.people.get(station, 0))
        for station in panels.stations
    ]
    everywhere = {judge.id for judge in panels.at("")} if panels.stations != [""] else set()
    seated = {judge for judge, _station in panels.seats}
    # The chief judge leads, and sits only where somebody says so.
    may_come = [
        judge
        for judge in panels.judges
        if judge.id not in everywhere and (judge.role is not Role.CHIEF or judge.id in seated)
    ]
    # Nor does a certificate that has run out come in by itself.
    expired = [judge for judge in may_come if judge.id in panels.expired.keys() - seated]
    # Nor somebody who cannot come on a day of the module.
    away = [judge for judge in may_come if judge.id in panels.away.keys() - seated]
    away = [judge for judge in away if judge not in expired]
    judges = [judge for judge in may_come if judge not in expired and judge not in away]
    # Nor is anybody proposed to leave who could not be taken away.
    staying = panels.seats & begun_seats(event, stage, module)
    hard = {
        (judge.id, table.station)
        for judge in judges
        for table in tables
        if panels.clashes.is_hard(judge.id, table.station)
    } - staying
    soft = {
        (judge.id, table.station): len(met)
        for judge in judges
        for table in tables
        if (met := panels.clashes.at(judge.id, table.station))
        and (judge.id, table.station) not in hard
    }
    top_level = highest_level(panels.levels, judges)
    found = suggest_seating(
        tables,
        [
            Candidate(
                judge.id,
                panels.loads.get(judge.id, 0),
                top=top_level is not None and panels.levels.get(judge.id) == top_level,
            )
            for judge in judges
        ],
        hard=hard,
        soft=soft,
        standing=panels.seats,
        staying=staying,
        loads_first=loads_first,
        seconds=SECONDS,
    )
    kept = {seat for seat in panels.seats if seat[0] in everywhere}
    work = Telling(panels, judges, hard, found)
    sums: dict[int, int] = {}
    for judge, station in found.seats:
        sums[judge] = sums.get(judge, 0) + panels.clashes.people.get(station, 0)
    return SuggestedSeating(
        seats=found.seats | kept,
        moves=work.moves(),
        short=[*work.short(), *left_out(expired, away, found)],
        loads=(min(sums.values(), default=0), max(sums.values(), default=0)),
        barred=sum(panels.clashes.is_hard(*seat) for seat in found.seats | kept),
        explained=sum(seat in soft and seat not in panels.seats for seat in found.seats),
        seconds=monotonic() - began,
        proven=found.proven,
        seen=panels.mark,
    )
