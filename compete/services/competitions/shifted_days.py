"""Shifted days: they move along with the first: same distance, off weekends and holidays.

And the plan, with who has a place in it, moved by as many days as the competition was, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import msg
from compete.models import Account, Competition, Entrant, Slot, db
from compete.services.competitions.details import DETAILS_SET
from compete.services.kernel import audit
from compete.services.kernel.last_records import (
    LastDone,
    last_record,
    newest_records,
    require_last_shown,
)
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.transactions import changing
from compete.services.kernel.working_calendar import WorkingDays, working_days
from compete.services.schedule.session_plan import sessions_of, why_plan_stays
from compete.services.schedule.slots import planned_sessions, put_plan, shift_slot


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day that would have fallen on a weekend or a holiday, and where it went."""

    would_be: date
    now: date


@dataclass(frozen=True, slots=True)
class MovedDays:
    """The new day for each day, and the days that had to give way."""

    to: dict[date, date]
    gave_way: tuple[MovedDay, ...]


def move_days(
    days: Iterable[date], old_first: date, first: date, calendar: WorkingDays | None = None
) -> MovedDays:
    """Move all days as far from `first` as they were from `old_first`.

    The first day stays as it was asked for. A later one that was a working day
    and would be none goes to the next that is; those behind it keep their
    distance, so that their order stays. `calendar` None: as the program brings it along.
    """
    works = (calendar or WorkingDays()).works
    to = {old_first: first}
    gave_way: list[MovedDay] = []
    pushed = timedelta(0)
    for day in sorted(set(days) - {old_first}):
        moved = first + (day - old_first) + (pushed if day > old_first else timedelta(0))
        now = moved
        if day > old_first and works(day):
            while not works(now):
                now += timedelta(days=1)
        if now != moved:
            gave_way.append(MovedDay(moved, now))
            pushed += now - moved
        to[day] = now
    return MovedDays(to, tuple(gave_way))


def moved_plan(
    competition: Competition, starts: date | None, *, officials: bool = False
) -> tuple[list[dict[str, Any]], MovedDays | None]:
    """The plan's sessions with nobody in them, moved to begin on another day; None: on no day."""
    sessions = planned_sessions(competition)
    days = [day for session in sessions for day in _days_of_session(session)]
    days += [day for day in (competition.starts, competition.ends) if day]
    moved = None
    if days and starts:
        moved = move_days(days, competition.starts or min(days), starts, working_days())
    to = moved.to if moved else {}
    return [_moved_session(it, to, officials=officials) for it in sessions], moved


def days_outside(competition: Competition) -> dict[date, int]:
    """The days before and after the competition's own on which the plan has sessions, and how
    many; none while the competition has no days."""
    first = competition.starts
    if first is None:
        return {}
    last = competition.ends or first
    sessions = sessions_of(planned_sessions(competition)).values()
    begun = ({_day_in(entry, "starts") for entry in entries} for entries in sessions)
    counts = Counter(day for days in begun for day in days if day and not first <= day <= last)
    return dict(sorted(counts.items()))


_TIMES = ("check_in", "starts", "ends")


def _day_in(session: Mapping[str, Any], key: str) -> date | None:
    """The day at the head of a time such as `2022-09-16T10:20`."""
    text = session.get(key)
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def _days_of_session(session: Mapping[str, Any]) -> list[date]:
    """The days of its times, where they can be read."""
    return [day for key in _TIMES if (day := _day_in(session, key))]


def shifted(session: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    """The same session so many days later, with whoever judges there."""
    days = {key: _day_in(session, key) for key in _TIMES}
    times = {key: (day + by).isoformat() + session[key][10:] for key, day in days.items() if day}
    return {**session, **times}


def _moved_session(
    session: dict[str, Any], to: Mapping[date, date], *, officials: bool
) -> dict[str, Any]:
    """The same session on its new day; nobody is expected there yet."""
    moved = {**session, "entrants": []}
    for key in _TIMES:
        day = _day_in(session, key)
        if day is not None and day in to:
            moved[key] = to[day].isoformat() + session[key][10:]
        else:
            # Last year's time must not stand in this year's plan.
            moved.pop(key, None)
    if not officials:
        moved["judges"] = []
    return moved


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
    days = [day for it in planned_sessions(competition) for day in _days_of_session(it)]
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
        refuse_if(why_plan_stays(competition))
        if days_to_move(competition) != days:
            raise Refused(msg("日期或者日程刚改过，看一下再移"))
        _move(competition, days, by)


def last_plan_move(competition: Competition) -> LastMove | None:
    """The last time it was moved; None where it stands otherwise now, or may not be moved."""
    entry = last_record(competition, [PLAN_MOVED])
    if entry is None or why_plan_stays(competition) is not None:
        return None
    after = entry.after or {}
    if after.get("plan") != short_mark(planned_sessions(competition)):
        return None
    return LastMove(entry=entry, days=after["days"])


def undo_plan_move(competition: Competition, seen: str, by: Account) -> None:
    """Move the plan back; `seen` is the mark that the page showed.

    Raises `Refused` (CONFLICT) where it was changed since, or may not be moved.
    """
    with changing(competition) as competition:
        last = require_last_shown(last_plan_move(competition), seen)
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
