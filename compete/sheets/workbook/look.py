"""The colours and the font of all our workbooks, and texts that stay texts in a cell."""

from __future__ import annotations

import re

FONT = "Microsoft YaHei"
INK, HINT, ACCENT, WHITE, BAD = "172125", "5E696D", "0F5566", "FFFFFF", "A32F16"

# What a spreadsheet takes for the start of a formula when it reads plain text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767


def safe_text(text: str) -> str:
    """What a cell can hold: control characters shown as �, no longer than Excel allows."""
    return _UNWRITABLE.sub("\ufffd", text)[:_LONGEST_CELL]


def could_be_formula(text: str) -> bool:
    """Whether a spreadsheet might run this text instead of showing it."""
    return text.startswith(_FORMULA_STARTS)
