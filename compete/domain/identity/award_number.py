"""The number of an award certificate, 〔2022〕第001号, as it is printed."""

from __future__ import annotations


def award_number_text(year: int | str, number: int) -> str:
    """The number as it stands on paper."""
    return f"{award_number_head(year)}{number:03d}号"


def award_number_head(year: int | str) -> str:
    """The beginning of all numbers of a year."""
    return f"〔{year}〕第"
