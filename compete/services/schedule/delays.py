"""Delays (整批改时间): many who have not begun get another time at once; taken back too.

And lost time (停机, 补时), lost through no fault of one's own; and the last of a station.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Account,
    Act,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    OutcomeEntry,
    Sheet,
    Slot,
    Stoppage,
    db,
    utc_now,
)
from compete.models.types import keyed_hash
from compete.services.kernel import audit
from compete.services.kernel.clock import clock_text, date_text, local_time
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.last_records import last_record
from compete.services.kernel.module_keys import EntrantModule, of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.rows_by_number import find_own
from compete.services.kernel.slot_order import slot_order
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.schedule.double_bookings import overlap
from compete.services.schedule.rooms import refuse_doubled_seats
from compete.services.schedule.slots import follow_in_plan, own_slot, shift_slot
from compete.services.sheets.locks_in_force import require_open

ACTION, UNDONE = "schedule.delay", "schedule.delay_undone"
MOST_MINUTES = 600
UNDO_WITHIN = timedelta(minutes=10)
_MOST_NAMES = 5
_BEGUN = (
    SheetState.BEGUN,
    SheetState.COMPLETE,
    SheetState.SUBMITTED,
    SheetState.SIGNED,
    SheetState.RETURNED,
)


@dataclass(frozen=True, slots=True)
class Batch:
    """The people to move: those of one day who have not begun, from a time on; empty is any."""

    day: date
    event: str = ""
    station: str = ""
    session: str = ""
    since: datetime | None = None
    """The first planned start: people who begin then or later."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of one who would be expected at another time."""

    slot: Slot
    before: datetime
    after: datetime


def shifts(competition: Competition, batch: Batch, minutes: int) -> list[Shift]:
    """List who would be moved, by time, station and number; who has begun or is out stays.

    In a blind event nobody is told to have begun: all move who are not out.
    """
    by = timedelta(minutes=minutes)
    return [
        Shift(slot, slot.starts_at, slot.starts_at + by)
        for slot in _not_begun(competition, batch)
        if slot.starts_at is not None
    ]


def fingerprint(planned: Sequence[Shift]) -> str:
    """The mark of what was seen: it changes if anybody came in, began, or was moved meanwhile."""
    lines = [f"{it.slot.id} {it.before.isoformat()} {it.after.isoformat()}" for it in planned]
    return keyed_hash("\n".join(lines))[:24]


def delay(
    competition: Competition, batch: Batch, minutes: int, reason: str, seen: str, by: Account
) -> AuditEntry:
    """Move the times of a batch by minutes, later or (negative) earlier; the file's plan follows.

    `seen` is the `fingerprint` of what was shown. Raises `Refused` (INVALID) without minutes or
    a reason, or where nobody is left to move; (CONFLICT) once marks are locked, where the list
    changed meanwhile, where somebody is elsewhere then, where it would be another day, or a time
    that is over.
    """
    check_minutes(minutes)
    reason = reason_text(reason, msg("为什么改时间，要写上"))
    with changing(competition):
        planned = shifts(competition, batch, minutes)
        refuse_if(why_not_delayed(competition, planned))
        if fingerprint(planned) != seen:
            raise Refused(msg("名单和刚才看到的不一样了，再看一遍"))
        _apply(planned)
        return _record(competition, ACTION, batch, planned, minutes, reason, by)


def check_minutes(minutes: int) -> None:
    """Check the minutes. Raises `Refused` (INVALID) for none, or for more than ten hours."""
    if minutes == 0 or abs(minutes) > MOST_MINUTES:
        raise invalid(msg("分钟数写 1 到 %(most)s，提早写负数", most=MOST_MINUTES))


def why_times_stay(competition: Competition) -> Message | None:
    """Say why nobody's time can be moved any more; None until marks are locked."""
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return None
    return msg("评分已经锁定，时间不能再改")


