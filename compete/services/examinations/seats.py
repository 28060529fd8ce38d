"""A candidate at a device: found by number and room code, bound to it, moved to another."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.identity.typed_numbers import code_as_typed
from compete.domain.values.examination_states import SittingState
from compete.domain.values.messages import msg
from compete.models import (
    Account,
    Competition,
    Entrant,
    ExamDevice,
    Examination,
    ExamRoom,
    ExamSitting,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.examinations.rooms import (
    begin_sitting,
    require_room_open,
    room_name,
    seat_in_room,
)
from compete.services.examinations.setting_up import place_of_exam, rules_of_exam
from compete.services.examinations.sittings import (
    Standing,
    marked_among,
    standing_of,
    terms_of,
    times_of,
)
from compete.services.kernel import audit
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.schedule.exam_rooms import planned_rooms
from compete.services.sheets.locks_in_force import require_open

_HEARD_EVERY = timedelta(seconds=10)
_DEVICE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SECRET = re.compile("[0-9a-f]{32,64}")
_WRONG = msg("号码或者考场码不对，看一下再试")


@dataclass(frozen=True, slots=True)
class SeatLook:
    """Who would sit down here, and where the plan has them."""

    room: ExamRoom
    entrant: Entrant
    seat: int | None


@dataclass(frozen=True, slots=True)
class Seated:
    """A candidate at a device: the sitting, and the term of it that the device has."""

    sitting: ExamSitting
    term: ExamDevice

    @property
    def is_moved(self) -> bool:
        """True if they sit at another device now, or will."""
        return self.term.ended_at is not None


@dataclass(frozen=True, slots=True)
class Browser:
    """Who asks to sit down: the device's name and clock, and the secrets by which it is known.

    `known` is the secret of the seat that it has, `made` the one that its page made before it
    asked.
    """

    device: str
    known: str | None = None
    made: str | None = None
    clock: datetime | None = None


def look_for_seat(competition: Competition, number: str, code: str) -> SeatLook:
    """Find who has this number in the open room of this code.

    Raises `Refused`: WRONG_SECRET where either is wrong, in one sentence; CONFLICT for who sits
    in another room by the plan.
    """
    room = db.session.scalar(
        select(ExamRoom)
        .join(Examination, Examination.id == ExamRoom.examination_id)
        .where(
            Examination.competition_id == competition.id,
            Examination.ended_at.is_(None),
            ExamRoom.code == code.strip(),
            ExamRoom.closed_at.is_(None),
        )
        .limit(1)
    )
    who = _of_number(room.examination, number) if room is not None else None
    if room is None or who is None:
        raise Refused(_WRONG, kind=Refusal.WRONG_SECRET)
    for planned in planned_rooms(room.examination, who):
        ((entrant, seat),) = planned.people
        if planned.key != (room.session, room.station):
            where = " ".join(filter(None, planned.key))
            raise Refused(msg("您的座位在 %(where)s，请到那里", where=where or "—"))
        return SeatLook(room, entrant, seat)
    raise Refused(msg("您不用考这一门，请问监考员"))


def _of_number(examination: Examination, number: str) -> int | None:
    """Who of the event has this number, however it is typed."""
    wanted = code_as_typed(number)
    query = select(Entrant.code, Entrant.id).where(
        Entrant.event_id == examination.event_id, takes_part()
    )
    rows = db.session.execute(query).tuples()
    return next((who for code, who in rows if code_as_typed(code) == wanted), None)


def sit_down(look: SeatLook, browser: Browser) -> str:
    """Bind the candidate to a device; gives the secret that its session keeps.

    Who asks again, the answer having been lost on its way, sits where they sat down.
    Raises `Refused` where they sit at another, are late beyond the rule, or have handed in.
    """
    with changing(look.room.examination.competition, look.room) as competition:
        room = look.room
        require_room_open(room)
        sitting = seat_in_room(room, look.entrant, look.seat)
        last = next(iter(reversed(terms_of([sitting])[sitting.id])), None)
        if last is not None and last.ended_at is None:
            for secret in filter(None, (browser.known, browser.made)):
                if last.token_hash == token_hash(secret):
                    return secret
        _require_seat_free(sitting, last)
        now = utc_now()
        _begin(sitting, room, now)
        token = _new_secret(browser.made)
        term = ExamDevice(
            sitting_id=sitting.id,
            device=browser.device,
            token_hash=token_hash(token),
            from_at=_after(last, now),
            clock_at=browser.clock,
            heard_at=now,
        )
        db.session.add(term)
        db.session.flush()
        after = {
            "who": look.entrant.code,
            "room": room_name(room),
            "device": term.device,
            **({"late": True} if room.started_at and last is None else {}),
        }
        title = place_of_exam(sitting.examination).title
        audit.record(competition, None, "exam.seat", title, after=after)
    return token


def _new_secret(made: str | None) -> str:
    """The one that the page made, if it is long enough to be guessed by nobody and is new."""
    if made is not None and _SECRET.fullmatch(made):
        query = select(ExamDevice.id).where(ExamDevice.token_hash == token_hash(made))
        if db.session.scalar(query) is None:
            return made
    return secrets.token_urlsafe(32)


def _require_seat_free(sitting: ExamSitting, last: ExamDevice | None) -> None:
    if sitting.state is SittingState.VOID:
        raise Refused(msg("这场考试已经作废，请问监考员"))
    if sitting.state is SittingState.HANDED_IN:
        raise Refused(msg("已经交卷了"))
    if last is not None and last.ended_at is None:
        words = msg("您已经在 %(device)s 上坐下，换机请找监考员", device=last.device)
        raise Refused(words)


def _begin(sitting: ExamSitting, room: ExamRoom, now: datetime) -> None:
    """Sit down before the start; after it begin at once, where the rule lets them in."""
    if room.started_at is None:
        sitting.state = SittingState.SAT_DOWN
        return
    if sitting.starts_at is None:
        latest = room.started_at + timedelta(minutes=rules_of_exam(sitting.examination).late_entry)
        if now > latest and sitting.let_in is None:
            raise Refused(msg("开考太久，不能进了，请找监考员"))
        begin_sitting(sitting, now)
        if sitting.ends_at is None or sitting.ends_at <= now:
            raise Refused(msg("时间到了，不能再坐下"))
    times = times_of([sitting])[sitting.id]
    if standing_of(sitting, times, now) is Standing.OVER:
        raise Refused(msg("时间到了，不能再坐下"))


def _after(last: ExamDevice | None, now: datetime) -> datetime:
    """Now, but in a later millisecond than the term before."""
    if last is None:
        return now
    return max(now, last.from_at + timedelta(milliseconds=1))


def new_device_name() -> str:
    """A name for a browser that has none yet."""
    return "T-" + "".join(secrets.choice(_DEVICE_SIGNS) for _ in range(6))


def seated_by(token: str | None) -> Seated | None:
    """The seat whose secret this is; None for nobody's, and once the examination is taken back."""
    if not token:
        return None
    term = db.session.scalar(
        select(ExamDevice)
        .join(ExamSitting, ExamSitting.id == ExamDevice.sitting_id)
        .join(Examination, Examination.id == ExamSitting.examination_id)
        .where(ExamDevice.token_hash == token_hash(token), Examination.ended_at.is_(None))
        .options(joinedload(ExamDevice.sitting).joinedload(ExamSitting.examination))
    )
    return Seated(term.sitting, term) if term is not None else None


