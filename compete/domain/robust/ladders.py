"""The values a judge could have given instead, from the worst to the best."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import ceil

import msgspec

from compete.domain.bundle import Aspect
from compete.domain.marking import ModuleBook, fixed_marks, lower_is_better, quantity, time_marks
from compete.domain.values import AspectType, Number, divided, exact

Value = Decimal | bool

FINE = Decimal("0.01")
"""The step in which seconds and measured quantities are tried."""


class Ladder(msgspec.Struct, frozen=True):
    """Values in order of their marks, by number: 0 is the worst of `count`."""

    count: int
    at: Callable[[int], Value]
    marks: Callable[[Value], Number]


def ladder_of(book: ModuleBook, position: int, value: Value) -> Ladder:
    """The values that the aspect allows, around the one that was given."""
    aspect = book.plan.aspects[position]
    factor = exact(aspect.factor)
    if aspect.type is AspectType.TIME:
        return _times(aspect, factor)
    if aspect.type is AspectType.RELATIVE:
        return _quantities(aspect, factor, Decimal(value))
    rungs = _rungs(aspect)
    return Ladder(rungs[0], rungs[1], lambda given: fixed_marks(aspect, given) * factor)


def _rungs(aspect: Aspect) -> tuple[int, Callable[[int], Value]]:
    if aspect.type is AspectType.SCORE:
        step = aspect.step
        return int(exact(aspect.max) // exact(step)) + 1, lambda rung: step * rung
    if aspect.type is AspectType.JUDGEMENT:
        return aspect.scale + 1, lambda rung: Decimal(rung)
    if aspect.type is AspectType.DEDUCTION:
        points = exact(aspect.points or Decimal(0))
        most = ceil(divided(exact(aspect.max), points)) if points else 0
        return most + 1, lambda rung: Decimal(most - rung)
    if aspect.bands:
        return _deviations(aspect)
    return 2, lambda rung: bool(rung)


def _deviations(aspect: Aspect) -> tuple[int, Callable[[int], Value]]:
    """One deviation for each band's edge, and one beyond all, by their marks."""
    edges = [band.within for band in aspect.bands]
    tried = [*edges, max(edges) + FINE]
    ordered = sorted(tried, key=lambda edge: (fixed_marks(aspect, edge), -edge))
    return len(ordered), lambda rung: ordered[rung]


def _times(aspect: Aspect, factor: Number) -> Ladder:
    """Seconds from `zero_at` down to `full_at`."""
    slowest = aspect.zero_at or Decimal(0)
    steps = int(exact(slowest - (aspect.full_at or Decimal(0))) // exact(FINE))
    return Ladder(
        steps + 1,
        lambda rung: slowest - FINE * rung,
        lambda given: time_marks(aspect, quantity(given)) * factor,
    )


def _quantities(aspect: Aspect, factor: Number, value: Decimal) -> Ladder:
    """From half to twice the value; points are the quantity's own share of full marks."""
    least, most = (value / 2).quantize(FINE) + FINE, value * 2
    steps = int(exact(most - least) // exact(FINE))
    down = lower_is_better(aspect)

    def at(rung: int) -> Value:
        return most - FINE * rung if down else least + FINE * rung

    def marks(given: Value) -> Number:
        full = exact(aspect.max) * factor
        ratio = divided(exact(given), exact(value))
        return -full * ratio if down else full * ratio

    return Ladder(steps + 1, at, marks)


def rung_of(ladder: Ladder, value: Value) -> int:
    """The rung that brings the marks of a value, or the next one below it."""
    wanted = ladder.marks(value)
    low, high = 0, ladder.count - 1
    while low < high:
        middle = (low + high + 1) // 2
        if ladder.marks(ladder.at(middle)) <= wanted:
            low = middle
        else:
            high = middle - 1
    return low
