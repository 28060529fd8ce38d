"""Many periods of a labour competition in a few words."""

from __future__ import annotations

from flask import Flask

from compete.domain.labour.tree import PeriodTree
from compete.web.labour_words import counted_words, periods_words
from tests.domain.labour.build import indicator, labour_bundle, quarter
from tests.support.competitions import sample


def test_periods_of_one_sort_in_a_row_are_told_by_the_first_and_the_last(app: Flask) -> None:
    labour = sample("key-projects-labour").labour
    tree = PeriodTree(labour.periods)
    with app.test_request_context():
        assert periods_words(tree, list(tree.periods)) == [
            "2022 年",
            "一季度到四季度",
            "一季度月度考核到四季度月度考核",
            "1 月到 12 月",
            "一季度检查到四季度检查",
        ]
        assert periods_words(tree, ["M12", "M01", "M02", "M05", "M06", "M07"]) == [
            "1 月",
            "2 月",
            "5 月到 7 月",
            "12 月",
        ]
        assert periods_words(tree, []) == []


def test_what_is_counted_is_named_by_the_indicators_own_words(app: Flask) -> None:
    deduction = {"type": "deduction", "points": 3}
    completion = {"type": "completion", "cap": 1}
    labour = labour_bundle(
        "甲",
        periods=quarter("一月"),
        indicators=[
            indicator("产值完成（万元）", 40, scoring=completion),
            indicator("隐患", 30, scoring=deduction),
            indicator("违章次数", 20, scoring=deduction),
            indicator("廉洁文明", 10),
        ],
        values=[],
    ).labour
    assert labour is not None
    with app.test_request_context():
        assert [counted_words(each) for each in labour.indicators] == ["万元", "处", "次", ""]
