"""The quick way for a module with relative aspects, which have one judge only.

Quotients of everybody's quantities have no common denominator, and reducing
each of them costs more than all the rest. So they are added up unreduced.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from compete.domain.points import Number, divided, round_half_up

if TYPE_CHECKING:
    from compete.domain.books import ModuleBook


def lone_marks(
    book: ModuleBook, entrant: str, positions: Iterable[int]
) -> tuple[Number, int] | None:
    """The only judge's marks × factor of some aspects, as a ratio; None without a whole sheet.

    Of all aspects it is the same as `ModuleBook.marks` of the counted sheets.
    """
    whole = (one for one in book.sheets.get(entrant, {}).values() if None not in one)
    sheet = next(whole, None)
    if sheet is None:
        return None if book.plan.least > 0 else (0, 1)
    plan = book.plan
    top: Number = 0
    bottom: Number = 1
    for position in positions:
        factor = plan.factors[position]
        above, below = _ratio(book, entrant, position, sheet[position] or 0)
        if plan.aspect_places is None:
            above *= factor
        else:
            mark = round_half_up(divided(above, below), plan.unit, plan.aspect_places)
            above, below = round_half_up(mark * factor, plan.factor_unit, 0), 1
        top = top * below + above * bottom
        bottom *= below
    over = plan.over if plan.aspect_places is None else 10**plan.aspect_places
    if type(bottom) is int:
        return top, bottom * over
    return divided(top, bottom * over), 1


def _ratio(book: ModuleBook, entrant: str, position: int, value: Number) -> tuple[Number, Number]:
    """One aspect's marks × `unit`, not reduced."""
    plan = book.plan
    if position in plan.relative:
        value = book.with_seconds(entrant, position, value)
        return plan.relative_ratio(position, value, book.bests.get(position))
    if position in plan.timed and entrant in book.seconds:
        return plan.time_marks(position, book.with_seconds(entrant, position, value)), 1
    return value, 1
