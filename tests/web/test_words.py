"""Words that are put together from names."""

from __future__ import annotations

from flask import Flask

from compete.web.words import stretch_words


def test_a_name_that_begins_with_a_digit_stands_apart(app: Flask) -> None:
    """It once said 1 月到12 月."""
    with app.test_request_context():
        assert stretch_words("1 月", "12 月") == "1 月到 12 月"
        assert stretch_words("一季度", "四季度") == "一季度到四季度"