def why_not_delayed(competition: Competition, planned: Sequence[Shift]) -> Message | None:
    """Say what stands against moving them, or None."""
    if why := why_times_stay(competition):
        return why
    if not planned:
        return msg("没有还没开始的人，不用改")
    for it in planned:
        times = (it.slot.check_in_at, it.slot.starts_at, it.slot.ends_at)
        by = it.after - it.before
        if any(at and local_time(at).date() != local_time(at + by).date() for at in times):
            return msg("%(name)s 会到另一天去，到他那一页改", name=it.slot.entrant.name)
        if it.after < it.before and it.after < utc_now() <= it.before:
            return msg("%(name)s 会早于现在", name=it.slot.entrant.name)
    return elsewhere(planned)


def elsewhere(planned: Sequence[Shift]) -> Message | None:
    """Name who would be at two places at once, or None."""
    moved = {it.slot.id for it in planned}
    named: dict[tuple[str, str], None] = {}
    for it in planned:
        by = it.after - it.before
        ends = it.slot.ends_at + by if it.slot.ends_at else None
        for other in it.slot.entrant.slots:
            if other.id not in moved and overlap(other, it.after, ends):
                title = module_title(it.slot.entrant.event, other.stage, other.module)
                named.setdefault((it.slot.entrant.name, title))
    if not named:
        return None
    names = [msg("%(name)s（%(more)s）", name=name, more=title) for name, title in named]
    return msg("%(names)s 那时在别处", names=some_of(names, _MOST_NAMES))


def latest_delay(competition: Competition) -> AuditEntry | None:
    """The last batch that was moved, if it was not taken back."""
    last = last_record(competition, [ACTION, UNDONE])
    return last if last is not None and last.action == ACTION else None


def why_not_taken_back(competition: Competition, delayed: AuditEntry) -> Message | None:
    """Say what stands against taking a batch back, or None."""
    if utc_now() - delayed.at > UNDO_WITHIN:
        return msg("过了 10 分钟，撤销不了；要改再改一次")
    if _moved_by(competition, delayed) is None:
        return msg("已经有人开始了，或者又改过时间，撤销不了；要改再改一次")
    return None


def undo_delay(competition: Competition, seq: int, by: Account) -> AuditEntry:
    """Take the last batch back within ten minutes; both stay on record.

    Raises `Refused` (CONFLICT) later, where somebody began or was moved since, or where it is
    not the last.
    """
    with changing(competition):
        last = latest_delay(competition)
        if last is None or last.seq != seq:
            raise Refused(msg("这一批已经撤销了，或者后来又改过"))
        refuse_if(why_not_taken_back(competition, last) or why_times_stay(competition))
        back = _moved_by(competition, last) or []
        _apply(back)
        details = _batch_moves(last)
        batch = Batch(date.fromisoformat(details["day"]), details["event"], details["station"])
        return _record(competition, UNDONE, batch, back, -details["minutes"], "", by)


def _batch_moves(delayed: AuditEntry) -> dict[str, Any]:
    assert isinstance(delayed.after, dict), "a batch is recorded with what it moved"
    return delayed.after


def _moved_by(competition: Competition, delayed: AuditEntry) -> list[Shift] | None:
    """The way back for each; None where one of them began since, or stands elsewhere."""
    details = _batch_moves(delayed)
    free = {
        (slot.entrant.event.code, slot.entrant.code, slot.stage, slot.module): slot
        for slot in _not_begun(
            competition, Batch(date.fromisoformat(details["day"]), details["event"])
        )
    }
    shifts = []
    for *key, before, after in details["moved"]:
        slot = free.get(tuple(key))
        if slot is None or slot.starts_at != datetime.fromisoformat(after):
            return None
        shifts.append(Shift(slot, slot.starts_at, datetime.fromisoformat(before)))
    return shifts


