"""A sheet's rows stand where they stand in Excel, wherever the first cell is."""

from __future__ import annotations

import io

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from compete.sheets.workbook import opened
from compete.sheets.workbook.opened import open_workbook


@pytest.mark.parametrize("many", [0, 20_000])
@pytest.mark.parametrize("start", [(1, 1), (2, 1), (1, 4), (5, 3)])
def test_rows_begin_with_row_1_and_column_a(
    start: tuple[int, int], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "_MANY", many)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    top, left = start
    for row in range(3):
        for column in range(3):
            sheet.cell(top + 2 * row, left + 2 * column, value=["江南港", 1.5, "江南港"][row])
    out = io.BytesIO()
    book.save(out)
    rows = open_workbook(out.getvalue()).sheet(sheet.title).rows
    plain = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0)
    assert rows == plain.to_python(skip_empty_area=False)
    assert rows[top - 1][left - 1] == "江南港"
    # What stands in several cells of a large sheet is one text.
    assert many or rows[top - 1][left - 1] is rows[top + 3][left + 1]


def test_an_empty_sheet_has_no_rows() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert open_workbook(out.getvalue()).sheet("Sheet").rows == []
