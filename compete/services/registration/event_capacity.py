"""An upload held against how many an event takes, from each unit and in all: whoever comes after
the last place is refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from compete.domain.values.messages import Message, msg
from compete.models import Competition, ImportBatch
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.preview import plan_of
from compete.services.registration.waiting_list import Room, party_of, waiting_in
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus


def plan_with_places(batch: ImportBatch, *, lenient: bool = False) -> RegistrationPlan:
    """Plan the upload within the places that are left; in the order of the file."""
    return Places(batch.competition).hold(plan_of(batch, lenient=lenient))


class Places:
    """The places that events have left, for the parts of one upload in the order of the file.

    Units' people who wait for a place keep theirs. A crew takes one place and is refused whole;
    whoever comes into a crew that is registered takes none.
    """

    def __init__(self, competition: Competition) -> None:
        self._competition = competition
        self._room = Room(competition)
        self._events = {event.code: event for event in competition.events}
        waiting = {party_of(application) for application in waiting_in(competition)}
        self._ahead = Counter(event for _unit, event, _who in waiting)
        self._units = {unit.code: unit.id for unit in competition.units}
        codes = {number: code for code, number in self._units.items()}
        self._own = Counter((codes.get(unit, ""), event) for unit, event, _who in waiting)
        self._seated: set[str] = set()
        self._over: dict[str, Message] = {}

    def hold(self, plan: RegistrationPlan) -> RegistrationPlan:
        """The next part, without those who come after the last place."""
        if not any(self._room.is_bounded(event.id) for event in self._events.values()):
            return plan
        wanted = {row.registration.entrant_code for row in plan.rows if row.registration}
        known = set(entrants_by_code(self._competition, wanted))
        rows = tuple(self._hold(row, known) for row in plan.rows)
        if not self._over:
            return plan
        units = {row.registration.unit for row in rows if row.registration is not None}
        units |= {unit.parent for unit in plan.new_units if unit.parent}
        return replace(
            plan.with_rows(rows),
            # What stands on the sheet of units is made all the same.
            new_units=tuple(unit for unit in plan.new_units if unit.row or unit.code in units),
        )

    def _hold(self, row: PlannedRow, known: set[str]) -> PlannedRow:
        code = _new_entrant(row, known)
        if code is None or row.registration is None:
            return row
        event = self._events[row.registration.event]
        if code not in self._seated and code not in self._over:
            unit = row.registration.unit or ""
            why = self._why_not(unit, event.id)
            if why is None:
                self._seated.add(code)
            else:
                self._over[code] = why
            self._ahead[event.id] += 1
            self._own[unit, event.id] += 1
        return row.refused_for("event", self._over[code]) if code in self._over else row

    def _why_not(self, unit: str, event: int) -> Message | None:
        """Say why there is no place for one more of that unit; None: there is."""
        left, most = self._room.places_left(event), self._room.most_of_unit(event)
        if left is not None and left <= self._ahead[event]:
            return msg(
                "这个赛项一共收 %(most)s 个，已经满了；要多收，先改赛项的名额",
                most=self._room.most(event),
            )
        taken = self._room.taken_of(self._units.get(unit, 0), event) + self._own[unit, event]
        if most is not None and unit and taken >= most:
            return msg("这个赛项每单位收 %(most)s 个，已经满了；要多收，先改赛项的名额", most=most)
        return None


def _new_entrant(row: PlannedRow, known: set[str]) -> str | None:
    """The code of the entrant, person or crew, that the row would add; None where it adds none."""
    if row.status is not RowStatus.ADDED or row.registration is None:
        return None
    code = row.registration.entrant_code
    return None if code in known else code
