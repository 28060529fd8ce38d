"""`judgement`: one of the levels 0 … `scale`, each worth the same."""

from __future__ import annotations

from decimal import Decimal

from compete.domain.aspects.kind import (
    ONE,
    Accepts,
    AspectKind,
    Given,
    Steps,
    Value,
    marks_text,
    whole_up_to,
)
from compete.domain.values import Message, Number, divided, equation, exact, msg


class Judgement(AspectKind):
    title = msg("分档")
    read = ("scale",)
    unit = msg("档")

    def accepts(self) -> Accepts:
        return whole_up_to(self.aspect.scale)

    def wanted(self) -> Message:
        return msg("0 到 %(scale)s 的整数", scale=self.aspect.scale)

    @property
    def levels(self) -> int:
        return self.aspect.scale

    def marks(self, value: Value) -> Number:
        return divided(exact(self.aspect.max) * exact(value), self.aspect.scale)

    def parts_of_marks(self) -> list[Number]:
        return [divided(exact(self.aspect.max), self.aspect.scale)]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        return Steps(0, self.aspect.scale, ONE)

    def marking_lines(self) -> list[Message]:
        each = marks_text(self.aspect, self.aspect.max / self.aspect.scale)
        return [msg("0 到 %(most)s 档，每档 %(each)s 分", most=self.aspect.scale, each=each)]

    def named_levels(self) -> list[str]:
        words = (self.aspect.extra or {}).get("descriptors") or ()
        return [f"{level} {text}" for level, text in enumerate(words)]

    def explained(self, given: Given) -> Message:
        return msg(
            "评 %(value)s 档：%(equation)s",
            value=given.shown,
            equation=equation(given.marks, f"{self.full} × {given.shown} ÷ {self.aspect.scale}"),
        )
