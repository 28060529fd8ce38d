"""Where the judges of a panel lie too far apart.

The bundle format, section “From marks to a module score”, points 3 and 4: the
same limits that make a module `disputed`, told aspect by aspect.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from compete.domain.marking.module_book import ModuleBook
from compete.domain.marking.panel import is_reduced
from compete.domain.values import Number, OutcomeStatus


class Apart(msgspec.Struct, frozen=True):
    """One thing that the judges differ on.

    `aspect` is its code, None for the judges' sums. `limit` is the panel's
    `max_spread`, None where they had to agree and do not.
    """

    aspect: str | None
    limit: Decimal | None


def apart(book: ModuleBook, entrant: str) -> list[Apart]:
    """What an entrant's counting judges differ on too much; nothing where all is well.

    Empty too where fewer sheets count than the panel needs, and for who did
    not finish: there nobody looks at the spread.
    """
    sheets = list(book.counted(entrant).values())
    plan = book.plan
    unlooked = book.outcomes.get(entrant) in (OutcomeStatus.DNS, OutcomeStatus.DNF)
    if unlooked or not book.is_complete(entrant, len(sheets)) or not book.is_disputed(sheets):
        return []
    limit = plan.panel.max_spread
    found = [
        Apart(plan.aspects[position].code, limit)
        for position, most in plan.aspect_limits
        if _spread([sheet[position] for sheet in sheets]) > most
    ]
    if plan.agreed and not is_reduced(plan.panel, len(sheets)):
        known = {spread.aspect for spread in found}
        found += [
            Apart(aspect.code, None)
            for position, aspect in enumerate(plan.aspects)
            if aspect.code not in known and _spread([sheet[position] for sheet in sheets]) > 0
        ]
    elif plan.sum_limit is not None and _spread(book.sums(sheets)) > plan.sum_limit:
        found.append(Apart(None, limit))
    return found


def _spread(numbers: Sequence[Number]) -> Number:
    return max(numbers) - min(numbers)
