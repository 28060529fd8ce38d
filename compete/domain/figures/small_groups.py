"""Small groups put together, so that no figure tells of a few people, nor does the total.

Every group below `LEAST` goes into one row, and with them the next smallest, since the total less
the rows that are shown would else be the small group. Groups as large as that one go along:
else their order would tell which of them stayed. Who knows this rule, the total and the names of
what was put together can work out the size of none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
"""Fewer people than these make a small group."""


@dataclass(frozen=True, slots=True)
class Told:
    """What of a list of groups may be told, by their places in it."""

    shown: tuple[int, ...]
    """The groups that have a row of their own."""
    merged: tuple[int, ...]
    """The groups that share one row."""
    sum_told: bool
    """False where not even the sum of the merged may be told: no row and no total is shown."""


def without_small(sizes: Sequence[int], good: Sequence[int] | None = None) -> Told:
    """Tell which groups of so many people have a row of their own, and which share one.

    `good` are how many of each met with success, where that is told too. A shared row in which
    nobody did would say so of everybody in it: further groups then go into it, the smallest
    first. Raises ValueError for a group of nobody: it is no group.
    """
    if any(size < 1 for size in sizes):
        raise ValueError("a group has at least one person")
    largest = max((size for size in sizes if size < LEAST), default=0)
    if largest:
        # The next smallest, and all that are as large: their order would tell which is which.
        largest = min((size for size in sizes if size >= LEAST), default=largest)
        if good is not None:
            largest = _with_success(sizes, good, largest)
    merged = tuple(place for place, size in enumerate(sizes) if size <= largest)
    shown = tuple(place for place, size in enumerate(sizes) if size > largest)
    sum_told = _tells_nothing([sizes[place] for place in merged])
    if merged and good is not None and not any(good[place] for place in merged):
        sum_told = False
    return Told(shown, merged, sum_told)


def _with_success(sizes: Sequence[int], good: Sequence[int], largest: int) -> int:
    """The size up to which groups are merged, so that somebody in them met with success."""
    fit = [size for size, many in zip(sizes, good, strict=True) if many]
    return max(largest, min(fit, default=max(sizes)))


def _tells_nothing(merged: Sequence[int]) -> bool:
    """True if the sum of these leaves the size of each of them open."""
    if not merged or max(merged) >= LEAST:
        return True
    # All are small: as many as there are, or all as large as can be, say what each is.
    total, count = sum(merged), len(merged)
    return total >= LEAST and total not in (count, (LEAST - 1) * count)
