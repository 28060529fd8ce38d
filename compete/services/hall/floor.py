"""Floor (现场): who is at which station, who is next, who has not come, and all delays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from compete.domain.stations import station_order
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import (
    Act,
    Competition,
    Entrant,
    Event,
    Sheet,
    Slot,
    Stoppage,
    Unit,
    db,
    utc_now,
)
from compete.services.hall.now import full_at, watches_of
from compete.services.kernel.clock import local_time, local_today, local_zone
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import modules_in, rules_of
from compete.services.kernel.module_keys import EntrantModule
from compete.services.kernel.participants import takes_part
from compete.services.schedule.arrivals import (
    ArrivalState,
    OccasionKey,
    SessionStarts,
    arrival_state,
    came_on,
    closing_time,
    is_check_in_recorded,
    outcomes_of,
)
from compete.services.schedule.delays import stops_in
from compete.services.sheets.absences import waived_among
from compete.services.sheets.locks_in_force import standing_locks


class PlannedPlace(NamedTuple):
    """A place in the plan of the day, and whose it is."""

    entrant_id: int
    code: str
    name: str
    unit: str
    event: str
    stage: str
    module: str
    session: str | None
    station: str | None
    check_in_at: datetime | None
    starts_at: datetime
    ends_at: datetime | None
    occasion: tuple[int, *OccasionKey]
    """The occasion that they check in for there."""

    @property
    def place(self) -> EntrantModule:
        """The place's entrant and module to be marked."""
        return self.entrant_id, self.stage, self.module


class SheetCounts(NamedTuple):
    """The counts of somebody's sheets in a module: all, handed in, begun."""

    all: int
    done: int
    begun: int


class BegunSheet(NamedTuple):
    """A sheet on which something was done, and whether it is in."""

    id: int
    handed_in: bool


def days_of(competition: Competition) -> list[date]:
    """List the days on which anybody is planned."""
    starts = db.session.scalars(
        select(Slot.starts_at)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.competition_id == competition.id, takes_part(), Slot.starts_at.is_not(None))
        .distinct()
    )
    return sorted({local_time(at).date() for at in starts if at is not None})


