"""Workbooks that the product writes come back by their kind with the same values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from compete.sheets.labour_values import write_value_rows
from compete.sheets.reading.known import read_named
from compete.sheets.reading.shapes import Reading
from compete.sheets.scheme_aspects import SchemeAspect, SchemeForm
from compete.sheets.schemes.writing import write_scheme
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.tables import Table, write_tables
from tests.sheets.people import many_rows, one_row, passport_row, port_offer, workbook_of
from tests.sheets.reading.files import id_of

NAN, QING = "江南港集团有限公司", "清江港务有限公司"


def _read(kind: str, content: bytes, **names: Sequence[str]) -> Reading:
    return read_named(open_workbook(content), kind, **names)


def _list(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    return write_tables([Table(name=title, title=f"某竞赛 {title}", columns=columns, rows=rows)])


def _fields(reading: Reading, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values.get(key) for key in keys) for row in reading.rows]


def test_the_registration_workbook_comes_back() -> None:
    people = [*many_rows(4, port_offer()), one_row(), passport_row(name="John Smith")]
    reading = _read("people", workbook_of(*people))
    assert _fields(reading, "name", "id_number", "unit", "event") == [
        tuple(it.get(key) for key in ("name", "id_number", "unit", "event")) for it in people
    ]
    assert _fields(reading, "phone") == [(it.get("phone"),) for it in people]
    assert not reading.asked


def test_a_list_with_masked_numbers_asks_and_takes_no_number() -> None:
    columns = ["编号", "姓名", "成员", "单位", "赛项", "现等级", "证件号码", "手机", "状态"]
    masked = f"{id_of(1)[:4]}{'*' * 10}{id_of(1)[-4:]}"
    rows = [
        ["S01", "张三", None, NAN, "焊工", "三级/高级工", masked, "138****0001", ""],
        ["S02", "李四", None, None, None, None, None, None, "已退赛"],
    ]
    reading = _read("people", _list("选手", columns, rows), events=["焊工"])
    assert _fields(reading, "code", "name", "unit", "event", "id_number", "phone") == [
        ("S01", "张三", NAN, "焊工", None, None),
        ("S02", "李四", None, None, None, None),
    ]
    assert [(it.row, it.field) for it in reading.asked] == [
        *((3, "phone"), (3, "id_number"), (4, None)),
    ]


def test_the_lists_of_judges_and_units_come_back() -> None:
    judges = _list(
        "裁判名单",
        ["编号", "姓名", "单位", "职责", "评什么"],
        [["J01", "王裁", NAN, "裁判长", "实操"], ["J02", "赵平", None, "裁判员", "实操"]],
    )
    assert _fields(_read("judges", judges), "name", "unit", "duty") == [
        *(("王裁", NAN, "chief"), ("赵平", None, "judge")),
    ]
    units = _list("单位名单", ["编号", "名称", "组别"], [["U1", NAN, "甲组"], ["U2", QING, None]])
    assert _fields(_read("units", units), "name", "group") == [(NAN, "甲组"), (QING, None)]


def test_squares_of_a_month_and_a_table_of_marks_come_back_as_numbers() -> None:
    heads = ["编号", "单位", "组", "安全", "产值（万元）", "产值 目标"]
    rows = [["U1", NAN, "甲组", Decimal("90.5"), Decimal("12.5"), 13], ["U2", QING, "", None, 7, 8]]
    values = _read("values", write_value_rows("7月", "2026年7月", heads, rows))
    assert _fields(values, "unit", "indicator", "value", "target") == [
        *((NAN, "安全", "90.5", None), (NAN, "产值", "12.5", "13"), (QING, "产值", "7", "8")),
    ]
    assert [it.row for it in values.remarks] == [4]
    columns = ["名次", "编号", "姓名", "单位", "理论", "实操", "总成绩", "说明"]
    people = [
        [1, "S01", "张三", NAN, Decimal("90.5"), 80, Decimal("85.25"), ""],
        [None, "S02", "李四", QING, "缺考", None, None, "缺考"],
    ]
    marks = _read("marks", _list("焊工", columns, people), modules=["理论", "实操"])
    assert _fields(marks, "code", "module", "mark") == [
        *(("S01", "理论", "90.5"), ("S01", "实操", "80")),
        *(("S02", "理论", "缺考"), ("S02", "实操", None)),
    ]


@pytest.mark.parametrize("form", SchemeForm)
def test_a_scheme_comes_back_in_both_forms(form: SchemeForm) -> None:
    aspects = [
        SchemeAspect(name="着装", criterion="安全", type="measurement", max="10"),
        SchemeAspect(
            name="差错", criterion="安全", type="deduction", max="20.5", own={"points": "2"}
        ),
        SchemeAspect(
            name="平稳",
            criterion="操作",
            type="judgement",
            max="10",
            own={"levels": "差\n中\n良\n优"},
        ),
    ]
    reading = _read("scheme", write_scheme(form, "焊工", "实操", aspects))
    assert _fields(reading, "criterion", "name", "max", "type") == [
        (it.criterion, it.name, it.max, it.type) for it in aspects
    ]
    assert reading.rows[2].values["levels"] == ["差", "中", "良", "优"]
    assert reading.total == "40.5"
    assert not reading.asked
