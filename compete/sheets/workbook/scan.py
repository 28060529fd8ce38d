"""What a bulk reader does not tell of a sheet: formulas, merged cells, hidden rows, extent.

The bulk reader also sets up a full rectangle around everything it finds, so
two cells in opposite corners would exhaust the memory: the extent is checked
here, before it is let near the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from compete.domain.values import msg
from compete.sheets.workbook.archive import BROKEN
from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.xml import local_name, walk_elements

_Handler = Callable[[dict[str, str]], None]
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class SheetScan:
    """Rows and columns count from 1; `formulas` and `merged` hold (row, column) pairs."""

    last_row: int = 0
    last_column: int = 0
    shared_texts: int = 0
    """How many cells show a text from the shared list."""
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column of each merged area."""
    hidden_rows: set[int] = field(default_factory=set)


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def scan_sheet(xml: bytes, limits: Limits) -> SheetScan:
    """Walk a worksheet part once. `WorkbookError` if broken or beyond the limits."""
    walker = _Walker(limits)
    walk_elements(xml, walker.start)
    return walker.scan


def _pass_over(_attributes: dict[str, str]) -> None:
    """Nothing to see."""


class _Walker:
    """Handlers for one pass; a cell counts once it is seen to hold something."""

    def __init__(self, limits: Limits) -> None:
        self.scan = SheetScan()
        self.limits = limits
        self.row = 0
        self.column = 0
        self.columns: dict[str, int] = {}
        self.row_digits = ""
        by_tag: dict[str, _Handler] = {
            "c": self._cell,
            "v": self._filled,
            "is": self._filled,
            "f": self._formula,
            "row": self._row,
            "mergeCell": self._merged,
        }
        self.by_tag = by_tag
        # By whole names as they come, with the prefix that the writer chose.
        self.handlers: dict[str, _Handler] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.handlers.get(name)
        if handler is None:
            handler = self.by_tag.get(local_name(name), _pass_over)
            self.handlers[name] = handler
        handler(attributes)

    def _row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
        self.row_digits = str(self.row)
        self.column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.scan.hidden_rows.add(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            # Nearly every cell is in its row, in a column that was met before.
            column = self.columns.get(reference.removesuffix(self.row_digits))
            if column is not None and self.row_digits:
                self.column = column
            else:
                self.row, self.column = self._place(reference)
        if attributes.get("t") == "s":
            self.scan.shared_texts += 1

    def _place(self, reference: str) -> tuple[int, int]:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise WorkbookError(BROKEN)
        letters, row = match.groups()
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_number(letters)
        return int(row), column

    def _formula(self, attributes: dict[str, str]) -> None:
        self._filled(attributes)
        self.scan.formulas.add((self.row, self.column))

    def _filled(self, _attributes: dict[str, str]) -> None:
        scan = self.scan
        if self.row > scan.last_row:
            scan.last_row = self.row
            if self.row > self.limits.rows:
                raise WorkbookError(
                    msg(
                        "第 %(row)s 行还有内容，最多读到第 %(limit)s 行。删掉下面多余的行再传",
                        row=self.row,
                        limit=self.limits.rows,
                    )
                )
        if self.column > scan.last_column:
            scan.last_column = self.column
            if self.column > self.limits.columns:
                raise WorkbookError(
                    msg(
                        "%(cell)s 里还有内容，最多读到 %(limit)s 列。删掉右边多余的列再传",
                        cell=f"{column_letters(self.column)}{self.row}",
                        limit=column_letters(self.limits.columns),
                    )
                )

    def _merged(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("ref", "")
        first, _, last = reference.partition(":")
        self.scan.merged.append((*self._place(first), *self._place(last or first)))
