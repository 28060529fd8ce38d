"""The rows of schemes of marking: aspects with their full marks, and sums held against them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.cells import fault_words, read_decimal
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.shapes import Column, Reading, ReadRow
from compete.sheets.reading.words import one_line
from compete.sheets.scheme_aspects import SchemeAspect
from compete.sheets.workbook.cells import Cell, Fault

LEVELS = ("0", "1", "2", "3")
_LEVEL = re.compile(
    r"(?:^|[\n;；])[^\S\n]*(?:level|score|等级)?[^\S\n]*([0-3])[^\S\n]*[分级档]?"
    r"(?:[^\S\n]*[-–—:：=.、)）]+[^\S\n]*|[^\S\n]+)",
    re.I,
)


@dataclass(slots=True, kw_only=True)
class FoundAspect:
    """An aspect as it was read; what is odd about it was asked at its row."""

    known: Understanding
    row: int
    aspect: SchemeAspect
    rule: str
    """The words about how marks are given, without levels that they say."""
    levels: Sequence[str]
    odd: bool
    """True if its full marks are no number: they were asked about, and stand as written."""
    says_type: bool
    """True if the sheet says how marks are given."""
    guessed: bool = False
    """True if words that were written by hand were taken for that."""
    judged: bool = False
    """True for J of an international form."""
    more: Mapping[str, str] = field(default_factory=dict)
    """What only a labour competition's rows say: the department, the cycle."""
    strays: Sequence[str] = ()
    """The cells of levels that stand below it though it is not J."""


@dataclass(slots=True)
class SchemeRows:
    """The rows of a sheet's schemes: aspects, headings alone, and by row the sums that differ.

    Reading ends after `most` aspects, and of the words on marking so many characters count as are
    `longest`, where a file may come from anybody.
    """

    most: int | None = None
    longest: int | None = None
    aspects: list[FoundAspect] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    sums: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """What a row says, and what its aspects come to."""
    pending: list[tuple[Understanding, int, str, Decimal, Decimal]] = field(default_factory=list)
    """Sums that differ from those of their own table: table, row, column, what it says, is."""

    def is_full(self) -> bool:
        """True if there are more aspects than anybody wants."""
        return self.most is not None and len(self.aspects) > self.most