def _not_begun(competition: Competition, batch: Batch) -> list[Slot]:
    # A watch that was started is work, though no mark is given yet.
    running = select(Act.id).where(Act.sheet_id == Sheet.id, Act.kind == "watch_start").exists()
    begun = (
        select(Sheet.id)
        .where(
            Sheet.entrant_id == Slot.entrant_id,
            Sheet.stage == Slot.stage,
            Sheet.module == Slot.module,
            Sheet.state.in_(_BEGUN) | running,
        )
        .exists()
    )
    out = (
        select(OutcomeEntry.id)
        .where(
            OutcomeEntry.entrant_id == Slot.entrant_id,
            OutcomeEntry.stage == Slot.stage,
            OutcomeEntry.module.is_(None) | (OutcomeEntry.module == Slot.module),
            OutcomeEntry.withdrawn_at.is_(None),
        )
        .exists()
    )
    query = (
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .where(
            Entrant.competition_id == competition.id,
            takes_part(),
            Slot.starts_at.is_not(None),
            # Who has begun would tell, in a blind event, whose sheet it is.
            Event.blind.is_(True) | ~begun,
            ~out,
        )
        .options(
            contains_eager(Slot.entrant).joinedload(Entrant.event),
            contains_eager(Slot.entrant).selectinload(Entrant.slots),
            contains_eager(Slot.entrant).options(joinedload(Entrant.unit)),
        )
    )
    if batch.station:
        query = query.where(Slot.station == batch.station)
    if batch.session:
        query = query.where(Slot.session == batch.session)
    if batch.since is not None:
        query = query.where(Slot.starts_at >= batch.since)
    slots = [
        slot
        for slot in db.session.scalars(query)
        if slot.starts_at is not None
        and local_time(slot.starts_at).date() == batch.day
        and batch.event in ("", slot.entrant.event.code)
    ]
    return sorted(slots, key=lambda slot: (*slot_order(slot), slot.entrant.code, slot.id))


def _apply(planned: Sequence[Shift]) -> None:
    modules = {}
    for it in planned:
        slot, event = it.slot, it.slot.entrant.event
        shift_slot(slot, it.after - it.before)
        modules[event.id, slot.stage, slot.module] = event
    db.session.flush()
    refuse_doubled_seats([it.slot for it in planned])
    for (_event, stage, module), event in modules.items():
        follow_in_plan(event, stage, module)


def _record(
    competition: Competition,
    action: str,
    batch: Batch,
    planned: Sequence[Shift],
    minutes: int,
    reason: str,
    by: Account,
) -> AuditEntry:
    content = {
        "day": batch.day.isoformat(),
        "event": batch.event,
        "station": batch.station,
        "session": batch.session,
        "minutes": minutes,
        "codes": sorted({it.slot.entrant.code for it in planned}),
        "moved": [
            [
                it.slot.entrant.event.code,
                it.slot.entrant.code,
                *(it.slot.stage, it.slot.module),
                *(it.before.isoformat(), it.after.isoformat()),
            ]
            for it in planned
        ],
    }
    where = batch.station or batch.session or batch.event
    return audit.record(competition, by, action, where, after=content, reason=reason or None)


STOP, GIVE_BACK, PUT_LAST, UNDO = "floor.stop", "floor.give_back", "floor.put_last", "floor.undo"
MOST_SECONDS = 36_000
_LONGEST_AGO = timedelta(hours=12)


def why_not_noted(entrant: Entrant, stage: str, module: str) -> Message | None:
    """Say why no stop can be written down of somebody in a module; None where it can."""
    try:
        require_open(entrant.competition, entrant, stage, module)
    except Refused as refused:
        return refused.message
    return None


def note_stop(
    entrant: Entrant, stage: str, module: str, at: datetime | None, reason: str, by: Account
) -> Stoppage:
    """Write down that equipment stopped under somebody, what was wrong, and since when.

    Raises `Refused` (INVALID) without a reason or with a time that is still to come or long
    over; (CONFLICT) while marks are not taken in the module, or where one is open already.
    """
    reason, now = reason_text(reason, msg("什么设备停了、怎么停的，要写上")), utc_now()
    if at is None or at > now or now - at > _LONGEST_AGO:
        raise invalid(msg("几点停的，写 12 小时以内、不晚于现在的时间，写成 10:19 这样"))
    with unit_of_work() as session:
        competition = for_update(entrant.competition)
        session.refresh(entrant)
        require_open(competition, entrant, stage, module)
        if any(it.settled_at is None for it in stops_of(entrant, stage, module)):
            raise Refused(msg("%(name)s 的停机已经记了，先定怎么补", name=entrant.name))
        stop = Stoppage(
            competition_id=competition.id,
            entrant_id=entrant.id,
            stage=stage,
            module=module,
            reason=reason,
            stopped_at=at,
            noted_by=by.id,
        )
        session.add(stop)
        session.flush()
        _note(stop, STOP, by, {"at": clock_text(at)}, reason)
    return stop


