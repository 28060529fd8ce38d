"""Cells of a scheme's sheet as texts; merged ones filled, so that each row says it all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.scheme_aspects import SchemeAspect
from compete.sheets.workbook.cells import Cell, Fault
from compete.sheets.workbook.opened import OpenedSheet

LONGEST_NAME, LONGEST_WORDS = 200, 2000
"""Characters of a name, and of words about how marks are given."""
_COMMA = re.compile(r"\d+[,，]\d{1,2}")
_SPACE = re.compile(r"[^\S\n]+")
_CALLED = re.compile(r"[（(]?(评分|配分)(标准|细则|办法|表)*[）)]?$")
_DIGITS = 15


@dataclass(slots=True)
class Grid:
    """A sheet as texts; rows and columns count from 0, `blank` is what lies outside."""

    sheet: OpenedSheet
    rows: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [[_text(cell) for cell in row] for row in self.sheet.rows]

    def at(self, row: int, column: int | None) -> str:
        """The text of a cell, empty outside the sheet and for a column that there is not."""
        if column is None or row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]

    def title_above(self, row: int) -> str:
        """The first text that stands alone in a row above this one, if it can be a name."""
        for cells in self.rows[:row]:
            if len(found := set(filter(None, cells))) == 1:
                text = " ".join(found.pop().split())
                return _CALLED.sub("", text).strip() if len(text) <= LONGEST_NAME else ""
        return ""

    def line(self, row: int, column: int | None) -> str:
        """The text of a cell as one line."""
        return " ".join(self.at(row, column).split())

    def number(self, row: int, column: int | None) -> tuple[str, Message | None]:
        """A cell as the form takes a number, and why it is none if that is plain."""
        if column is None:
            return "", None
        text = self.line(row, column)
        cell = self.sheet.rows[row][column] if text else ""
        if isinstance(cell, Fault) and cell.is_formula:
            return "", msg("是公式，没有算出的值。复制后“选择性粘贴”成数值再传")
        if isinstance(cell, date | datetime | time | timedelta | bool):
            return text, msg("“%(text)s”不是数", text=text)
        text = unicodedata.normalize("NFKC", text).strip()
        text = text.removesuffix("分").strip()
        return (text.replace(",", ".") if _COMMA.fullmatch(text) else text), None

    def fill_merged(self, columns: Iterable[int], first: int) -> None:
        """Fill merged cells of these columns in each of their rows, from row `first` on."""
        for column in set(columns):
            for row, top in self._joined(column, first):
                if (said := self.at(top, column)) and column < len(self.rows[row]):
                    self.rows[row][column] = said

    def joined_below(self, column: int, first: int) -> set[int]:
        """Rows whose cell of this column belongs to a merged one that begins further up."""
        return {row for row, _top in self._joined(column, first)}

    def _joined(self, column: int, first: int) -> Iterator[tuple[int, int]]:
        """Rows below the first of each merged area of the column, and the first."""
        found = 0
        for top, left, bottom, right in self.sheet.scan.merged:
            if left - 1 <= column < right and top - 1 >= first:
                for row in range(top, min(bottom, len(self.rows))):
                    found += 1
                    if found > 2 * len(self.rows):  # areas upon one another: nobody's scheme
                        return
                    yield row, top - 1


def too_long(texts: Sequence[tuple[str, str, int]]) -> list[Message]:
    """Name the texts (name of a column, text, most characters) that are too long."""
    return [
        msg(
            "%(column)s有 %(found)s 个字，最多 %(longest)s 个",
            column=name,
            found=len(text),
            longest=most,
        )
        for name, text, most in texts
        if len(text) > most
    ]


def key(text: str) -> str:
    """Reduce a heading: no spaces, remarks in brackets and stars, in small letters."""
    bare = re.sub(r"\([^()]{0,30}\)", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s*：:]+", "", bare).casefold()


def as_number(text: str) -> Decimal | None:
    """The decimal that a text is, or None."""
    return Decimal(text) if re.fullmatch(r"-?\d{1,18}(\.\d{1,12})?", text, re.ASCII) else None


def sum_of(aspects: Iterable[SchemeAspect]) -> Decimal:
    """The sum of the maxima that are numbers."""
    return sum((as_number(aspect.max) or Decimal(0) for aspect in aspects), Decimal(0))


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        # As it shows: arithmetic in binary leaves 2.1999999999999997 behind.
        shown = format(cell, f".{_DIGITS}g")
        return plain(Decimal(shown)) if abs(cell) < 1e15 else shown
    if isinstance(cell, str):
        lines = (_SPACE.sub(" ", line).strip() for line in cell.splitlines())
        return "\n".join(line for line in lines if line)
    return str(cell)