def standing_term(sitting: ExamSitting) -> ExamDevice | None:
    """The term of the device at which they sit now; None while they sit at none."""
    terms = terms_of([sitting])[sitting.id]
    return next((it for it in reversed(terms) if it.ended_at is None), None)


def note_heard(seated: Seated, waiting: int | None) -> None:
    """Note that the device is there, and how many acts it says it keeps; not at every call."""
    if _is_news(seated.term, waiting):
        with unit_of_work() as session:
            session.refresh(seated.term)
            hear(seated.term, waiting)


def hear(term: ExamDevice, waiting: int | None) -> None:
    """As `note_heard`, inside a unit of work."""
    if _is_news(term, waiting):
        term.heard_at, term.waiting = utc_now(), waiting


def _is_news(term: ExamDevice, waiting: int | None) -> bool:
    lately = term.heard_at is not None and utc_now() - term.heard_at < _HEARD_EVERY
    return not lately or term.waiting != waiting


def move_device(sitting: ExamSitting, reason: str, by: Account) -> None:
    """Free a sitting of its device: it locks, and they sit down at another with their number."""
    with changing(sitting.examination.competition, sitting) as competition:
        last = next(iter(reversed(terms_of([sitting])[sitting.id])), None)
        if last is None or last.ended_at is not None:
            raise Refused(msg("没有坐在机器上，直接用号码坐下"))
        if sitting.state is SittingState.HANDED_IN:
            raise Refused(msg("已经交卷了"))
        last.ended_at = utc_now()
        after = {"who": sitting.entrant.code, "device": last.device}
        title = place_of_exam(sitting.examination).title
        audit.record(
            competition, by, "exam.move", title, after=after, reason=reason_text(reason) or None
        )


