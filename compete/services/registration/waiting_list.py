"""Places of events and units, who is accepted while all are taken (候补), uploads held to them.

What was waived for those who wait (特准) stands in the record of it and counts when they come in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from compete.domain.eligibility import Rule
from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ApplicationState
from compete.models import (
    Application,
    AuditEntry,
    Competition,
    Entrant,
    ImportBatch,
    Member,
    Unit,
    db,
)
from compete.services.kernel.participants import takes_part
from compete.services.registration.applications import SEATED, cells_of, is_seated
from compete.services.registration.eligibility import conditions_of
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.preview import plan_of
from compete.services.registration.window import window_of
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus

Party = tuple[int, int, str]
"""The unit, the event, and the crew's name or the number of the one application."""
_NOBODY: Mapping[Party, int] = {}


def party_of(application: Application) -> Party:
    """The party that is taken together: the people of one crew, or one person."""
    cells = cells_of(application)
    crew = cells.get("crew", "")
    name = same_name_key(crew) if crew else f"#{application.id}"
    if crew and application.unit_id is None:
        # Of a unit that is on no list yet, which its name alone tells from another.
        name += f"@{same_name_key(cells.get('unit', ''))}"
    return application.unit_id or 0, application.event_id or 0, name


class Room:
    """The room left: places that a unit may fill and an event takes. None of the two: no end.

    A unit's quota counts people, those given back too; an event counts people or crews, and
    so does what it takes from each unit, those given back too.
    """

    def __init__(self, competition: Competition) -> None:
        self._quota = window_of(competition).quota
        self.limits = _bounds(competition, "most")
        self.of_unit = _bounds(competition, "most_of_unit")
        self._units: Counter[int] = Counter()
        self.own: Counter[tuple[int, int]] = Counter()
        self.events: Counter[int] = Counter()
        if self._quota is not None:
            self._units = _people_there(competition)
            self._units.update(_given_back_people(competition))
        if self.of_unit:
            self.own = _places_taken(competition, _given_back(competition))
        if self.limits:
            query = (
                select(Entrant.event_id, func.count(Entrant.id))
                .where(Entrant.competition_id == competition.id, takes_part())
                .group_by(Entrant.event_id)
            )
            self.events.update(dict(db.session.execute(query).tuples().all()))

    @property
    def bounded(self) -> bool:
        """True if anything is bounded at all."""
        return self._quota is not None or bool(self.limits or self.of_unit)

    def queue_of(self, party: Party) -> tuple[str, int, int]:
        """The queue in which one waits: of the unit's own places in an event, else the event's,
        else the unit's. Where an event of so many still takes the unit's people, the event's.
        """
        unit, event, _who = party
        if self._is_own_full(unit, event) or (event in self.of_unit and event not in self.limits):
            return ("own", unit, event)
        return ("event", 0, event) if event in self.limits else ("unit", unit, 0)

    def fits(self, party: Party, people: int, ahead: Mapping[Party, int] = _NOBODY) -> bool:
        """True if so many people of one party fit behind those `ahead`, by party how many."""
        return self.why_not(party, people, ahead) is None

    def why_not(
        self, party: Party, people: int, ahead: Mapping[Party, int] = _NOBODY
    ) -> Message | None:
        """Say what is full for so many people of one party behind `ahead`; None: they fit.

        Who is ahead holds a place of the event, and of the unit's quota where the event has room;
        neither where the event takes no more from their unit.
        """
        unit, event, _who = party
        of_unit = self.of_unit.get(event)
        if of_unit is not None:
            before = sum(other[:2] == (unit, event) for other in ahead)
            if self.own[unit, event] + before >= of_unit:
                return msg("这个赛项每单位收 %(most)s 个", most=of_unit)
        ahead = {
            queued: people for queued, people in ahead.items() if not self._is_own_full(*queued[:2])
        }
        most = self.limits.get(event)
        if most is not None:
            before = sum(other_event == event for _unit, other_event, _who in ahead)
            if self.events[event] + before >= most:
                return msg("这个赛项一共收 %(most)s 个", most=most)
        if self._quota is None:
            return None
        before = sum(
            others
            for (other_unit, other_event, _who), others in ahead.items()
            if other_unit == unit and not self._is_full(other_event)
        )
        if self._units[unit] + before + people <= self._quota:
            return None
        return msg("每个单位最多 %(most)s 人", most=self._quota)

    def _is_own_full(self, unit: int, event: int) -> bool:
        most = self.of_unit.get(event)
        return most is not None and self.own[unit, event] >= most

    def _is_full(self, event: int) -> bool:
        most = self.limits.get(event)
        return most is not None and self.events[event] >= most

    def take(self, party: Party, people: int) -> None:
        """Count them in."""
        unit, event, _who = party
        self._units[unit] += people
        self.events[event] += 1
        self.own[unit, event] += 1


