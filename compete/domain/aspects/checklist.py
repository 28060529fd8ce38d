"""`checklist`: how many of its named `checks` are met, each worth the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from compete.domain.aspects.form_fields import (
    Example,
    LinesField,
    Own,
    SchemeKeys,
    SchemeWords,
    numbered,
    read_numbered,
)
from compete.domain.aspects.kind import (
    ONE,
    Accepts,
    AspectKind,
    Given,
    Steps,
    Value,
    anything,
    marks_text,
    whole_up_to,
)
from compete.domain.values.equations import equation
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, divided, exact

_MET = re.compile(r"met:(?:[0-9]{1,2}(?:,[0-9]{1,2})*)?")


class Checklist(AspectKind):
    title = msg("清单")
    needed = ("checks",)
    alone = ("checks",)
    read = ("checks",)
    fields = (LinesField(key="checks", label=msg("要看的，每条一行"), short=msg("清单")),)
    tells_which = True
    unit = msg("项")

    def accepts(self) -> Accepts:
        return whole_up_to(len(self.aspect.checks)) if self.aspect.checks else anything

    def accepted_words(self) -> Message:
        return msg("达到几项，0 到 %(count)s 的整数", count=len(self.aspect.checks))

    def note_fault(self, note: str | None, value: Value) -> Message | None:
        """Checks that are told must be there, each once, and as many as the value says."""
        places = met_checks(note)
        if places is None:
            return None
        last = len(self.aspect.checks)
        fits = len(set(places)) == len(places) == value and max(places, default=0) < last
        if fits:
            return None
        return msg("“%(name)s”记的是哪几项和项数对不上", name=self.aspect.name)

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The plausible range: from half the least of the others."""
        near = self.near(others)
        return (near[0], Decimal(len(self.aspect.checks))) if near else None

    def marks(self, value: Value) -> Number:
        return divided(exact(self.aspect.max) * exact(value), len(self.aspect.checks))

    def parts_of_marks(self) -> list[Number]:
        return [divided(exact(self.aspect.max), len(self.aspect.checks))]

    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps:
        return Steps(0, len(self.aspect.checks), ONE)

    def marking_lines(self) -> list[Message]:
        points = marks_text(self.aspect, self.aspect.max / len(self.aspect.checks))
        checks = [
            msg("%(place)s. %(text)s", place=place, text=text)
            for place, text in enumerate(self.aspect.checks, 1)
        ]
        return [msg("达到一项得 %(each)s 分", each=points), *checks]

    def explained(self, given: Given) -> Message:
        count = len(self.aspect.checks)
        return msg(
            "%(count)s 项里达到 %(value)s 项：%(equation)s",
            count=count,
            value=given.text,
            equation=equation(given.marks, f"{self.full} × {given.text} ÷ {count}"),
        )

    @classmethod
    def example(cls, own: Own, most: str) -> Example:
        """An example with all checks met but one."""
        count = len(own.get("checks", "").splitlines())
        return Example(
            value=str(max(count - 1, 0)), note=msg("达到几条"), most=str(count), step="1"
        )

    @classmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        checks = own.get("checks", "").splitlines()
        return f"看 {len(checks)} 条，按达到的条数给分", numbered(checks, start=1)

    @classmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        match = re.fullmatch(r"看 ?(\d{1,2}) ?条，按达到的条数给分", head)
        count = int(match[1]) if match else 0
        if match is None or len(below) < count:
            return None
        checks = read_numbered(below[:count], start=1)
        return None if checks is None else ({"checks": checks}, count)


def met_checks(note: str | None) -> list[int] | None:
    """Positions of the checks that a mark's note says are met (`met:0,2`), or None."""
    if note is None or _MET.fullmatch(note) is None:
        return None
    return [int(place) for place in note.removeprefix("met:").split(",") if place]
