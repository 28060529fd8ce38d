"""Rooms in use: when each is taken, by which module of which competition, and where two meet.

A module's timetable takes its rooms; once people sit there, their slots say it. Competitions
share rooms and never an hour in one; the modules of one competition may, on different seats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations

from sqlalchemy import select, tuple_
from sqlalchemy.orm import contains_eager

from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, msg
from compete.models import Competition, Entrant, Event, Room, RoomUse, Slot, db
from compete.services.directory.rooms import rooms_by_number
from compete.services.kernel.clock import clock_text, local_time
from compete.services.kernel.competition_settings import Timetable, settings_of
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.slot_order import slot_order
from compete.services.schedule.double_bookings import Span, meet
from compete.services.schedule.draw_lists import places_of, read_places
from compete.services.schedule.slots import SlotPlace, drawn_place, place_of


@dataclass(frozen=True, slots=True)
class RoomTime:
    """A time at which a module has a room."""

    room: int
    event: Event
    stage: str
    module: str
    span: Span

    @property
    def key(self) -> tuple[int, str, str]:
        """The module."""
        return self.event.id, self.stage, self.module

    @property
    def words(self) -> Message:
        """Of which competition and module, from when to when: “甲”的理论 09:00–10:30."""
        starts, ends = self.span
        at = f"{clock_text(starts)}–{clock_text(ends)}" if ends else clock_text(starts)
        return msg(
            "“%(competition)s”的%(module)s %(day)s %(at)s",
            competition=self.event.competition.name,
            module=module_title(self.event, self.stage, self.module),
            day=day_words(local_time(starts)),
            at=at or "",
        )


def follow_timetable(event: Event, stage: str, module: str, timetable: Timetable | None) -> None:
    """Note which rooms the module's timetable takes, and when; inside a unit of work.

    Raises `Refused` (CONFLICT) where another competition has one then, by the names of both, or
    another module of this one has a seat.
    """
    own = of_event(RoomUse, event, stage, module)
    for row in db.session.scalars(select(RoomUse).where(own)):
        db.session.delete(row)
    db.session.flush()
    if timetable is None or not (timetable.seats or timetable.room):
        return
    spans: dict[int, set[Span]] = defaultdict(set)
    seats: set[tuple[int, Span, int]] = set()
    laid = places_of(timetable)
    turns: dict[tuple[str | None, str | None], Span] = {}
    for place in laid.places:
        times = laid.times[place["code"]]
        turn = times["starts"], times["ends"]
        # Thousands of seats share a few turns.
        if turn not in turns:
            turns[turn] = span_of(times)
        room, span = int(times["room"] or 0), turns[turn]
        spans[room].add(span)
        if seat := times.get("seat"):
            seats.add((room, span, int(seat)))
    # Whoever takes the same room at this moment waits, and then finds this here.
    numbers = sorted(spans)
    rooms = select(Room).where(Room.id.in_(numbers)).order_by(Room.id).with_for_update()
    known = {room.id: room for room in db.session.scalars(rooms)}
    if missing := [number for number in numbers if number not in known]:
        raise Refused(msg("没有这个赛场：%(n)s", n=missing[0]))
    for number in numbers:
        for span in sorted(spans[number], key=lambda it: it[0]):
            row = RoomUse(event_id=event.id, stage=stage, module=module, room_id=number)
            row.starts_at, row.ends_at = span
            db.session.add(row)
    db.session.flush()
    _refuse_seats_taken(event, (stage, module), seats, known)
    refuse_room_clashes(event.competition)


def refuse_room_clashes(competition: Competition) -> None:
    """Raise `Refused` where the competition is in a room while another is there."""
    for clash in room_clashes(competition):
        raise Refused(msg("%(clash)s。换一个赛场，或者换时间", clash=clash))


def refuse_doubled_seats(moved: Sequence[Slot]) -> None:
    """Raise `Refused` where somebody who was moved sits where somebody else sits then."""
    rooms = {slot.room_id for slot in moved if slot.room_id is not None and slot.seat is not None}
    if not rooms:
        return
    query = (
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .options(contains_eager(Slot.entrant))
        .where(Slot.room_id.in_(rooms), Slot.seat.is_not(None), takes_part())
    )
    there: dict[tuple[int | None, int | None], list[Slot]] = defaultdict(list)
    for slot in db.session.scalars(query):
        there[slot.room_id, slot.seat].append(slot)
    numbers = {slot.id for slot in moved}
    for its in there.values():
        for slot, other in permutations(its, 2):
            if slot.id not in numbers or slot.starts_at is None or other.starts_at is None:
                continue
            if meet((slot.starts_at, slot.ends_at), (other.starts_at, other.ends_at)):
                raise Refused(
                    msg(
                        "%(station)s %(seat)s 座 %(at)s 已经坐着 %(name)s，换一个时间",
                        station=slot.station or "",
                        seat=slot.seat or 0,
                        at=clock_text(other.starts_at) or "",
                        name=other.entrant.name,
                    )
                )


def room_clashes(competition: Competition) -> list[Message]:
    """Say which rooms this competition and another have at one time, by the names of both."""
    own = list(_times_in_rooms(competition=competition))
    if not own:
        return []
    rooms = rooms_by_number({it.room for it in own})
    others = defaultdict(list)
    for theirs in _times_in_rooms(rooms=rooms.keys(), but=competition):
        others[theirs.room].append(theirs)
    clashes: dict[tuple[object, ...], Message] = {}
    for mine in own:
        for theirs in others[mine.room]:
            if meet(mine.span, theirs.span) and not _is_put_away(theirs.event.competition):
                clashes.setdefault(
                    (mine.room, mine.key, theirs.key),
                    msg(
                        "%(room)s撞了：%(mine)s，%(theirs)s",
                        room=rooms[mine.room].name,
                        mine=mine.words,
                        theirs=theirs.words,
                    ),
                )
    return list(clashes.values())


def times_of_others(competition: Competition, rooms: Collection[int]) -> dict[int, list[Span]]:
    """The times at which other competitions have these rooms, by room."""
    times: dict[int, list[Span]] = defaultdict(list)
    if rooms:
        for theirs in _times_in_rooms(rooms=rooms, but=competition):
            if not _is_put_away(theirs.event.competition):
                times[theirs.room].append(theirs.span)
    return times


def _times_in_rooms(
    *,
    competition: Competition | None = None,
    rooms: Collection[int] | None = None,
    but: Competition | None = None,
) -> Iterator[RoomTime]:
    """The times at which rooms are taken: of a competition, or of these rooms but by one."""
    sits = select(
        Entrant.event_id, Slot.stage, Slot.module, Slot.room_id, Slot.starts_at, Slot.ends_at
    ).join(Entrant, Entrant.id == Slot.entrant_id)
    sits = sits.where(Slot.room_id.is_not(None), Slot.starts_at.is_not(None), takes_part())
    laid = select(
        *(RoomUse.event_id, RoomUse.stage, RoomUse.module),
        *(RoomUse.room_id, RoomUse.starts_at, RoomUse.ends_at),
    )
    if competition is not None:
        numbers = [event.id for event in competition.events]
        sits = sits.where(Entrant.event_id.in_(numbers))
        laid = laid.where(RoomUse.event_id.in_(numbers))
    if rooms is not None:
        sits, laid = sits.where(Slot.room_id.in_(rooms)), laid.where(RoomUse.room_id.in_(rooms))
    if but is not None:
        numbers = [event.id for event in but.events]
        sits = sits.where(Entrant.event_id.not_in(numbers))
        laid = laid.where(RoomUse.event_id.not_in(numbers))
    # Of each event once, and not of everybody for each time that it has a room.
    sat = (
        select(Entrant.event_id, Slot.stage, Slot.module)
        .join(Slot, Slot.entrant_id == Entrant.id)
        .where(Entrant.event_id.in_(laid.with_only_columns(RoomUse.event_id)))
    )
    here = tuple_(RoomUse.event_id, RoomUse.stage, RoomUse.module)
    laid = laid.where(here.not_in(sat))
    events: dict[int, Event] = {}
    for query in (sits.distinct(), laid):
        for number, stage, module, room, starts, ends in db.session.execute(query).tuples():
            event = events.get(number) or db.session.get_one(Event, number)
            events[number] = event
            yield RoomTime(room or 0, event, stage, module, (starts, ends))


def span_of(times: Mapping[str, str | None]) -> Span:
    """The span of a place's times."""
    starts, ends = times.get("starts"), times.get("ends")
    assert starts is not None, "a session has a begin"
    return datetime.fromisoformat(starts), datetime.fromisoformat(ends) if ends else None