class Full(NamedTuple):
    """The reason why somebody who is accepted would wait."""

    what: Message
    now: bool
    """True if it is full already, and not only once those before them are accepted."""


def would_wait(competition: Competition, chosen: Sequence[Application]) -> Mapping[str, Full]:
    """The quota that is full, by public number, were these accepted together in their order.

    Who waits already is left out, and so is who is of no unit yet: nobody accepts them.
    """
    room = Room(competition)
    if not room.bounded:
        return {}
    ahead = Counter(party_of(application) for application in waiting_in(competition))
    parties: dict[Party, list[Application]] = {}
    for application in chosen:
        if application.unit_id is not None and application.state is not ApplicationState.WAITING:
            parties.setdefault(party_of(application), []).append(application)
    now = {party: room.why_not(party, len(people), ahead) for party, people in parties.items()}
    quotas: dict[str, Full] = {}
    for party, people in parties.items():
        full = now[party] or room.why_not(party, len(people), ahead)
        if full is None:
            room.take(party, len(people))
            continue
        ahead[party] += len(people)
        why = Full(full, now[party] is not None)
        quotas |= {application.public_id: why for application in people}
    return quotas


def _bounds(competition: Competition, key: Literal["most", "most_of_unit"]) -> dict[int, int]:
    """The number that each event takes, in all or from each unit, by the event's number."""
    asked = conditions_of(competition)
    return {
        event.id: most
        for event in competition.events
        if (quota := asked.get(event.code)) and (most := getattr(quota, key))
    }


def _people_there(competition: Competition, unit: Unit | None = None) -> Counter[int]:
    """Count people who take part by unit, those of crews each; `unit`: of that one alone."""
    here = [Entrant.competition_id == competition.id, takes_part()]
    if unit is not None:
        here.append(Entrant.unit_id == unit.id)
    alone = select(Entrant.unit_id, func.count(Entrant.id)).where(*here, ~Entrant.members.any())
    crews = (
        select(Entrant.unit_id, func.count(Member.id))
        .join(Member, Member.entrant_id == Entrant.id)
        .where(*here)
    )
    counts: Counter[int] = Counter()
    for query in (alone, crews):
        counts.update(dict(db.session.execute(query.group_by(Entrant.unit_id)).tuples().all()))
    return counts


def _places_taken(
    competition: Competition, applications: Iterable[Application], unit: Unit | None = None
) -> Counter[tuple[int, int]]:
    """Count by unit and event the people or crews that take part or are among the applications;
    `unit`: of that one alone.
    """
    query = select(Entrant.unit_id, Entrant.event_id, func.count(Entrant.id)).where(
        Entrant.competition_id == competition.id, takes_part()
    )
    if unit is not None:
        query = query.where(Entrant.unit_id == unit.id)
    query = query.group_by(Entrant.unit_id, Entrant.event_id)
    counts: Counter[tuple[int, int]] = Counter()
    for of_unit, event, taken in db.session.execute(query).tuples():
        counts[of_unit, event] += taken
    parties = {party_of(application) for application in applications}
    counts.update((of_unit, event) for of_unit, event, _who in parties)
    return counts


def _back_in(competition: Competition) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a unit's people who were given back and keep the place."""
    return (
        Application.competition_id == competition.id,
        Application.state == ApplicationState.RETURNED,
        Application.unit_id.is_not(None),
        is_seated(),
    )


def _given_back(competition: Competition) -> Sequence[Application]:
    return db.session.scalars(select(Application).where(*_back_in(competition))).all()


def _given_back_people(competition: Competition) -> dict[int, int]:
    query = select(Application.unit_id, func.count(Application.id)).where(*_back_in(competition))
    rows = db.session.execute(query.group_by(Application.unit_id)).tuples()
    return {unit: people for unit, people in rows if unit is not None}


def waiting_in(competition: Competition) -> Sequence[Application]:
    """List everybody who waits, the longest first."""
    return db.session.scalars(
        select(Application)
        .where(
            Application.competition_id == competition.id,
            Application.state == ApplicationState.WAITING,
        )
        .options(joinedload(Application.unit), joinedload(Application.event))
        .order_by(Application.decided_at, Application.id)
    ).all()


