"""Standings: people in order, and the number that each place bears.

Keys are tuples of exact numbers, the smaller the better. Equal keys share a
rank, except in the `ordinal` style, where the code decides.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from compete.domain.values.kinds import RankStyle

Key = tuple[Any, ...]
"""Anything that compares exactly with its like."""

_SECOND = itemgetter(1)

LAST = (1,)
"""The place of nothing: behind every number."""


def higher_first(number: Any) -> Key:
    """A sort key for a tie value of which more is better; None is last."""
    return LAST if number is None else (0, -number)


def lower_first(number: Any) -> Key:
    """A sort key for a tie value of which less is better; None is last."""
    return LAST if number is None else (0, number)


def ranks_of(keys: Sequence[Key], style: RankStyle) -> list[int]:
    """The rank of each of these sorted keys."""
    ranks: list[int] = []
    for position, key in enumerate(keys):
        if position == 0:
            ranks.append(1)
        elif style is RankStyle.ORDINAL or key != keys[position - 1]:
            ranks.append(ranks[-1] + 1 if style is RankStyle.DENSE else position + 1)
        else:
            ranks.append(ranks[-1])
    return ranks


class Standing:
    """People in order, each with a rank, ready to move one of them.

    `order` holds `(key, code)`, sorted; `ranks` stands beside it.
    """

    def __init__(self, style: RankStyle, keys: Mapping[str, Key]) -> None:
        self.style = style
        self.keys = dict(keys)
        self.order: list[tuple[Key, str]] = sorted((key, code) for code, key in keys.items())
        self.ranks = ranks_of([key for key, _ in self.order], style)

    def codes(self) -> list[str]:
        return list(map(_SECOND, self.order))

    def ranked(self) -> Iterable[tuple[int, str]]:
        """List `(rank, code)` in order."""
        return zip(self.ranks, map(_SECOND, self.order), strict=True)

    def by_code(self) -> dict[str, int]:
        """Ranks by code."""
        return {code: rank for rank, code in self.ranked()}

    def position(self, code: str) -> int:
        return bisect_left(self.order, (self.keys[code], code))

    def move(self, code: str, key: Key | None) -> tuple[int, int]:
        """Give one of them another key, or none, which takes them out.

        Returns the half-open stretch of positions outside which nothing has
        changed. It reaches to the end where their number has changed.
        """
        count = start = len(self.order)
        end = 0
        if code in self.keys:
            start = self.position(code)
            end = self._group_end(start)
            del self.order[start]
            del self.keys[code]
        if key is not None:
            self.keys[code] = key
            insort(self.order, (key, code))
            start, end = min(start, self.position(code)), max(end, self.position(code) + 1)
        if len(self.order) != count or self.style is RankStyle.DENSE:
            end = len(self.order)
        return self._renumber(start, end)

    def _group_end(self, position: int) -> int:
        """The first position behind all that share this one's key."""
        key = self.order[position][0]
        while position < len(self.order) and self.order[position][0] == key:
            position += 1
        return position

    def _renumber(self, start: int, end: int) -> tuple[int, int]:
        """Number a stretch anew, widened to whole groups of equals at both ends."""
        order, last = self.order, len(self.order)
        if start >= end:
            del self.ranks[last:]
            return start, start
        while start > 0 and order[start][0] == order[start - 1][0]:
            start -= 1
        while end < last and order[end][0] == order[end - 1][0]:
            end += 1
        stretch = ranks_of([key for key, _ in order[start:end]], self.style)
        offset = start
        if self.style is RankStyle.DENSE and start:
            offset = self.ranks[start - 1]
        self.ranks[start:end] = [rank + offset for rank in stretch]
        del self.ranks[last:]
        return start, end
