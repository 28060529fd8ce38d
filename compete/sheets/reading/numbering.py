"""Numbers before the rows of a scheme: which rows stand below which, and which are their sums."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from compete.sheets.reading.cells import number_of
from compete.sheets.reading.grid import Grid
from compete.sheets.workbook.cells import Cell

_OF_NUMBERS = frozenset({"栏次", "列次", "行次", "栏号", "列号", "栏目", "甲"})
"""What stands before the numbers of the columns."""
_HAN = "一二三四五六七八九十百"
_STYLES = (
    ("part", re.compile(rf"第[{_HAN}0-9]+(?:部分|章|项|大项|模块|条)")),
    ("han()", re.compile(rf"[（(][{_HAN}]{{1,3}}[)）]")),
    ("han", re.compile(rf"[{_HAN}]{{1,3}}(?=[、.．\s]|$)")),
    ("dotted", re.compile(r"[0-9]{1,3}(?:[-.．—－–][0-9]{1,3})+(?![0-9])")),
    ("num()", re.compile(r"[（(][0-9]{1,3}[)）]|[⑴-⒇]")),
    ("circled", re.compile(r"[①-⑳]")),
    ("num)", re.compile(r"[0-9]{1,3}[)）]")),
    ("num", re.compile(r"[0-9]{1,3}(?=[、.．\s]|$)")),
    ("letter+", re.compile(r"[A-Z][0-9]{1,3}(?=[、.．\s]|$)")),
    ("letter", re.compile(r"[A-Z](?=[、.．\s]|$)")),
)


@dataclass(slots=True)
class Numbered:
    """A row with its number, its points and the rows numbered below it."""

    row: int
    style: str
    number: tuple[str, ...]
    points: Decimal | None
    name: str
    parent: Numbered | None = None
    children: list[Numbered] = field(default_factory=list)

    def path(self) -> list[str]:
        """The names of the rows above it, the highest first."""
        return [*self.parent.path(), self.parent.name] if self.parent is not None else []


def number_of_row(cell: Cell) -> tuple[str, tuple[str, ...], str] | None:
    """The style and parts of a row's number, and the text behind it; None without a number."""
    if isinstance(cell, date):
        return "dotted", (str(cell.month), str(cell.day)), ""
    if isinstance(cell, float):
        if cell.is_integer():
            return "num", (str(int(cell)),), ""
        text = format(cell, ".15g")
    else:
        text = str(cell).strip()
    for style, pattern in _STYLES:
        match = pattern.match(text)
        if match is None:
            continue
        parts = tuple(
            re.findall(rf"[{_HAN}]+|[0-9]+|[A-Z]+", unicodedata.normalize("NFKC", match[0]))
        )
        rest = text[match.end() :].lstrip("、.．:： 　)）")
        return (style if style != "dotted" else f"dotted{len(parts)}"), parts, rest
    return None


def tree_of(rows: Sequence[Numbered]) -> None:
    """Put each row below the one that its number stands under."""
    stack: list[Numbered] = []
    for it in rows:
        if it.style.startswith(("dotted", "letter+")):
            above = _above(stack, it)
            if above is not None:
                while stack[-1] is not above:
                    stack.pop()
            else:
                while stack and (stack[-1].style == it.style or _depth(stack[-1]) > _depth(it)):
                    stack.pop()
        else:
            styles = [other.style for other in stack]
            if it.style in styles:
                del stack[styles.index(it.style) :]
        if stack:
            it.parent = stack[-1]
            stack[-1].children.append(it)
        stack.append(it)


def _depth(row: Numbered) -> int:
    return len(row.number)


def _above(stack: Sequence[Numbered], it: Numbered) -> Numbered | None:
    """The row whose number is the beginning of this one's."""
    for other in reversed(stack):
        if other.style == it.style:
            continue
        if other.number == it.number[:-1] or (
            it.style == "letter+" and other.style == "letter" and other.number == it.number[:1]
        ):
            return other
    return None


def are_column_numbers(grid: Grid, row: int) -> bool:
    """True if a row right below a head only numbers the columns: 1, 2, 3 or 栏次, 1, 2."""
    cells = [value for _column, value in grid.own(row)]
    before = 0
    if cells and isinstance(cells[0], str) and "".join(cells[0].split()) in _OF_NUMBERS:
        column, word = grid.own(row)[0]
        after = grid.cell(row + 1, column)
        if word == "甲" and isinstance(after, str) and after.strip() in ("乙", ""):
            return False
        before = 1
    numbers = [number_of(cell) for cell in cells[before:]]
    return len(cells) >= 3 and numbers == [*range(1, len(numbers) + 1)]
