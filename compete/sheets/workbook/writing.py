"""Writing cells that people open: text stays text, and one look for all our workbooks."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from compete.sheets.workbook.look import (
    ACCENT,
    BAD,
    FONT,
    HINT,
    INK,
    WHITE,
    could_be_formula,
    safe_text,
)

TEXT_FORMAT = "@"

_SUNKEN, _LINE, _BAD_SOFT = "ECEAE4", "C6C2B7", "FBECE7"

BODY_FONT = Font(name=FONT, size=11, color=INK)
TITLE_FONT = Font(name=FONT, size=16, bold=True, color=INK)
HINT_FONT = Font(name=FONT, size=10, color=HINT)
BAD_FONT = Font(name=FONT, size=11, color=BAD)
_HEADER_FONT = Font(name=FONT, size=11, bold=True, color=WHITE)

_HEADER_FILL = PatternFill("solid", start_color=ACCENT)
EXAMPLE_FILL = PatternFill("solid", start_color=_SUNKEN)
BAD_FILL = PatternFill("solid", start_color=_BAD_SOFT)
BAD_EDGE = Border(bottom=Side("medium", color=BAD))
_HEADER_EDGE = Border(bottom=Side("thin", color=_LINE), right=Side("thin", color=_LINE))
_MIDDLE = Alignment(vertical="center")
WRAPPED = Alignment(vertical="top", wrap_text=True)


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Write a text as text, whatever it begins with; rows and columns count from 1."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # only cells inside merged areas are not
    cell.value = safe_text(text)
    cell.data_type = "s"
    if could_be_formula(text):
        cell.quotePrefix = True  # stays text when someone edits the cell
    cell.font = BODY_FONT
    return cell


def put_header(sheet: Worksheet, row: int, column: int, title: str, hint: str = "") -> Cell:
    """Put a header cell, with a remark that shows when the pointer rests on it."""
    cell = put_text(sheet, row, column, title)
    cell.font, cell.fill, cell.border = _HEADER_FONT, _HEADER_FILL, _HEADER_EDGE
    cell.alignment = _MIDDLE
    if hint:
        cell.comment = Comment(hint, "", height=70, width=240)
    return cell


def saved(book: Workbook) -> bytes:
    """The bytes of the finished workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
