"""Dates and times as certificates and notices write them."""

from __future__ import annotations

from datetime import date, datetime

from compete.domain.values.days import date_words
from compete.domain.values.messages import Translate


def chinese_date(day: date) -> str:
    """Write a date in Chinese: 2022年10月12日."""
    return f"{day.year}年{day.month}月{day.day}日"


def printed_date(day: date, translate: Translate | None) -> str:
    """Write a date for a paper that is printed in the reader's language."""
    return date_words(day).render(translate)


def printed_time(moment: datetime, translate: Translate | None) -> str:
    """Write a date with the time of day, in the time zone that `moment` carries."""
    return f"{printed_date(moment, translate)} {moment:%H:%M}"
