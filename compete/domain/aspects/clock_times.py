"""Seconds written for people: as a watch shows them, and as rules count."""

from __future__ import annotations

from decimal import Decimal

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import EXACTLY, plain

_MINUTE = Decimal(60)


def clock_time(seconds: Decimal) -> str:
    """Minutes and seconds as a watch shows them: `7:32`, `70:00`, `7:32.5`."""
    whole, rest = EXACTLY.divmod(seconds, _MINUTE)
    return f"{int(whole)}:{'0' if rest < 10 else ''}{plain(rest)}"


def told_time(seconds: Decimal) -> Message:
    """`70:00（4200 秒）`: as a watch shows it, and as rules count; `59.9 秒` under a minute."""
    if seconds < _MINUTE:
        return msg("%(seconds)s 秒", seconds=plain(seconds))
    return msg("%(clock)s（%(seconds)s 秒）", clock=clock_time(seconds), seconds=plain(seconds))
