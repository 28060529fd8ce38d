"""Rooms of an examination: the plan's, opened by an invigilator, begun, and closed at the end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Annotated

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from compete.domain.values.examination_states import SittingState
from compete.domain.values.messages import Message, msg
from compete.models import (
    Account,
    Competition,
    Entrant,
    ExamGrant,
    Examination,
    ExamRoom,
    ExamSitting,
    db,
    utc_now,
)
from compete.services.examinations.paper_content import form_names
from compete.services.examinations.setting_up import (
    ExamRules,
    place_of_exam,
    rules_of_exam,
    why_not_sat,
)
from compete.services.examinations.sittings import Standing, standing_of, times_of
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks, rows_among
from compete.services.kernel.clock import local_time
from compete.services.kernel.fields import Setting, kept_field, reason_field
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.row_seals import note
from compete.services.kernel.sealed_inserts import insert_new
from compete.services.kernel.transactions import changing
from compete.services.questions.papers import note_paper_sat
from compete.services.questions.sealing import refuse_if_sealed
from compete.services.schedule.exam_rooms import RoomKey, planned_rooms, rooms_of

_BLIND_SIGNS = "23456789ACDEFGHJKLMNPQRTUVWXYZ"
_BLIND_LENGTH = 5
_MOST_MINUTES = 240
_EXPECTED = SittingState.EXPECTED


@dataclass(frozen=True, slots=True)
class TimeFields:
    """Time added."""

    minutes: Annotated[
        int, Setting(msg("加几分钟"), least=1, most=_MOST_MINUTES, needed=msg("写加几分钟"))
    ]
    reason: Annotated[str, reason_field(msg("为什么加"), msg("写为什么加时间"))]


def room_of_exam(examination: Examination, number: int) -> ExamRoom | None:
    """The examination's room of that number, or None."""
    room = db.session.get(ExamRoom, number)
    return room if room is not None and room.examination_id == examination.id else None


def sittings_in(room: ExamRoom) -> Sequence[ExamSitting]:
    """The sittings in a room, by seat."""
    query = select(ExamSitting).where(ExamSitting.room_id == room.id)
    together = joinedload(ExamSitting.entrant).joinedload(Entrant.unit)
    rows = db.session.scalars(query.options(together)).all()
    return sorted(rows, key=lambda it: (it.seat is None, it.seat or 0, it.entrant.code))


def open_room(examination: Examination, key: RoomKey, by: Account) -> ExamRoom:
    """Open a room of the plan: who sits there may sit down at a device with its code."""
    refuse_if(why_not_sat(examination))
    with changing(examination.competition, examination) as competition:
        planned = next((it for it in planned_rooms(examination) if it.key == key), None)
        if planned is None:
            raise Refused(msg("日程里没有这个考场了，刷新再看"))
        if key in rooms_of(examination):
            raise Refused(msg("这个考场已经开了"))
        room = ExamRoom(
            examination_id=examination.id,
            session=planned.session,
            station=planned.station,
            code=_free_code(competition),
            opened_by=by.id,
        )
        room.examination = examination
        db.session.add(room)
        db.session.flush()
        _seat_people(room, planned.people)
        after = {"room": room_name(room), "people": len(planned.people)}
        audit.record(competition, by, "exam.open", place_of_exam(examination).title, after=after)
    return room


def seat_in_room(room: ExamRoom, entrant: Entrant, seat: int | None) -> ExamSitting:
    """Give somebody their sitting in the room; one that was in another and has not begun moves."""
    return _seat_people(room, [(entrant, seat)])[entrant.id]


