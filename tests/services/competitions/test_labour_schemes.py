"""A scheme of departments (考核细则) begins a labour competition, not a skills competition."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from compete.services.competitions.schemes import RulesStart, SchemeStart, StartError, read_start

HEAD = ("项目", "考核指标", "分值", "评分标准", "责任部门", "考核周期")


def book(*rows: tuple[object, ...], title: str = "劳动竞赛考核细则") -> bytes:
    made, out = Workbook(), BytesIO()
    sheet = made.worksheets[0]
    for row in ((title,), *rows):
        sheet.append(row)
    made.save(out)
    return out.getvalue()


def test_a_scheme_of_departments_is_a_labour_competition() -> None:
    start = read_start(
        book(
            HEAD,
            ("比安全", "违章次数", 10, "每起扣2分", "安全部", "月度"),
            ("比安全", "安全教育", 5, "按考试成绩", "安全部", "季度"),
            ("比质量", "抽检合格率", 15, "按比例计分", "质量部", "年度"),
        )
    )
    assert isinstance(start, RulesStart)
    indicators = start.rules.labour.indicators
    assert [(it.heading, it.name, it.max) for it in indicators] == [
        ("比安全", "违章次数", Decimal(10)),
        ("比安全", "安全教育", Decimal(5)),
        ("比质量", "抽检合格率", Decimal(15)),
    ]
    assert [len(it.periods) for it in indicators] == [0, 4, 1]
    assert start.rules.whose == {"I01": "安全部", "I02": "安全部", "I03": "质量部"}
    assert any("评分标准的文字没有带过来" in str(it) for it in start.warnings)


def test_a_row_without_full_marks_is_named() -> None:
    rows = (
        HEAD,
        ("比安全", "违章", 10, "", "安全部", ""),
        ("比安全", "教育", "-3", "", "安全部", ""),
    )
    with pytest.raises(StartError) as caught:
        read_start(book(*rows))
    assert [(it.row, it.what) for it in caught.value.faults] == [(4, "教育")]


def test_a_scheme_of_judges_stays_one_of_skills() -> None:
    rows = (("项目", "考核要点", "配分", "评分标准"), ("安全", "劳保着装", 10, "一处扣 2 分"))
    start = read_start(book(*rows, title="钳工实操评分表"))
    assert isinstance(start, SchemeStart)
