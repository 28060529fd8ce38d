"""A room of a session left for others, with whoever judges there; the last change taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from compete.domain.values.messages import Message, msg
from compete.models import (
    Account,
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    Judge,
    Sheet,
    Slot,
    db,
)
from compete.services.directory.rooms import rooms_by_number
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.schedule.day_plan import (
    PLAN_LAID,
    LaidPlan,
    Module,
    last_layout,
    undo_layout_of_days,
)
from compete.services.schedule.overseers import session_key, why_plan_closed
from compete.services.schedule.rooms import free_seats, refuse_doubled_seats, refuse_room_clashes
from compete.services.schedule.slots import SlotPlace, follow_in_plan, place_of, take_place
from compete.services.schedule.station_moves import note_move

ROOM_MOVED = "plan.move_room"
ROOM_BACK = "plan.move_room_undone"

_Seat = tuple[str, str, str, str, int | None, str | None, int | None]
"""Event, stage, module and number of somebody, with room, station and seat."""
_Judging = tuple[str, str, str, str, str, bool]
"""Event, stage and module, judge and station, and whether this one keeps the time there."""


class _Before(msgspec.Struct, frozen=True, kw_only=True):
    """The record of what was left: the room, the session's key, who sat and who judged there."""

    room: int = 0
    session: str = ""
    seats: tuple[_Seat, ...] = ()
    judges: tuple[_Judging, ...] = ()


