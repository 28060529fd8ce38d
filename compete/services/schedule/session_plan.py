"""The plan by its sessions: how many there are, one moved to another time, and taken back.

In the plan each turn at each station is an entry of its own; people mean by a session
(场次) all of them that bear its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, DrawCeremony, Entrant, Slot, db
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_zone
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.transactions import changing
from compete.services.schedule.arrivals import is_check_in_recorded
from compete.services.schedule.delays import Shift, elsewhere
from compete.services.schedule.draw_ceremonies import DRAWS_DONE
from compete.services.schedule.overseers import overseers_follow, session_key
from compete.services.schedule.rooms import refuse_doubled_seats, refuse_room_clashes
from compete.services.schedule.slots import planned_sessions, put_plan, shift_slot

SESSION_MOVED = "schedule.move_session"
_TIMES = ("check_in", "starts", "ends")
_LATEST = 36525
"""So many days may a session be moved by."""

Entry = Mapping[str, Any]
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session of the plan, as people call it."""

    event: str
    stage: str
    module: str
    name: str
    """As the plan names it; empty where it does not."""
    starts: datetime | None
    """The begin of its first turn, by the competition's clocks."""
    last: datetime | None
    """The begin of its last turn."""
    entries: int
    mark: str
    """Tells it from every other, and from itself at another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMove(LastDone):
    """A session was moved from a time to another."""

    name: str
    module: str
    before: str
    after: str
    now: str
    """The mark of the session as it stands since."""


def sessions_of(plan: Sequence[Entry]) -> dict[Key, list[Entry]]:
    """The plan's entries by the session that they are of: what is called alike on a day of a
    module, and without a name what begins at one time."""
    sessions: dict[Key, list[Entry]] = {}
    for entry in plan:
        sessions.setdefault(_key(entry), []).append(entry)
    return sessions


def sessions_in_plan(competition: Competition) -> list[PlannedSession]:
    """List the plan's sessions, the earliest first; those without a time are last."""
    sessions = [
        _session_of(entries) for entries in sessions_of(planned_sessions(competition)).values()
    ]
    return sorted(sessions, key=lambda it: (it.starts is None, str(it.starts), it.module, it.name))


def why_plan_stays(competition: Competition) -> Message | None:
    """Say why the plan cannot be moved by the session; None if nobody came and nothing is drawn."""
    if competition.state is not CompetitionState.REGISTERING:
        return msg("评分已经开始，日程不能再移")
    if is_check_in_recorded(competition):
        return msg("已经有人检录，日程不能再移")
    drawing = select(DrawCeremony.id).where(
        DrawCeremony.competition_id == competition.id, DrawCeremony.state.not_in(DRAWS_DONE)
    )
    if db.session.scalar(drawing.limit(1)) is not None:
        # Its places have times of their own, at which people would be put.
        return msg("有抽签还没办完，办完或者结束了才能移日程")
    return None


def move_session(competition: Competition, mark: str, to: datetime, by: Account) -> None:
    """Let a session begin then; its turns keep their distance, and who has a place moves along.

    Raises `Refused`: CONFLICT where it stands otherwise than it was shown, may not be moved, or
    somebody would be elsewhere then; INVALID where it stands so already, or is far away.
    """
    with changing(competition) as competition:
        entries = _marked(competition, mark)
        starts = _session_of(entries).starts
        if starts is None:
            raise Refused(msg("这一场没有时间，重新抽签才有"))
        shift = to - starts
        if not shift:
            raise invalid(msg("和原来一样，没有要存的"))
        if abs(shift.days) > _LATEST:
            raise invalid(msg("日期太远了，看一下年份"))
        _move(competition, entries, shift, by)


def last_session_move(competition: Competition) -> SessionMove | None:
    """The last move of one; None where the plan stands otherwise now, or may not be moved."""
    entry = last_record(competition, [SESSION_MOVED])
    if entry is None or not isinstance(entry.after, dict) or why_plan_stays(competition):
        return None
    details = entry.after
    if details.get("plan") != short_mark(planned_sessions(competition)):
        return None
    known = {key: details[key] for key in ("name", "module", "before", "after")}
    return SessionMove(entry=entry, now=details["mark"], **known)


def undo_session_move(competition: Competition, seen: str, by: Account) -> None:
    """Move it back; `seen` is the mark that the page showed.

    Raises `Refused` (CONFLICT) where the plan was changed since, or may not be moved.
    """
    with changing(competition) as competition:
        last = require_last_shown(last_session_move(competition), seen)
        entries = _marked(competition, last.now)
        _move(competition, entries, _moment(last.before) - _moment(last.after), by)


