"""Days that move along with the first: the same distance, and off weekends and holidays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from compete.services.publication import WorkingDays


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day that would have fallen on a weekend or a holiday, and where it went."""

    would_be: date
    now: date


@dataclass(frozen=True, slots=True)
class MovedDays:
    """Where each day goes, and which of them had to give way."""

    to: dict[date, date]
    gave_way: tuple[MovedDay, ...]


def move_days(
    days: Iterable[date], old_first: date, first: date, calendar: WorkingDays | None = None
) -> MovedDays:
    """All of them as far from `first` as they were from `old_first`.

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
