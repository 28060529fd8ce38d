"""Numbers as people type them at the desk."""

from __future__ import annotations

from decimal import Decimal

import pytest

from compete.services.sheets.act_rules import typed_number


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-0.1", "-0.1"),
        ("－０．１", "-0.1"),
        ("\u22120。1", "-0.1"),
        (" ８７.5 ", "87.5"),
    ],
)
def test_full_width_signs_and_digits_are_the_plain_ones(typed: str, meant: str) -> None:
    assert typed_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["", "－", "1．2．3", "一", "９" * 41, "0.1234567", "NaN"])
def test_what_is_no_number_that_is_kept_is_none(typed: str) -> None:
    assert typed_number(typed) is None


@pytest.mark.parametrize(
    "text", ["1e1", "1E-1", "0x10", "1_000", "inf", "NaN", "１ｅ１", "--1", "."]
)
def test_what_nobody_writes_for_a_number_is_none(text: str) -> None:
    assert typed_number(text) is None


def test_nought_has_no_sign() -> None:
    assert str(typed_number("-0")) == "0"
