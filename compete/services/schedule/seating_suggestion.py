"""A whole seating proposed for a module, each move with its reason, and what is not met.

Nothing is written here: an organiser looks, changes, and says so (`use_seating`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from compete.domain.seating import Candidate, Seat, Table, suggest_seating
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Event
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.schedule.allocation import begun_seats
from compete.services.schedule.seating import panels_in, use_seating
from compete.services.schedule.suggestion_words import (
    Shortfall,
    SuggestedMove,
    Telling,
    highest_level,
    left_out,
)

SECONDS = 5.0
_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class SuggestedSeating:
    """A seating that is proposed. `seen` is the mark of what it was worked out from."""

    seats: frozenset[Seat]
    moves: Sequence[SuggestedMove]
    short: Sequence[Shortfall]
    loads: tuple[int, int]
    """The fewest and the most people that somebody with a seat judges in this module."""
    barred: int
    """The number who must not sit there, and stay: who has begun cannot be taken away."""
    twice: int
    """The number who sit in two places at one time, and stay for the same reason."""
    explained: int
    """The number of seats that want a sentence."""
    seconds: float
    proven: bool
    """True if there is nothing better."""
    seen: str


def seat_all(competition: Competition, by: Account) -> tuple[int, list[tuple[str, Message | str]]]:
    """Seat each module of the first stages as proposed: how many were seated, and what was not,
    or not whole, with why. Seats that stay empty are told; what wants a reason is left.
    """
    done = 0
    left: list[tuple[str, Message | str]] = []
    for event in competition.events:
        stage = rules_of(event).stages[0]
        for module in stage.modules:
            title = module_title(event, stage.code, module.code)
            found = suggest_panels(event, stage.code, module.code)
            if found.explained:
                left.append((title, msg("要写一句理由，到这个模块看建议方案")))
                continue
            if found.moves:
                try:
                    use_seating(event, stage.code, module.code, found.seats, found.seen, by)
                except Refused as refused:
                    left.append((title, refused.message))
                    continue
                done += 1
            if found.short:
                left.append((title, some_of([each.title for each in found.short], _MOST_NAMED)))
    return done, left


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
    # Nor anybody for a time at which they sit elsewhere.
    twice = {
        (judge.id, table.station)
        for judge in judges
        for table in tables
        if (judge.id, table.station) in panels.elsewhere
    } - (staying | hard)
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
        hard=hard | twice,
        soft=soft,
        standing=panels.seats,
        staying=staying,
        loads_first=loads_first,
        seconds=SECONDS,
    )
    kept = {seat for seat in panels.seats if seat[0] in everywhere}
    work = Telling(panels, judges, hard, found, twice)
    sums: dict[int, int] = {}
    for judge, station in found.seats:
        sums[judge] = sums.get(judge, 0) + panels.clashes.people.get(station, 0)
    return SuggestedSeating(
        seats=found.seats | kept,
        moves=work.moves(),
        short=[*work.short(), *left_out(expired, away, found)],
        loads=(min(sums.values(), default=0), max(sums.values(), default=0)),
        twice=sum(seat in panels.elsewhere for seat in found.seats | kept),
        barred=sum(panels.clashes.is_hard(*seat) for seat in found.seats | kept),
        explained=sum(seat in soft and seat not in panels.seats for seat in found.seats),
        seconds=monotonic() - began,
        proven=found.proven,
        seen=panels.mark,
    )
