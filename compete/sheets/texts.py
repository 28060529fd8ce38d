"""Cleaning what people type, without changing what they mean."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from compete.domain.values.messages import Message, msg
from compete.sheets.workbook.cells import Cell

# Blanks at the ends come from copying; U+3000 and U+00A0 look like nothing in Excel.
_BLANKS = re.compile(r"[\s\u3000\u00a0]+")
# Zero-width and direction marks: invisible, and different to a computer.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
# Control characters, and what is left of bad decoding.
_BROKEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_BETWEEN_HAN = re.compile(f"(?<={_HAN}) (?={_HAN})")
# People with two-part names write the dot in many ways; ID cards have the middle one.
_DOTS = re.compile(f"[\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e]|(?<={_HAN})[.](?={_HAN})")
_APART = re.compile(r"[、，,;；\n]")
_SEAL = re.compile(r"[（(](?:加盖|请盖|单位)?(?:盖章|公章|印章|签章|盖公章|章)(?:处)?[）)]$")

_EXPONENT_FROM = 1e11
"""Excel shows whole numbers from twelve digits on with an exponent."""


def is_clean(text: str) -> bool:
    """True if there is nothing to clean: no blanks, nothing invisible, composed; as nearly ever."""
    return (
        text.isprintable()
        and " " not in text
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def tidy(text: str) -> str:
    """Tidy a text: composed form, no invisible marks, no blanks at the ends, single ones inside."""
    if is_clean(text):
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _BLANKS.sub(" ", text).strip()


def typed_parts(text: str) -> list[str]:
    """What stands apart in a text, by commas of any kind or lines, each part with single blanks."""
    parts = (" ".join(part.split()) for part in _APART.split(text))
    return [part for part in parts if part]


def typed_codes(text: str) -> list[str]:
    """The codes in a text: blanks keep them apart too."""
    return [code for part in typed_parts(text) for code in part.split()]


def tidy_name(text: str) -> tuple[str, Message | None]:
    """Tidy a person's name; with a note when more than blanks at its ends changed."""
    name = tidy(text)
    if name.isalnum():  # no blank and no dot, as nearly ever
        return name, None
    closed = _DOTS.sub("·", _BETWEEN_HAN.sub("", name))
    if closed == name:
        return name, None
    if closed == name.replace(" ", ""):
        return closed, msg("姓名中间的空格去掉了")
    return closed, msg("姓名里的间隔点改成了“·”")


@lru_cache(maxsize=4_096)
def unit_called(text: str) -> str:
    """A unit's name without the words that ask for its seal: 江南港（盖章） is 江南港."""
    return _SEAL.sub("", text.rstrip()).rstrip() or text


def broken_characters(text: str) -> bool:
    """True if control characters or signs of bad decoding are inside."""
    if text.isprintable():
        return "\ufffd" in text
    return _BROKEN.search(text) is not None


def as_typed(value: Cell) -> str:
    """A cell's text as Excel would show it; a number beyond 11 digits with its exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if abs(value) >= _EXPONENT_FROM:
            return f"{value:.5E}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else str(value)
    return value.isoformat() if isinstance(value, date) else str(value)
