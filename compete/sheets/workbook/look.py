"""The colours and the font of all our workbooks, and texts that stay texts in a cell."""

from __future__ import annotations

import re

FONT = "Microsoft YaHei"
INK, HINT, ACCENT, WHITE, BAD = "172125", "5E696D", "0F5566", "FFFFFF", "A32F16"

# Signs that a spreadsheet takes for the start of a formula when it reads plain text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767
TAB_UNITS = 31
"""The greatest length of a sheet's name, in UTF-16 units, in which Excel counts."""
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")


def safe_text(text: str) -> str:
    """Text as a cell can hold it: control characters shown as �, no longer than Excel allows."""
    return _UNWRITABLE.sub("\ufffd", text)[:_LONGEST_CELL]


def could_be_formula(text: str) -> bool:
    """True if a spreadsheet might run this text instead of showing it."""
    return text.startswith(_FORMULA_STARTS)


def cut_to_units(text: str, units: int) -> str:
    """Cut a text to so many UTF-16 units: 𠮷 is two; it ends as a sheet's name may."""
    cut = text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
    return cut.rstrip("' ")


def tab_name(text: str) -> str:
    """A text as the name of a sheet: what Excel refuses there is left out."""
    clean = _NOT_IN_TABS.sub(" ", safe_text(text))
    printable = "".join(character for character in clean if character.isprintable())
    return cut_to_units(printable.strip("' "), TAB_UNITS) or "1"
