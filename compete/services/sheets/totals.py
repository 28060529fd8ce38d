"""What a sheet comes to while it is being marked, before anybody is ranked."""

from __future__ import annotations

from decimal import Decimal

from compete.domain import bundle as b
from compete.domain.marking import fixed_marks, quantity, time_marks
from compete.domain.values import AspectType, Number, exact, round_half_up, show


def provisional_total(module: b.Module, values: dict[str, Decimal]) -> str | None:
    """The sum of the marks entered so far, × factor, half up to two places; None for none.

    A `relative` aspect needs everybody's values, so it counts 0 until ranking.
    """
    if not values:
        return None
    total: Number = 0
    for aspect in module.aspects:
        marks = aspect_marks(aspect, values[aspect.code]) if aspect.code in values else None
        total += marks or 0
    return show(round_half_up(total, 1, 2), 2)


def aspect_marks(aspect: b.Aspect, value: Decimal) -> Number | None:
    """The marks × factor of one value; None where they depend on the others in the field."""
    if aspect.type is AspectType.RELATIVE:
        return None
    if aspect.type is AspectType.TIME:
        marks = time_marks(aspect, quantity(value))
    elif aspect.type is AspectType.MEASUREMENT and not aspect.bands:
        marks = fixed_marks(aspect, bool(value))
    else:
        marks = fixed_marks(aspect, value)
    return marks * exact(aspect.factor)
