"""`deduction`: a number of faults, each of which takes `points` from full marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from math import ceil
from typing import Any

from compete.domain.aspects.form_fields import (
    NUMBER,
    Example,
    FormField,
    Own,
    SchemeKeys,
    SchemeWords,
    above_zero,
)
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
    extra_number,
    marks_text,
    needed_number,
)
from compete.domain.values.bounds import too_low
from compete.domain.values.equations import equation, number_text
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import EXACTLY, plain
from compete.domain.values.points import Number, divided, exact

_FAULT = "(?:每|错|漏|缺|少|[一1](?:次|处|个|项|根|件|条|点|块|台))"
_FEWEST_FAULTS, _OVER = Decimal(99), Decimal(3)


class Deduction(AspectKind):
    title = msg("计错扣分")
    needed = ("points",)
    counts_faults = True
    unit = msg("次")
    scheme_names = ("计错", "扣分")
    fields = (FormField(key="points", label=msg("每次扣几分")),)

    def faults(self) -> Iterator[Fault]:
        fault = too_low(self.aspect.points, 0)
        if fault is not None:
            yield "points", fault

    def accepts(self) -> Accepts:
        return _is_count

    def accepted_words(self) -> Message:
        return msg("扣分次数，不小于 0 的整数")

    def limits(self) -> Limits:
        return None, extra_number(self.aspect, "most") or self._most_faults()

    def _most_faults(self) -> Decimal:
        """The largest plausible number: three times what uses the marks up, and at least 99."""
        return max(_FEWEST_FAULTS, _OVER * self._used_up())

    def _used_up(self) -> Decimal:
        """The smallest number of faults that leaves no marks."""
        points = self.aspect.points
        if not points or points <= 0:
            return ZERO
        return (self.aspect.max / points).to_integral_value(ROUND_CEILING)

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range: up to twice what uses the marks up, or was counted of others."""
        return ZERO, 2 * max(self._used_up(), *others, ONE)

    def marks(self, value: Value) -> Number:
        left = exact(self.aspect.max) - exact(value) * needed_number(self.aspect.points)
        return left if left > 0 else 0

    def parts_of_marks(self) -> list[Number]:
        return [needed_number(self.aspect.points)]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        points = needed_number(self.aspect.points)
        last = ceil(divided(exact(self.aspect.max), points)) if points else 0
        return Steps(0, max(last, int(value)), ONE)

    def marking_lines(self) -> list[Message]:
        points = marks_text(self.aspect, self.aspect.points or ZERO)
        return [msg("每次扣 %(each)s 分，扣完为止", each=points)]

    def explained(self, given: Given) -> Message:
        points = exact(self.aspect.points or ZERO)
        if exact(given.value) * points > exact(self.aspect.max):
            return msg(
                "扣 %(faults)s 次，每次 %(points)s 分，%(max)s 分扣完为止，得 0 分",
                faults=given.text,
                points=number_text(points),
                max=self.full,
            )
        return msg(
            "扣 %(faults)s 次：%(equation)s",
            faults=given.text,
            equation=equation(given.marks, f"{self.full} − {given.text} × {number_text(points)}"),
        )

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example of one fault; no more of them than use the marks up."""
        full, points = above_zero(most), above_zero(own.get("points", ""))
        used_up = (full / points).to_integral_value(ROUND_CEILING) if full and points else None
        return Example(
            value="1", note=msg("错几次"), most=plain(used_up) if used_up else "", step="1"
        )

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        return f"每次扣 {own.get('points', '')} 分，扣完为止", []

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        match = re.fullmatch(rf"每(?:次|处|个|项|根|件|条)扣 ?{NUMBER} ?分(?:，扣完为止)?", head)
        return ({"points": match[1]}, 0) if match else None

    @classmethod
    def guessed(cls, text: str, parts: Sequence[str]) -> Own | None:
        """Guess from text: so much for each fault, said once and of no time."""
        match = re.search(
            rf"{_FAULT}[^，。；;扣\n]{{0,24}}扣 ?{NUMBER} ?(?:分|(?=[，。；;\n]|$))", text
        )
        once = len(re.findall(r"扣 ?\d", text)) == 1
        if match is None or not once or re.search(r"秒|分钟|小时", text):
            return None
        return {"points": match[1]}

    @classmethod
    def guess_words(cls, own: Own) -> Message:
        return msg("照评分标准的字面认成计错，每次扣 %(points)s 分", points=own["points"])


def _is_count(value: Any) -> bool:
    return value.__class__ is Decimal and value >= ZERO and not EXACTLY.remainder(value, ONE)