def _seat_people(
    room: ExamRoom, people: Sequence[tuple[Entrant, int | None]]
) -> dict[int, ExamSitting]:
    """Seat many with a statement or two for all; their sittings by the entrant's row.

    Neighbours have other forms of the paper, by seat, and in a room without seats in turn.
    """
    examination = room.examination
    query = select(ExamSitting).where(ExamSitting.examination_id == examination.id)
    numbers = [entrant.id for entrant, _seat in people]
    sittings = {it.entrant_id: it for it in rows_among(query, ExamSitting.entrant_id, numbers)}
    for entrant, seat in people:
        known = sittings.get(entrant.id)
        if known is not None and known.starts_at is None:
            known.room_id, known.room, known.seat = room.id, room, seat
    db.session.flush()
    fresh = [(entrant, seat) for entrant, seat in people if entrant.id not in sittings]
    if not fresh:
        return sittings
    blinds = _free_blinds(examination, len(fresh))
    forms = form_names(examination)
    there = select(func.count(ExamSitting.id)).where(ExamSitting.room_id == room.id)
    places = count((db.session.scalar(there) or 0) + 1)
    new = [
        ExamSitting(
            public_id=secrets.token_hex(16),
            examination_id=examination.id,
            room_id=room.id,
            entrant_id=entrant.id,
            blind=blind,
            form=forms[((seat or place) - 1) % len(forms)],
            seat=seat,
        )
        for (entrant, seat), blind, place in zip(fresh, blinds, places, strict=False)
    ]
    insert_new(examination.competition, new)
    made = rows_among(query, ExamSitting.entrant_id, [entrant.id for entrant, _seat in fresh])
    return sittings | {it.entrant_id: it for it in made}


def _free_blinds(examination: Examination, many: int) -> list[str]:
    """So many codes that no sitting of the examination has."""
    query = select(ExamSitting.blind).where(ExamSitting.examination_id == examination.id)
    taken = set(db.session.scalars(query))
    free: list[str] = []
    while len(free) < many:
        code = "".join(secrets.choice(_BLIND_SIGNS) for _ in range(_BLIND_LENGTH))
        if code not in taken:
            taken.add(code)
            free.append(code)
    return free


def _free_code(competition: Competition) -> str:
    """Six digits that no open room of the competition has."""
    taken = set(
        db.session.scalars(
            select(ExamRoom.code)
            .join(Examination, Examination.id == ExamRoom.examination_id)
            .where(Examination.competition_id == competition.id, ExamRoom.closed_at.is_(None))
        )
    )
    while True:
        code = f"{secrets.randbelow(1_000_000):06}"
        if code not in taken:
            return code


def room_name(room: ExamRoom) -> str:
    """What people call it: session and station, as far as the plan names them."""
    return " ".join(filter(None, (room.session, room.station)))


def start_room(room: ExamRoom, by: Account) -> int:
    """Begin: whoever sits at a device has the key from now on; how many they are.

    A paper under seal is sat once two have opened it: a room that begins shows what is in it.
    """
    examination = room.examination
    refuse_if(why_not_sat(examination))
    with changing(examination.competition, room) as competition:
        refuse_if_sealed(examination.paper)
        require_room_open(room)
        if room.started_at is not None:
            raise Refused(msg("已经开考了"))
        seated = select(ExamSitting.id).where(
            ExamSitting.room_id == room.id, ExamSitting.state == SittingState.SAT_DOWN
        )
        here = db.session.scalars(seated.order_by(ExamSitting.id)).all()
        if not here:
            raise Refused(msg("还没有人坐下，不能开考"))
        now = utc_now()
        room.started_at, room.started_by = now, by.id
        _begin_all(here, now, now + _length(rules_of_exam(examination)))
        day = local_time(now).date()
        note_paper_sat(examination.paper, day, by)
        after = {"room": room_name(room), "people": len(here)}
        audit.record(competition, by, "exam.start", place_of_exam(examination).title, after=after)
    return len(here)


def _begin_all(here: Sequence[int], now: datetime, ends: datetime) -> None:
    """Let these sittings begin by few statements: in a large hall everybody waits for the end."""
    begun = {"state": SittingState.BEGUN, "starts_at": now, "ends_at": ends}
    for chunk in in_chunks(here):
        db.session.execute(
            update(ExamSitting)
            .where(ExamSitting.id.in_(chunk))
            .values(begun)
            .execution_options(synchronize_session=False, noted=True)
        )
    for number in here:
        note("exam_sitting", number, *begun)


def begin_sitting(sitting: ExamSitting, now: datetime) -> None:
    """Let a sitting begin; who is late ends with the room, unless the rule gives the whole time."""
    rules = rules_of_exam(sitting.examination)
    ends = now + _length(rules) if rules.late_full else _room_end(sitting.room)
    sitting.state, sitting.starts_at, sitting.ends_at = SittingState.BEGUN, now, ends


def _length(rules: ExamRules) -> timedelta:
    return timedelta(minutes=rules.minutes)


