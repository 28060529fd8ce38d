"""Days as readers write them: 9月16日, 16 Sep."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from compete.domain.values.messages import Message, msg

_MONTHS = (
    msg("1月"),
    msg("2月"),
    msg("3月"),
    msg("4月"),
    msg("5月"),
    msg("6月"),
    msg("7月"),
    msg("8月"),
    msg("9月"),
    msg("10月"),
    msg("11月"),
    msg("12月"),
)


class Day(Protocol):
    """A date, or a moment in the clock that is meant."""

    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int: ...
    @property
    def day(self) -> int: ...


def day_words(day: Day) -> Message:
    """Write a day: 9月16日."""
    return msg("%(month)s%(day)s日", month=_MONTHS[day.month - 1], day=day.day)


def date_words(day: Day) -> Message:
    """Write a date: 2022年9月16日."""
    month = _MONTHS[day.month - 1]
    return msg("%(year)s年%(month)s%(day)s日", year=day.year, month=month, day=day.day)


def month_words(day: Day) -> Message:
    """Write a month: 2022年9月."""
    return msg("%(year)s年%(month)s", year=day.year, month=_MONTHS[day.month - 1])


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month.

    `ValueError` beyond the year 9999.
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = 31 if month == 12 else (date(year, month + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def months_until(later: date, day: date) -> int:
    """Months from a day to a later one; a month that has begun counts."""
    months = 12 * (later.year - day.year) + later.month - day.month
    return months + (later.day > day.day)
