"""`score`: marks as such, from `min` (mostly 0) to the maximum in steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil, floor

from compete.domain.aspects.form_fields import (
    LEAST,
    NUMBER,
    SLIDER_STEP,
    STEP,
    Example,
    Own,
    SchemeKeys,
    SchemeWords,
)
from compete.domain.aspects.kind import (
    ONE,
    Accepts,
    AspectKind,
    Fault,
    Given,
    Steps,
    Value,
    in_steps,
    in_steps_words,
)
from compete.domain.values.bounds import not_above_zero
from compete.domain.values.equations import number_text
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import EXACTLY, number_in_text, plain
from compete.domain.values.points import Number, exact

_FOUR_FIFTHS = Decimal("0.8")


class Score(AspectKind):
    title = msg("直接给分")
    alone = ("min",)
    read = ("min", "max", "step")
    hint_is_rule = True
    fields = (STEP, LEAST)

    def faults(self) -> Iterator[Fault]:
        fault = not_above_zero(self.aspect.step)
        if fault is not None:
            yield "step", fault
        if self.aspect.min > 0:
            yield "min", msg("min 至多是 0，这里是 %(found)s", found=plain(self.aspect.min))

    def accepts(self) -> Accepts:
        return in_steps(self.aspect.min, self.aspect.max, self.aspect.step)

    def accepted_words(self) -> Message:
        return in_steps_words(self.aspect.min, self.aspect.max, self.aspect.step)

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range: from half the least of the others; with too few, more than nothing.

        Nothing is implausible where marks may lie below 0.
        """
        if self.aspect.min < 0:
            return None
        near = self.near(others)
        return near[0] if near else self.aspect.step, self.aspect.max

    def marks(self, value: Value) -> Number:
        return exact(value)

    def parts_of_marks(self) -> list[Number]:
        return [exact(self.aspect.step)]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        first = ceil(exact(self.aspect.min) / exact(self.aspect.step))
        last = floor(exact(self.aspect.max) / exact(self.aspect.step))
        return Steps(first, last, self.aspect.step)

    def marking_lines(self) -> list[Message]:
        return [self.accepted_words()]

    def explained(self, given: Given) -> Message:
        return msg("%(marks)s 分", marks=number_text(given.marks))

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example: four fifths of the marks, in the steps that there are."""
        value, full = most, number_in_text(most)
        step = number_in_text(own.get("step", "")) or ONE
        if full is not None and step > 0:
            share = full * _FOUR_FIFTHS
            value = plain(share - EXACTLY.remainder(share, step))
        return Example(value=value, note=msg("分"), most=most, step=own.get("step") or SLIDER_STEP)

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        step, least = own.get("step"), own.get("min")
        words = f"直接给分，每档 {step} 分" if step else "直接给分"
        return f"{words}，最低 {least} 分" if least else words, []

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        match = re.fullmatch(
            rf"直接给分(?:，每档 ?{NUMBER} ?分)?(?:，最低 ?(-?){NUMBER} ?分)?", head
        )
        if match is None:
            return None
        own = {"step": match[1]} if match[1] else {}
        return own | ({"min": match[2] + match[3]} if match[3] else {}), 0