def give_back(stop: Stoppage, seconds: int, by: Account) -> None:
    """Give the time back: so many seconds more for the module.

    Raises `Refused` (INVALID) for none or more than ten hours, (CONFLICT) where it was settled
    or taken back meanwhile, or marks are not taken any more.
    """
    if not 0 < seconds <= MOST_SECONDS:
        raise invalid(msg("补时写成 11:20 这样，最多 10 小时"))
    with unit_of_work():
        _open(stop)
        stop.seconds, stop.settled_at, stop.settled_by = seconds, utc_now(), by.id
        _note(stop, GIVE_BACK, by, {"seconds": seconds}, stop.reason)


def put_last(stop: Stoppage, by: Account) -> None:
    """Let them begin anew after everybody else at their station that day; the plan follows.

    Raises `Refused` (CONFLICT) as `give_back`, for who has no time in the plan or is the last
    already, and for a time at which they are elsewhere.
    """
    with unit_of_work():
        _open(stop)
        slot = _slot(stop)
        after = _last_end(stop, slot)
        if slot is None or slot.starts_at is None or after is None:
            raise Refused(msg("后面没有人了，直接补时"))
        length = slot.ends_at - slot.starts_at if slot.ends_at else None
        ends = after + length if length else None
        for other in stop.entrant.slots:
            if other.id != slot.id and overlap(other, after, ends):
                title = module_title(stop.entrant.event, other.stage, other.module)
                whose = msg("%(name)s（%(more)s）", name=stop.entrant.name, more=title)
                raise Refused(msg("%(name)s 那时在别处", name=whose))
        stop.place = {
            "starts_at": slot.starts_at.isoformat(),
            "ends_at": slot.ends_at.isoformat() if slot.ends_at else None,
            "moved_to": after.isoformat(),
            "check_in_at": slot.check_in_at.isoformat() if slot.check_in_at else None,
        }
        before = clock_text(slot.starts_at)
        shift_slot(slot, after - slot.starts_at)
        slot.ends_at = ends
        stop.last, stop.settled_at, stop.settled_by = True, utc_now(), by.id
        db.session.flush()
        follow_in_plan(stop.entrant.event, stop.stage, stop.module)
        content = {"before": before, "after": clock_text(after)}
        _note(stop, PUT_LAST, by, content, stop.reason)


def undo_stop(stop: Stoppage, by: Account) -> None:
    """Take back the last word on it, within ten minutes: how it was settled, else the stop.

    Raises `Refused` (CONFLICT) later, once it was taken back, and where their place was moved.
    """
    with unit_of_work():
        _lock_stoppage(stop)
        refuse_if(why_not_undone(stop))
        if stop.settled_at is None:
            stop.ended_at, stop.ended_by = utc_now(), by.id
            _note(stop, UNDO, by, {"what": STOP}, None)
            return
        what = PUT_LAST if stop.last else GIVE_BACK
        if stop.place is not None:
            slot = _slot(stop)
            assert slot is not None
            slot.starts_at = datetime.fromisoformat(stop.place["starts_at"])
            ends = stop.place["ends_at"]
            slot.ends_at = datetime.fromisoformat(ends) if ends else None
            if checked := stop.place.get("check_in_at"):
                slot.check_in_at = datetime.fromisoformat(checked)
            db.session.flush()
            follow_in_plan(stop.entrant.event, stop.stage, stop.module)
        content = {"what": what, "seconds": stop.seconds}
        stop.seconds, stop.last, stop.place = None, False, None
        stop.settled_at = stop.settled_by = None
        _note(stop, UNDO, by, content, None)


