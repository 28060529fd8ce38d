"""What the judges of an entrant differ on, aspect by aspect."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from compete.domain.marking.module_book import ModuleBook
from compete.domain.marking.panel import is_reduced
from compete.domain.marking.spread import is_disputed, spread_of
from compete.domain.values.kinds import OutcomeStatus


class Apart(msgspec.Struct, frozen=True):
    """A thing that the judges differ on.

    `aspect` is its code, None for the judges' sums. `limit` is the panel's
    `max_spread`, None where they had to agree and do not.
    """

    aspect: str | None
    limit: Decimal | None


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
        if spread_of([sheet[position] for sheet in sheets]) > most
    ]
    if plan.agreed and not is_reduced(plan.panel, len(sheets)):
        known = {spread.aspect for spread in gaps}
        gaps += [
            Apart(aspect.code, None)
            for position, aspect in enumerate(plan.aspects)
            if aspect.code not in known and spread_of([sheet[position] for sheet in sheets]) > 0
        ]
    elif plan.sum_limit is not None and spread_of(book.sums(sheets)) > plan.sum_limit:
        gaps.append(Apart(None, limit))
    return gaps
