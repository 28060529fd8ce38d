"""Dates and times as certificates and notices write them."""

from __future__ import annotations

from datetime import date, datetime


def chinese_date(day: date) -> str:
    """2022年10月12日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(moment: datetime) -> str:
    """2022年9月16日 18:20, in the time zone that `moment` carries."""
    return f"{chinese_date(moment)} {moment:%H:%M}"
