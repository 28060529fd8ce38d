"""The one working time that several judges' readings of a watch come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self, TypeVar


class Comparable(Protocol):
    """Anything with an order."""

    def __lt__(self, other: Self, /) -> bool: ...


Seconds = TypeVar("Seconds", bound=Comparable)


def middle_reading(readings: Sequence[Seconds]) -> Seconds:
    """The middle one, of an even number the longer of the two in the middle; at least one.

    The order in which they stand says nothing: the format, "Ranking", has the same rule.
    """
    return sorted(readings)[len(readings) // 2]
