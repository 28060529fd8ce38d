"""A workbook of rows as a form of the desk sends it, and what its preview would have written."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from io import BytesIO

from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook


def sent(*rows: Sequence[object]) -> dict[str, object]:
    """The form with a workbook of these rows, the headings first."""
    return again(book_of(*rows))


def carried(*rows: Sequence[object]) -> dict[str, str]:
    """What a preview of a workbook of these rows sends to have it written."""
    return {"rows": base64.b64encode(book_of(*rows)).decode()}


def book_of(*rows: Sequence[object]) -> bytes:
    """A workbook of these rows."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(out := BytesIO())
    return out.getvalue()


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
    no_file, no_rows = base64.b64encode(b"PK"), base64.b64encode("说明".encode())
    table = base64.b64encode("姓名,类别\n甲,乙".encode())
    far = {"rows": table, f"cell:{'9' * 5000}:name": "甲"}
    made_up = ({"rows": "x"}, {"rows": no_file}, {"rows": no_rows}, {}, far)
    return {desk.post(address, data=data).status_code for data in made_up} == {400}