def _move(
    competition: Competition, entries: Sequence[Entry], shift: timedelta, by: Account
) -> None:
    refuse_if(why_plan_stays(competition))
    was = _session_of(entries)
    assert was.starts is not None, "asked by whoever calls"
    slots = _slots_of(competition, entries)
    moved = [Shift(it, it.starts_at, it.starts_at + shift) for it in slots if it.starts_at]
    refuse_if(elsewhere(moved))
    old = {id(entry) for entry in entries}
    plan = planned_sessions(competition)
    later = {id(entry): _shifted(entry, shift) for entry in plan if id(entry) in old}
    plan = [later.get(id(entry), entry) for entry in plan]
    among = sessions_of(plan)
    now = _session_of(list(later.values()))
    if len(among[_key(next(iter(later.values())))]) != len(later):
        raise Refused(msg("那一天已经有同名的一场，换一天，或者给它改名"))
    put_plan(competition, plan)
    for slot in slots:
        shift_slot(slot, shift)
    db.session.flush()
    refuse_room_clashes(competition)
    refuse_doubled_seats(slots)
    day, new_day = was.starts.date(), (was.starts + shift).date()
    left = any(it.name == was.name and it.starts and it.starts.date() == day for it in _all(plan))
    overseers_follow(
        competition, session_key(day, was.name), session_key(new_day, was.name), stays=left
    )
    after = {
        "name": was.name,
        "module": _title(competition, was),
        "before": f"{was.starts:%Y-%m-%dT%H:%M}",
        "after": f"{was.starts + shift:%Y-%m-%dT%H:%M}",
        "people": len(slots),
        "mark": now.mark,
        "plan": short_mark(planned_sessions(competition)),
    }
    audit.record(competition, by, SESSION_MOVED, competition.code, after=after)


def _all(plan: Sequence[Entry]) -> list[PlannedSession]:
    return [_session_of(entries) for entries in sessions_of(plan).values()]


def _title(competition: Competition, session: PlannedSession) -> str:
    event = next((it for it in competition.events if it.code == session.event), None)
    return module_title(event, session.stage, session.module) if event else session.module


def _marked(competition: Competition, mark: str) -> list[Entry]:
    groups = sessions_of(planned_sessions(competition)).values()
    entries = next((it for it in groups if _session_of(it).mark == mark), None)
    if entries is None:
        raise Refused(msg("日期或者日程刚改过，看一下再移"))
    return entries


def _slots_of(competition: Competition, entries: Sequence[Entry]) -> list[Slot]:
    """The places of whoever is expected in these, of who withdrew too."""
    first = entries[0]
    at = {_moment(entry["starts"]) for entry in entries if entry.get("starts")}
    slots = db.session.scalars(
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(
            Entrant.competition_id == competition.id,
            Slot.stage == first["stage"],
            Slot.module == first["module"],
        )
        .order_by(Slot.id)
    )
    return [
        slot
        for slot in slots
        if slot.entrant.event.code == first.get("event")
        and slot.starts_at is not None
        and slot.starts_at in at
        and (slot.session or "") == (first.get("session") or "")
    ]


def _key(entry: Entry) -> Key:
    starts = str(entry.get("starts") or "")
    name = str(entry.get("session") or "")
    title = f"{name} {starts[:10]}" if name else starts
    return (
        str(entry.get("event") or ""),
        str(entry.get("stage") or ""),
        str(entry.get("module") or ""),
        title,
    )


def _session_of(entries: Sequence[Entry]) -> PlannedSession:
    event, stage, module, title = _key(entries[0])
    times = sorted(filter(None, (plan_time(entry.get("starts")) for entry in entries)))
    return PlannedSession(
        event=event,
        stage=stage,
        module=module,
        name=str(entries[0].get("session") or ""),
        starts=times[0] if times else None,
        last=times[-1] if times else None,
        entries=len(entries),
        mark=short_mark([event, stage, module, title, str(times[0]) if times else ""]),
    )


def plan_time(text: object) -> datetime | None:
    """A time of the plan, by the competition's clocks where it names no zone; None for none."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return local_time(at) if at.tzinfo else at.replace(tzinfo=local_zone())


def _moment(text: str) -> datetime:
    at = plan_time(text)
    assert at is not None, "a time of the plan that was read before"
    return at


def _shifted(entry: Entry, by: timedelta) -> dict[str, Any]:
    times: dict[str, Any] = {}
    for key in _TIMES:
        at = plan_time(entry.get(key))
        if at is not None:
            times[key] = f"{at + by:%Y-%m-%dT%H:%M}"
    return {**entry, **times}
