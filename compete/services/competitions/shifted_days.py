"""Shifted days: they move along with the first: same distance, off weekends and holidays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from compete.models import Competition
from compete.services.results.working_calendar import WorkingDays, working_days
from compete.services.schedule.session_plan import sessions_of
from compete.services.schedule.slots import planned_sessions


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
    days = [day for session in sessions for day in days_of_session(session)]
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
    found = Counter(day for days in begun for day in days if day and not first <= day <= last)
    return dict(sorted(found.items()))


_TIMES = ("check_in", "starts", "ends")


def _day_in(session: Mapping[str, Any], key: str) -> date | None:
    """The day at the head of a time such as `2022-09-16T10:20`."""
    text = session.get(key)
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def days_of_session(session: Mapping[str, Any]) -> list[date]:
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
