"""Grid: a sheet as cells, with merged areas filled, and the separate texts of a row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from compete.sheets.workbook.archive import BROKEN
from compete.sheets.workbook.cells import Cell, Fault, as_fault
from compete.sheets.workbook.opened import OpenedSheet
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import column_letters

_BOXES = 18
_DITTOS: frozenset[Cell] = frozenset(
    sign + blank
    for sign in (
        *(
            "同上",
            "〃",
            "″",
            "”",
            '"',
            "“",
            "''",
            "’’",
            "，，",
            "々",
            "同 上",
            "(同上)",
            "（同上）",
        ),
        *("''", "””", "“”", '""', "同前", "上同"),
    )
    for blank in ("", " ")
)
"""Signs by which people say: as above."""


def _sign(cell: Cell) -> str:
    """The digit or X of a box; empty for any other cell."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and 0 <= cell < 10 else ""
    if isinstance(cell, str):
        text = cell.strip().upper()
        if len(text) == 1 and ((text.isascii() and text.isdigit()) or text in "XＸ×"):
            return "X" if not text.isdigit() else text
    return ""


class Grid:
    """The cells of a sheet. Rows count from 1, columns from 0."""

    def __init__(self, sheet: OpenedSheet) -> None:
        self.sheet = sheet
        self.name = sheet.name
        self.rows = sheet.rows
        self.last = len(sheet.rows)
        self.hidden = sheet.scan.hidden_rows
        self.struck = {(row, column - 1) for row, column in sheet.scan.struck}
        """Cells, row and column, that are struck out."""
        self.comments = {
            (row, column - 1): words for (row, column), words in sheet.scan.comments.items()
        }
        """By row and column what somebody wrote on a cell."""
        self.silent: set[int] = set()
        """Rows that another grid of this sheet tells of."""
        self.boxes: dict[int, int] = {}
        """By row the column in which a number written in eighteen boxes was joined."""
        self.same: dict[int, list[int]] = {}
        """By row the columns in which a ditto sign stood for the cell above."""
        self.loose: dict[int, list[int]] = {}
        """By row the columns of ditto signs that have nothing above them."""
        self.filled = self._filled()
        """By row and column what a merged cell further up lends."""
        self.across = {
            (top, left - 1): min(right, 256)
            for top, left, _bottom, right in sheet.scan.merged
            if right > left
        }
        """By the first cell of an area over several columns the one after its last."""
        self._join_boxes()

    def _filled(self) -> dict[int, dict[int, Cell]]:
        lent: dict[int, dict[int, Cell]] = {}
        totals: dict[int, int] = {}
        for top, left, bottom, _right in self.sheet.scan.merged:
            if bottom == top or top > self.last:
                continue
            value = self._own(top, left - 1)
            down = min(bottom, self.last) - top
            totals[left] = totals.get(left, 0) + down
            if totals[left] > self.last:
                raise WorkbookError(BROKEN)  # areas that overlap, which no program writes
            if value != "":
                for row in range(top + 1, min(bottom, self.last) + 1):
                    lent.setdefault(row, {})[left - 1] = value
        return lent

    def _join_boxes(self) -> None:
        """Join an ID number whose characters stand in a box each."""
        for row in range(1, self.last + 1):
            cells = self.rows[row - 1]
            # Each run of so many cells has one of these.
            if not any(map(_sign, cells[_BOXES - 1 :: _BOXES])):
                continue
            signs = [_sign(cell) for cell in cells]
            at = 0
            while at < len(cells):
                if not signs[at] or signs[at] == "X":
                    at += 1
                    continue
                end = at
                while end < len(cells) and signs[end]:
                    end += 1
                if end - at == _BOXES:
                    joined: list[Cell] = [*cells]
                    joined[at:end] = ["".join(signs[at:end]), *[""] * (_BOXES - 1)]
                    self.put_row(row, joined)
                    self.boxes[row] = at
                at = end
        columns = {*self.boxes.values()}
        for (row, column), last in [*self.across.items()]:
            if any(column <= it < last for it in columns) and last - column >= _BOXES - 1:
                del self.across[row, column]

    def put_row(self, row: int, cells: list[Cell]) -> None:
        """Put other cells in the place of a row's."""
        if self.rows is self.sheet.rows:
            self.rows = [*self.sheet.rows]
        self.rows[row - 1] = cells

    def take_from_left(self, row: int, first: int) -> None:
        """Put what stands on the left in the place of ditto signs, from a column on."""
        cells = [*self.rows[row - 1]]
        for column in range(first, len(cells)):
            if isinstance(cells[column], str) and cells[column] in _DITTOS:
                before = cells[column - 1] if column > first else ""
                signs = self.same if before != "" else self.loose
                signs.setdefault(row, []).append(column)
                cells[column] = before
        if row in self.same or row in self.loose:
            self.put_row(row, cells)

    def take_from_above(self, rows: Sequence[int], columns: Collection[int]) -> None:
        """Put what stands above in the place of ditto signs."""
        before: list[Cell] | None = None
        for row in rows:
            cells = self.rows[row - 1]
            if not _DITTOS.isdisjoint(cells):
                places = [
                    c for c, cell in enumerate(cells)
                    if c in columns and cell.__class__ is str and cell in _DITTOS
                ]  # fmt: skip
                if places:
                    changed = [*cells]
                    for column in places:
                        above = before[column] if before and column < len(before) else ""
                        changed[column] = above
                        signs = self.same if above != "" else self.loose
                        signs.setdefault(row, []).append(column)
                    self.put_row(row, changed)
                    cells = changed
            before = cells
            if row in self.filled:
                before = [self.cell(row, column) for column in range(len(cells))]

    def _own(self, row: int, column: int) -> Cell:
        cells = self.rows[row - 1] if row <= self.last else ()
        value = cells[column] if column < len(cells) else ""
        if value.__class__ is str and (not value or value.isspace()):
            return ""
        return value

    def cell(self, row: int, column: int) -> Cell:
        """The value of a cell; a merged one says the same in all its rows."""
        value = self._own(row, column)
        if value == "" and row in self.filled:
            return self.filled[row].get(column, "")
        if value.__class__ is str and value[:1] in ("#", "E") and (fault := as_fault(value)):
            return fault
        return value

    def lent(self, row: int, column: int) -> bool:
        """True if the cell only says what a merged one further up says."""
        return row in self.filled and column in self.filled[row] and self._own(row, column) == ""

    def own(self, row: int) -> list[tuple[int, Cell]]:
        """The cells of a row that hold anything themselves, with their columns."""
        if not 1 <= row <= self.last:
            return []
        return [
            (column, value)
            for column, value in enumerate(self.rows[row - 1])
            if value.__class__ is not str or (value and not value.isspace())
        ]

    def head(self, row: int) -> dict[int, tuple[str, bool]]:
        """Texts of a row of headings by column, spread over merged areas; whether each is so."""
        texts: dict[int, tuple[str, bool]] = {}
        for column, value in self.own(row):
            last = self.across.get((row, column), column + 1)
            for place in range(column, last):
                texts.setdefault(place, (cell_text(value), last > column + 1))
        for column, value in self.filled.get(row, {}).items():
            texts.setdefault(column, (cell_text(value), False))
        return texts

    def width(self, first: int, last: int) -> int:
        """The number of columns that hold anything in these rows."""
        return max((len(self.rows[row - 1]) for row in range(first, last + 1)), default=0)

    def letters(self, column: int) -> str:
        """The letters of a column; column 0 is A."""
        return column_letters(column + 1)

    def texts(self, rows: Iterator[int], column: int) -> Iterator[str]:
        """The texts in these rows of a column, empty cells left out."""
        for row in rows:
            value = self.cell(row, column)
            if value != "" and not isinstance(value, Fault):
                yield cell_text(value)


def cell_text(value: Cell) -> str:
    """A cell's text as it shows: 3 and not 3.0, no more than fifteen digits."""
    from datetime import datetime

    if value.__class__ is str or isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e18:
            return str(int(value))
        return format(value, ".15g")
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
