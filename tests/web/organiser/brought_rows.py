"""A workbook of rows as a form of the desk sends it, and what its preview would have written."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from io import BytesIO

from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook


def sent(*rows: Sequence[object]) -> dict[str, object]:
    """The form with a workbook of these rows, the headings first."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(out := BytesIO())
    return again(out.getvalue())


def again(content: bytes) -> dict[str, object]:
    """The form with a workbook as it was exported."""
    return {"workbook": (BytesIO(content), "表.xlsx")}


def packed(preview: str) -> dict[str, str]:
    """What the preview's form sends."""
    (rows,) = re.findall(r'name="rows" value="([^"]+)"', preview)
    return {"rows": html.unescape(rows)}


def column(content: bytes, number: int) -> set[object]:
    """What stands in one column of the first sheet, from 0."""
    return {row[number] for row in load_workbook(BytesIO(content)).worksheets[0].values}


def refuses_what_no_preview_packs(desk: FlaskClient, address: str) -> bool:
    """Whether rows are refused that no preview offered to write."""
    made_up = ("x", '[{"id": "1"}]', '[{"name": 1}]', '[{"name": ""}]')
    return {desk.post(address, data={"rows": rows}).status_code for rows in made_up} == {400}
