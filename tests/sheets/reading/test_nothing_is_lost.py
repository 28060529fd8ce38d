"""Workbooks made at random: every row with anything in it and every heading is told somewhere."""

from __future__ import annotations

import random
from typing import Any

import pytest

from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.kinds import KINDS
from compete.sheets.reading.reading import read_sheets
from compete.sheets.workbook.opened import open_workbook
from tests.sheets.reading.files import EVENTS, book_of, id_of

_WORDS = {
    "people": (
        "姓名",
        "性别",
        "身份证号",
        "单位",
        "职务",
        "技能等级",
        "手机",
        "出生年月",
        "编号",
        "身份",
    ),
    "judges": ("姓名", "单位", "职责", "手机", "裁判证号"),
    "units": ("单位名称", "联系人", "电话", "组别"),
    "scheme": ("项目", "考核要点", "配分", "评分标准", "类型"),
    "marks": ("姓名", "编号", "理论成绩", "成绩", "单位", "名次"),
    "values": ("单位", "安全（30分）", "产值 目标", "产值 完成", "合计", "排名"),
}
_CELLS: tuple[Any, ...] = (
    *("张三", "江南港", "男", "高级工", "13900000001", "领队", "裁判", "每处扣1分", "合计", "小计"),
    *(
        "注：如实填写",
        "填表人：李",
        "示例",
        "#N/A",
        "=1+1",
        "待定",
        "?",
        "无",
        1,
        2,
        3.5,
        28,
        None,
        None,
    ),
    *("1990.3", "很长的一段说明文字，不知道是哪一列的，写在这里的人自己知道", id_of(7)),
)


def _table(draw: random.Random, kind: str) -> list[list[Any]]:
    words = [*_WORDS[kind]]
    draw.shuffle(words)
    head: list[Any] = words[: draw.randint(0, len(words))]
    head += draw.sample(["备注", "序号", "民族", "没见过的列", "X"], draw.randint(0, 3))
    draw.shuffle(head)
    rows: list[list[Any]] = [[draw.choice(_CELLS)] for _line in range(draw.randint(0, 2))]
    rows.append(head)
    for _row in range(draw.randint(0, 8)):
        width = max(len(head) + draw.randint(-2, 1), 1)
        rows.append([draw.choice(_CELLS) for _cell in range(width)])
    return rows


def _areas(draw: random.Random, rows: int) -> list[str]:
    first = draw.randint(1, max(rows, 1))
    column = draw.choice("ABCD")
    down = f"{column}{first}:{column}{first + draw.randint(1, 3)}"
    return [down] if draw.random() < 0.5 else [f"A{first}:C{first}"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_and_every_heading_is_read_asked_or_left_out(kind: str) -> None:
    draw = random.Random(f"2026 {kind}")
    for number in range(40):
        sheets = {
            name: [row for _part in range(draw.randint(1, 3)) for row in [*_table(draw, kind), []]]
            for name in ("甲", "乙")[: draw.randint(1, 2)]
        }
        merged = {name: _areas(draw, len(rows)) for name, rows in sheets.items()}
        book = open_workbook(book_of(sheets, merged))
        reading = read_sheets(book, kind, EVENTS)
        known_rows = {
            (it.sheet, it.row) for it in (*reading.rows, *reading.left_out, *reading.asked)
        }
        heads = {(column.sheet, column.head_row) for column in reading.columns}
        headings = {
            (column.sheet, word)
            for column in reading.columns
            for word in (column.heading, column.upper, column.heading.removeprefix(column.upper))
        }
        unused = {sheet.name for sheet in reading.sheets if sheet.why is not None}
        assert {sheet.name for sheet in reading.sheets} == {*sheets}
        for name in book.names:
            if name in unused:
                continue
            cells = book.sheet(name).rows
            for row, texts in enumerate(cells, start=1):
                where = f"{kind} {number} {name} {row} {texts}"
                filled = any(text != "" for text in texts)
                second = (name, row - 1) in heads
                assert not filled or (name, row) in known_rows | heads or second, where
                if (name, row) in heads and (name, row) not in known_rows:
                    before = ""
                    for text in filter(None, texts):
                        words = " ".join(cell_text(text).split())
                        # In a form the value stands beside its label.
                        known = (name, words) in headings or (name, before) in headings
                        assert known, where
                        before = words
