"""The plan, and who has a place in it, moved by as many days as the competition was, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import msg
from compete.models import Account, Competition, Entrant, Slot, db
from compete.services.competitions.details import DETAILS_SET
from compete.services.competitions.shifted_days import days_of_session, days_outside, shifted
from compete.services.kernel import audit
from compete.services.kernel.last_records import LastDone, last_record, newest_records, require_seen
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.schedule.session_plan import why_plan_stays
from compete.services.schedule.slots import planned_sessions, put_plan, shift_slot

PLAN_MOVED = "schedule.move_all"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMove(LastDone):
    """The plan was moved by so many days."""

    days: int


def days_to_move(competition: Competition) -> int | None:
    """The days by which the whole plan moves to lie within the competition's days again.

    As many as its first day was moved by; where that is not told, so that the plan begins on it.
    None where nothing lies outside, where no such number brings all of it within, and once
    somebody came or marking has begun.
    """
    if not days_outside(competition) or why_plan_stays(competition) is not None:
        return None
    first = competition.starts
    assert first is not None, "outside of days that there are"
    days = [day for it in planned_sessions(competition) for day in days_of_session(it)]
    last = competition.ends or first
    for before in [*_former_firsts(competition), min(days)]:
        by = first - before
        if by and all(first <= day + by <= last for day in days):
            return by.days
    return None


def count_placed(competition: Competition) -> int:
    """Count the places in the plan that somebody has; who withdrew keeps theirs, and may return."""
    slots = select(func.count(Slot.id)).join(Entrant, Entrant.id == Slot.entrant_id)
    return db.session.scalar(slots.where(Entrant.competition_id == competition.id)) or 0


def move_plan(competition: Competition, days: int, by: Account) -> None:
    """Move the whole plan by the days that the page offered.

    Raises `Refused` (CONFLICT) where that is no longer what would be offered.
    """
    with changing(competition) as competition:
        why = why_plan_stays(competition)
        if why is not None:
            raise Refused(why)
        if days_to_move(competition) != days:
            raise Refused(msg("日期或者日程刚改过，看一下再移"))
        _move(competition, days, by)


def last_plan_move(competition: Competition) -> LastMove | None:
    """The last time it was moved; None where it stands otherwise now, or may not be moved."""
    entry = last_record(competition, [PLAN_MOVED])
    if entry is None or why_plan_stays(competition) is not None:
        return None
    told = entry.after or {}
    if told.get("plan") != short_mark(planned_sessions(competition)):
        return None
    return LastMove(entry=entry, days=told["days"])


def undo_plan_move(competition: Competition, seen: str, by: Account) -> None:
    """Move the plan back; `seen` is the mark that the page showed.

    Raises `Refused` (CONFLICT) where it was changed since, or may not be moved.
    """
    with changing(competition) as competition:
        last = require_seen(last_plan_move(competition), seen)
        _move(competition, -last.days, by)


def _move(competition: Competition, days: int, by: Account) -> None:
    sessions: Sequence[dict[str, Any]] = planned_sessions(competition)
    moved = [shifted(session, timedelta(days=days)) for session in sessions]
    put_plan(competition, moved)
    people = _move_people(competition, timedelta(days=days))
    after = {"days": days, "sessions": len(moved), "people": people, "plan": short_mark(moved)}
    audit.record(competition, by, PLAN_MOVED, competition.code, after=after)


def _move_people(competition: Competition, by: timedelta) -> int:
    """Move everybody's times by as much, of who withdrew too; how many places that were."""
    slots = db.session.scalars(
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.competition_id == competition.id)
        .order_by(Slot.id)
    ).all()
    for slot in slots:
        shift_slot(slot, by)
    db.session.flush()
    return len(slots)


def _former_firsts(competition: Competition) -> Iterator[date]:
    """The first days that the competition had before, the latest of them first."""
    for entry in newest_records(competition, [DETAILS_SET]):
        if isinstance(entry.before, dict) and entry.before.get("starts"):
            yield date.fromisoformat(entry.before["starts"])