class _After(msgspec.Struct, frozen=True, kw_only=True):
    """The record of where they went, in words, and who sits and who judges there."""

    room: str
    to: str
    session: str
    people: int
    seats: tuple[_Seat, ...] = ()
    judges: tuple[_Judging, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMove(LastDone):
    """A room was left in a session, by so many."""

    room: str
    to: str
    """The other room; empty where they went to several."""
    session: str
    people: int


def move_room(
    competition: Competition, room: int, session: str, to: int | None, reason: str, by: Account
) -> int:
    """Move everybody of a room in a session to another room, or (None) to free seats of others.

    `session` is a `session_key`: on another day one of that name is another one.
    Whoever judges there goes along. Raises `Refused`: INVALID without a reason; CONFLICT once
    somebody there has marks, where there are too few seats, with how many, or somebody else has
    the other room then.
    """
    reason = reason_text(reason, msg("换赛场要写原因"))
    with changing(competition) as competition:
        refuse_if(why_plan_closed(competition))
        slots = _slots_in_room(competition, room, session)
        if not slots:
            raise Refused(msg("这个赛场这一场没有人，刷新看看"))
        refuse_if(_why_marked(slots))
        places = _other_places(competition, slots, room, to)
        known = rooms_by_number({room, *([to] if to else [])})
        seats, was = _seats_of(slots), [(slot, place_of(slot)) for slot in slots]
        stations = {slot.station or "" for slot in slots} | {it.station or "" for it in places}
        modules = _modules_of(slots)
        judges = _judges_of(modules, stations)
        _sit(slots, places, reason, by)
        for module in modules:
            _judges_follow(module, was)
            follow_in_plan(*module)
        refuse_room_clashes(competition)
        before = _Before(room=room, session=session, seats=seats, judges=judges)
        after = _After(
            room=known[room].name,
            to=known[to].name if to else "",
            session=session.partition("|")[2],
            people=len(slots),
            seats=_seats_of(slots),
            judges=_judges_of(modules, stations),
        )
        audit.record(
            competition,
            by,
            ROOM_MOVED,
            competition.code,
            before=msgspec.to_builtins(before),
            after=msgspec.to_builtins(after),
            reason=reason,
        )
    return len(slots)


def last_change(competition: Competition) -> LaidPlan | RoomMove | None:
    """The last time that sessions were laid out or a room was left, whichever was later."""
    kinds = [PLAN_LAID, "draw.timetable", ROOM_MOVED, ROOM_BACK]
    entry = last_record(competition, kinds)
    if entry is None or entry.action not in (ROOM_MOVED, ROOM_BACK):
        return last_layout(competition)
    if entry.action == ROOM_BACK:
        return None
    before, after = _states(entry)
    return RoomMove(
        entry=entry,
        why_not=_why_not_back(competition, before, after),
        room=after.room,
        to=after.to,
        session=after.session,
        people=after.people,
    )


def _states(entry: AuditEntry) -> tuple[_Before, _After]:
    return msgspec.convert(entry.before or {}, _Before), msgspec.convert(entry.after, _After)


def undo_last_change(competition: Competition, seen: str, reason: str, by: Account) -> None:
    """Take the last change of the plan back; `seen` is the mark that the page showed.

    Who left a room sits there again as before, and so judges whoever did; `reason` is recorded
    of each. Raises `Refused` (CONFLICT) where anything of it was changed since.
    """
    if isinstance(last_change(competition), LaidPlan):
        undo_layout_of_days(competition, seen, by)
        return
    with changing(competition) as competition:
        last = require_last_shown(last_change(competition), seen)
        assert isinstance(last, RoomMove), "the record of a layout has another mark"
        before, after = _states(last.entry)
        slots = _slots_at(competition, before.session, after.seats)
        places = [
            replace(place_of(slot), room=room, station=station, seat=seat)
            for slot, (*_who, room, station, seat) in zip(slots, before.seats, strict=True)
        ]
        modules = _modules_of(slots)
        _sit(slots, places, reason, by)
        _judge_again(modules, before.judges, after.judges)
        for module in modules:
            follow_in_plan(*module)
        refuse_room_clashes(competition)
        refuse_doubled_seats(slots)
        done = {"room": last.room, "session": last.session, "people": len(slots)}
        audit.record(competition, by, ROOM_BACK, competition.code, after=done, reason=reason)


def _why_not_back(competition: Competition, before: _Before, after: _After) -> Message | None:
    """Say why those who left a room do not go back by a press."""
    if why := why_plan_closed(competition):
        return why
    changed = msg("那以后座位或者裁判又改过，要回去就反过来换一次")
    slots = _slots_at(competition, before.session, after.seats)
    if not slots or len(slots) != len(after.seats):
        return changed
    old = rooms_by_number([before.room]).get(before.room)
    if old is None or old.ended_at is not None:
        return msg("原来的赛场停用了")
    stations = {station for *_who, station, _keeps in (*before.judges, *after.judges)}
    known = {judge.code for judge in competition.judges}
    gone = any(code not in known for *_module, code, _station, _keeps in before.judges)
    if gone or _judges_of(_modules_of(slots), stations) != after.judges:
        return changed
    return _why_marked(slots)


def _slots_in_room(competition: Competition, room: int, session: str) -> Sequence[Slot]:
    return _slots_in(competition, [room], session, everybody=False)


def _slots_in(
    competition: Competition, rooms: Iterable[int], session: str, *, everybody: bool
) -> Sequence[Slot]:
    """The slots of rooms in a session, by time and seat; `everybody`: of who withdrew too."""
    query = (
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .options(contains_eager(Slot.entrant))
        .where(
            Entrant.competition_id == competition.id,
            Slot.room_id.in_(set(rooms)),
            Slot.starts_at.is_not(None),
        )
        .order_by(Slot.starts_at, Slot.seat, Entrant.code)
    )
    if not everybody:
        query = query.where(takes_part())
    return [slot for slot in db.session.scalars(query) if _session_of(slot) == session]


def _slots_at(competition: Competition, session: str, seats: Sequence[_Seat]) -> list[Slot]:
    """The slots of those who sit where a record put them, in its order; no others."""
    rooms = {seat[4] for seat in seats if seat[4] is not None}
    there = _slots_in(competition, rooms, session, everybody=True)
    by_seat = dict(zip(_seats_of(there), there, strict=True))
    return [by_seat[seat] for seat in seats if seat in by_seat]


def _session_of(slot: Slot) -> str:
    assert slot.starts_at is not None, "asked for"
    return session_key(local_time(slot.starts_at).date(), slot.session or "")


def _modules_of(slots: Sequence[Slot]) -> list[Module]:
    return list(
        {
            (it.entrant.event_id, it.stage, it.module): (it.entrant.event, it.stage, it.module)
            for it in slots
        }.values()
    )


def _seats_of(slots: Sequence[Slot]) -> tuple[_Seat, ...]:
    return tuple(
        (
            *(it.entrant.event.code, it.stage, it.module, it.entrant.code),
            *(it.room_id, it.station, it.seat),
        )
        for it in slots
    )


def _judges_of(modules: Sequence[Module], stations: Iterable[str]) -> tuple[_Judging, ...]:
    """Who judges these modules at these stations, in one order."""
    judges: list[_Judging] = []
    wanted = set(stations)
    for event, stage, module in modules:
        rows = (
            select(Judge.code, Assignment.station, Assignment.timekeeper)
            .select_from(Assignment)
            .join(Judge, Judge.id == Assignment.judge_id)
            .where(of_event(Assignment, event, stage, module), Assignment.station.in_(wanted))
        )
        judges += [
            (event.code, stage, module, code, station, keeps)
            for code, station, keeps in db.session.execute(rows).tuples()
        ]
    return tuple(sorted(judges))


def _sit(slots: Sequence[Slot], places: Sequence[SlotPlace], reason: str, by: Account) -> None:
    """Put each at their place, and note it."""
    for slot, place in zip(slots, places, strict=True):
        old = place_of(slot)
        take_place(slot, place)
        db.session.flush()
        note_move(slot.entrant, by, (slot.stage, slot.module), old, place, reason)


def _why_marked(slots: Sequence[Slot]) -> Message | None:
    """Say that somebody there has marks already; None where nobody has."""
    people = {slot.entrant_id: slot for slot in slots}
    modules = {(slot.stage, slot.module) for slot in slots}
    begun = select(Sheet.entrant_id, Sheet.stage, Sheet.module)
    begun = begun.where(Sheet.entrant_id.in_(people), Sheet.version > 0)
    for entrant, stage, module in db.session.execute(begun).tuples():
        if (stage, module) in modules:
            return msg("%(name)s 已经有分，这一场不能再换", name=people[entrant].entrant.name)
    return None


def _other_places(
    competition: Competition, slots: Sequence[Slot], room: int, to: int | None
) -> list[SlotPlace]:
    """The places for those who leave a room, in their order. Raises `Refused` where some lack."""
    if to is not None:
        target = rooms_by_number([to]).get(to)
        if target is None or target.ended_at is not None or to == room:
            raise invalid(msg("选换到哪个赛场"))
        there = [replace(place_of(slot), room=to, station=target.name) for slot in slots]
    else:
        sessions = {(slot.session, slot.starts_at) for slot in slots}
        query = select(Slot).join(Entrant, Entrant.id == Slot.entrant_id)
        query = query.where(
            Entrant.competition_id == competition.id, Slot.room_id != room, takes_part()
        )
        there = [
            place_of(slot)
            for slot in db.session.scalars(query.order_by(Slot.id))
            if (slot.session, slot.starts_at) in sessions
        ]
    free: dict[object, list[SlotPlace]] = defaultdict(list)
    for place in free_seats(competition, there):
        free[place.starts_at].append(place)
    places: list[SlotPlace] = []
    lacking = 0
    for slot in slots:
        its = free[slot.starts_at]
        keep = next((it for it in its if to is not None and it.seat == slot.seat), None)
        other = keep or (its[0] if its else None)
        if other is None:
            lacking += 1
            continue
        its.remove(other)
        places.append(replace(other, check_in_at=slot.check_in_at, ends_at=slot.ends_at))
    if lacking:
        raise Refused(
            msg(
                "放不下：%(people)s 人，那边这一场还差 %(n)s 个座位。"
                "换大一点的赛场，或者分到几个赛场",
                people=len(slots),
                n=lacking,
            )
        )
    return places


def _judges_follow(module: Module, was: Sequence[tuple[Slot, SlotPlace]]) -> None:
    """Let whoever judges at a room that was left judge where its people went, if nobody does."""
    event = module[0]
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for slot, old in was:
        if (slot.entrant.event_id, slot.stage, slot.module) == (event.id, *module[1:]):
            went[old.station or ""][slot.station or ""] += 1
    stays = _stations_sat(module)
    for old_station, news in went.items():
        own = of_event(Assignment, *module)
        seats = db.session.scalars(
            select(Assignment).where(own, Assignment.station == old_station)
        ).all()
        for station in news:
            there = select(Assignment.id).where(own, Assignment.station == station).limit(1)
            if db.session.scalar(there) is not None:
                continue
            for seat in seats:
                db.session.add(_assignment(module, seat.judge_id, station, keeps=seat.timekeeper))
        if old_station not in stays:
            for seat in seats:
                db.session.delete(seat)
    db.session.flush()


def _judge_again(
    modules: Sequence[Module], before: Sequence[_Judging], after: Sequence[_Judging]
) -> None:
    """Let those judge who did before; whoever judges where somebody still sits goes on too."""
    for module in modules:
        event, key = module[0], (module[0].code, *module[1:])
        was = {seat[3:5]: seat[5] for seat in before if seat[:3] == key}
        now = {seat[3:5] for seat in after if seat[:3] == key}
        stays = _stations_sat(module)
        own = of_event(Assignment, *module)
        rows = select(Assignment, Judge.code).join(Judge, Judge.id == Assignment.judge_id)
        for seat, code in db.session.execute(rows.where(own)).tuples():
            came = (code, seat.station) in now and (code, seat.station) not in was
            if came and seat.station not in stays:
                db.session.delete(seat)
        db.session.flush()
        numbers = {judge.code: judge.id for judge in event.competition.judges}
        for (code, station), keeps in was.items():
            if (code, station) not in now:
                db.session.add(_assignment(module, numbers[code], station, keeps=keeps))
    db.session.flush()


def _assignment(module: Module, judge: int, station: str, *, keeps: bool) -> Assignment:
    event, stage, code = module
    return Assignment(
        event_id=event.id,
        stage=stage,
        module=code,
        judge_id=judge,
        station=station,
        timekeeper=keeps,
    )


def _stations_sat(module: Module) -> set[str | None]:
    """The stations at which somebody of the module stands."""
    query = select(Slot.station).join(Entrant, Entrant.id == Slot.entrant_id)
    return set(db.session.scalars(query.where(of_event(Slot, *module), takes_part()).distinct()))
