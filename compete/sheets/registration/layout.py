"""How a sheet of the registration workbook is laid out: title, header, example, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from compete.sheets.registration.columns import Column
from compete.sheets.registration.lists import add_drop_down
from compete.sheets.workbook.writing import (
    BODY_FONT,
    EXAMPLE_FILL,
    HINT_FONT,
    TEXT_FORMAT,
    TITLE_FONT,
    put_header,
    put_text,
)

TITLE_ROW, HEADER_ROW, EXAMPLE_ROW, FIRST_ROW = 1, 2, 3, 4


def lay_out(
    sheet: Worksheet,
    columns: Sequence[Column],
    *,
    title: str,
    first_column: int = 1,
    frozen_columns: int = 0,
    examples: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> None:
    """Title, header and example row; columns count from 1, `sources` are ranges of lists.

    Where Excel would turn digits into numbers, the whole column is set to text.
    """
    put_text(sheet, TITLE_ROW, 1, title).font = TITLE_FONT
    sheet.row_dimensions[TITLE_ROW].height = 30
    sheet.row_dimensions[HEADER_ROW].height = 26
    for place, column in enumerate(columns, start=first_column):
        letter = get_column_letter(place)
        put_header(sheet, HEADER_ROW, place, column.header, str(column.hint))
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        dimension.font = BODY_FONT
        if column.text:
            dimension.number_format = TEXT_FORMAT
        _example(sheet, place, column, (examples or {}).get(column.key, column.example))
        add_drop_down(sheet, column, letter, FIRST_ROW, (sources or {}).get(column.key))
    sheet.freeze_panes = f"{get_column_letter(first_column + frozen_columns)}{FIRST_ROW}"


def _example(sheet: Worksheet, place: int, column: Column, text: str) -> None:
    cell = put_text(sheet, EXAMPLE_ROW, place, text)
    cell.font, cell.fill = HINT_FONT, EXAMPLE_FILL
    if column.text:
        cell.number_format = TEXT_FORMAT


def put_row(
    sheet: Worksheet,
    row: int,
    first_column: int,
    columns: Sequence[Column],
    texts: Mapping[str, str],
) -> None:
    """One row of texts by column key; empty ones leave the cell alone."""
    for place, column in enumerate(columns, start=first_column):
        text = texts.get(column.key, "")
        if text:
            cell = put_text(sheet, row, place, text)
            if column.text:
                cell.number_format = TEXT_FORMAT
