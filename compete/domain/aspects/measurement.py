"""`measurement`: yes or no; with `bands`, a deviation that falls into one of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from compete.domain.aspects.form_fields import (
    NO,
    NUMBER,
    YES,
    Example,
    LinesField,
    Own,
    SchemeKeys,
    SchemeWords,
    lines_in,
)
from compete.domain.aspects.kind import (
    ZERO,
    Accepts,
    AspectKind,
    Fault,
    Given,
    Limits,
    Value,
    extra_number,
    marks_text,
)
from compete.domain.values.bounds import too_low
from compete.domain.values.equations import number_text
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import Number, exact

_WIDEST, _TIMES_WIDEST = Decimal(1000), Decimal(1000)

_BAND = (
    rf"(?:偏差)? ?[≤±]? ?{NUMBER} ?[^\d\s，；,;]{{0,6}}?"
    rf"(?:以内|之内|内|以下)[得：:]? ?(-?{NUMBER}) ?分"
)
_BEYOND = r"(?:以外|再大|超出|其余|其他|否则)(?:得|不得)? ?(?:0 ?)?分?"


class _BandsField(LinesField, frozen=True, kw_only=True):
    """A line for each band: the deviation and its marks."""

    def tidy(self, typed: str) -> str:
        return super().tidy(unicodedata.normalize("NFKC", typed))

    def text(self, aspect: Mapping[str, Any]) -> str:
        bands = aspect.get("bands") or ()
        return "\n".join(
            f"{plain(Decimal(it['within']))} {plain(Decimal(it['marks']))}" for it in bands
        )

    def file_values(self, text: str) -> dict[str, Any]:
        cut = [line.replace("，", " ").replace(",", " ").split() for line in lines_in(text)]
        return {"bands": [{"within": line[0], "marks": " ".join(line[1:])} for line in cut if line]}


class Measurement(AspectKind):
    title = msg("测量")
    alone = ("bands",)
    read = ("bands",)
    fields = (
        _BandsField(
            key="bands",
            label=msg("每行：偏差不超过多少、得几分；空着就是合格不合格"),
            short=msg("偏差和得分"),
            hint="10 10",
        ),
    )

    def faults(self) -> Iterator[Fault]:
        for index, band in enumerate(self.aspect.bands):
            fault = too_low(band.within, 0)
            if fault is not None:
                yield f"bands[{index}].within", fault
            if band.marks > self.aspect.max:
                yield (
                    f"bands[{index}].marks",
                    msg(
                        "这一档得 %(found)s 分，不能超过评分点满分 %(max)s",
                        found=plain(band.marks),
                        max=plain(self.aspect.max),
                    ),
                )

    def oddities(self) -> Iterator[Fault]:
        for index, band in enumerate(self.aspect.bands):
            if band.marks < 0:
                yield f"bands[{index}].marks", msg("这一档的得分低于 0")

    def accepts(self) -> Accepts:
        return _is_number if self.aspect.bands else _is_truth

    def accepted_words(self) -> Message:
        return msg("不加引号的 true 或 false") if self.is_yes_no else msg("偏差的数值")

    def limits(self) -> Limits:
        if self.is_yes_no:
            return None, None
        widest = max(_WIDEST, _TIMES_WIDEST * self.aspect.bands[-1].within)
        least, most = extra_number(self.aspect, "least"), extra_number(self.aspect, "most")
        return (-widest if least is None else least), (widest if most is None else most)

    @property
    def is_yes_no(self) -> bool:
        return not self.aspect.bands

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range: up to twice what the widest band holds, or others have."""
        if self.is_yes_no:
            return None
        near = self.near([abs(other) for other in others])
        most = max(2 * self.aspect.bands[-1].within, near[1] if near else ZERO)
        return -most if self.limits()[0] is None else ZERO, most

    def marks(self, value: Value) -> Number:
        if self.is_yes_no:
            return exact(self.aspect.max) if value else 0
        deviation = _size(exact(value))
        for band in self.aspect.bands:
            if deviation <= exact(band.within):
                return exact(band.marks)
        return 0

    def parts_of_marks(self) -> list[Number]:
        return [exact(band.marks) for band in self.aspect.bands]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> list[Value]:
        """The rung nearest to the given value, in each stretch between edges and beyond."""
        if self.is_yes_no:
            return [False, True]
        sign = -1 if value < 0 else 1
        size = abs(Decimal(value))
        edges = sorted({band.within for band in self.aspect.bands if band.within >= 0})
        nearest = [min(size, edges[0])] if edges else [ZERO]
        nearest += [min(max(size, low + step), high) for low, high in pairwise(edges)]
        nearest.append(max(size, edges[-1] + step) if edges else step)
        return [sign * other for other in sorted(nearest, key=lambda other: abs(other - size))]

    def marking_lines(self) -> list[Message]:
        if self.is_yes_no:
            full = marks_text(self.aspect, self.aspect.max)
            return [msg("合格 %(full)s 分，不合格 0 分", full=full)]
        unit = str((self.aspect.extra or {}).get("unit") or "")
        bands = [
            msg(
                "%(within)s以内 %(marks)s 分",
                within=f"{plain(band.within)} {unit}".rstrip(),
                marks=marks_text(self.aspect, band.marks),
            )
            for band in self.aspect.bands
        ]
        return [*bands, msg("再大 0 分")]

    def explained(self, given: Given) -> Message:
        if self.is_yes_no:
            if given.value:
                return msg("达到，得 %(marks)s 分", marks=number_text(given.marks))
            return msg("没有达到，得 0 分")
        deviation = _size(given.whole)
        for band in self.aspect.bands:
            if deviation <= exact(band.within):
                return msg(
                    "偏差 %(value)s，在 %(within)s 以内，得 %(marks)s 分",
                    value=given.text,
                    within=number_text(exact(band.within)),
                    marks=number_text(given.marks),
                )
        return msg("偏差 %(value)s，超出各档，得 0 分", value=given.text)

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example: good, or what the first band just takes."""
        bands = own.get("bands", "").split()
        if bands:
            return Example(value=bands[0], note=msg("偏差"))
        return Example(value=YES, choices=((YES, msg("合格")), (NO, msg("不合格"))))

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        (field,) = cls.fields
        bands = field.file_values(own.get("bands", ""))["bands"]
        if not bands:
            return "合格得满分，不合格 0 分", []
        lines = [f"{it['within']} 以内 {it['marks']} 分" for it in bands]
        return f"看偏差，分 {len(bands)} 段", lines

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        if re.fullmatch(r"合格得满分，不合格 ?0 ?分", head):
            return {}, 0
        match = re.fullmatch(r"看偏差，分 ?(\d{1,3}) ?段", head)
        if match is None:
            return None
        count = int(match[1])
        bands = [re.fullmatch(_BAND, line) for line in below[:count]]
        lines = [f"{it[1]} {it[2]}" for it in bands if it]
        return ({"bands": "\n".join(lines)}, count) if len(lines) == count else None

    @classmethod
    def guessed(cls, text: str, parts: Sequence[str]) -> Own | None:
        """Guess from text that says nothing but bands, and perhaps what is beyond the last."""
        last = parts[-1:] if len(parts) > 1 and re.fullmatch(_BEYOND, parts[-1]) else []
        bands = [re.fullmatch(_BAND, part) for part in parts[: len(parts) - len(last)]]
        if not bands or not all(bands):
            return None
        return {"bands": "\n".join(f"{it[1]} {it[2]}" for it in bands if it)}


def _size(number: Number) -> Number:
    return number if number >= 0 else -number


def _is_number(value: Any) -> bool:
    return value.__class__ is Decimal


def _is_truth(value: Any) -> bool:
    return value.__class__ is bool
