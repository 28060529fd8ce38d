"""Folded texts: what is compared where texts are."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_SIGNS = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys(map(ord, "\u3000\u00a0\t\r\n"), " ")
_PLAIN = _SIGNS | _SPACES | {0x2212: "-"}
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_RUN = re.compile("  +")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")


def folded(text: str, *, case: bool = False) -> str:
    """The folded text; with `case` upper and lower case differ."""
    text = unicodedata.normalize("NFC", text.translate(_PLAIN))
    text = _RUN.sub(" ", text).strip(" ")
    return text if case else text.translate(_LOWER)


def number_in(text: str) -> Decimal | None:
    """The number that a folded text is, or None."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def compared(text: str, *, case: bool = False) -> Decimal | str:
    """The value by which two texts are alike: the number that the folded text is, or itself."""
    text = folded(text, case=case)
    number = number_in(text)
    return text if number is None else number