class Scheme:
    """The part that both forms share: aspects with their marks, and sums held against them."""

    def __init__(self, reading: Reading, rows: SchemeRows) -> None:
        self.reading, self.rows = reading, rows
        self.total = Decimal(reading.total or 0)
        self.names: dict[tuple[str, str], int] = {}

    def ask(
        self,
        known: Understanding,
        row: int,
        column: Column | None,
        field: str | None,
        text: str,
        why: Message,
    ) -> None:
        letters = column.letters if column is not None else ""
        self.reading.ask(known.grid.name, row, letters, field, text, why)

    def most(self, known: Understanding, row: int) -> tuple[str, bool]:
        """The full marks of a row, and whether something else was asked about in their place."""
        for column in known.of("max"):
            cell = known.value(row, column.place)
            if cell == "":
                continue
            if isinstance(cell, Fault):
                self.ask(known, row, column, "max", str(cell), fault_words(cell))
                return "", True
            if known.grid.lent(row, column.place):
                why = msg("配分和上一行合成了一格，每行各写各的")
                self.ask(known, row, column, "max", cell_text(cell), why)
                return "", True
            value, why_not = read_decimal(_bare(cell), comma_is_point=True)
            if (
                why_not is None
                and value is not None
                and (
                    Decimal(str(value)) < 0 or (isinstance(cell, str) and cell.strip()[:1] in "+＋")
                )
            ):
                why_not = msg("“%(text)s”是加分或扣分，不是配分", text=cell_text(cell))
            if why_not is not None:
                self.ask(known, row, column, "max", cell_text(cell), why_not)
                return cell_text(cell), True
            return str(value), False
        return "", False

    def rule(self, known: Understanding, row: int) -> str:
        """The words about how marks are given, all of them, lines kept."""
        texts = []
        for column in known.of("rule"):
            cell = known.value(row, column.place)
            if cell != "" and not isinstance(cell, Fault):
                lines = (line.strip() for line in cell_text(cell)[: self.rows.longest].splitlines())
                texts.append("\n".join(line for line in lines if line))
        return "\n".join(dict.fromkeys(texts))

    def add(self, scheme_row: FoundAspect) -> None:
        """Add an aspect; ask about two of one name under one criterion."""
        known, row, aspect = scheme_row.known, scheme_row.row, scheme_row.aspect
        column = next(iter(known.of("name")), None)
        if not aspect.name:
            self.ask(known, row, column, "name", "", msg("考核要点没写"))
        key = aspect.criterion, aspect.name
        if aspect.name and key in self.names:
            why = msg("和第 %(row)s 行的评分点重名", row=self.names[key])
            self.ask(known, row, column, "name", aspect.name, why)
        self.names.setdefault(key, row)
        if aspect.max and not scheme_row.odd:
            self.total += Decimal(aspect.max)
        elif not scheme_row.odd:
            column = next(iter(known.of("max")), None)
            self.ask(known, row, column, "max", "", msg("配分没写"))
        values = {
            "criterion": aspect.criterion,
            "name": aspect.name,
            "max": "" if scheme_row.odd else aspect.max,
            "rule": scheme_row.rule,
            "type": aspect.type,
            "levels": [*scheme_row.levels],
        }
        values = {key: value for key, value in values.items() if value}
        values |= scheme_row.more
        self.reading.rows.append(ReadRow(known.grid.name, row, values))
        self.reading.total = plain(self.total)
        self.rows.aspects.append(scheme_row)

    def differs(
        self, known: Understanding, row: int, column: str, claimed: Decimal, total: Decimal
    ) -> None:
        """Ask about a sum that its aspects do not come to."""
        if claimed != total:
            why = msg(
                "写的合计是 %(said)s，上面的配分加起来是 %(found)s",
                said=plain(claimed),
                found=plain(total),
            )
            self.reading.ask(known.grid.name, row, column, "max", plain(claimed), why)
            self.rows.sums[row] = claimed, total


def _bare(cell: Cell) -> Cell:
    """A cell of points without brackets around it: （40分） is 40分."""
    return cell.strip().strip("（）()") if isinstance(cell, str) else cell


def number_at(known: Understanding, row: int, column: Column) -> Decimal | None:
    value, why = read_decimal(known.value(row, column.place), comma_is_point=True)
    return None if value is None or why is not None else Decimal(str(value))


def line_at(known: Understanding, row: int, column: Column) -> str:
    cell = known.value(row, column.place)
    return "" if isinstance(cell, Fault) else one_line(cell_text(cell))


def text_at(known: Understanding, row: int, columns: Sequence[Column]) -> str:
    return next((text for it in columns if (text := line_at(known, row, it))), "")


def letter_of(kind: str) -> str:
    """`M` or `J`, also in older and in Chinese words; empty for another type."""
    plain_kind = kind.strip().casefold()
    if plain_kind.startswith(("j", "s", "评判", "评价", "主观")):
        return "J"
    return "M" if plain_kind.startswith(("m", "o", "测量", "客观")) else ""


def levels_in(text: str) -> tuple[list[str], str]:
    """The four levels that one cell says, from 0 up, and what else stands before them.

    Each begins with its number, or they are the cell's four lines; none where they are not four.
    """
    marks = list(_LEVEL.finditer(text))
    numbers = [mark[1] for mark in marks]
    if sorted(numbers) == [*LEVELS] and numbers in ([*LEVELS], [*reversed(LEVELS)]):
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        words = [one_line(text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
        if all(words):
            by_number = dict(zip(numbers, words, strict=True))
            return [by_number[number] for number in LEVELS], text[: marks[0].start()].strip()
    lines = [one_line(line) for line in text.splitlines() if line.strip()]
    return (lines, "") if not marks and len(lines) == len(LEVELS) else ([], text)
