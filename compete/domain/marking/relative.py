"""The quick way for a module with relative aspects, which have one judge only.

Quotients of everybody's quantities have no common denominator, and reducing
each of them costs more than all the rest. So they are added up unreduced.
"""

from __future__ import annotations

from collections.abc import Iterable

from compete.domain.marking.module_plan import ModulePlan
from compete.domain.values.points import Number, divided, round_to

Quotient = tuple[Number, Number]
"""One aspect's marks × `unit` as a numerator and a denominator, not reduced."""


def add_relative_marks(
    plan: ModulePlan, quotients: Iterable[tuple[int, Quotient]]
) -> tuple[Number, int]:
    """The marks × factor of some aspects, given by position, added up as a ratio."""
    top: Number = 0
    bottom: Number = 1
    for position, (above, below) in quotients:
        factor = plan.factors[position]
        if plan.aspect_places is None:
            above *= factor
        else:
            mark = round_to(divided(above, below), plan.unit, plan.aspect_places, plan.mode)
            above, below = round_to(mark * factor, plan.factor_unit, 0, plan.mode), 1
        top = top * below + above * bottom
        bottom *= below
    over = plan.over if plan.aspect_places is None else 10**plan.aspect_places
    if type(bottom) is int:
        return top, bottom * over
    return divided(top, bottom * over), 1
