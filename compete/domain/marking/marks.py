"""From a judge's value to marks, for each type of aspect.

The bundle format, section “Aspect types”. Values have been checked by the
reader; here they are only turned into marks, before the aspect's factor.
"""

from __future__ import annotations

from decimal import Decimal

from compete.domain.bundle import Aspect
from compete.domain.values import AspectType, Better, Number, common_denominator, divided, exact

QUANTITY = 10**12
"""Seconds and relative quantities are kept in parts of so many, always whole."""

FINEST_TIME = 1000
"""Times down to a thousandth bring marks that have a common denominator."""


def quantity(value: Decimal | bool) -> Number:
    """A judge's seconds or quantity × `QUANTITY`."""
    top, bottom = value.as_integer_ratio()
    return divided(top * QUANTITY, bottom)


def fixed_marks(aspect: Aspect, value: Decimal | bool) -> Number:
    """Marks of a value, for every type but `time` and `relative`."""
    if aspect.type is AspectType.MEASUREMENT:
        return _measured(aspect, value)
    number = exact(value)
    if aspect.type is AspectType.JUDGEMENT:
        return divided(exact(aspect.max) * number, aspect.scale)
    if aspect.type is AspectType.DEDUCTION:
        left = exact(aspect.max) - number * _given(aspect.points)
        return left if left > 0 else 0
    return number


def _measured(aspect: Aspect, value: Decimal | bool) -> Number:
    if not aspect.bands:
        return exact(aspect.max) if value else 0
    number = exact(value)
    deviation = -number if number < 0 else number
    for band in aspect.bands:
        if deviation <= exact(band.within):
            return exact(band.marks)
    return 0


def time_marks(aspect: Aspect, value: Number) -> Number:
    """Full marks at or under `full_at`, none at or over `zero_at`, linear between."""
    full_at, zero_at = _given(aspect.full_at) * QUANTITY, _given(aspect.zero_at) * QUANTITY
    if value <= full_at:
        return exact(aspect.max)
    if value >= zero_at:
        return 0
    return divided(exact(aspect.max) * (zero_at - value), zero_at - full_at)


def relative_marks(aspect: Aspect, value: Number, best: Number | None) -> Number:
    """Marks against the best quantity of the stage; none without a best, at most `max`."""
    if best is None:
        return 0
    full = exact(aspect.max)
    better, worse = (best, value) if lower_is_better(aspect) else (value, best)
    return min(divided(full * better, worse), full)


def lower_is_better(aspect: Aspect) -> bool:
    """Whether a `relative` aspect rewards the smaller quantity."""
    return aspect.better is Better.LOWER


def takes_seconds(aspect: Aspect) -> bool:
    """Whether penalty seconds are added to this aspect's values."""
    if aspect.type is AspectType.RELATIVE:
        return lower_is_better(aspect)
    return aspect.type is AspectType.TIME


def marks_denominator(aspect: Aspect) -> int:
    """A whole number that, multiplied by a fixed aspect's marks, leaves whole numbers."""
    parts = [exact(aspect.max)]
    if aspect.type is AspectType.JUDGEMENT:
        parts.append(divided(exact(aspect.max), aspect.scale))
    elif aspect.type is AspectType.DEDUCTION:
        parts.append(_given(aspect.points))
    elif aspect.type is AspectType.MEASUREMENT:
        parts += [exact(band.marks) for band in aspect.bands]
    elif aspect.type is AspectType.SCORE:
        parts.append(exact(aspect.step))
    elif aspect.type is AspectType.TIME:
        full_at, zero_at = _given(aspect.full_at), _given(aspect.zero_at)
        per_second = divided(exact(aspect.max), zero_at - full_at)
        parts += [divided(per_second, FINEST_TIME), per_second * zero_at]
    return common_denominator(*parts)


def _given(number: Decimal | None) -> Number:
    if number is None:
        raise ValueError("the bundle was not checked: an aspect lacks one of its numbers")
    return exact(number)
