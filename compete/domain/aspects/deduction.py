"""`deduction`: a number of faults, each of which takes `points` from full marks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from math import ceil
from typing import Any

from compete.domain.aspects.kind import (
    ONE,
    ZERO,
    Accepts,
    AspectKind,
    Fault,
    Given,
    Limits,
    Steps,
    Value,
    given,
    marks_text,
    said,
)
from compete.domain.values import (
    EXACTLY,
    Message,
    Number,
    divided,
    equation,
    exact,
    msg,
    number_text,
    too_low,
)

_FEWEST_FAULTS, _OVER = Decimal(99), Decimal(3)


class Deduction(AspectKind):
    title = msg("计错扣分")
    needed = ("points",)
    counts_faults = True
    unit = msg("次")

    def faults(self) -> Iterator[Fault]:
        fault = too_low(self.aspect.points, 0)
        if fault is not None:
            yield "points", fault

    def accepts(self) -> Accepts:
        return _is_count

    def wanted(self) -> Message:
        return msg("扣分次数，不小于 0 的整数")

    def limits(self) -> Limits:
        return None, said(self.aspect, "most") or self._most_faults()

    def _most_faults(self) -> Decimal:
        """Three times as many as use the marks up, and never fewer than 99."""
        points = self.aspect.points
        if not points or points <= 0:
            return _FEWEST_FAULTS
        used_up = (self.aspect.max / points).to_integral_value(ROUND_CEILING)
        return max(_FEWEST_FAULTS, _OVER * used_up)

    def marks(self, value: Value) -> Number:
        left = exact(self.aspect.max) - exact(value) * given(self.aspect.points)
        return left if left > 0 else 0

    def parts_of_marks(self) -> list[Number]:
        return [given(self.aspect.points)]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        points = given(self.aspect.points)
        last = ceil(divided(exact(self.aspect.max), points)) if points else 0
        return Steps(0, max(last, int(value)), ONE)

    def marking_lines(self) -> list[Message]:
        each = marks_text(self.aspect, self.aspect.points or ZERO)
        return [msg("每次扣 %(each)s 分，扣完为止", each=each)]

    def explained(self, given: Given) -> Message:
        points = exact(self.aspect.points or ZERO)
        if exact(given.value) * points > exact(self.aspect.max):
            return msg(
                "扣 %(faults)s 处，每处 %(points)s 分，%(max)s 分扣完为止，得 0 分",
                faults=given.shown,
                points=number_text(points),
                max=self.full,
            )
        return msg(
            "扣 %(faults)s 处：%(equation)s",
            faults=given.shown,
            equation=equation(given.marks, f"{self.full} − {given.shown} × {number_text(points)}"),
        )


def _is_count(value: Any) -> bool:
    return value.__class__ is Decimal and value >= ZERO and not EXACTLY.remainder(value, ONE)
