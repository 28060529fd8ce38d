"""Workbooks for trying the reader: files of the real world, and ones made of rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from compete.domain.identity.citizen_id import citizen_check_digit
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import Reading
from compete.sheets.workbook.opened import open_workbook

DATA = Path(__file__).parent / "data"
EVENTS = ("焊工", "电工", "叉车司机")


def reading_of(kind: str, name: str) -> Reading:
    """A file beside this one, read."""
    return read_sheets(open_workbook((DATA / name).read_bytes(), name="表"), kind, EVENTS)


def book_of(
    sheets: dict[str, Sequence[Sequence[Any]]], merged: dict[str, Iterable[str]] | None = None
) -> bytes:
    """A workbook of these rows, with these areas merged."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(kind: str, rows: Sequence[Sequence[Any]], *merged: str) -> Reading:
    """One sheet of these rows, read."""
    content = book_of({"表": rows}, {"表": merged})
    return read_sheets(open_workbook(content), kind, EVENTS)


def id_of(number: int, birth: str = "19900305") -> str:
    """An ID number of nobody, in a region that is not issued."""
    first = f"320000{birth}{number:03}"
    return first + citizen_check_digit(first)
