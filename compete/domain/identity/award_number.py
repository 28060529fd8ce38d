"""The number of an award certificate, 〔2022〕第001号, and the ways in which people write it."""

from __future__ import annotations

import re
import unicodedata

_WRITTEN = re.compile(r"[〔\[【〖{(]?([0-9]{4})(?:[〕\]】〗})]|年)?第?0*([0-9]{1,9})号", re.ASCII)


def award_number_text(year: int | str, number: int) -> str:
    """The number as it stands on paper."""
    return f"〔{year}〕第{number:03d}号"


def tidy_award_number(text: str) -> str:
    """A number as it was given: 〔2022〕第001号 for [2022]第1号; anything else without blanks."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    known = _WRITTEN.fullmatch(plain)
    return award_number_text(known[1], int(known[2])) if known else plain
