"""The mobile red flag (流动红旗) and warnings."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from compete.domain.labour.participants import LabourField
from compete.domain.labour.ranks import Ranks
from compete.domain.labour.totals import Totals

Marked = set[tuple[str, str]]
"""Periods and units that bear something."""


def flag_periods(field: LabourField) -> list[str]:
    """The periods in which flags go, none where the competition has no flags."""
    flags = field.labour.flags
    if flags is None:
        return []
    return list(flags.periods or field.tree.periods)


def flagged(field: LabourField, totals: Totals, ranks: Ranks) -> Marked:
    """Units that get the flag: the first fit ones of each group, and all who share the last rank.

    With fewer fit units than flags the rest stay vacant.
    """
    flags = field.labour.flags
    if flags is None or flags.count < 1:
        return set()
    won: Marked = set()
    for period in flag_periods(field):
        fit: defaultdict[str | None, list[tuple[int, str]]] = defaultdict(list)
        for unit in field.units:
            if _is_fit(field, totals, period, unit):
                fit[field.group_of[unit]].append((ranks[period, unit], unit))
        for units in fit.values():
            units.sort()
            last_rank = units[min(flags.count, len(units)) - 1][0]
            won.update((period, unit) for rank, unit in units if rank <= last_rank)
    return won


def warned(field: LabourField, totals: Totals) -> Marked:
    """Units that stand below `warn_below` in a period where flags go."""
    if field.labour.warn_below is None:
        return set()
    line = _in_hundredths(field.labour.warn_below)
    return {
        (period, unit)
        for period in flag_periods(field)
        for unit in field.units
        if (total := totals[period, unit].total) is not None and total < line
    }


def _is_fit(field: LabourField, totals: Totals, period: str, unit: str) -> bool:
    """True if total is at least `min`, no veto is in the period, and enough leaves count."""
    flags = field.labour.flags
    assert flags is not None
    total = totals[period, unit]
    return (
        total.total is not None
        and total.total >= _in_hundredths(flags.min)
        and (period, unit) not in field.vetoed
        and total.present_leaves >= flags.min_leaves
    )


def _in_hundredths(points: Decimal) -> Fraction:
    """Points as totals are kept, exact."""
    return Fraction(points) * 100
