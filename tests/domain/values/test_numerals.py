"""Numbers of a file, and how long they may be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from compete.domain.values.numerals import number_in_text, number_of, whole_number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0.1, "0.1"),
        (1e-12, "0.000000000001"),
        (1e-13, None),
        (0.1234567890123, None),
        (10**18 - 1, "999999999999999999"),
        (10**18, None),
        (-(10**18), None),
        (float("nan"), None),
        (float("inf"), None),
        (-0.0, "0"),
    ],
)
def test_a_number_is_its_shortest_text_and_not_too_long(value: float, number: str | None) -> None:
    assert number_of(value) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(("text", "number"), [("87.50", "87.50"), ("1e3", None), ("+1", None)])
def test_a_text_is_a_number_in_digits_alone(text: str, number: str | None) -> None:
    assert number_in_text(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [(" 12 ", 12), ("1", 1), ("0", None), ("13", None), ("-1", None), ("9" * 5000, None)],
)
@pytest.mark.parametrize("wrong", ["", "1.0", "1_0", "１２", "²", "一"])
def test_a_whole_number_is_digits_alone_within_its_bounds(
    text: str, number: int | None, wrong: str
) -> None:
    assert whole_number(text, 12, least=1) == number
    assert whole_number(wrong) is None
