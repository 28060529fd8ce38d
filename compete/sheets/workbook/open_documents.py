"""Sheets of an OpenDocument workbook (.ods): cells, merged areas, hidden rows, errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from compete.sheets.workbook.cells import Cell, Fault, as_fault
from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.scan import SheetScan, check_extent
from compete.sheets.workbook.xml import local_name, walk_elements

_NUMBERS = ("float", "percentage", "currency")


@dataclass(slots=True)
class DocumentSheet:
    """A sheet with its cells from row 1 and column A."""

    name: str
    visible: bool = True
    rows: list[list[Cell]] = field(default_factory=list)
    scan: SheetScan = field(default_factory=SheetScan)


def read_document(xml: bytes, limits: Limits) -> list[DocumentSheet]:
    """The sheets of a `content.xml`. `WorkbookError` if broken or beyond the limits."""
    hidden: set[str] = set()
    style = ""

    def styles(name: str, attributes: dict[str, str]) -> None:
        nonlocal style
        tag = local_name(name)
        if tag == "style":
            style = _of(attributes, "name")
        elif tag == "table-properties" and _of(attributes, "display") == "false":
            hidden.add(style)

    walk_elements(xml, styles)
    reader = _Reader(hidden, limits)
    walk_elements(xml, reader.start, text=reader.text, end=reader.end)
    return reader.sheets


def _of(attributes: dict[str, str], wanted: str) -> str:
    for name, value in attributes.items():
        if local_name(name) == wanted:
            return value
    return ""


class _Reader:
    def __init__(self, hidden: set[str], limits: Limits) -> None:
        self.hidden, self.limits = hidden, limits
        self.sheets: list[DocumentSheet] = []
        self.row = self.column = 0
        self.times = 1
        self.blank_rows = 0
        self.cells: list[Cell] = []
        self.cell: dict[str, str] | None = None
        self.pieces: list[str] = []
        self.paragraphs = 0
        self.deaf = 0
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "table": self._table,
            "table-row": self._row,
            "table-cell": self._cell,
            "covered-table-cell": self._cell,
            "p": self._paragraph,
            "line-break": lambda _said: self._add("\n"),
            "s": lambda said: self._add(" " * min(int(_of(said, "c") or 1), 100)),
            "annotation": self._annotation,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if (begin := self.starts.get(local_name(name))) is not None:
            begin(attributes)

    def text(self, piece: str) -> None:
        self._add(piece)

    def end(self, name: str) -> None:
        tag = local_name(name)
        if tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "table-row":
            self._end_row()
        elif tag == "annotation":
            self.deaf -= 1

    def _table(self, said: dict[str, str]) -> None:
        name = _of(said, "name") or f"Sheet{len(self.sheets) + 1}"
        shows = _of(said, "style-name") not in self.hidden
        self.sheets.append(DocumentSheet(name, shows))
        self.row = self.blank_rows = 0

    def _row(self, said: dict[str, str]) -> None:
        self.times = max(int(_of(said, "number-rows-repeated") or 1), 1)
        self.cells, self.column = [], 0
        if _of(said, "visibility") in ("collapse", "filter") and self.sheets:
            rows = range(self.row + 1, min(self.row + self.times, self.limits.rows) + 1)
            self.sheets[-1].scan.hidden_rows.update(rows)

    def _cell(self, said: dict[str, str]) -> None:
        self.cell, self.pieces, self.paragraphs = said, [], 0

    def _paragraph(self, _said: dict[str, str]) -> None:
        if self.paragraphs:
            self._add("\n")
        self.paragraphs += 1

    def _annotation(self, _said: dict[str, str]) -> None:
        self.deaf += 1

    def _add(self, piece: str) -> None:
        if self.cell is not None and not self.deaf and self.paragraphs:
            self.pieces.append(piece)

    def _end_cell(self) -> None:
        said, self.cell = self.cell, None
        if said is None or not self.sheets:
            return
        times = max(int(_of(said, "number-columns-repeated") or 1), 1)
        value = self._value(said, "".join(self.pieces))
        scan = self.sheets[-1].scan
        row, column = self.row + 1, self.column + 1
        if value != "" or isinstance(value, Fault):
            check_extent(row, self.column + times, self.limits)
            self.cells += [""] * (self.column - len(self.cells)) + [value] * times
            if isinstance(value, Fault):
                for each in range(times):
                    scan.faults[row, column + each] = str(value)
        if _of(said, "formula"):
            scan.formulas.add((row, column))
        down = int(_of(said, "number-rows-spanned") or 1)
        right = int(_of(said, "number-columns-spanned") or 1)
        if down > 1 or right > 1:
            scan.merged.append((row, column, row + down - 1, column + right - 1))
        self.column += times

    @staticmethod
    def _value(said: dict[str, str], shown: str) -> Cell:
        kind = _of(said, "value-type")
        if (fault := as_fault(shown)) is not None or (fault := as_fault(_of(said, "value"))):
            return fault
        if kind in _NUMBERS:
            return float(_of(said, "value") or "nan")
        if kind == "date":
            text = _of(said, "date-value")
            return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        if kind == "boolean":
            return _of(said, "boolean-value") == "true"
        formula = _of(said, "formula")
        if formula and not kind and not shown:
            return Fault("=" + formula.partition("=")[2])
        return shown or _of(said, "string-value")

    def _end_row(self) -> None:
        if not self.sheets:
            return
        if self.cells:
            check_extent(self.row + self.times, 1, self.limits)
            rows = self.sheets[-1].rows
            rows += [[] for _each in range(self.row - len(rows))]
            rows += [list(self.cells) for _each in range(self.times)]
        self.row += self.times
