"""The refused rows come back as a workbook to mend and upload again."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from compete.sheets.registration.reading import read_registration
from compete.sheets.registration.template import write_refused_workbook
from tests.sheets.people import (
    HEADER,
    ID_1,
    ID_2,
    one_row,
    plan_of,
    raw_workbook,
    reasons,
    workbook_of,
)


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def mended(data: bytes, changes: dict[str, Any]) -> bytes:
    """The workbook after somebody typed into some cells."""
    book = opened(data)
    for cell, value in changes.items():
        book["选手"][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PLAN = plan_of(
    workbook_of(
        one_row(),
        one_row(name="", id_number=ID_2, unit="海洲港", code="007"),
        one_row(name="=1+1", id_number="3.20000E+17"),
    )
)
BACK = write_refused_workbook(PLAN)


def test_it_holds_the_refused_rows_only_each_with_its_reasons_in_front() -> None:
    sheet = opened(BACK)["选手"]
    assert sheet["A2"].value == "原因"
    assert [sheet.cell(row, 1).value for row in (4, 5, 6)] == [
        "原第 5 行\n姓名 C4：没填\n单位 F4：没有“海洲港”。是不是“海州港”？",
        "原第 6 行\n证件号码 E5：被存成数字，末几位已丢。请设为文本再填",
        None,
    ]


def test_the_bad_cells_are_marked_and_no_others() -> None:
    sheet = opened(BACK)["选手"]
    marked = [cell.coordinate for cell in sheet[4] if cell.fill.start_color.rgb == "00FBECE7"]
    assert marked == ["C4", "F4"]


def test_what_was_typed_is_kept_as_typed() -> None:
    sheet = opened(BACK)["选手"]
    assert [sheet[cell].value for cell in ("B4", "E4", "F4", "C5")] == [
        "007",
        ID_2,
        "海洲港",
        "=1+1",
    ]
    assert sheet["C5"].data_type == "s"
    assert sheet["E5"].number_format == "@"


def test_it_reads_back_with_the_same_reasons_and_without_its_column_of_reasons() -> None:
    table = read_registration(BACK)
    assert table.notices == ()
    again = plan_of(BACK)
    assert [row.number for row in again.rows] == [4, 5]
    assert reasons(again, 0) == ["姓名 C4：没填", "单位 F4：没有“海洲港”。是不是“海州港”？"]


def test_mended_it_is_taken() -> None:
    data = mended(BACK, {"C4": "钱海峰", "F4": "海州港", "C5": "李晓东", "E5": ID_1})
    plan = plan_of(data)
    assert [reasons(plan, n) for n in (0, 1)] == [[], []]
    first = plan.rows[0].registration
    assert first is not None
    assert (first.name, first.unit, first.code) == ("钱海峰", "U01", "007")


def test_columns_of_their_own_come_back_too() -> None:
    header = [*HEADER[:4], "鞋码"]
    plan = plan_of(raw_workbook({"选手": [header, ["", ID_1, "海州港", "叉车司机", 42]]}))
    sheet = opened(write_refused_workbook(plan))["选手"]
    assert (sheet["AB2"].value, sheet["AB4"].value) == ("鞋码", "42")


def test_a_formula_comes_back_as_the_value_it_had() -> None:
    plan = plan_of(raw_workbook({"选手": [HEADER[:4], ["=A9", ID_1, "海州港", "叉车司机"]]}))
    sheet = opened(write_refused_workbook(plan))["选手"]
    assert sheet["C4"].value is None
    assert "是公式" in sheet["A4"].value


def test_refused_units_come_back_with_their_reasons() -> None:
    plan = plan_of(
        raw_workbook(
            {
                "选手": [HEADER[:4], ["赵启明", ID_1, "丙公司", "叉车司机"]],
                "单位": [["单位名称", "统一社会信用代码"], ["甲公司", None], ["丙公司", "123"]],
            }
        )
    )
    book = opened(write_refused_workbook(plan))
    sheet = book["单位"]
    assert [sheet["C4"].value, sheet["D4"].value, sheet["C5"].value] == ["丙公司", "123", None]
    assert sheet["A4"].value == "统一社会信用代码 D4：统一社会信用代码要 18 位，现在是 3 位"
    assert "甲公司" in [row[1].value for row in book["选项"].iter_rows()]


def test_broken_characters_can_be_written_back() -> None:
    plan = plan_of(workbook_of(one_row(name="赵\x07明"), one_row(name="赵_x0007_明")))
    sheet = opened(write_refused_workbook(plan))["选手"]
    assert "\x07" not in sheet["C4"].value


def test_reasons_can_be_in_another_language() -> None:
    english = {
        "%(column)s %(cell)s：%(what)s": "%(column)s %(cell)s: %(what)s",
        "没填": "missing",
        "姓名": "Name",
    }
    data = write_refused_workbook(PLAN, lambda text: english.get(text, text))
    assert "Name C4: missing" in opened(data)["选手"]["A4"].value
