"""A workbook that passed the checks, with its sheets ready to be read in bulk."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from compete.sheets.workbook.archive import BROKEN, DOCUMENT, Archive, unpack
from compete.sheets.workbook.cells import Cell, Fault, Percent
from compete.sheets.workbook.limits import DEFAULT_LIMITS, Limits, check_size
from compete.sheets.workbook.old_books import scan_old_book
from compete.sheets.workbook.open_documents import read_document
from compete.sheets.workbook.parts import list_sheets, percent_styles
from compete.sheets.workbook.plain_text import text_of, text_rows
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import SheetScan, percent_cells, scan_sheet
from compete.sheets.workbook.sniff import Format, format_of
from compete.sheets.workbook.volume import check_text_volume

_MANY = 20_000
"""Rows from which on it matters how much memory their texts take."""


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A worksheet; `rows` begins with row 1 and column A, cells without a value are `Fault`s."""

    name: str
    rows: list[list[Cell]]
    scan: SheetScan


class OpenedWorkbook:
    """Worksheets in the order of their tabs, each read when asked for; `hidden` are not to be."""

    def __init__(
        self,
        sheets: Sequence[tuple[str, bool]],
        read: Callable[[str], OpenedSheet],
        *,
        has_macros: bool = False,
    ) -> None:
        """`sheets`: the name of each, and whether it shows."""
        self._read = read
        self.names = tuple(name for name, shows in sheets if shows)
        self.hidden = tuple(name for name, shows in sheets if not shows)
        self.has_macros = has_macros

    def sheet(self, name: str) -> OpenedSheet:
        """Read one sheet whole. `KeyError` for a name that is not there."""
        return self._read(name)


def open_workbook(
    data: bytes, limits: Limits = DEFAULT_LIMITS, *, name: str = ""
) -> OpenedWorkbook:
    """Check a file from a stranger and open it; `WorkbookError` says what is wrong.

    Nothing is inflated, and no cell is built, before its size is known to be
    within `limits`. `name` is what the sheet of a plain text is called.
    """
    check_size(data, limits)
    kind = format_of(data)
    if kind is Format.TEXT:
        return _text(data, limits, name)
    if kind is Format.OLD:
        return _old(data, limits)
    archive = unpack(data, limits)
    return _document(archive, limits) if DOCUMENT in archive.parts else _book(archive, limits)


def open_text(text: str, limits: Limits = DEFAULT_LIMITS, *, name: str = "") -> OpenedWorkbook:
    """A block pasted from a spreadsheet, as a workbook of one sheet."""
    rows: list[list[Cell]] = [[*row] for row in text_rows(text, limits)]
    return OpenedWorkbook([(name, True)], lambda _name: OpenedSheet(name, rows, SheetScan()))


def _text(data: bytes, limits: Limits, name: str) -> OpenedWorkbook:
    text = text_of(data)
    if text is None:
        raise WorkbookError(BROKEN)
    return open_text(text, limits, name=name)


def _book(archive: Archive, limits: Limits) -> OpenedWorkbook:
    sheets = list_sheets(archive.parts)
    scans = {sheet.name: scan_sheet(archive.parts[sheet.path], limits) for sheet in sheets}
    styles = percent_styles(archive.parts)
    for sheet in sheets:
        scans[sheet.name].percents = percent_cells(archive.parts[sheet.path], styles)
    pointers = [(archive.parts[sheet.path], scans[sheet.name].shared_texts) for sheet in sheets]
    check_text_volume(archive.shared_texts, pointers, limits)
    with _reader_errors():
        book = CalamineWorkbook.from_filelike(archive.as_plain_zip())
    return OpenedWorkbook(
        [(sheet.name, sheet.visible) for sheet in sheets],
        lambda name: _sheet_of(book, name, scans[name]),
        has_macros=archive.has_macros,
    )


def _old(data: bytes, limits: Limits) -> OpenedWorkbook:
    found = scan_old_book(data, limits)
    with _reader_errors():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return OpenedWorkbook(
        [(name, shows) for name, (shows, _scan) in found.items()],
        lambda name: _sheet_of(book, name, found[name][1]),
    )


def _document(archive: Archive, limits: Limits) -> OpenedWorkbook:
    try:
        sheets = read_document(archive.parts[DOCUMENT], limits)
    except ValueError:
        raise WorkbookError(BROKEN) from None
    found = {sheet.name: sheet for sheet in sheets}
    return OpenedWorkbook(
        [(sheet.name, sheet.visible) for sheet in sheets],
        lambda name: OpenedSheet(name, found[name].rows, found[name].scan),
    )


def _sheet_of(book: CalamineWorkbook, name: str, scan: SheetScan) -> OpenedSheet:
    with _reader_errors():
        rows = _rows_of(book.get_sheet_by_name(name))
    if scan.faults:
        width = max(len(rows[0]) if rows else 0, *(column for _row, column in scan.faults))
        last = max(row for row, _column in scan.faults)
        rows = [row + [""] * (width - len(row)) for row in rows]
        rows += [[""] * width for _each in range(last - len(rows))]
        for (row, column), text in scan.faults.items():
            rows[row - 1][column - 1] = Fault(text)
    for row, column in scan.percents:
        cells = rows[row - 1] if row <= len(rows) else []
        if column <= len(cells) and type(number := cells[column - 1]) is float:
            cells[column - 1] = Percent(number)
    return OpenedSheet(name, rows, scan)


def _rows_of(sheet: CalamineSheet) -> list[list[Cell]]:
    """What stands in many cells of a large sheet, as a unit's name does, is one text in memory."""
    known: dict[str, str] = {}
    # The reader leaves out empty columns before the first, not empty rows.
    before: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    each = sheet.iter_rows()
    if sheet.height > _MANY:
        return [
            before + [known.setdefault(cell, cell) if type(cell) is str else cell for cell in row]
            for row in each
        ]
    return [before + row for row in each] if before else list(each)


def check_upload(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse at once what is too large or no workbook at all; `WorkbookError` says why."""
    check_size(data, limits)
    format_of(data)


@contextmanager
def _reader_errors() -> Iterator[None]:
    """Whatever the reader trips over becomes one sentence for the user.

    A panic inside the reader's native code arrives as a `BaseException` of its own.
    """
    try:
        yield
    except (CalamineError, ValueError, OSError) as error:
        raise WorkbookError(BROKEN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookError(BROKEN) from error
