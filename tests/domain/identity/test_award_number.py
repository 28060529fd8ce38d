"""An award certificate's number is one, however somebody writes it."""

from __future__ import annotations

import pytest

from compete.domain.identity import award_number_text, tidy_certificate_number


@pytest.mark.parametrize(
    "text", ["〔2022〕第001号", "[2022]第1号", "（2022）第 01 号", "2022年第1号", "2022第1号"]
)
def test_all_ways_to_write_it_come_to_one(text: str) -> None:
    assert tidy_certificate_number(text) == award_number_text(2022, 1) == "〔2022〕第001号"


def test_what_is_no_award_number_only_loses_its_blanks() -> None:
    assert tidy_certificate_number(" Y0000 32 000123 ") == "Y000032000123"
