"""Exact numbers, rounded half up away from zero, shown with the stated places."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.values.points import (
    divided,
    exact,
    readable,
    round_half_up,
    shortest,
    show,
    whole,
)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (Fraction(125, 1000), 2, "0.13"),
        (Fraction(-125, 1000), 2, "-0.13"),
        (Fraction(124, 1000), 2, "0.12"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(-4, 1000), 2, "0.00"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(2, 3), 0, "1"),
        (Fraction(1, 2), 0, "1"),
        (92, 0, "92"),
        (92, 2, "92.00"),
        (Fraction(9995, 1000), 2, "10.00"),
    ],
)
def test_a_half_goes_away_from_zero(number: Fraction | int, places: int, text: str) -> None:
    assert show(round_half_up(number, 1, places), places) == text


def test_a_number_over_another_is_rounded_once() -> None:
    assert round_half_up(2 * 100 + 1, 200, 2) == 101  # 1.005 to 1.01
    assert round_half_up(Fraction(1, 3), 2, 3) == 167


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(0, 6))
def test_rounding_is_never_farther_than_half_a_unit(top: int, bottom: int, places: int) -> None:
    rounded = Fraction(round_half_up(top, bottom, places), 10**places)
    assert abs(rounded - Fraction(top, bottom)) <= Fraction(1, 2 * 10**places)


@given(st.decimals(-(10**9), 10**9, places=6))
def test_the_shortest_text_is_the_same_number(number: Decimal) -> None:
    text = shortest(exact(number))
    assert text is not None
    assert Decimal(text) == number
    assert text == "0" or not ("." in text and text.endswith("0"))


def test_a_number_without_an_end_has_no_shortest_text() -> None:
    assert shortest(Fraction(1, 3)) is None
    assert readable(Fraction(1, 3)) == "0.3333…"
    assert readable(Fraction(27, 2)) == "13.5"


def test_division_stays_exact() -> None:
    assert divided(1, 3) == Fraction(1, 3)
    assert type(divided(6, 3)) is int
    assert type(whole(Fraction(6, 3))) is int
    assert whole(Fraction(7, 3)) == Fraction(7, 3)
