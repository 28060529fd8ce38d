"""Spread of a panel: find where judges lie too far apart.

The bundle format, section “From marks to a module score”, points 3 and 4: the
same limits that make a module `disputed`, told aspect by aspect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compete.domain.marking.module_plan import ModulePlan
from compete.domain.marking.panel import is_reduced
from compete.domain.values.points import Number


def is_disputed(
    plan: ModulePlan,
    sheets: list[list[Number]],
    sums_of: Callable[[list[list[Number]]], list[Number]],
) -> bool:
    """True if these sheets lie too far apart, or had to agree and do not.

    `sums_of` gives each sheet's sum as the plan adds it up; it is asked only where sums count.
    """
    for position, limit in plan.aspect_limits:
        column = [sheet[position] for sheet in sheets]
        if column and spread_of(column) > limit:
            return True
    must_agree = plan.agreed and not is_reduced(plan.panel, len(sheets))
    if plan.at_aspect:
        return must_agree and any(sheet != sheets[0] for sheet in sheets)
    if plan.sum_limit is None and not must_agree:
        return False
    sums = sums_of(sheets)
    if not sums:
        return False
    lie = spread_of(sums)
    return (must_agree and lie != 0) or (plan.sum_limit is not None and lie > plan.sum_limit)


def spread_of(numbers: Sequence[Number]) -> Number:
    """How far numbers lie apart."""
    return max(numbers) - min(numbers)
