"""A workbook that passed the checks, with its sheets ready to be read in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from compete.sheets.workbook.archive import BROKEN, unpack
from compete.sheets.workbook.limits import DEFAULT_LIMITS, Limits, check_size
from compete.sheets.workbook.parts import SheetPart, list_sheets
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import SheetScan, scan_sheet
from compete.sheets.workbook.sniff import require_zip
from compete.sheets.workbook.volume import check_text_volume

_MANY = 20_000
"""Rows from which on it matters how much memory their texts take."""
Cell = str | float | bool | date | datetime | time | timedelta
"""A cell's value; numbers are always floats, an empty cell is `''`."""


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A visible worksheet; `rows` begins with row 1 and column A."""

    name: str
    rows: list[list[Cell]]
    scan: SheetScan


class OpenedWorkbook:
    """Visible worksheets in the order of their tabs, each read when asked for."""

    def __init__(
        self,
        book: CalamineWorkbook,
        sheets: list[SheetPart],
        scans: dict[str, SheetScan],
        *,
        has_macros: bool,
    ) -> None:
        self._book = book
        self._scans = scans
        self.names = tuple(sheet.name for sheet in sheets if sheet.visible)
        self.has_macros = has_macros

    def sheet(self, name: str) -> OpenedSheet:
        """Read one sheet whole. `KeyError` for a name that is not in `names`.

        What stands in many cells of a large one, as a unit's name does, is one text in memory.
        """
        known: dict[str, str] = {}
        with _reader_errors():
            sheet = self._book.get_sheet_by_name(name)
            # The reader leaves out empty columns before the first, not empty rows.
            before: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
            each = sheet.iter_rows()
            if sheet.height > _MANY:
                rows = [
                    before
                    + [known.setdefault(cell, cell) if type(cell) is str else cell for cell in row]
                    for row in each
                ]
            else:
                rows = [before + row for row in each] if before else list(each)
        return OpenedSheet(name, rows, self._scans[name])


def open_workbook(data: bytes, limits: Limits = DEFAULT_LIMITS) -> OpenedWorkbook:
    """Check a file from a stranger and open it; `WorkbookError` says what is wrong.

    Nothing is inflated, and no cell is built, before its size is known to be
    within `limits`.
    """
    check_size(data, limits)
    require_zip(data)
    archive = unpack(data, limits)
    sheets = list_sheets(archive.parts)
    scans = {sheet.name: scan_sheet(archive.parts[sheet.path], limits) for sheet in sheets}
    pointers = [(archive.parts[sheet.path], scans[sheet.name].shared_texts) for sheet in sheets]
    check_text_volume(archive.shared_texts, pointers, limits)
    with _reader_errors():
        book = CalamineWorkbook.from_filelike(archive.as_plain_zip())
    return OpenedWorkbook(book, sheets, scans, has_macros=archive.has_macros)


def check_upload(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse at once what is too large or no workbook at all; `WorkbookError` says why."""
    check_size(data, limits)
    require_zip(data)


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
