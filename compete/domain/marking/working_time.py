"""Working times: one out of several judges' readings of a watch, and reading a watch."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, Self, TypeVar

_MINUTE = 60
_CLOCK = re.compile(r"([0-9]{1,5}):([0-5]?[0-9](?:\.[0-9]{1,6})?)")


class Comparable(Protocol):
    """Anything with an order."""

    def __lt__(self, other: Self, /) -> bool: ...


Seconds = TypeVar("Seconds", bound=Comparable)


def middle_reading(readings: Sequence[Seconds]) -> Seconds:
    """The middle reading; of an even number the longer of the two in the middle; at least one.

    The order in which they stand says nothing: the format, "Ranking", has the same rule.
    """
    return sorted(readings)[len(readings) // 2]


def read_clock(text: str) -> Decimal | None:
    """The seconds of `70:00` or `7:32.5`, in any width of digits; None for any other text."""
    match = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text[:40]).strip())
    return int(match[1]) * _MINUTE + Decimal(match[2]) if match else None