def places_of(competition: Competition) -> Mapping[str, int]:
    """The place in the queue, from 1, by public number; the people of a crew share one."""
    room, seen = Room(competition), dict[tuple[str, int, int], list[Party]]()
    places = {}
    for application in waiting_in(competition):
        party = party_of(application)
        queue = seen.setdefault(room.queue_of(party), [])
        if party not in queue:
            queue.append(party)
        places[application.public_id] = queue.index(party) + 1
    return places


WAIT = "application.wait"
"""The record of those for whom there was no place."""


class Waiver(NamedTuple):
    """The reason why somebody who waits is taken though they break these rules."""

    reason: str
    rules: Collection[Rule]


def waivers_of(
    competition: Competition, applications: Iterable[Application]
) -> Mapping[str, Waiver]:
    """The waivers for those who wait, by public number, as they last began to."""
    wanted = {
        application.public_id
        for application in applications
        if application.state is ApplicationState.WAITING
    }
    if not wanted:
        return {}
    query = (
        select(AuditEntry)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action == WAIT)
        .order_by(AuditEntry.seq.desc())
    )
    waivers: dict[str, Waiver] = {}
    for entry in db.session.scalars(query):
        after = entry.after or {}
        waived = after.get("waived", {})
        for number in wanted.intersection(after.get("people", ())):
            wanted.discard(number)
            if number in waived:
                rules = {Rule(rule) for rule in waived[number]}
                waivers[number] = Waiver(entry.reason or "", rules)
        if not wanted:
            break
    return waivers


def next_in_line(competition: Competition) -> Sequence[Application]:
    """The first who waits and fits now, with the others of the crew; nobody while all is full."""
    waiting = waiting_in(competition)
    room = Room(competition) if waiting else None
    for application in waiting:
        party = party_of(application)
        together = [other for other in waiting if party_of(other) == party]
        if room is not None and room.fits(party, len(together)):
            return together
    return []


class EventQuota(NamedTuple):
    """The unit's quota in an event, people or crews, and what of that the unit has used."""

    event: str
    used: int
    most: int


@dataclass(frozen=True, slots=True)
class Quota:
    """The quota of a unit, and its people handed in or on the list; `most` None: no bound."""

    used: int
    most: int | None
    events: tuple[EventQuota, ...] = ()
    """Of those events that take so many from each unit."""

    @property
    def left(self) -> int | None:
        """The number of places left."""
        return None if self.most is None else max(0, self.most - self.used)


def quota_of(unit: Unit, competition: Competition, instead: Collection[int] = ()) -> Quota:
    """The quota used: those who take part, who wait for the organiser, and who were given back.

    Whom the unit entered keeps the place when given back, until the unit takes it back.
    `instead` are the numbers of applications for who comes for another and takes no place.
    """
    query = select(Application).where(
        Application.unit_id == unit.id, Application.state.in_(SEATED), is_seated()
    )
    handed_in = [
        application for application in db.session.scalars(query) if application.id not in instead
    ]
    used = _people_there(competition, unit)[unit.id] + len(handed_in)
    bounds = _bounds(competition, "most_of_unit")
    taken = _places_taken(competition, handed_in, unit) if bounds else Counter()
    events = [
        EventQuota(event.name, taken[unit.id, event.id], bounds[event.id])
        for event in competition.events
        if event.id in bounds
    ]
    return Quota(used, window_of(competition).quota, tuple(events))


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
        if not self._room.limits and not self._room.of_unit:
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
        most, of_unit = self._room.limits.get(event), self._room.of_unit.get(event)
        if most is not None and self._room.events[event] + self._ahead[event] >= most:
            return msg("这个赛项一共收 %(most)s 个，已经满了；要多收，先改赛项的名额", most=most)
        number = self._units.get(unit, 0)
        taken = self._room.own[number, event] + self._own[unit, event]
        if of_unit is not None and unit and taken >= of_unit:
            return msg(
                "这个赛项每单位收 %(most)s 个，已经满了；要多收，先改赛项的名额", most=of_unit
            )
        return None


def _new_entrant(row: PlannedRow, known: set[str]) -> str | None:
    """The code of the entrant, person or crew, that the row would add; None where it adds none."""
    if row.status is not RowStatus.ADDED or row.registration is None:
        return None
    code = row.registration.entrant_code
    return None if code in known else code
