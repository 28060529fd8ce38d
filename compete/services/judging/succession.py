"""Who may take over a judge's seats and sheets: nobody who must step aside, or judges there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import Assignment, Competition, Judge, Sheet, db
from compete.services.schedule.clashes import Clashes, clashes_in, some_clashes


@dataclass(slots=True)
class _Place:
    """One module: the stations and people that would go over, and who judges there."""

    clashes: Clashes
    stations: set[str]
    entrants: set[int]
    seated: dict[int, set[str]]
    """{judge: the stations at which they sit}."""


class Succession:
    """What the seats and sheets of one judge ask of whoever is to have them."""

    def __init__(
        self, competition: Competition, seats: Sequence[Assignment], sheets: Sequence[Sheet]
    ) -> None:
        stations: dict[tuple[int, str, str], set[str]] = defaultdict(set)
        entrants: dict[tuple[int, str, str], set[int]] = defaultdict(set)
        for seat in seats:
            stations[seat.event_id, seat.stage, seat.module].add(seat.station)
        for sheet in sheets:
            entrants[sheet.entrant.event_id, sheet.stage, sheet.module].add(sheet.entrant_id)
        events = {event.id: event for event in competition.events}
        self._places = [
            _Place(
                clashes=clashes_in(events[key[0]], *key[1:]),
                stations=stations[key],
                entrants=entrants[key],
                seated=_seated(*key),
            )
            for key in sorted(stations.keys() | entrants.keys())
        ]
        self._labels = {
            (sheet.entrant_id, sheet.stage, sheet.module): sheet.label for sheet in sheets
        }
        self._begun: dict[int, set[tuple[int, str, str]]] = defaultdict(set)
        rows = db.session.execute(
            select(Sheet.judge_id, Sheet.entrant_id, Sheet.stage, Sheet.module).where(
                Sheet.competition_id == competition.id
            )
        )
        for judge, entrant, stage, module in rows.tuples() if sheets else ():
            if (entrant, stage, module) in self._labels:
                self._begun[judge].add((entrant, stage, module))

    def why_not(self, successor: Judge) -> Message | None:
        """Why this judge must not have them; None where nothing stands in the way."""
        for place in self._places:
            own = place.seated.get(successor.id, set())
            there = place.stations
            if own and there and ("" in own or "" in there or own & there):
                return msg("%(name)s 已经在同一组", name=successor.name)
            hard = [
                clash
                for clash in place.clashes.at(successor.id, "")
                if clash.hard
                and (
                    clash.entrant.id in place.entrants
                    or "" in there
                    or (clash.station and clash.station in there)
                )
            ]
            if hard:
                return msg(
                    "%(name)s 不能替他评：%(why)s", name=successor.name, why=some_clashes(hard)
                )
        for what in sorted(self._begun.get(successor.id, ())):
            return msg(
                "%(name)s 已经在评或者回避了 %(code)s",
                name=successor.name,
                code=self._labels[what],
            )
        return None


def _seated(event_id: int, stage: str, module: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(
        select(Assignment.judge_id, Assignment.station).where(
            Assignment.event_id == event_id,
            Assignment.stage == stage,
            Assignment.module == module,
        )
    )
    for judge, station in rows.tuples():
        found[judge].add(station)
    return found
