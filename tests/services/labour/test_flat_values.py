"""A flat file, unit by period by indicator: its own period is read, of the rest it is notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from compete.models import Account, Competition
from compete.services.kernel.refusal import Refused
from compete.services.labour.flat_values import month_text
from compete.services.labour.workbooks import BookPreview, preview_book
from tests.services.labour.made_up import Contest, made_up
from tests.sheets.reading.files import book_of


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def _read(contest: Contest, head: list[str], *rows: list[Any]) -> BookPreview:
    return preview_book(contest.writer(contest.safety), "二月", book_of({"表": [head, *rows]}))


def test_the_rows_of_the_period_are_read_each_cell_at_its_place(contest: Contest) -> None:
    preview = _read(
        contest,
        ["单位", "月份", "指标", "完成值", "扣分原因"],
        ["甲", "一月", "安全", 20, ""],
        ["甲", "二月", "安全", 28, "临边"],
        ["甲", "二月", "隐患", 2, ""],
        ["乙", 2, "安全", 27.5, ""],
        ["乙", "二月", "产值", 95, ""],
        ["丙", "二月", "安心", 1, ""],
        ["丁", "二月", "安全", 1, ""],
    )
    assert [(it.unit, it.indicator, it.kind, it.text, it.place) for it in preview.cells] == [
        ("甲", "安全", "value", "28", "D3"),
        ("甲", "安全", "reason", "临边", "E3"),
        ("甲", "隐患", "value", "2", "D4"),
        ("乙", "安全", "value", "27.5", "D5"),
    ]
    assert [(it.what, str(it.why)) for it in preview.problems] == [("丁", "没有这个单位")]
    notices = "；".join(map(str, preview.notices))
    assert "1 行是别的期的，没有读" in notices
    assert "1 行没有读：产值，不归你们打分，或者这一期不问" in notices
    assert "1 行没有读：安心，没有这样的指标或期次" in notices


def test_a_target_stands_beside_its_value(contest: Contest) -> None:
    works = contest.writer(contest.works)
    rows = [["单位名称", "期次", "考核指标", "目标值", "完成值"], ["甲", "二月", "产值", 100, 96]]
    preview = preview_book(works, "二月", book_of({"表": rows}))
    assert [(it.kind, it.text) for it in preview.cells] == [("target", "100"), ("value", "96")]


def test_points_are_not_taken_for_what_is_counted(contest: Contest) -> None:
    preview = _read(
        contest,
        ["单位", "期次", "指标", "得分"],
        ["甲", "二月", "安全", 28],
        ["甲", "二月", "隐患", 27],
    )
    assert [(it.indicator, it.text) for it in preview.cells] == [("安全", "28")]
    assert "隐患，这一列是分，这一项要填个数或数量" in "".join(map(str, preview.notices))


def test_two_rows_for_one_square_are_told(contest: Contest) -> None:
    preview = _read(
        contest,
        ["单位", "期次", "指标", "完成值"],
        ["甲", "二月", "安全", 28],
        ["甲", "二月", "安全", 27],
    )
    assert [it.text for it in preview.cells] == ["28"]
    assert [str(it.why) for it in preview.problems] == ["第 2 行已经有这一家"]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("7", "7月"),
        ("07", "7月"),
        ("2022-07", "2022年7月"),
        ("2022年7月", "2022年7月"),
        (datetime(2022, 7, 1).isoformat(" ", "minutes"), "2022年7月"),
        ("一季度检查", "一季度检查"),
    ],
)
def test_a_month_is_known_however_it_is_written(text: str, month: str) -> None:
    assert month_text(text) == month


def test_a_row_that_names_no_period_where_others_do_is_not_read(contest: Contest) -> None:
    preview = _read(
        contest,
        ["单位", "期次", "指标", "完成值"],
        ["甲", "二月", "安全", 28],
        ["乙", "", "安全", 27],
    )
    assert [it.unit for it in preview.cells] == ["甲"]
    assert "1 行没有读：—，没有这样的指标或期次" in "".join(map(str, preview.notices))


def test_without_a_column_of_periods_the_title_says_which(contest: Contest) -> None:
    head, row = ["单位", "指标", "完成值"], ["甲", "安全", 28]
    writer = contest.writer(contest.safety)
    for title, fits in (("二月考核", True), ("一月考核", False)):
        content = book_of({"表": [[title], head, row]})
        if fits:
            assert [it.text for it in preview_book(writer, "二月", content).cells] == ["28"]
        else:
            with pytest.raises(Refused):
                preview_book(writer, "二月", content)
