"""Many periods of a labour competition in a few words."""

from __future__ import annotations

from flask import Flask

from compete.domain.labour import PeriodTree
from compete.web.labour_words import periods_words
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