def let_in_late(sitting: ExamSitting, reason: str, by: Account) -> None:
    """Let somebody in who is later than the rule allows."""
    reason = reason_text(reason, msg("写为什么放进来"))
    with changing(sitting.examination.competition, sitting) as competition:
        require_room_open(sitting.room)
        if sitting.starts_at is not None:
            raise Refused(msg("已经在考了"))
        sitting.let_in = reason
        after = {"who": sitting.entrant.code}
        title = place_of_exam(sitting.examination).title
        audit.record(competition, by, "exam.let_in", title, after=after, reason=reason)


def undo_hand_in(sitting: ExamSitting, reason: str, by: Account) -> None:
    """Let somebody go on who handed in by mistake; their time runs as before."""
    reason = reason_text(reason, msg("写为什么让接着考"))
    with changing(sitting.examination.competition, sitting) as competition:
        require_room_open(sitting.room)
        if sitting.state is not SittingState.HANDED_IN:
            raise Refused(msg("没有交卷"))
        sitting.state = SittingState.BEGUN
        sitting.handed_in_at = sitting.handed_in_device = sitting.handed_in_number = None
        after = {"who": sitting.entrant.code}
        title = place_of_exam(sitting.examination).title
        audit.record(competition, by, "exam.go_on", title, after=after, reason=reason)


def void_sitting(sitting: ExamSitting, reason: str, by: Account) -> None:
    """Make a sitting void, with the reason; what was answered stays.

    Not once its mark is on the sheet or locked: that goes by a decision of two, as any result.
    What others' marks are is nothing to it: rooms are sat in turn, and marks put in between.
    """
    reason = reason_text(reason, msg("写为什么作废"))
    examination = sitting.examination
    with changing(examination.competition, sitting, examination) as competition:
        require_open(competition, sitting.entrant, examination.stage, examination.module)
        if marked_among([sitting]):
            raise Refused(msg("他的成绩写入了：在“扣罚、缺考、退出、取消”里提出取消成绩"))
        if sitting.starts_at is None:
            raise Refused(msg("还没开考，没有可以作废的"))
        if sitting.state is SittingState.VOID:
            raise Refused(msg("已经作废了"))
        sitting.state, sitting.void_reason = SittingState.VOID, reason
        after = {"who": sitting.entrant.code}
        title = place_of_exam(sitting.examination).title
        audit.record(competition, by, "exam.void", title, after=after, reason=reason)
