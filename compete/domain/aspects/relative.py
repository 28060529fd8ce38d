"""`relative`: a quantity, whose marks are a share of the best one of the field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from compete.domain.aspects.form_fields import ChoiceField, Example, Own, SchemeKeys, SchemeWords
from compete.domain.aspects.kind import (
    QUANTITY,
    ZERO,
    Accepts,
    AspectKind,
    Given,
    Limits,
    Reckoning,
    Steps,
    Value,
    extra_number,
    marks_text,
)
from compete.domain.values.equations import equation, number_text
from compete.domain.values.kinds import Better
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, divided, exact

_LARGEST = Decimal(1_000_000_000)


class Relative(AspectKind):
    title = msg("和最好的比")
    reckoning = Reckoning.FIELD
    fields = (
        ChoiceField(
            key="better",
            label=msg("最好的得满分，别人按比例"),
            short=msg("最好的得满分"),
            choices=(
                (Better.LOWER.value, msg("最小的得满分，别人按比例")),
                (Better.HIGHER.value, msg("最大的得满分，别人按比例")),
            ),
            usual=Better.LOWER.value,
        ),
    )

    def accepts(self) -> Accepts:
        return _is_quantity

    def accepted_words(self) -> Message:
        return msg("大于 0 的数")

    def limits(self) -> Limits:
        return extra_number(self.aspect, "least"), extra_number(self.aspect, "most") or _LARGEST

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range; a slip at the best of the field takes marks from everybody else."""
        return self.near(others)

    def marks(self, value: Value) -> None:
        return None

    def marks_at(self, quantity: Number, best: Number | None = None) -> Number:
        """Marks as a share of full marks, at most all of them; none without a best."""
        if best is None:
            return 0
        full = exact(self.aspect.max)
        better, worse = (best, quantity) if self.lower_is_better else (quantity, best)
        return min(divided(full * better, worse), full)

    def parts_of_marks(self) -> list[Number]:
        """The parts: quotients of whatever is measured, which have no common denominator."""
        return []

    @property
    def takes_seconds(self) -> bool:
        return self.lower_is_better

    @property
    def lower_is_better(self) -> bool:
        return self.aspect.better is Better.LOWER

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        """Rungs for all that can be measured."""
        here = int(exact(value) / exact(step))
        return Steps(1, max(here, int(exact(most) / exact(step)) - 1), step)

    def marking_lines(self) -> list[Message]:
        full = marks_text(self.aspect, self.aspect.max)
        if self.lower_is_better:
            return [msg("最小的 %(full)s 分，其余按比例", full=full)]
        return [msg("最大的 %(full)s 分，其余按比例", full=full)]

    def explained(self, given: Given) -> Message:
        if given.withdrew:
            return msg("测得 %(value)s，中途退出的不与别人比，计 0 分", value=given.text)
        own: str | Message = given.text
        if given.added:
            added = number_text(given.added)
            own = msg("(%(value)s + 罚时 %(added)s)", value=given.text, added=added)
        if given.best is None:
            return msg("测得 %(value)s，没有可比的最好成绩，得 0 分", value=own)
        best = divided(given.best, QUANTITY)
        params: dict[str, object] = {"max": self.full, "best": number_text(best), "own": own}
        if (given.whole < best) if self.lower_is_better else (given.whole > best):
            return msg("测得 %(own)s，好过参加比较的最好成绩 %(best)s，得满分 %(max)s 分", **params)
        if self.lower_is_better:
            return equation(given.marks, msg("%(max)s × 最好 %(best)s ÷ 本人 %(own)s", **params))
        return equation(given.marks, msg("%(max)s × 本人 %(own)s ÷ 最好 %(best)s", **params))

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example somewhat worse than the best."""
        best = "12" if own.get("better") == Better.HIGHER else "8"
        return Example(value="10", note=msg("本人"), best=best)

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        best = "大" if own.get("better") == Better.HIGHER else "小"
        return f"最{best}的得满分，其余按比例", []

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        match = re.fullmatch(r"最(小|大)的得满分，其余按比例", head)
        if match is None:
            return None
        return {"better": (Better.HIGHER if match[1] == "大" else Better.LOWER).value}, 0


def _is_quantity(value: Any) -> bool:
    return value.__class__ is Decimal and value > ZERO
