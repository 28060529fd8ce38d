"""现场: who is at which station, who comes next, who has not come, and how late each station is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from compete.domain.values import HANDED_IN, SheetState
from compete.models import Act, Competition, Entrant, Event, Sheet, Slot, db, utc_now
from compete.services.hall.now import full_at, watches_of
from compete.services.kernel import local_time, local_today, local_zone, rules_of, takes_part
from compete.services.schedule import (
    Arrival,
    ArrivalState,
    arrivals_of,
    is_check_in_recorded,
)

# What is further from the plan is another day's, or was loaded: no delay of this hall.
_LONGEST_DELAY = timedelta(hours=12)
_FEW = 5_000
"""So many people are asked for one by one; of more the whole competition is read."""
SILENT_AFTER = timedelta(minutes=5)
"""A tablet that said nothing for so long may have lost the network: its clock is no news."""


class FloorState(StrEnum):
    """Each place in the plan of a day is in exactly one."""

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
    """Somebody's place in the plan, and what is known of them now.

    `since` is when their work began, `stopped` whether the watch stands, `full_at` the seconds
    that bring full marks; `heard` when a tablet last told of them. `late` is past the time to
    check in.
    """

    arrival: Arrival
    slot: Slot
    state: FloorState
    late: bool = False
    since: datetime | None = None
    stopped: bool = False
    full_at: Decimal | None = None
    heard: datetime | None = None


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
        """Who has not begun, in the order of the plan."""
        return [it for it in self.people if it.state in _WAITING]


@dataclass(frozen=True, slots=True)
class Floor:
    """The hall of one day."""

    day: date | None
    days: Sequence[date]
    stations: Sequence[AtOneStation]
    recorded: bool
    """Whether anybody records check-ins."""
    blind: frozenset[str]
    """Events of which only check-in is told: who works where would tell who is which code."""

    def counts(self) -> Counter[FloorState]:
        """How many are in each state; together they are all."""
        return Counter(it.state for station in self.stations for it in station.people)


class _Sheet(NamedTuple):
    """What of a sheet says where it stands."""

    id: int
    state: SheetState


_WAITING = (FloorState.NEXT, FloorState.PRESENT, FloorState.MISSING)
Place = tuple[int, str, str]
"""Entrant, stage, module."""
Watches = Mapping[int, tuple[datetime, bool]]
"""By sheet since when a watch runs, and whether it stands."""


def floor_of(
    competition: Competition, wanted: date | None = None, now: datetime | None = None
) -> Floor:
    """The day that is asked for, else today, else the next that has anybody, else the last."""
    now = now or utc_now()
    days = _days(competition)
    day = _day(days, wanted)
    recorded = is_check_in_recorded(competition)
    blind = frozenset(event.code for event in competition.events if event.blind)
    if day is None:
        return Floor(None, days, [], recorded, blind)
    here = db.session.scalars(
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(*_on(competition, day))
        .order_by(Slot.starts_at, Entrant.code, Slot.id)
    ).all()
    people = {slot.entrant_id for slot in here}
    arrivals = {
        (row.entrant.id, row.occasion.stage, module): row
        for row in arrivals_of(competition, now, only=people if len(people) < _FEW else None)
        for module in row.occasion.modules
    }
    sheets = _sheets(competition, day)
    watches = watches_of(
        [sheet.id for own in sheets.values() for sheet in own if sheet.state not in HANDED_IN]
    )
    groups: dict[tuple[str, str, str, str], list[OnFloor]] = defaultdict(list)
    for slot in here:
        key = slot.entrant_id, slot.stage, slot.module
        arrival = arrivals.get(key)
        if arrival is not None:
            event = arrival.entrant.event.code
            found = _person(slot, arrival, sheets.get(key, ()), watches, recorded)
            groups[event, slot.stage, slot.module, slot.station or ""].append(found)
    _tell_work([it for group in groups.values() for it in group], sheets, watches)
    stations = [
        AtOneStation(*key, _queue(group, recorded), _late_by(group, day, now))
        for key, group in sorted(groups.items())
    ]
    return Floor(day, days, stations, recorded, blind)


def _days(competition: Competition) -> list[date]:
    """On which days anybody is planned."""
    starts = db.session.scalars(
        select(Slot.starts_at)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.competition_id == competition.id, takes_part(), Slot.starts_at.is_not(None))
        .distinct()
    )
    return sorted({local_time(at).date() for at in starts if at is not None})


def _on(competition: Competition, day: date) -> tuple[ColumnElement[bool], ...]:
    """What holds of the places in the plan of a day."""
    begins, ends = (
        datetime.combine(at, time(), local_zone()) for at in (day, day + timedelta(days=1))
    )
    return (
        Entrant.competition_id == competition.id,
        takes_part(),
        Slot.starts_at >= begins,
        Slot.starts_at < ends,
    )


def _day(days: Sequence[date], wanted: date | None) -> date | None:
    if wanted in days:
        return wanted
    coming = [day for day in days if day >= local_today()]
    return coming[0] if coming else days[-1] if days else None


def _sheets(competition: Competition, day: date) -> Mapping[Place, Sequence[_Sheet]]:
    """By place those of the day, of events that are not blind."""
    found: dict[Place, list[_Sheet]] = defaultdict(list)
    of_slot = and_(
        Slot.entrant_id == Sheet.entrant_id,
        Slot.stage == Sheet.stage,
        Slot.module == Sheet.module,
    )
    query = (
        select(Sheet.entrant_id, Sheet.stage, Sheet.module, Sheet.id, Sheet.state)
        .join(Slot, of_slot)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .where(*_on(competition, day), Event.blind.is_(False), Sheet.state != SheetState.WITHDRAWN)
        .order_by(Sheet.id)
    )
    for entrant, stage, module, number, state in db.session.execute(query).tuples():
        found[entrant, stage, module].append(_Sheet(number, state))
    return found


def _person(
    slot: Slot, arrival: Arrival, sheets: Sequence[_Sheet], watches: Watches, recorded: bool
) -> OnFloor:
    if arrival.outcome is not None:
        return OnFloor(arrival, slot, FloorState.OUT)
    if sheets and all(sheet.state in HANDED_IN for sheet in sheets):
        return OnFloor(arrival, slot, FloorState.DONE)
    # A watch that runs is work, though no mark is given yet.
    if any(sheet.state is not SheetState.NOT_BEGUN or sheet.id in watches for sheet in sheets):
        return OnFloor(arrival, slot, FloorState.AT)
    if arrival.state is ArrivalState.PRESENT:
        return OnFloor(arrival, slot, FloorState.PRESENT)
    late = recorded and arrival.state is ArrivalState.LATE
    return OnFloor(arrival, slot, FloorState.MISSING, late=late)


def _queue(group: list[OnFloor], recorded: bool) -> list[OnFloor]:
    """The same, with the first who is checked in and waits marked as the next."""
    first = next((it for it in group if it.state is FloorState.PRESENT), None)
    if first is not None and recorded:
        first.state = FloorState.NEXT
    return group


def _tell_work(
    people: Sequence[OnFloor], sheets: Mapping[Place, Sequence[_Sheet]], watches: Watches
) -> None:
    """Since when each of those at a station is at work, and when they were last heard of."""
    at_work = [it for it in people if it.state is FloorState.AT]
    own = {id(it): sheets[it.slot.entrant_id, it.slot.stage, it.slot.module] for it in at_work}
    begun = [sheet for each in own.values() for sheet in each]
    told = {
        row.sheet_id: (row.first, row.last)
        for row in db.session.execute(
            select(
                Act.sheet_id,
                func.min(Act.held_at).label("first"),
                func.max(Act.held_at).label("last"),
            )
            .where(Act.sheet_id.in_([sheet.id for sheet in begun]))
            .group_by(Act.sheet_id)
        )
    }
    for it in at_work:
        ids = [sheet.id for sheet in own[id(it)]]
        running = [watches[each] for each in ids if each in watches]
        heard = [told[each] for each in ids if each in told]
        if running:
            it.since = min(since for since, _stopped in running)
            it.stopped = all(stopped for _since, stopped in running)
            stages = {stage.code: stage for stage in rules_of(it.arrival.entrant.event).stages}
            it.full_at = full_at(stages[it.slot.stage], it.slot.module)
        elif heard:
            it.since = min(first for first, _last in heard)
        it.heard = max((last for _first, last in heard), default=None)


def _late_by(group: Sequence[OnFloor], day: date | None, now: datetime) -> timedelta | None:
    """How far behind its plan a station is, by who is at work, or by who should be."""
    begun = [
        (it.since, it.slot.starts_at) for it in group if it.state is FloorState.AT and it.since
    ]
    if begun:
        since, starts = max(begun, key=lambda each: each[0])
    elif day == local_time(now).date():
        starts = next((it.slot.starts_at for it in group if it.state in _WAITING), None)
        since = now
    else:
        return None
    if starts is None or (not begun and starts >= now):
        return None
    behind = since - starts
    return behind if abs(behind) < _LONGEST_DELAY else None
