"""The one working time that several judges' readings of a watch come to, and how it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, Self, TypeVar

from compete.domain.values import Message, msg, plain

_MINUTE = 60
_CLOCK = re.compile(r"([0-9]{1,5}):([0-5]?[0-9](?:\.[0-9]{1,6})?)")


class Comparable(Protocol):
    """Anything with an order."""

    def __lt__(self, other: Self, /) -> bool: ...


Seconds = TypeVar("Seconds", bound=Comparable)


def middle_reading(readings: Sequence[Seconds]) -> Seconds:
    """The middle one, of an even number the longer of the two in the middle; at least one.

    The order in which they stand says nothing: the format, "Ranking", has the same rule.
    """
    return sorted(readings)[len(readings) // 2]


def clock_time(seconds: Decimal) -> str:
    """Minutes and seconds as a watch shows them: `7:32`, `70:00`, `7:32.5`."""
    whole, rest = divmod(seconds, _MINUTE)
    return f"{int(whole)}:{'0' if rest < 10 else ''}{plain(rest)}"


def told_time(seconds: Decimal) -> Message:
    """`70:00（4200 秒）`: as a watch shows it, and as rules count; `59.9 秒` under a minute."""
    if seconds < _MINUTE:
        return msg("%(seconds)s 秒", seconds=plain(seconds))
    return msg("%(clock)s（%(seconds)s 秒）", clock=clock_time(seconds), seconds=plain(seconds))


def read_clock(text: str) -> Decimal | None:
    """The seconds of `70:00` or `7:32.5`, in any width of digits; None for any other text."""
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text[:40]).strip())
    return int(found[1]) * _MINUTE + Decimal(found[2]) if found else None
