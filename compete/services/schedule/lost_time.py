"""Lost time (停机, 补时), lost through no fault of one's own; and the last of a station."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, Entrant, Slot, Stoppage, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.clock import clock_text, date_text
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.module_keys import EntrantModule, of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.rows_by_number import find_own
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.schedule.double_bookings import overlap
from compete.services.schedule.slots import follow_in_plan, own_slot, shift_slot
from compete.services.sheets.locks_in_force import require_open

STOP, GIVE_BACK, PUT_LAST, UNDO = "floor.stop", "floor.give_back", "floor.put_last", "floor.undo"
MOST_SECONDS = 36_000
UNDO_WITHIN = timedelta(minutes=10)
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
        stop.seconds = seconds
        _settle(stop, by)
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
        stop.last = True
        _settle(stop, by)
        db.session.flush()
        follow_in_plan(stop.entrant.event, stop.stage, stop.module)
        told = {"before": before, "after": clock_text(after)}
        _note(stop, PUT_LAST, by, told, stop.reason)


def undo_stop(stop: Stoppage, by: Account) -> None:
    """Take back the last word on it, within ten minutes: how it was settled, else the stop.

    Raises `Refused` (CONFLICT) later, once it was taken back, and where their place was moved.
    """
    with unit_of_work():
        _standing(stop)
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
        told = {"what": what, "seconds": stop.seconds}
        stop.seconds, stop.last, stop.place = None, False, None
        stop.settled_at = stop.settled_by = None
        _note(stop, UNDO, by, told, None)


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
    found: dict[EntrantModule, list[Stoppage]] = {}
    for stop in db.session.scalars(
        select(Stoppage)
        .where(Stoppage.competition_id == competition.id, Stoppage.ended_at.is_(None))
        .options(joinedload(Stoppage.noter), joinedload(Stoppage.settler))
        .order_by(Stoppage.stopped_at, Stoppage.id)
    ):
        found.setdefault((stop.entrant_id, stop.stage, stop.module), []).append(stop)
    return found


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


def _standing(stop: Stoppage) -> None:
    """Lock the competition and read the row anew. Raises `Refused` where nothing can change."""
    competition = for_update(stop.entrant.competition)
    db.session.refresh(stop)
    if stop.ended_at is not None:
        raise Refused(msg("这次停机已经撤销了"))
    require_open(competition, stop.entrant, stop.stage, stop.module)


def _open(stop: Stoppage) -> None:
    _standing(stop)
    if stop.settled_at is not None:
        raise Refused(msg("这次停机已经定了怎么补"))


def _settle(stop: Stoppage, by: Account) -> None:
    stop.settled_at, stop.settled_by = utc_now(), by.id


def _note(
    stop: Stoppage, action: str, by: Account, told: Mapping[str, Any], reason: str | None
) -> None:
    entrant = stop.entrant
    title = module_title(entrant.event, stop.stage, stop.module)
    after = {"module": title, **told}
    audit.record(entrant.competition, by, action, entrant.code, after=after, reason=reason)
