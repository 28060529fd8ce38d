"""Head counts: workers who take part, as units report them, and the sums of a period.

Nothing is scored by it. A report holds from its leaf period on until the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.messages import Message, msg

HEAD_COUNTS = "head_counts"
"""In the `extra` of `labour`: reports in order, each with `unit`, `period` and `people`."""
MOST_PEOPLE = 1_000_000


class HeadCount(msgspec.Struct, frozen=True):
    """The head count of some units together: of `units` so many reported, `people` in all.

    `away` others take no part and are in none of these figures.
    """

    units: int
    reported: int
    people: int
    away: int = 0

    @property
    def words(self) -> Message | None:
        """The head count as a part of a sentence; None where nobody reported."""
        if not self.reported:
            return None
        people, silent = grouped(self.people), self.units - self.reported
        if silent and self.away:
            return msg(
                "上报 %(people)s 人（%(n)s 家没报，没参加的 %(away)s 家不算）",
                people=people,
                n=silent,
                away=self.away,
            )
        if silent:
            return msg("上报 %(people)s 人（%(n)s 家没报）", people=people, n=silent)
        if self.away:
            return msg("上报 %(people)s 人（没参加的 %(n)s 家不算）", people=people, n=self.away)
        return msg("上报 %(people)s 人", people=people)


def grouped(people: int) -> str:
    """Write a count with its thousands parted."""
    return f"{people:,}"


def heads_in(labour: Labour, tree: PeriodTree, period: str) -> dict[str, int]:
    """Heads of each unit as the period ends; units that reported none by then are left out."""
    order = {leaf: place for place, leaf in enumerate(tree.leaves)}
    last = max((order[leaf] for leaf in tree.leaves_in(period)), default=-1)
    standing: dict[str, dict[int, int | None]] = {}
    for unit, leaf, people in _rows(labour):
        if order.get(leaf, last + 1) <= last:
            standing.setdefault(unit, {})[order[leaf]] = people
    heads = {}
    for unit, by_leaf in standing.items():
        counts = [(leaf, people) for leaf, people in by_leaf.items() if people is not None]
        if counts:
            heads[unit] = max(counts)[1]
    return heads


def reported_for(labour: Labour, leaf: str) -> dict[str, int]:
    """Heads that each unit reported for a leaf itself."""
    heads: dict[str, int | None] = {}
    for unit, where, people in _rows(labour):
        if where == leaf:
            heads[unit] = people
    return {unit: people for unit, people in heads.items() if people is not None}


def head_count(
    heads: Mapping[str, int], units: Iterable[str], away: Collection[str] = ()
) -> HeadCount:
    """Add up the head counts of these units without those that take no part, see `gaps.away`."""
    known = list(units)
    there = [unit for unit in known if unit not in away]
    counts = [heads[unit] for unit in there if unit in heads]
    return HeadCount(len(there), len(counts), sum(counts), len(known) - len(there))


def _rows(labour: Labour) -> Iterable[tuple[str, str, int | None]]:
    rows = (labour.extra or {}).get(HEAD_COUNTS)
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        unit, leaf, people = row.get("unit"), row.get("period"), row.get("people")
        if not isinstance(unit, str) or not isinstance(leaf, str):
            continue
        if people is None or (type(people) is int and 0 <= people <= MOST_PEOPLE):
            yield unit, leaf, people
