"""Names that a grid has, found in a block however it lies."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from compete.sheets.reading.below_heads import measures_in
from compete.sheets.reading.cells import is_number
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.kinds import VALUES
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import Reading
from compete.sheets.reading.words import reduced
from compete.sheets.workbook.cells import Cell
from compete.sheets.workbook.opened import OpenedSheet, OpenedWorkbook
from compete.sheets.workbook.scan import column_letters

_ENDS = re.compile(
    r"(?<=..)(?:考核得分|考评得分|实际得分|得分|考核分|考评分|评分|分数|分值|完成值|实际值|数值"
    r"|完成情况|情况|值|分)\Z"
)


class Names:
    """Names that there are, found by how they are written elsewhere."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = list(dict.fromkeys(names))
        keys: dict[str, set[str]] = {}
        for name in self.names:
            keys.setdefault(reduced(name), set()).add(name)
        self._keys = {key: next(iter(them)) for key, them in keys.items() if len(them) == 1}
        self._exact = {"".join(name.split()): name for name in self.names}

    def __bool__(self) -> bool:
        """True if there are any."""
        return bool(self.names)

    def sure(self, text: str) -> str | None:
        """The name that a text surely means: without blanks, brackets and units of measure."""
        return self._exact.get("".join(text.split())) or self._keys.get(reduced(text))

    def likely(self, text: str) -> str | None:
        """The name that a text likely means: 应急演练得分 is 应急演练."""
        bare = _ENDS.sub("", reduced(text))
        near = {name for key, name in self._keys.items() if bare in (key, _ENDS.sub("", key))}
        return near.pop() if len(near) == 1 else None

    def like(self, text: str) -> list[str]:
        """The names that have something in common with a text, for a question."""
        bare = _ENDS.sub("", reduced(text))
        pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
        return [name for name in self.names if any(pair in reduced(name) for pair in pairs)][:4]


def laid_out(
    sheet: OpenedSheet, rows: Names, columns: Names
) -> tuple[list[list[Cell]], int, int, bool] | None:
    """A block the right way round: its cells, the column and the first row of known row names.

    The last is whether it was turned. None where none of the row names stands in it.
    """
    cells = [list(row) for row in sheet.rows]
    places = [
        (row, column)
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
        if isinstance(cell, str) and cell and rows.sure(cell) is not None
    ]
    if not places:
        return None
    row, across = _most([row for row, _column in places])
    column, down = _most([column for _row, column in places])
    alone = across == down == 1
    if across > down or (alone and _stand_below(cells, row, column, columns)):
        width = max(map(len, cells))
        turned = [[line[at] if at < len(line) else "" for line in cells] for at in range(width)]
        return turned, row, min(at for line, at in places if line == row), True
    return cells, column, min(line for line, at in places if at == column), False


def _most(places: Sequence[int]) -> tuple[int, int]:
    counts: Mapping[int, int] = {at: places.count(at) for at in dict.fromkeys(places)}
    best = max(counts, key=lambda at: (counts[at], -at))
    return best, counts[best]


def _stand_below(cells: Sequence[Sequence[Cell]], row: int, column: int, columns: Names) -> bool:
    """True if column names stand below and left of a lone row name, not above and right of it."""
    return any(
        isinstance(cell, str) and columns.sure(cell) is not None
        for line in cells[row + 1 :]
        for cell in line[:column]
    )


def read_named(book: OpenedWorkbook, kind: str, **names: Sequence[str]) -> Reading:
    """Read a workbook by the names that there are, as `read_sheets`.

    Of labour values a row or a column of known units is what it is, whatever its heading says.
    """
    units, indicators = Names(names.get("units", ())), Names(names.get("indicators", ()))
    if kind != "values" or not units:
        return read_sheets(book, kind, **names)
    written: dict[tuple[str, int, str], str] = {}

    def headed(name: str) -> OpenedSheet:
        sheet = book.sheet(name)
        place = _head_of_units(sheet, units, indicators)
        if place is None:
            return sheet
        row, column, word = place
        cells = [list(line) for line in sheet.rows]
        cells[row] += [""] * (column + 1 - len(cells[row]))
        written[name, row + 1, column_letters(column + 1)] = cell_text(cells[row][column])
        cells[row][column] = word
        return replace(sheet, rows=cells)

    shown = [(name, True) for name in book.names] + [(name, False) for name in book.hidden]
    reading = read_sheets(OpenedWorkbook(shown, headed), kind, **names)
    for column in reading.columns:
        key = column.sheet, column.head_row, column.letters
        if key in written:
            column.heading = written[key]
    return reading


def _has_numbers(cells: Sequence[Cell], side: int) -> bool:
    """True if most cells beside the names are numbers: the row is none of headings."""
    beside = [cell for at, cell in enumerate(cells) if at != side and cell_text(cell)]
    return bool(beside) and 2 * sum(map(is_number, beside)) > len(beside)


def _head_of_units(
    sheet: OpenedSheet, units: Names, indicators: Names
) -> tuple[int, int, str] | None:
    """The cell that heads the units, where it does not say so, and the word for it."""
    laid = laid_out(sheet, units, indicators)
    if laid is None:
        return None
    cells, side, first, turned = laid
    if not any(
        side < len(line)
        and units.sure(cell_text(line[side]))
        and sum(map(bool, map(cell_text, line))) > 1
        for line in cells
    ):
        # Each stands alone in its row: the rows below it are of that unit.
        return None
    above = [at for at in range(first) if any(map(cell_text, cells[at]))]
    while above and (
        _has_numbers(cells[above[-1]], side) or measures_in(enumerate(cells[above[-1]]))
    ):
        # A row of somebody whom nobody knows stands between, or of units of measure.
        above.pop()
    above = above[-2:]
    if not above:
        return None
    texts = [cell_text(cells[at][side]) if side < len(cells[at]) else "" for at in above]
    wanted = "indicator" if turned else "unit"
    if any(VALUES.field_of(text)[1] == wanted for text in texts if text):
        return None
    head = above[-1]
    if not any(cell_text(cell) for at, cell in enumerate(cells[head]) if at != side):
        return None
    return (side, head, "指标") if turned else (head, side, "单位")
