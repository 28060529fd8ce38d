"""An award certificate's number is one, however somebody writes it."""

from __future__ import annotations

import pytest

from compete.domain.identity.award_number import award_number_text
from compete.domain.identity.typed_numbers import lacks_year, tidy_certificate_number


@pytest.mark.parametrize(
    "text",
    [
        *("〔2022〕第001号", "[2022]第1号", "（2022）第 01 号", "2022年第1号", "2022第1号"),
        *("(2022)第001", "〔2022〕001", "2022-001", "２０２２第１", "2022年1号", "2022001号"),
    ],
)
def test_all_ways_to_write_it_come_to_one(text: str) -> None:
    assert tidy_certificate_number(text) == award_number_text(2022, 1) == "〔2022〕第001号"


def test_what_is_no_award_number_only_loses_its_blanks() -> None:
    for typed in (" Y0000 32 000123 ", "Y0000.32．000123", "Y0000-32—000123", "Y0000·32・000123"):
        assert tidy_certificate_number(typed) == "Y000032000123"
    assert tidy_certificate_number("2022 001") == "2022001"


def test_a_number_without_its_year_is_told_from_a_whole_one() -> None:
    assert all(lacks_year(text) for text in ("第001号", "1", "001号", "2022001"))
    assert not any(lacks_year(text) for text in ("〔2022〕第001号", "Y0000", "", "号"))
