"""A workbook written row by row is the one that is written whole."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from compete.sheets.workbook.tables import Table, Value, write_tables


def test_row_by_row_it_is_the_same_book() -> None:
    rows: list[list[Value]] = [[number, f"=名{number}", None] for number in range(50)]
    table = Table("名单", "名单", ["号", "姓名", "说明"], rows, frozen=1)
    written = [
        load_workbook(BytesIO(write_tables([table], row_by_row=way))).active
        for way in (False, True)
    ]
    whole, long = written
    assert whole is not None
    assert long is not None
    cells = [
        [cell.value for row in worksheet.iter_rows() for cell in row] for worksheet in (whole, long)
    ]
    assert cells[0] == cells[1]
    for worksheet in (whole, long):
        assert worksheet.auto_filter.ref == "A2:C52"
        assert worksheet.freeze_panes == "B3"
        assert not any(cell.data_type == "f" for row in worksheet.iter_rows() for cell in row)
    widths = [book_page.column_dimensions["B"].width for book_page in (whole, long)]
    assert widths[0] == widths[1] > 5
