"""Spread of a panel: find where judges lie too far apart.

The bundle format, section “From marks to a module score”, points 3 and 4: the
same limits that make a module `disputed`, told aspect by aspect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from compete.domain.marking.module_plan import ModulePlan
from compete.domain.marking.panel import is_reduced
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.points import Number

if TYPE_CHECKING:
    from compete.domain.marking.module_book import ModuleBook


class Apart(msgspec.Struct, frozen=True):
    """A thing that the judges differ on.

    `aspect` is its code, None for the judges' sums. `limit` is the panel's
    `max_spread`, None where they had to agree and do not.
    """

    aspect: str | None
    limit: Decimal | None


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
        if column and _spread(column) > limit:
            return True
    must_agree = plan.agreed and not is_reduced(plan.panel, len(sheets))
    if plan.at_aspect:
        return must_agree and any(sheet != sheets[0] for sheet in sheets)
    if plan.sum_limit is None and not must_agree:
        return False
    sums = sums_of(sheets)
    if not sums:
        return False
    lie = _spread(sums)
    return (must_agree and lie != 0) or (plan.sum_limit is not None and lie > plan.sum_limit)


def apart(book: ModuleBook, entrant: str) -> list[Apart]:
    """List where an entrant's counting judges differ too much; empty where all is well.

    Empty too where fewer sheets count than the panel needs, and for who did
    not finish: there nobody looks at the spread.
    """
    sheets = list(book.counted(entrant).values())
    plan = book.plan
    outcome = book.outcomes.get(entrant)
    unlooked = outcome is OutcomeStatus.DNF or outcome in plan.void
    if (
        unlooked
        or not book.is_complete(entrant, len(sheets))
        or not is_disputed(plan, sheets, book.sums)
    ):
        return []
    limit = plan.panel.max_spread
    gaps = [
        Apart(plan.aspects[position].code, limit)
        for position, most in plan.aspect_limits
        if _spread([sheet[position] for sheet in sheets]) > most
    ]
    if plan.agreed and not is_reduced(plan.panel, len(sheets)):
        known = {spread.aspect for spread in gaps}
        gaps += [
            Apart(aspect.code, None)
            for position, aspect in enumerate(plan.aspects)
            if aspect.code not in known and _spread([sheet[position] for sheet in sheets]) > 0
        ]
    elif plan.sum_limit is not None and _spread(book.sums(sheets)) > plan.sum_limit:
        gaps.append(Apart(None, limit))
    return gaps


def _spread(numbers: Sequence[Number]) -> Number:
    return max(numbers) - min(numbers)