def seats_taken(
    competition: Competition,
    but: Collection[tuple[int, str, str]] = (),
    *,
    left: bool = False,
) -> dict[int, list[tuple[Span, int | None]]]:
    """The seats of rooms that modules of the competition have, but of some: by room, when, which.

    None: stations stand there, and not seats. Where people sit their slots say it, of who
    withdrew too unless what they `left` is free; else the timetable.
    """
    taken: dict[int, list[tuple[Span, int | None]]] = defaultdict(list)
    sits: set[tuple[int, str, str]] = set()
    events = {event.id: event for event in competition.events}
    rows = (
        select(
            *(Entrant.event_id, Slot.stage, Slot.module, Slot.room_id),
            *(Slot.starts_at, Slot.ends_at, Slot.seat),
        )
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.event_id.in_(events), Slot.room_id.is_not(None))
    )
    if left:
        rows = rows.where(takes_part())
    for event, stage, module, room, starts, ends, seat in db.session.execute(rows).tuples():
        sits.add((event, stage, module))
        if (event, stage, module) not in but and room is not None and starts is not None:
            taken[room].append(((starts, ends), seat))
    timetables = settings_of(competition).timetables
    for event, stage, module in _laid(competition):
        if (event, stage, module) in but or (event, stage, module) in sits:
            continue
        kept = timetables.get(module_key(events[event], stage, module), ())
        if not kept:
            continue
        laid = places_of(kept[-1])
        for place in laid.places:
            times = laid.times[place["code"]]
            if room_text := times.get("room"):
                seat_text = times.get("seat")
                seat = int(seat_text) if seat_text else None
                taken[int(room_text)].append((span_of(times), seat))
    return taken


