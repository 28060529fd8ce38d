"""`judgement`: one of the levels 0 … `scale`, each worth the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from compete.domain.aspects.form_fields import (
    Example,
    LinesField,
    Own,
    SchemeKeys,
    SchemeWords,
    lines_in,
    numbered,
    read_numbered,
)
from compete.domain.aspects.kind import (
    ENOUGH,
    ONE,
    ZERO,
    Accepts,
    AspectKind,
    Fault,
    Given,
    Steps,
    Value,
    marks_text,
    whole_up_to,
)
from compete.domain.values.equations import equation
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, divided, exact

_USUAL_SCALE = "3"
_FEWEST_LEVELS = 2
_GUESSED_LEVELS = 3


class _LevelsField(LinesField, frozen=True, kw_only=True):
    """The words of each level, from 0 on; without words there is the usual scale."""

    def text(self, aspect: Mapping[str, Any]) -> str:
        return "\n".join(map(str, (aspect.get("extra") or {}).get("descriptors") or ()))

    def file_values(self, text: str) -> dict[str, Any]:
        lines = lines_in(text)
        return {"extra.descriptors": lines, "scale": len(lines) - 1 if lines else None}


class Judgement(AspectKind):
    title = msg("分档")
    read = ("scale",)
    scheme_names = ("四档",)
    fields = (
        _LevelsField(
            key="levels",
            label=msg("每档一行，从 0 档起"),
            short=msg("各档"),
            hint=msg("一般四行"),
            also=("scale", "extra"),
        ),
    )
    unit = msg("档")

    def accepts(self) -> Accepts:
        return whole_up_to(self.aspect.scale)

    def accepted_words(self) -> Message:
        return msg("从 0 到 %(scale)s 的整数", scale=self.aspect.scale)

    @property
    def levels(self) -> int:
        return self.aspect.scale

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range: from a third of the ladder below the lowest of the others."""
        if len(others) < ENOUGH:
            return None
        least = min(others) - max(ONE, Decimal(self.levels // 3))
        return max(least, ZERO), Decimal(self.levels)

    def marks(self, value: Value) -> Number:
        return divided(exact(self.aspect.max) * exact(value), self.aspect.scale)

    def parts_of_marks(self) -> list[Number]:
        return [divided(exact(self.aspect.max), self.aspect.scale)]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        return Steps(0, self.aspect.scale, ONE)

    def marking_lines(self) -> list[Message]:
        points = marks_text(self.aspect, self.aspect.max / self.aspect.scale)
        return [msg("0 到 %(most)s 档，每档 %(each)s 分", most=self.aspect.scale, each=points)]

    def named_levels(self) -> list[str]:
        words = (self.aspect.extra or {}).get("descriptors") or ()
        return [f"{level} {text}" for level, text in enumerate(words)]

    def explained(self, given: Given) -> Message:
        return msg(
            "评 %(value)s 档：%(equation)s",
            value=given.text,
            equation=equation(given.marks, f"{self.full} × {given.text} ÷ {self.aspect.scale}"),
        )

    @classmethod
    def texts(cls, aspect: Mapping[str, Any], *, is_own: bool) -> dict[str, str]:
        """Texts of the fields; `scale` only where no level has words: no form asks for it."""
        texts = super().texts(aspect, is_own=is_own)
        if is_own and "levels" not in texts:
            texts["scale"] = str(aspect.get("scale", _USUAL_SCALE))
        return texts

    @classmethod
    def form_faults(cls, own: Own) -> Iterator[Fault]:
        if len(lines_in(own.get("levels", ""))) < _FEWEST_LEVELS:
            yield "levels", msg("每一档写一行，从 0 档起，一般四行，至少两行")

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example one level below the highest."""
        levels = own.get("levels", "").splitlines()
        top = len(levels) - 1 if levels else int(own.get("scale") or _USUAL_SCALE)
        return Example(value=str(max(top - 1, 0)), note=msg("档"), most=str(top), step="1")

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        levels = own.get("levels", "").splitlines()
        if not levels:
            return f"分 {int(own.get('scale') or _USUAL_SCALE) + 1} 档，没有写明", []
        return f"分 {len(levels)} 档", numbered(levels, start=0)

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        match = re.fullmatch(r"分 ?(\d{1,3}) ?档(，没有写明)?", head)
        if match is None:
            return None
        count = int(match[1])
        if match[2]:
            return {"scale": str(count - 1)}, 0
        levels = read_numbered(below[:count], start=0) if len(below) >= count else None
        return None if levels is None else ({"levels": levels}, count)

    @classmethod
    def guessed(cls, text: str, parts: Sequence[str]) -> Own | None:
        """Guess levels with their numbers: a line each, or all in one line."""
        lines = [line.strip(" ，；;。") for line in text.split("\n")]
        if len(lines) == 1:
            cut = re.split(r"(?<![\d.])(?=[0-9][^\d.])", text)
            lines = [part.strip(" ，；;。") for part in cut if part]
        matches = [re.fullmatch(r"(\d)(?:\s*[档级分])?[.、:：\s]*([^\d\s].*)", it) for it in lines]
        numbers = [int(it[1]) for it in matches if it]
        if len(matches) < _GUESSED_LEVELS or numbers != list(range(len(matches))):
            return None
        return {"levels": "\n".join(it[2].strip() for it in matches if it)}
