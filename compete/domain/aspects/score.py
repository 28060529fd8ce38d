"""`score`: marks as such, from 0 to the maximum in steps."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import floor
from typing import Any

from compete.domain.aspects.kind import (
    ZERO,
    Accepts,
    AspectKind,
    Fault,
    Given,
    Steps,
    Value,
    anything,
)
from compete.domain.values import (
    EXACTLY,
    Message,
    Number,
    exact,
    msg,
    not_above_zero,
    number_text,
    plain,
)


class Score(AspectKind):
    title = msg("直接给分")
    read = ("max", "step")
    hint_is_rule = True

    def faults(self) -> Iterator[Fault]:
        fault = not_above_zero(self.aspect.step)
        if fault is not None:
            yield "step", fault

    def accepts(self) -> Accepts:
        most, step = self.aspect.max, self.aspect.step
        if step <= 0:
            return anything

        def fits(value: Any) -> bool:
            return (
                value.__class__ is Decimal
                and ZERO <= value <= most
                and not EXACTLY.remainder(value, step)
            )

        return fits

    def wanted(self) -> Message:
        return msg(
            "0 到 %(max)s，按 %(step)s 递增",
            max=plain(self.aspect.max),
            step=plain(self.aspect.step),
        )

    def marks(self, value: Value) -> Number:
        return exact(value)

    def parts_of_marks(self) -> list[Number]:
        return [exact(self.aspect.step)]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        last = floor(exact(self.aspect.max) / exact(self.aspect.step))
        return Steps(0, last, self.aspect.step)

    def marking_lines(self) -> list[Message]:
        return [self.wanted()]

    def explained(self, given: Given) -> Message:
        return msg("%(marks)s 分", marks=number_text(given.marks))
