"""Order within a group: total, then the tie keys, then shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction

from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.totals import Totals

Ranks = dict[tuple[str, str], int]
"""By period and unit, of those that have a total there."""

_TIE_KEY = "indicator:"


def ranks_of(
    field: LabourField,
    totals: Totals,
    scores: Mapping[Cell, Fraction],
    told: Collection[str] | None = None,
) -> Ranks:
    """Each unit's rank in each period within its group; in the periods `told` alone, or in all."""
    codes = [key.removeprefix(_TIE_KEY) for key in field.labour.ties]
    means = [tie_means(field, scores, code, told) for code in codes]
    groups: defaultdict[tuple[str, str | None], dict[str, tuple[Fraction, ...]]]
    groups = defaultdict(dict)
    for (period, unit), found in totals.items():
        if found.total is not None and (told is None or period in told):
            keys = (
                Fraction(found.total),
                *(mean.get((period, unit), Fraction(0)) for mean in means),
            )
            groups[period, field.group_of[unit]][unit] = keys
    return {
        (period, unit): rank
        for (period, _), keys in groups.items()
        for unit, rank in shared_ranks(keys).items()
    }


def shared_ranks(keys: Mapping[str, tuple[Fraction, ...]]) -> dict[str, int]:
    """Rank by key, highest first; equal keys share a rank and the next skips (1, 2, 2, 4)."""
    ranks: dict[str, int] = {}
    rank, last = 0, None
    for place, unit in enumerate(sorted(keys, key=keys.__getitem__, reverse=True), start=1):
        if keys[unit] != last:
            rank, last = place, keys[unit]
        ranks[unit] = rank
    return ranks


def tie_means(
    field: LabourField,
    scores: Mapping[Cell, Fraction],
    indicator: str,
    told: Collection[str] | None = None,
) -> dict[tuple[str, str], Fraction]:
    """By period and unit: the mean exact score over the leaves inside that have a value."""
    sums: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for leaf in field.tree.leaves:
        around = [each for each in field.tree.around(leaf) if told is None or each in told]
        if not around:
            continue
        for unit in field.units:
            score = scores.get((unit, leaf, indicator))
            if score is not None:
                for period in around:
                    sums[period, unit] += score
                    counts[period, unit] += 1
    return {key: total / counts[key] for key, total in sums.items()}
