"""What is struck out or commented on in a sheet is asked about, whatever the format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from compete.sheets.reading.reading import read_sheets
from compete.sheets.registration.reading import read_registration
from compete.sheets.workbook.cell_looks import looks_of, see_looks
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.scan import SheetScan, _records, _stream
from tests.sheets.reading.files import DATA, id_of

_PEOPLE: Sequence[Sequence[Any]] = (
    ("姓名", "身份证号", "手机", "单位"),
    ("张三", id_of(1), "13900000001", "江南港"),
    ("李四", id_of(2), "13900000002", "江南港"),
    ("王五", id_of(3), "13900000003", "江南港"),
)


def _book(
    rows: Sequence[Sequence[Any]],
    struck: Sequence[str] = (),
    comments: Mapping[str, str] | None = None,
    rich: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cell in struck:
        sheet[cell].font = Font(strike=True)
    for cell, text in (comments or {}).items():
        sheet[cell].comment = Comment(text, "王工")
    for cell, (plain, text) in (rich or {}).items():
        sheet[cell] = CellRichText(plain, TextBlock(InlineFont(strike=True), text))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _asked(kind: str, data: bytes) -> list[tuple[str, str]]:
    reading = read_sheets(open_workbook(data), kind)
    return [(f"{it.column}{it.row}", str(it.why)) for it in reading.asked]


def test_a_row_that_is_struck_out_is_asked_once_and_stays() -> None:
    data = _book(_PEOPLE, ["A2", "B2", "C2", "D2", "C3"])
    assert _asked("people", data) == [
        ("A2", "“张三”划掉了，还参加吗"),
        ("C3", "“13900000002”划掉了，还算吗"),
    ]
    assert len(read_sheets(open_workbook(data), "people").rows) == 3
    notices = [str(it) for it in read_registration(data).notices]
    assert any("A2：“张三”划掉了，还参加吗" in it for it in notices)


@pytest.mark.parametrize(
    ("kind", "rows", "struck", "cell"),
    [
        ("judges", [["姓名", "职责"], ["张三", "裁判长"], ["李四", "裁判"]], ["A3", "B3"], "A3"),
        ("units", [["单位", "联系人"], ["甲厂", "张三"], ["乙厂", "李四"]], ["A3"], "A3"),
        ("values", [["单位", "产值"], ["甲厂", 1], ["乙厂", 2]], ["B3"], "B3"),
        ("scheme", [["项目", "配分"], ["外观", 40], ["尺寸", 60]], ["A3", "B3"], "B3"),
        ("marks", [["编号", "成绩"], ["A1", 80], ["A2", 90]], ["B3"], "B3"),
    ],
)
def test_so_it_is_in_every_kind_of_list(
    kind: str, rows: list[list[Any]], struck: list[str], cell: str
) -> None:
    assert [place for place, _why in _asked(kind, _book(rows))] == []
    assert [place for place, _why in _asked(kind, _book(rows, struck))] == [cell]


def test_a_part_of_a_cell_may_be_struck_out() -> None:
    data = _book(_PEOPLE, rich={"A3": ("李小四", "李四")})
    assert _asked("people", data) == [("A3", "“李小四李四”划掉了，还参加吗")]


def test_a_text_of_the_shared_list_may_be_struck_out() -> None:
    parts = {
        "sheet.xml": b'<c r="A2" t="s"><v>0</v></c><c r="A3" s="4" t="s"><v>1</v></c>',
        "xl/sharedStrings.xml": b"<sst><si><t>a</t></si><si><r><rPr><strike/></rPr><t>b</t></r>"
        b'</si><si><r><rPr><strike val="0"/></rPr><t>c</t></r></si></sst>',
    }
    scan = SheetScan()
    see_looks(scan, parts, "sheet.xml", looks_of(parts))
    assert scan.struck == {(3, 1)}


def test_old_and_open_formats_say_it_too() -> None:
    old = bytearray((DATA / "旧格式.xls").read_bytes())
    plain = read_sheets(open_workbook(bytes(old)), "people")
    for _place, kind, body in _records(_stream(bytes(old))):
        if kind == 0x31:
            at = bytes(old).find(body)
            old[at + 2] |= 0x08
    rows = read_sheets(open_workbook(bytes(old)), "people")
    struck = [it.row for it in rows.asked if "划掉了" in str(it.why)]
    assert not any("划掉了" in str(it.why) for it in plain.asked)
    assert struck == [it.row for it in plain.rows]

    data, out = (DATA / "开放格式.ods").read_bytes(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as new:
        for name in book.namelist():
            content = book.read(name)
            if name == "content.xml":
                content = _struck_out(content)
            new.writestr(name, content)
    assert ("A4", "“李四”划掉了，还参加吗") in _asked("people", out.getvalue())


def _struck_out(content: bytes) -> bytes:
    """An open document with the cell of 李四 struck out."""
    style = (
        b'<style:style style:name="gone" style:family="table-cell">'
        b'<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    ends, cell = b"</office:automatic-styles>", "<text:p>李四</text:p>".encode()
    begin = content.rfind(b"<table:table-cell", 0, content.find(cell))
    marked = b'<table:table-cell table:style-name="gone"'
    content = content[:begin] + marked + content[begin + len(b"<table:table-cell") :]
    return content.replace(ends, style + ends)


def test_a_comment_is_told_and_one_that_says_a_state_asked() -> None:
    data = _book(_PEOPLE, comments={"A4": "王工:\n已退赛", "C3": "这是他爱人的电话"})
    assert _asked("people", data) == [("A4", "批注写着“已退赛”，还参加吗")]
    reading = read_sheets(open_workbook(data), "people")
    assert [str(it.why) for it in reading.remarks] == ["C3 的批注没有读：“这是他爱人的电话”"]
    notices = [str(it) for it in read_registration(data).notices]
    assert any("这是他爱人的电话" in it for it in notices)
    assert any("已退赛" in it for it in notices)
