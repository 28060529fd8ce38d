"""Many periods of a labour competition in a few words."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask

from compete.domain.bundle.labour_types import Indicator, Scoring
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.kinds import ScoringType
from compete.web.labour_words import counted_words, periods_words, told_apart
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
        assert [counted_words(counted_indicator) for counted_indicator in labour.indicators] == [
            "万元",
            "处",
            "次",
            "",
        ]


def test_indicators_of_one_name_are_told_apart_by_what_they_differ_in(app: Flask) -> None:
    def named(code: str, name: str, *periods: str, heading: str | None = None) -> Indicator:
        scoring = Scoring(type=ScoringType.SCORE)
        return Indicator(
            code=code,
            name=name,
            heading=heading,
            max=Decimal(9),
            scoring=scoring,
            periods=periods,
        )

    indicators = [
        named("A", "隐患", "P1", "P2"),
        named("B", "质量", heading="比质量"),
        named("C", "检查", heading="比安全"),
        named("D", "检查", heading="比质量"),
        named("A-2", "隐患", "P3"),
        named("E", "评比"),
        named("F", "评比"),
        named("G", "进度"),
        named("H", "进度", "P3"),
    ]
    periods = {"P1": "1 月", "P2": "2 月", "P3": "3 月"}
    with app.test_request_context():
        names = told_apart(indicators, periods, {"E": "安全部"})
        assert list(names.values()) == [
            *("隐患（1 月起）", "质量", "检查（比安全）", "检查（比质量）", "隐患（3 月起）"),
            *("评比（安全部）", "评比", "进度", "进度（3 月起）"),
        ]
        assert told_apart(indicators[5:7], periods) == {"E": "评比（E）", "F": "评比（F）"}
