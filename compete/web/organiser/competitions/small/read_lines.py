"""What was understood of pasted people and items, looked at and mended before it starts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from compete.domain.values.messages import Message
from compete.domain.values.numerals import plain
from compete.services.competitions.small_lines import (
    Answered,
    LineOut,
    Lines,
    PersonLine,
    PointLine,
    lacking_mark,
    total_of,
)
from compete.sheets.reading.lines import whole_steps
from compete.web.language import say

_FIELD = re.compile(r"(?P<kind>[pi])(?P<line>\d{1,5})-(?P<field>name|unit|max|how|off|ok|in)")


def answers() -> tuple[Answered, Answered]:
    """What the page's fields say: of people, and of items."""
    fields: dict[str, dict[int, dict[str, str]]] = {"p": {}, "i": {}}
    agreed: dict[str, set[int]] = {"p": set(), "i": set()}
    taken: dict[str, set[int]] = {"p": set(), "i": set()}
    for name, text in request.form.items():
        match = _FIELD.fullmatch(name)
        if match is None:
            continue
        kind, line, field = match["kind"], int(match["line"]), match["field"]
        if field == "ok":
            agreed[kind].add(line)
        elif field == "in":
            taken[kind].add(line)
        else:
            fields[kind].setdefault(line, {})[field] = text[:400]
    people, items = (
        Answered(fields[kind], frozenset(agreed[kind]), frozenset(taken[kind])) for kind in "pi"
    )
    return people, items


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A row of people: its fields, what is not taken, and what is asked or wrong."""

    line: int
    name: str
    unit: str
    unused: str
    asked: str
    fault: str
    pasted: str
    agreed: bool
    taken: bool

    @property
    def open(self) -> bool:
        """True if somebody has to look."""
        return bool(self.asked or self.fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A row of items, as of people; `offer` is what its full marks may be."""

    line: int
    name: str
    method: str
    off: str
    most: str
    offer: str
    rule: str
    asked: str
    fault: str
    pasted: str
    agreed: bool
    taken: bool

    @property
    def open(self) -> bool:
        """True if somebody has to look."""
        return bool(self.asked or self.fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLines:
    """The page: doubtful rows first, then the others, then what was left out."""

    people: Sequence[PersonRow]
    items: Sequence[ItemRow]
    people_out: Sequence[LineOut]
    items_out: Sequence[LineOut]
    people_lines: int
    items_lines: int
    total: str
    lacking: int
    written_sum: str
    faults: Sequence[str]
    """What is wrong with all of it: too many, or more prizes than people."""

    @property
    def open(self) -> int:
        """How many rows are to be answered."""
        return sum(row.open for row in self.people) + sum(row.open for row in self.items)


def read_lines(
    people: Lines[PersonLine],
    items: Lines[PointLine],
    texts: tuple[str, str],
    answered: tuple[Answered, Answered],
    faults: Sequence[str],
) -> ReadLines:
    """Put what was understood into rows."""
    pasted = [dict(enumerate(text.replace("\r\n", "\n").split("\n"), 1)) for text in texts]
    by_sum = lacking_mark(items)
    people_rows = [
        PersonRow(
            line=it.line,
            name=it.name,
            unit=it.unit,
            unused=it.unused,
            asked=_say(it.asked),
            fault=_say(it.fault),
            pasted=" ".join(pasted[0].get(it.line, "").split()),
            agreed=it.line in answered[0].agreed,
            taken=it.line in answered[0].taken,
        )
        for it in people.rows
    ]
    item_rows = [
        ItemRow(
            line=it.line,
            name=it.name,
            method="score" if it.off is None else "each",
            off="" if it.off is None else plain(it.off),
            most="" if it.most is None else plain(it.most),
            offer=_offer(it, by_sum),
            rule=it.rule,
            asked="" if it.fault else _say(it.asked),
            fault=_say(it.fault),
            pasted=" ".join(pasted[1].get(it.line, "").split()),
            agreed=it.line in answered[1].agreed,
            taken=it.line in answered[1].taken,
        )
        for it in items.rows
    ]
    return ReadLines(
        people=sorted(people_rows, key=lambda row: not row.open),
        items=sorted(item_rows, key=lambda row: not row.open),
        people_out=people.out,
        items_out=items.out,
        people_lines=sum(bool(text.strip()) for text in pasted[0].values()),
        items_lines=sum(bool(text.strip()) for text in pasted[1].values()),
        total=plain(total_of(items.rows)),
        lacking=sum(it.most is None for it in items.rows),
        written_sum="" if items.written_sum is None else plain(items.written_sum),
        faults=faults,
    )


def _offer(point: PointLine, by_sum: object) -> str:
    """What the full marks may be: by the sum that is written, or the end of a range."""
    if point.most is not None:
        return ""
    if isinstance(by_sum, tuple) and by_sum[0] == point.line:
        return plain(by_sum[1])
    steps = whole_steps(point.rule)
    return "" if steps is None else plain(steps[1])


def _say(message: Message | None) -> str:
    return "" if message is None else say(message)


def sum_words(shown: ReadLines) -> str:
    """The sum of full marks, with what is not known yet."""
    return _("%(total)s + ?", total=shown.total) if shown.lacking else shown.total