def free_seats(
    competition: Competition, there: Sequence[SlotPlace], *, left: bool = False
) -> list[SlotPlace]:
    """List the free seats of the rooms in which people sit, at the times at which they do.

    By time, room and seat. Those of who withdrew count as taken, unless what they `left` is
    asked for.
    """
    shapes = dict.fromkeys(
        replace(place, seat=None)
        for place in there
        if place.room is not None and place.seat is not None and place.starts_at is not None
    )
    rooms = rooms_by_number({place.room for place in shapes if place.room is not None})
    taken = seats_taken(competition, left=left)
    free: list[SlotPlace] = []
    for place in sorted(shapes, key=lambda it: (slot_order(it), it.session or "")):
        assert place.room is not None, "asked above"
        assert place.starts_at is not None, "asked above"
        span = place.starts_at, place.ends_at
        used = {seat for other, seat in taken.get(place.room, ()) if meet(span, other)}
        places = rooms[place.room].places if None not in used else 0
        free += [replace(place, seat=seat) for seat in range(1, places + 1) if seat not in used]
    return free


def places_sat(event: Event, stage: str, module: str, slots: Sequence[Slot]) -> list[SlotPlace]:
    """The places of these slots of the module, and one of each turn that its rooms have besides."""
    there = [place_of(slot) for slot in slots]
    kept = settings_of(event.competition).timetables.get(module_key(event, stage, module), ())
    if not kept or not kept[-1].seats:
        return there
    turns: dict[str, list[SlotPlace]] = defaultdict(list)
    laid = read_places("1", kept[-1].sessions, kept[-1].check_in)
    for place in laid.places:
        times = laid.times[place["code"]]
        turns[place["session"]].append(drawn_place(place["session"], None, times))
    sat = {(place.session, place.room, place.starts_at) for place in there}
    for block in kept[-1].seats:
        its = [
            replace(turn, station=block.station, room=block.room, seat=1)
            for turn in turns[block.session]
        ]
        # A session that was moved since has other times than it was laid out with.
        if any((turn.session, turn.room, turn.starts_at) in sat for turn in its):
            there += its
    return there


def _laid(competition: Competition) -> Sequence[tuple[int, str, str]]:
    numbers = [event.id for event in competition.events]
    rows = select(RoomUse.event_id, RoomUse.stage, RoomUse.module)
    rows = rows.where(RoomUse.event_id.in_(numbers)).distinct()
    return db.session.execute(rows).tuples().all()


def _refuse_seats_taken(
    event: Event,
    module: tuple[str, str],
    seats: Collection[tuple[int, Span, int]],
    rooms: Mapping[int, Room],
) -> None:
    """Raise `Refused` where another module of the competition has one of these seats then."""
    taken = seats_taken(event.competition, but=[(event.id, *module)])
    there: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for number, its in taken.items():
        for span, seat in its:
            if seat is not None:
                there[number, seat].append(span)
    for number, span, seat in sorted(seats, key=lambda it: (it[0], it[2], it[1][0])):
        if any(meet(span, other) for other in there.get((number, seat), ())):
            raise Refused(
                msg(
                    "%(room)s %(seat)s 座 %(at)s 已经排给别的模块",
                    room=rooms[number].name,
                    seat=seat,
                    at=clock_text(span[0]) or "",
                )
            )


def _is_put_away(competition: Competition) -> bool:
    return settings_of(competition).put_away is not None