def _on(competition: Competition, day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a day's places in the plan."""
    begins, ends = (
        datetime.combine(at, time(), local_zone()) for at in (day, day + timedelta(days=1))
    )
    return (
        Entrant.competition_id == competition.id,
        takes_part(),
        Slot.starts_at >= begins,
        Slot.starts_at < ends,
    )


def _planned_on(competition: Competition, day: date) -> Sequence[PlannedPlace]:
    """The plan of the day by time and number."""
    midnight = datetime.combine(day, time(), local_zone())

    starts = {event.code: SessionStarts(event) for event in competition.events}

    def occasion(row: Any) -> tuple[int, *OccasionKey]:
        begins = row.check_in_at
        on = local_time(begins).date() if begins and begins < midnight else day
        return row.id, row.stage, row.session, starts[row.event].module_of(row, on), on

    rows = db.session.execute(
        select(
            *(Entrant.id, Entrant.code, Entrant.name, Unit.name.label("unit")),
            *(Event.code.label("event"), Slot.stage, Slot.module, Slot.session, Slot.station),
            *(Slot.check_in_at, Slot.starts_at, Slot.ends_at),
        )
        .select_from(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(*_on(competition, day))
        .order_by(Slot.starts_at, Entrant.code, Slot.id)
    )
    return [PlannedPlace._make((*row, occasion(row))) for row in rows]


def _of_the_day(competition: Competition, day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a day's sheets, of events that are not blind."""
    return (
        *_on(competition, day),
        Slot.entrant_id == Entrant.id,
        Sheet.entrant_id == Entrant.id,
        Slot.stage == Sheet.stage,
        Slot.module == Sheet.module,
        Event.id == Entrant.event_id,
        Event.blind.is_(False),
        Sheet.state != SheetState.WITHDRAWN,
    )


def _sheets_on(competition: Competition, day: date) -> Mapping[EntrantModule, SheetCounts]:
    """Count how far the sheets of the day are, by place, in the database."""
    place = Sheet.entrant_id, Sheet.stage, Sheet.module
    query = (
        select(
            *place,
            func.count(),
            func.count().filter(Sheet.state.in_(HANDED_IN)),
            func.count().filter(Sheet.state != SheetState.NOT_BEGUN),
        )
        .where(*_of_the_day(competition, day))
        .group_by(*place)
    )
    return {
        (entrant, stage, module): SheetCounts(*counts)
        for entrant, stage, module, *counts in db.session.execute(query)
    }


def _at_work_on(
    competition: Competition, day: date
) -> Mapping[EntrantModule, Sequence[BegunSheet]]:
    """The sheets, by place, on which something was done, where not all of them are in."""
    sheets: dict[EntrantModule, list[BegunSheet]] = defaultdict(list)
    other = aliased(Sheet)
    open_ = (
        select(other.id)
        .where(
            other.entrant_id == Sheet.entrant_id,
            other.stage == Sheet.stage,
            other.module == Sheet.module,
            other.state.not_in((*HANDED_IN, SheetState.WITHDRAWN)),
        )
        .exists()
    )
    query = (
        select(Sheet.entrant_id, Sheet.stage, Sheet.module, Sheet.id, Sheet.state)
        .where(*_of_the_day(competition, day), Sheet.version > 0, open_)
        .order_by(Sheet.id)
    )
    for entrant, stage, module, sheet, state in db.session.execute(query).tuples():
        sheets[entrant, stage, module].append(BegunSheet(sheet, state in HANDED_IN))
    return sheets


# The longest delay: anything further from the plan is another day's, or was loaded.
_LONGEST_DELAY = timedelta(hours=12)
SILENT_AFTER = timedelta(minutes=5)
"""A tablet that said nothing for so long may have lost the network: its clock is no news."""


class FloorState(StrEnum):
    """The state of a place in the plan of a day: each is in exactly one."""

    AT = "at"
    NEXT = "next"
    """Checked in, and the first of those who wait for the station."""
    PRESENT = "present"
    MISSING = "missing"
    """No check-in is on record."""
    DONE = "done"
    OUT = "out"
    """缺考, 中途退出 or 取消成绩."""


@dataclass(slots=True)
class OnFloor:
    """A place in the plan with its person, and what is known of them now.

    `closes_at` is until when they may check in, `came_at` when they did, `outcome` the status
    that stands, such as `dns`. `since` is when their work began, `stopped` whether the watch
    stands, `full_at` the seconds that bring full marks; `last_contact` when a tablet last told of
    them. `late` is past the time to check in.
    """

    entrant_id: int
    code: str
    name: str
    unit: str
    module: str
    session: str | None
    starts_at: datetime
    ends_at: datetime | None
    closes_at: datetime
    came_at: datetime | None
    outcome: str | None
    waives: int | None
    """The number of the attempt that they waived."""
    state: FloorState
    late: bool = False
    since: datetime | None = None
    stopped: bool = False
    full_at: Decimal | None = None
    last_contact: datetime | None = None
    stops: Sequence[Stoppage] = ()
    """The stops under them, the first first."""

    @property
    def stopped_by(self) -> Stoppage | None:
        """The stop for which they have got nothing yet."""
        return next((stop for stop in self.stops if stop.settled_at is None), None)


@dataclass(frozen=True, slots=True)
class AtOneStation:
    """A station for one module, in the order of its plan. `late_by` is negative where it is early,
    None where nothing tells."""

    event: str
    stage: str
    module: str
    station: str
    people: Sequence[OnFloor]
    late_by: timedelta | None

    @property
    def waiting(self) -> list[OnFloor]:
        """List who has not begun, in the order of the plan."""
        return [it for it in self.people if it.state in _WAITING]

    @property
    def behind(self) -> dict[str, timedelta]:
        """The delay, by code, of those who have not begun; a break in the plan catches up."""
        left = self.late_by
        if left is None:
            return {}
        delays = {}
        ends = [it.ends_at for it in self.people if it.state is FloorState.AT and it.ends_at]
        for it in self.waiting:
            if ends and left > timedelta(0):
                left = max(timedelta(0), left - max(timedelta(0), it.starts_at - max(ends)))
            delays[it.code] = left
            ends += [it.ends_at] if it.ends_at else []
        return delays


@dataclass(frozen=True, slots=True)
class Floor:
    """The hall of one day."""

    day: date | None
    days: Sequence[date]
    stations: Sequence[AtOneStation]
    recorded: bool
    """True if anybody records check-ins."""
    blind: frozenset[str]
    """Events of which only check-in is told: who works where would tell who is which code."""

    def counts(self) -> Counter[FloorState]:
        """Count people in each state; together they are all."""
        return Counter(it.state for station in self.stations for it in station.people)


_WAITING = (FloorState.NEXT, FloorState.PRESENT, FloorState.MISSING)
Watch = tuple[datetime, bool]
"""Since when a watch runs, and whether it stands."""


def floor_of(
    competition: Competition, wanted: date | None = None, now: datetime | None = None
) -> Floor:
    """The day that is asked for, else today, else the next that has anybody, else the last.

    A page that follows the day reads columns and counts, never the people and their records.
    """
    now = now or utc_now()
    days = days_of(competition)
    day = _day(days, wanted)
    recorded = is_check_in_recorded(competition)
    blind = frozenset(event.code for event in competition.events if event.blind)
    if day is None:
        return Floor(None, days, [], recorded, blind)
    planned = _planned_on(competition, day)
    sheets, at_work = _sheets_on(competition, day), _at_work_on(competition, day)
    watches = watches_of(
        [sheet.id for own in at_work.values() for sheet in own if not sheet.handed_in]
    )
    running = {
        place: seen
        for place, own in at_work.items()
        if (seen := [watches[sheet.id] for sheet in own if sheet.id in watches])
    }
    person = _people(competition, planned, now, recorded)
    groups: dict[tuple[str, str, str, str], list[OnFloor]] = defaultdict(list)
    for slot in planned:
        on_floor = person(slot, sheets.get(slot.place), slot.place in running)
        groups[slot.event, slot.stage, slot.module, slot.station or ""].append(on_floor)
    _tell_work(competition, groups, at_work, running)
    # Events and stages in their order, as the rules have the modules.
    places = {
        (event.code, stage, module): number
        for number, (event, stage, module) in enumerate(modules_in(competition))
    }
    stations = [
        AtOneStation(*key, _queue(group, recorded), _late_by(group, day, now))
        for key, group in sorted(
            groups.items(),
            key=lambda group: (places.get(group[0][:3], len(places)), station_order(group[0][3])),
        )
    ]
    return Floor(day, days, stations, recorded, blind)


def _day(days: Sequence[date], wanted: date | None) -> date | None:
    if wanted in days:
        return wanted
    coming = [day for day in days if day >= local_today()]
    return coming[0] if coming else days[-1] if days else None


def _people(
    competition: Competition, planned: Sequence[PlannedPlace], now: datetime, recorded: bool
) -> Callable[[PlannedPlace, SheetCounts | None, bool], OnFloor]:
    """The function that finds where somebody is, from a place, its sheets and a running watch."""
    occasions: dict[tuple[int, *OccasionKey], list[PlannedPlace]] = defaultdict(list)
    for slot in planned:
        occasions[slot.occasion].append(slot)
    minutes = settings_of(competition).check_in_closes
    closing = {key: _closes_at(slots, minutes) for key, slots in occasions.items()}
    came = came_on(competition, {key[-1] for key in occasions if key[-1] is not None})
    outcomes, stops = outcomes_of(competition), stops_in(competition)
    rules = {event.code: rules_of(event) for event in competition.events}
    # A lock tells of all alike, so that it may tell of a blind event too.
    over = {
        (lock.event.code, lock.stage, lock.module, lock.session)
        for lock in standing_locks(competition)
    }

    def person(slot: PlannedPlace, sheets: SheetCounts | None, watched: bool) -> OnFloor:
        key = slot.occasion
        own = outcomes.get(slot.entrant_id, {})
        outcome = own.get((slot.stage, None)) or own.get((slot.stage, slot.module))
        closes_at, came_at = closing[key], came.get(key)
        place = slot.event, slot.stage, slot.module
        locked = (*place, None) in over or (*place, slot.session) in over
        state = _state(outcome, sheets, watched, came_at is not None, locked)
        waited_for = state is FloorState.MISSING and recorded
        late = waited_for and arrival_state(False, None, closes_at, now) is ArrivalState.LATE
        return OnFloor(
            entrant_id=slot.entrant_id,
            code=slot.code,
            name=slot.name,
            unit=slot.unit,
            module=slot.module,
            session=slot.session,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            closes_at=closes_at,
            came_at=came_at,
            outcome=outcome,
            waives=waived_among(rules[slot.event], own, slot.stage, slot.module)
            if outcome == "dns"
            else None,
            state=state,
            late=late,
            stops=stops.get(slot.place, ()),
        )

    return person


def _closes_at(slots: Sequence[PlannedPlace], minutes: int) -> datetime:
    opens = [slot.check_in_at for slot in slots if slot.check_in_at is not None]
    starts_at = min(slot.starts_at for slot in slots)
    return closing_time(starts_at, min(opens, default=None), minutes)


def _state(
    outcome: str | None, sheets: SheetCounts | None, watched: bool, came: bool, locked: bool
) -> FloorState:
    if outcome is not None:
        return FloorState.OUT
    if locked:
        return FloorState.DONE
    if sheets is not None and sheets.done == sheets.all:
        return FloorState.DONE
    # A watch that runs is work, though no mark is given yet.
    if watched or (sheets is not None and sheets.begun):
        return FloorState.AT
    return FloorState.PRESENT if came else FloorState.MISSING


def _queue(group: list[OnFloor], recorded: bool) -> list[OnFloor]:
    """The same, with the first who is checked in and waits marked as the next."""
    first = next((it for it in group if it.state is FloorState.PRESENT), None)
    if first is not None and recorded:
        first.state = FloorState.NEXT
    return group


def _tell_work(
    competition: Competition,
    groups: Mapping[tuple[str, str, str, str], Sequence[OnFloor]],
    at_work: Mapping[EntrantModule, Sequence[BegunSheet]],
    running: Mapping[EntrantModule, Sequence[Watch]],
) -> None:
    """Note since when each at a station is at work, and when they were last heard of."""
    moments = {
        sheet: (first, last)
        for sheet, first, last in db.session.execute(
            select(Act.sheet_id, func.min(Act.held_at), func.max(Act.held_at))
            .where(Act.sheet_id.in_([sheet.id for own in at_work.values() for sheet in own]))
            .group_by(Act.sheet_id)
        ).tuples()
    }
    stages = {
        event.code: {stage.code: stage for stage in rules_of(event).stages}
        for event in competition.events
    }
    for (event, stage, module, _station), group in groups.items():
        for it in group:
            if it.state is not FloorState.AT:
                continue
            place = it.entrant_id, stage, module
            heard = [moments[sheet.id] for sheet in at_work.get(place, ()) if sheet.id in moments]
            if watches := running.get(place):
                it.since = min(since for since, _stopped in watches)
                it.stopped = all(stopped for _since, stopped in watches)
                it.full_at = full_at(stages[event][stage], module)
            elif heard:
                it.since = min(first for first, _last in heard)
            it.last_contact = max((last for _first, last in heard), default=None)
            _wait_again(it)


def _wait_again(it: OnFloor) -> None:
    """Let those wait who go on as the last of the station, until something is done anew."""
    put_last = max(
        (stop.settled_at for stop in it.stops if stop.last and stop.settled_at), default=None
    )
    if put_last is not None and (it.last_contact is None or it.last_contact <= put_last):
        it.state = FloorState.PRESENT if it.came_at else FloorState.MISSING
        it.since, it.stopped, it.full_at = None, False, None


def _late_by(group: Sequence[OnFloor], day: date | None, now: datetime) -> timedelta | None:
    """The delay of a station behind its plan, by who is at work, or by who should be."""
    begun = [(it.since, it.starts_at) for it in group if it.state is FloorState.AT and it.since]
    starts: datetime | None
    if begun:
        since, starts = max(begun, key=lambda pair: pair[0])
    elif day == local_time(now).date():
        starts = next((it.starts_at for it in group if it.state in _WAITING), None)
        since = now
    else:
        return None
    if starts is None or (not begun and starts >= now):
        return None
    behind = since - starts
    return behind if abs(behind) < _LONGEST_DELAY else None
