"""When a notice period ends: after so many working days, as offices count them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

END_OF_DAY = time(23, 59, 59)
_SATURDAY = 5


def notice_end(
    published_at: datetime, days: int, zone: ZoneInfo, closes: time = END_OF_DAY
) -> datetime:
    """The end of the last of that many whole working days after the day of publication.

    The day itself doesn't count, since it isn't whole. Public holidays are no
    working days and Saturdays that are worked in their place are, as far as the
    State Council has announced them; in later years the week alone decides.
    With 0 days it ends at once.
    """
    if days <= 0:
        return published_at
    day = published_at.astimezone(zone).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return datetime.combine(day, closes, zone)


def is_working_day(day: date) -> bool:
    """Whether offices in China work on that day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY


def closing_time(text: str | None) -> time:
    """The setting `notice_closes`, such as `17:30`; the end of the day without one."""
    try:
        return time.fromisoformat(text) if text else END_OF_DAY
    except ValueError:
        return END_OF_DAY
