"""`time`: seconds, full marks up to `full_at`, none from `zero_at` on, linear between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from compete.domain.aspects.clock_times import told_time
from compete.domain.aspects.form_fields import (
    NUMBER,
    Example,
    FormField,
    Own,
    SchemeKeys,
    SchemeWords,
)
from compete.domain.aspects.kind import (
    QUANTITY,
    ZERO,
    Accepts,
    AspectKind,
    Fault,
    Given,
    Limits,
    Reckoning,
    Steps,
    Value,
    extra_number,
    marks_text,
    needed_number,
    quantity,
)
from compete.domain.values.bounds import too_low
from compete.domain.values.equations import equation, negative_in_brackets, number_text
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text, plain
from compete.domain.values.points import Number, divided, exact

LONGEST_TIME = Decimal(24 * 3600)
"""A time that nobody means, where the rules go no further."""

_SHORTEST = Decimal("0.1")
"""As fine as a watch shows: no work is done in no time, which would be full marks."""

_FINEST = 1000
"""Times down to a thousandth bring marks that have a common denominator."""


class Time(AspectKind):
    title = msg("计时")
    needed = ("full_at", "zero_at")
    reckoning = Reckoning.TIME
    unit = msg("秒")
    fields = (
        FormField(key="full_at", label=msg("几秒以内满分")),
        FormField(key="zero_at", label=msg("几秒起 0 分")),
    )

    def faults(self) -> Iterator[Fault]:
        full_at, zero_at = self.aspect.full_at, self.aspect.zero_at
        fault = too_low(full_at, 0)
        if fault is not None:
            yield "full_at", fault
        if full_at is not None and zero_at is not None and zero_at <= full_at:
            yield "zero_at", msg("zero_at 应当大于 full_at")

    def accepts(self) -> Accepts:
        return _is_time

    def accepted_words(self) -> Message:
        return msg("不小于 0 的秒数")

    def limits(self) -> Limits:
        longest = max(LONGEST_TIME, 10 * (self.aspect.zero_at or ZERO))
        return _SHORTEST, extra_number(self.aspect, "most") or longest

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range, as `near`; with too few others, by the time for full marks."""
        full_at = self.aspect.full_at
        near = self.near(others)
        if near is not None or not full_at:
            return near
        return full_at / 4, max(full_at * 3, self.aspect.zero_at or ZERO)

    def marks(self, value: Value) -> Number:
        return self.marks_at(quantity(value))

    def marks_at(self, quantity: Number, best: Number | None = None) -> Number:
        full_at = needed_number(self.aspect.full_at) * QUANTITY
        zero_at = needed_number(self.aspect.zero_at) * QUANTITY
        if quantity <= full_at:
            return exact(self.aspect.max)
        if quantity >= zero_at:
            return 0
        return divided(exact(self.aspect.max) * (zero_at - quantity), zero_at - full_at)

    def parts_of_marks(self) -> list[Number]:
        full_at, zero_at = needed_number(self.aspect.full_at), needed_number(self.aspect.zero_at)
        per_second = divided(exact(self.aspect.max), zero_at - full_at)
        return [divided(per_second, _FINEST), per_second * zero_at]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        """Rungs from no time to the time where there are no marks left."""
        here = int(exact(value) / exact(step))
        return Steps(0, max(here, ceil(needed_number(self.aspect.zero_at) / exact(step))), step)

    def marking_lines(self) -> list[Message]:
        full = marks_text(self.aspect, self.aspect.max)
        least, most = self.aspect.full_at or ZERO, self.aspect.zero_at or ZERO
        return [
            msg("%(least)s 秒以内 %(full)s 分", least=plain(least), full=full),
            msg("%(most)s 秒以上 0 分，中间按比例", most=plain(most)),
        ]

    def explained(self, given: Given) -> Message:
        full_at, zero_at = self.aspect.full_at or ZERO, self.aspect.zero_at or ZERO
        taken = msg("用时 %(time)s", time=told_time(Decimal(given.value)))
        if given.added:
            penalty = number_text(given.added)
            taken = msg("%(taken)s，加罚 %(added)s 秒", taken=taken, added=penalty)
        if given.whole <= exact(full_at):
            return msg(
                "%(taken)s，不超过满分线 %(full_at)s，得 %(marks)s 分",
                taken=taken,
                full_at=told_time(full_at),
                marks=number_text(given.marks),
            )
        if given.whole >= exact(zero_at):
            return msg(
                "%(taken)s，到了零分线 %(zero_at)s，得 0 分",
                taken=taken,
                zero_at=told_time(zero_at),
            )
        first, last = number_text(exact(full_at)), number_text(exact(zero_at))
        less = f"{last} − {given.text}"
        if given.added:
            less += f" − {number_text(given.added)}"
        return msg(
            "%(taken)s，在满分线 %(full_at)s和零分线 %(zero_at)s之间：%(equation)s",
            taken=taken,
            full_at=told_time(full_at),
            zero_at=told_time(zero_at),
            equation=equation(
                given.marks,
                f"{self.full} × ({less}) ÷ ({last} − {negative_in_brackets(first)})",
            ),
        )

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example half of the way from full marks to none."""
        first, last = (number_in_text(own.get(key, "")) for key in ("full_at", "zero_at"))
        if first is None or last is None:
            return Example(value="", note=msg("秒"))
        return Example(value=plain(((first + last) / 2).to_integral_value()), note=msg("秒"))

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        full_at, zero_at = own.get("full_at", ""), own.get("zero_at", "")
        return f"{full_at} 秒以内满分，{zero_at} 秒起 0 分", []

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        match = re.fullmatch(rf"{NUMBER} ?秒以内满分，{NUMBER} ?秒起 ?0 ?分", head)
        return ({"full_at": match[1], "zero_at": match[2]}, 0) if match else None


def _is_time(value: Any) -> bool:
    return value.__class__ is Decimal and value >= ZERO