def why_not_undone(stop: Stoppage) -> Message | None:
    """Say what stands against taking its last word back, or None."""
    if utc_now() - (stop.settled_at or stop.noted_at) > UNDO_WITHIN:
        return msg("过了 10 分钟，撤销不了")
    if stop.place is not None:
        slot = _slot(stop)
        if slot is None or slot.starts_at != datetime.fromisoformat(stop.place["moved_to"]):
            return msg("后来又改过时间，撤销不了")
    return None


def stops_of(entrant: Entrant, stage: str, module: str) -> Sequence[Stoppage]:
    """List the stops that stand for somebody in a module, the first stop first."""
    return db.session.scalars(
        select(Stoppage)
        .where(
            Stoppage.entrant_id == entrant.id,
            Stoppage.stage == stage,
            Stoppage.module == module,
            Stoppage.ended_at.is_(None),
        )
        .order_by(Stoppage.stopped_at, Stoppage.id)
    ).all()


def stops_in(competition: Competition) -> Mapping[EntrantModule, Sequence[Stoppage]]:
    """The stops that stand, by entrant and module, the first stop first."""
    stops: dict[EntrantModule, list[Stoppage]] = {}
    for stop in db.session.scalars(
        select(Stoppage)
        .where(Stoppage.competition_id == competition.id, Stoppage.ended_at.is_(None))
        .options(joinedload(Stoppage.noter), joinedload(Stoppage.settler))
        .order_by(Stoppage.stopped_at, Stoppage.id)
    ):
        stops.setdefault((stop.entrant_id, stop.stage, stop.module), []).append(stop)
    return stops


def find_stop(competition: Competition, number: int) -> Stoppage | None:
    """Find a stop that stands, of this competition, or None."""
    stop = find_own(Stoppage, competition, number)
    return stop if stop is not None and stop.ended_at is None else None


def last_end(stop: Stoppage) -> datetime | None:
    """The time when all others of the station and day are done; None for who is the last there."""
    return _last_end(stop, _slot(stop))


def _slot(stop: Stoppage) -> Slot | None:
    return own_slot(stop.entrant, stop.stage, stop.module)


def _last_end(stop: Stoppage, slot: Slot | None) -> datetime | None:
    if slot is None or slot.starts_at is None:
        return None
    length = slot.ends_at - slot.starts_at if slot.ends_at else timedelta(0)
    ends = [
        other.ends_at or other.starts_at + length
        for other in db.session.scalars(
            select(Slot).where(
                of_event(Slot, stop.entrant.event, stop.stage, stop.module),
                takes_part(),
                Slot.entrant_id != stop.entrant_id,
                Slot.station == slot.station,
                Slot.starts_at >= slot.starts_at,
            )
        )
        if other.starts_at is not None and date_text(other.starts_at) == date_text(slot.starts_at)
    ]
    after = max(ends, default=None)
    return after if after is not None and after > slot.starts_at else None


def _lock_stoppage(stop: Stoppage) -> None:
    """Lock the competition and read the row anew. Raises `Refused` where nothing can change."""
    competition = for_update(stop.entrant.competition)
    db.session.refresh(stop)
    if stop.ended_at is not None:
        raise Refused(msg("这次停机已经撤销了"))
    require_open(competition, stop.entrant, stop.stage, stop.module)


def _open(stop: Stoppage) -> None:
    _lock_stoppage(stop)
    if stop.settled_at is not None:
        raise Refused(msg("这次停机已经定了怎么补"))


def _note(
    stop: Stoppage, action: str, by: Account, details: Mapping[str, Any], reason: str | None
) -> None:
    entrant = stop.entrant
    title = module_title(entrant.event, stop.stage, stop.module)
    after = {"module": title, **details}
    audit.record(entrant.competition, by, action, entrant.code, after=after, reason=reason)