def _room_end(room: ExamRoom) -> datetime | None:
    """When a room ends, with what the whole of it was given so far; None before it begins."""
    if room.started_at is None:
        return None
    query = select(func.sum(ExamGrant.seconds)).where(
        ExamGrant.room_id == room.id, ExamGrant.sitting_id.is_(None)
    )
    added = timedelta(seconds=db.session.scalar(query) or 0)
    return room.started_at + _length(rules_of_exam(room.examination)) + added


def add_time(
    rooms: Sequence[ExamRoom], minutes: int, reason: str, by: Account, *, alone: ExamSitting | None
) -> None:
    """Add time to whole rooms, or in the one room to one sitting `alone`, at any moment."""
    minutes = kept_field(TimeFields, "minutes", str(minutes))
    reason = kept_field(TimeFields, "reason", reason)
    if not rooms:
        raise Refused(msg("没有正在考的考场"))
    examination = rooms[0].examination
    with changing(examination.competition, *rooms) as competition:
        for room in rooms:
            if room.started_at is None:
                raise Refused(msg("还没开考，开考以后才能加时间"))
            require_room_open(room)
            grant = ExamGrant(
                room_id=room.id,
                sitting_id=alone.id if alone else None,
                seconds=minutes * 60,
                reason=reason,
                made_by=by.id,
            )
            db.session.add(grant)
        db.session.flush()
        after = {
            "rooms": [room_name(room) for room in rooms],
            "minutes": minutes,
            **({"who": alone.entrant.code} if alone else {}),
        }
        title = place_of_exam(examination).title
        audit.record(competition, by, "exam.time", title, after=after, reason=reason)


def has_begun(examination: Examination) -> bool:
    """True once a room of it has begun."""
    return any(it.started_at is not None for it in rooms_of(examination).values())


def why_still_sat(examination: Examination) -> Message | None:
    """Say why it is not over: no room has begun, or somebody sits; None: it is."""
    rooms = [
        it for it in rooms_of(examination).values() if it.started_at is not None or it.closed_at
    ]
    if not rooms:
        return msg("还没有考场开考")
    if any(_open_among(sittings_in(room)) for room in rooms):
        return msg("还有人在考，考完再算")
    return None


def running_rooms(examination: Examination) -> list[ExamRoom]:
    """The rooms that have begun and are not closed."""
    rooms = rooms_of(examination).values()
    return [it for it in rooms if it.started_at is not None and it.closed_at is None]


def close_room(room: ExamRoom, by: Account) -> None:
    """Close a room once nobody sits there any more: no time is added, nobody comes in.

    One to which nobody came is closed without having begun: all who were expected are absent.
    """
    examination = room.examination
    with changing(examination.competition, room) as competition:
        require_room_open(room)
        sittings = sittings_in(room)
        if room.started_at is None and any(it.state is not _EXPECTED for it in sittings):
            raise Refused(msg("有人坐下了，先开考"))
        if _open_among(sittings):
            raise Refused(msg("还有人在考，时间到了或者都交卷了再收"))
        room.closed_at, room.closed_by = utc_now(), by.id
        nobody = {"nobody": True} if room.started_at is None else {}
        after = {"room": room_name(room), "people": len(sittings), **nobody}
        audit.record(competition, by, "exam.close", place_of_exam(examination).title, after=after)


def reopen_room(room: ExamRoom, by: Account) -> None:
    """Open a room again that was closed because nobody came, until the examination is marked."""
    examination = room.examination
    with changing(examination.competition, room, examination) as competition:
        if not closed_without(room):
            raise Refused(msg("只有没人来就收了的考场能重开"))
        if examination.marked_at is not None:
            raise Refused(msg("成绩写入了，不能重开"))
        room.closed_at, room.closed_by = None, None
        room.code = _free_code(competition)
        after = {"room": room_name(room)}
        audit.record(competition, by, "exam.reopen", place_of_exam(examination).title, after=after)


def closed_without(room: ExamRoom) -> bool:
    """True of a room that was closed because nobody came."""
    return room.closed_at is not None and room.started_at is None


def _open_among(sittings: Sequence[ExamSitting]) -> list[ExamSitting]:
    """Those of the sittings whose time runs."""
    now, times = utc_now(), times_of(sittings)
    return [it for it in sittings if standing_of(it, times[it.id], now) is Standing.OPEN]


def require_room_open(room: ExamRoom) -> None:
    """Raise `Refused` for a room that is closed."""
    if room.closed_at is not None:
        raise Refused(msg("这个考场已经收了"))
