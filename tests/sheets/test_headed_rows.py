"""The pool of experts read from a workbook: whatever people call its columns."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from compete.services.directory.expert_fields import EXPERT_FIELDS, EXPERT_ROWS
from compete.sheets.headed_rows import read_headed_rows
from compete.sheets.reading.answers import Answers
from compete.sheets.registration.table import row_name
from compete.sheets.workbook.refusal import WorkbookError


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(*rows: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    return read_headed_rows(workbook(*rows), EXPERT_ROWS)


def test_other_names_of_a_column_are_known() -> None:
    rows = read(
        ("江苏专家库",),
        ("专家姓名", "专家类别", "工作单位", "证书号", "有效期"),
        ("周茹", "考评员", "一公司", "K-1", "2027-01-01"),
    )
    assert rows == [
        (
            3,
            {
                "name": "周茹",
                "kind": "考评员",
                "unit": "一公司",
                "certificate": "K-1",
                "valid_until": "2027-01-01",
            },
        )
    ]


def test_of_two_columns_for_a_field_one_is_read_and_the_other_is_told() -> None:
    rows = read_headed_rows(
        workbook(
            ("姓名", "类别", "单位", "工作单位"),
            ("周茹", "考评员", "", "一公司"),
            ("谢长林", "裁判员", "二公司", "三公司"),
        ),
        EXPERT_ROWS,
    )
    assert [texts.get("unit") for _row, texts in rows] == [None, "二公司"]
    assert any("没有读的列：工作单位" in str(it) for it in rows.notices)
    (column,) = (it for it in rows.columns if it.heading == "工作单位")
    chosen = read_headed_rows(rows.content, EXPERT_ROWS, Answers({column.key: "unit"}))
    assert [texts["unit"] for _row, texts in chosen] == ["一公司", "三公司"]


def test_a_table_that_lacks_a_column_asks_for_it_and_no_table_is_refused() -> None:
    content = workbook(("姓名", "身份", "单位"), ("周茹", "考评员", "一公司"))
    headed_rows = read_headed_rows(content, EXPERT_ROWS)
    assert (list(headed_rows), [str(it) for it in headed_rows.missing]) == ([], ["类别"])
    (column,) = (it for it in headed_rows.columns if it.heading == "身份")
    answers = Answers({column.key: "kind"})
    assert list(read_headed_rows(content, EXPERT_ROWS, answers)) == [
        (2, {"name": "周茹", "kind": "考评员", "unit": "一公司"})
    ]
    unknown = read_headed_rows(workbook(("甲",), ("人员", "名目"), ("周茹", "考评员")), EXPERT_ROWS)
    assert [it.heading for it in unknown.columns] == ["人员", "名目"]
    assert (list(unknown), len(unknown.missing)) == ([], 2)
    keys = [it.key for it in unknown.columns]
    named = Answers(dict(zip(keys, ("name", "kind"), strict=True)))
    content = workbook(("甲",), ("人员", "名目"), ("周茹", "考评员"))
    assert list(read_headed_rows(content, EXPERT_ROWS, named)) == [
        (3, {"name": "周茹", "kind": "考评员"})
    ]
    with pytest.raises(WorkbookError) as refused:
        read(("甲",), ("周茹",))
    assert "姓名" in str(refused.value)
    assert "类别" in str(refused.value)


def test_a_column_that_is_said_to_be_a_field_takes_it_from_another() -> None:
    content = workbook(("姓名", "类别", "单位", "推荐"), ("周茹", "考评员", "一公司", "二公司"))
    answers = Answers({"推荐": "unit"})
    assert [texts["unit"] for _row, texts in read_headed_rows(content, EXPERT_ROWS, answers)] == [
        "二公司"
    ]


def test_rows_of_a_further_sheet_have_numbers_of_their_own() -> None:
    book = Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("第二批")):
        sheet.append(("姓名", "类别"))
        sheet.append(("周茹", "考评员"))
    book.save(out := BytesIO())
    headed_rows = read_headed_rows(out.getvalue(), EXPERT_ROWS)
    assert [row_name(number, headed_rows.sheets) for number, _texts in headed_rows] == [
        "2",
        "第二批!2",
    ]


def test_every_other_name_stands_for_a_field_and_for_no_heading() -> None:
    assert set(EXPERT_ROWS.others.values()) <= set(EXPERT_FIELDS)
    assert not set(EXPERT_ROWS.others) & {str(title) for title in EXPERT_FIELDS.values()}


def test_a_merged_cell_says_the_same_in_each_of_its_rows_and_that_is_told() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("单位", "姓 名", "类别"),
        ("一公司", "周茹", "裁判员"),
        (None, "谢长林", "裁判员"),
        ("合计：2人",),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    out = BytesIO()
    book.save(out)
    headed_rows = read_headed_rows(out.getvalue(), EXPERT_ROWS)
    assert [texts["unit"] for _row, texts in headed_rows] == ["一公司", "一公司"]
    notice_text = " ".join(str(notice) for notice in headed_rows.notices)
    assert "第 3 行：有合并单元格" in notice_text
    assert "合计" in notice_text


def test_an_error_is_named_with_its_cell() -> None:
    content = workbook(("姓名", "类别", "单位"), ("周茹", "裁判员", "#N/A"))
    headed_rows = read_headed_rows(content, EXPERT_ROWS)
    assert "C2" in str(headed_rows.faults[2]["unit"])
    right = read_headed_rows(content, EXPERT_ROWS, Answers(cells={(2, "unit"): "一公司"}))
    assert not right.faults
    assert list(right) == [(2, {"name": "周茹", "kind": "裁判员", "unit": "一公司"})]
