"""`score`: marks as such, from 0 to the maximum in steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import floor
from typing import Any

from compete.domain.aspects.form_fields import (
    NUMBER,
    Example,
    FormField,
    Own,
    SchemeKeys,
    SchemeWords,
)
from compete.domain.aspects.kind import (
    ONE,
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
    number_in_text,
    number_text,
    plain,
)

_FOUR_FIFTHS = Decimal("0.8")
_SLIDER_STEP = "0.5"
"""What a slider gives where marks go down to hundredths."""


class Score(AspectKind):
    title = msg("直接给分")
    read = ("max", "step")
    hint_is_rule = True
    fields = (FormField(key="step", label=msg("每档几分")),)

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
            "从 0 到 %(max)s，按 %(step)s 递增",
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

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """Four fifths of the marks, in the steps that there are."""
        value, full = most, number_in_text(most)
        step = number_in_text(own.get("step", "")) or ONE
        if full is not None and step > 0:
            share = full * _FOUR_FIFTHS
            value = plain(share - EXACTLY.remainder(share, step))
        return Example(value=value, note=msg("分"), most=most, step=own.get("step") or _SLIDER_STEP)

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        step = own.get("step")
        return f"直接给分，每档 {step} 分" if step else "直接给分", []

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        found = re.fullmatch(rf"直接给分(?:，每档 ?{NUMBER} ?分)?", head)
        return ({"step": found[1]} if found[1] else {}, 0) if found else None
