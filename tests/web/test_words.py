"""Words that are put together from names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from compete.web.words import late_words, onward_words, stretch_words


def test_a_name_that_begins_with_a_digit_stands_apart(app: Flask) -> None:
    """It once said 1 月到12 月."""
    with app.test_request_context():
        assert stretch_words("1 月", "12 月") == "1 月到 12 月"
        assert stretch_words("一季度", "四季度") == "一季度到四季度"
        assert [onward_words(it) for it in ("5 月", "三季度")] == ["从 5 月起", "从三季度起"]


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (timedelta(seconds=5), "1 分钟"),
        (timedelta(minutes=119), "119 分钟"),
        (timedelta(minutes=125), "2 小时 5 分"),
        (timedelta(minutes=2879), "47 小时 59 分"),
        (timedelta(minutes=2205625), "1531 天"),
    ],
)
def test_how_late_is_told_in_what_people_count_by(app: Flask, by: timedelta, sentence: str) -> None:
    """A late record of an old day once said 2205625 minutes."""
    with app.test_request_context():
        assert late_words(by) == sentence
