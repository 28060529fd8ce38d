"""`factored`: marks up to `top`, multiplied by the difficulty of what the entrant attempted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import floor
from typing import Any

from compete.domain.aspects.form_fields import (
    NUMBER,
    SLIDER_STEP,
    STEP,
    Example,
    FormField,
    LinesField,
    Own,
    SchemeKeys,
    SchemeWords,
)
from compete.domain.aspects.kind import (
    ZERO,
    Accepts,
    AspectKind,
    Fault,
    Given,
    Reckoning,
    Steps,
    Value,
    anything,
    in_steps,
    in_steps_words,
    needed_number,
)
from compete.domain.values.bounds import not_above_zero
from compete.domain.values.equations import equation, number_text
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import EXACTLY, plain
from compete.domain.values.points import Number, exact


class _DifficultiesField(LinesField, frozen=True, kw_only=True):
    """The difficulties that can be attempted, a line each however they are typed."""

    def tidy(self, typed: str) -> str:
        return "\n".join(re.sub("[,、;]", " ", unicodedata.normalize("NFKC", typed)).split())

    def text(self, aspect: Mapping[str, Any]) -> str:
        return "\n".join(plain(Decimal(it)) for it in aspect.get(self.key) or ())


class Factored(AspectKind):
    title = msg("给分乘难度系数")
    needed = ("top", "difficulties")
    alone = ("top", "difficulties")
    read = ("top", "step")
    reckoning = Reckoning.DIFFICULTY
    fields = (
        FormField(key="top", label=msg("裁判最高给几分")),
        STEP,
        _DifficultiesField(
            key="difficulties", label=msg("难度系数，每行一个"), short=msg("难度系数"), hint="2.5"
        ),
    )

    def faults(self) -> Iterator[Fault]:
        aspect = self.aspect
        for key, number in (("top", aspect.top), ("step", aspect.step)):
            fault = not_above_zero(number)
            if fault is not None:
                yield key, fault
        for index, difficulty in enumerate(aspect.difficulties):
            fault = not_above_zero(difficulty)
            if fault is not None:
                yield f"difficulties[{index}]", fault
            elif difficulty in aspect.difficulties[:index]:
                yield (
                    f"difficulties[{index}]",
                    msg("难度系数 %(found)s 写了不止一次", found=plain(difficulty)),
                )
        offered = aspect.difficulties
        if aspect.top is not None and aspect.top > 0 and offered and all(it > 0 for it in offered):
            full = EXACTLY.multiply(aspect.top, max(offered))
            if aspect.max != full:
                yield (
                    "max",
                    msg(
                        "满分应当是 top × 最大的难度系数，即 %(full)s，这里是 %(found)s",
                        full=plain(full),
                        found=plain(aspect.max),
                    ),
                )

    def accepts(self) -> Accepts:
        top = self.aspect.top
        return anything if top is None else in_steps(ZERO, top, self.aspect.step)

    def accepted_words(self) -> Message:
        return in_steps_words(ZERO, self.aspect.top or ZERO, self.aspect.step)

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range: from half the least of the others, or from a step."""
        near = self.near(others)
        return near[0] if near else self.aspect.step, self.aspect.top or ZERO

    def marks(self, value: Value) -> Number | None:
        """None: they are the value × the entrant's difficulty."""
        return None

    def parts_of_marks(self) -> list[Number]:
        step = exact(self.aspect.step)
        return [step, *(step * exact(difficulty) for difficulty in self.aspect.difficulties)]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        return Steps(
            0, floor(needed_number(self.aspect.top) / exact(self.aspect.step)), self.aspect.step
        )

    def marking_lines(self) -> list[Message]:
        offered = listed(plain(it) for it in self.aspect.difficulties)
        return [
            self.accepted_words(),
            msg("乘难度系数（%(listed)s）", listed=offered),
        ]

    def explained(self, given: Given) -> Message:
        if given.difficulty is None:
            return msg("评 %(value)s 分", value=given.text)
        return msg(
            "评 %(value)s 分，乘难度系数：%(equation)s",
            value=given.text,
            equation=equation(given.marks, f"{given.text} × {number_text(given.difficulty)}"),
        )

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example at the greatest difficulty; nobody has tried one yet."""
        top = own.get("top", "")
        return Example(value=top, note=msg("分"), most=top, step=own.get("step") or SLIDER_STEP)

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        step = f"，每档 {own['step']} 分" if own.get("step") else ""
        offered = " ".join(own.get("difficulties", "").split())
        return f"最高 {own.get('top', '')} 分{step}，乘难度系数 {offered}", []

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        match = re.fullmatch(
            rf"最高 ?{NUMBER} ?分(?:，每档 ?{NUMBER} ?分)?，乘难度系数 ?([\d. ]+)", head
        )
        if match is None:
            return None
        keys = {"top": match[1], "difficulties": "\n".join(match[3].split())}
        return keys | ({"step": match[2]} if match[2] else {}), 0
