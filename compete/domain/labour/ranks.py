"""Ranks within a group: by total, then the tie keys, then shared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.totals import Totals
from compete.domain.values.kinds import VetoRank

Ranks = dict[tuple[str, str], int]
"""By period and unit, of those that have a total there."""

_TIE_KEY = "indicator:"


def ranks_of(
    field: LabourField,
    totals: Totals,
    scores: Mapping[Cell, Fraction],
    periods: Collection[str] | None = None,
) -> Ranks:
    """Each unit's rank in each period within its group; in the periods `told` alone, or in all.

    A unit with a veto there is ranked as ever, behind all others, or not, by `veto_rank`.
    The tie keys are only looked at of units whose totals are equal: most are not.
    """
    codes = [key.removeprefix(_TIE_KEY) for key in field.labour.ties]
    groups: defaultdict[tuple[str, str | None], dict[str, int]] = defaultdict(dict)
    barred = set() if field.veto_rank is VetoRank.KEEP else field.vetoed
    left_out = barred if field.veto_rank is VetoRank.NONE else set()
    for (period, unit), reached in totals.items():
        if (period, unit) in left_out:
            continue
        if reached.total is not None and (periods is None or period in periods):
            groups[period, field.group_of[unit]][unit] = reached.total
    inside = _leaves_inside(field, {period for period, _ in groups}) if codes else {}
    ranks: Ranks = {}
    for (period, _), here in groups.items():
        often = Counter(here.values())
        keys: dict[str, tuple[Fraction | int, ...]] = {}
        for unit, total in here.items():
            compared = codes if often[total] > 1 else ()
            means = (tie_mean(scores, unit, code, inside[period]) for code in compared)
            keys[unit] = (
                (period, unit) not in barred,
                total,
                *(mean or Fraction(0) for mean in means),
            )
        for unit, rank in shared_ranks(keys).items():
            ranks[period, unit] = rank
    return ranks


def _leaves_inside(field: LabourField, periods: Collection[str]) -> dict[str, list[str]]:
    """The leaves within each period, itself if it is one."""
    inside: dict[str, list[str]] = {period: [] for period in periods}
    for leaf in field.tree.leaves:
        for period in field.tree.around(leaf):
            if period in inside:
                inside[period].append(leaf)
    return inside


def shared_ranks(keys: Mapping[str, tuple[Fraction | Decimal | int, ...]]) -> dict[str, int]:
    """Rank by key, highest first; equal keys share a rank and the next is skipped (1, 2, 2, 4)."""
    ranks: dict[str, int] = {}
    rank, last = 0, None
    for place, unit in enumerate(sorted(keys, key=keys.__getitem__, reverse=True), start=1):
        if keys[unit] != last:
            rank, last = place, keys[unit]
        ranks[unit] = rank
    return ranks


def tie_mean(
    scores: Mapping[Cell, Fraction], unit: str, indicator: str, leaves: Sequence[str]
) -> Fraction | None:
    """The unit's mean exact score over those of these leaves where it has a value."""
    cells = ((unit, leaf, indicator) for leaf in leaves)
    known = [score for cell in cells if (score := scores.get(cell)) is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
