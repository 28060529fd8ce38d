"""Groups of people as figures show them: small ones in one row, with their sum or without."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from compete.domain.figures.small_groups import without_small


@dataclass(frozen=True, slots=True)
class Group:
    """A group by whatever names it, and its counts, of which the first is how many people."""

    key: Hashable
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups that have a row of their own; how many share one, its counts, all together.

    `others` and `whole` are None where they would tell of a few.
    """

    rows: Sequence[Group]
    merged: int
    others: tuple[int, ...] | None
    whole: tuple[int, ...] | None

    def row(self, key: Hashable) -> Group | None:
        """The row of a group; None where it shares one, or is none."""
        return next((row for row in self.rows if row.key == key), None)


def grouped(groups: Iterable[Group], *, passed: int | None = None) -> Grouped:
    """Put small groups together; `passed` is the place among the counts of who met with success.

    A group of nobody tells of nobody: it keeps its row.
    """
    every = list(groups)
    peopled = [group for group in every if group.counts[0]]
    good = [group.counts[passed] for group in peopled] if passed is not None else None
    apart = without_small([group.counts[0] for group in peopled], good)
    merged = {peopled[place].key for place in apart.merged}
    shared = _sum(group.counts for group in peopled if group.key in merged)
    return Grouped(
        rows=[group for group in every if group.key not in merged],
        merged=len(merged),
        others=shared if merged and apart.sum_told else None,
        whole=_sum(group.counts for group in every) if apart.sum_told else None,
    )


def _sum(counts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*counts, strict=True)))
