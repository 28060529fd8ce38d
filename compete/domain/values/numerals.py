"""Numbers in a bundle and a form: how they may be written, and how long they may be.

At most 18 digits before the point and 12 after it: far beyond any points,
weight or time, and short enough that nobody can choke the program with one.
"""

import re
from decimal import Context, Decimal

BEFORE_POINT = 18
AFTER_POINT = 12

NUMBER_TEXT = rf"-?[0-9]{{1,{BEFORE_POINT}}}(\.[0-9]{{1,{AFTER_POINT}}})?"
"""A decimal in a JSON string, as a regular expression without anchors."""

EXACTLY = Context(prec=4 * (BEFORE_POINT + AFTER_POINT))
"""Arithmetic wide enough that nothing a bundle may hold is rounded in one product or sum."""

_TEXT = re.compile(NUMBER_TEXT)
_LIMIT = Decimal(10) ** BEFORE_POINT


def number_in_text(text: str) -> Decimal | None:
    """The decimal that a text such as `87.50` stands for, or None if it is none."""
    return _without_minus_zero(Decimal(text)) if _TEXT.fullmatch(text) else None


def whole_number(text: str, most: int = 10**BEFORE_POINT - 1, *, least: int = 0) -> int | None:
    """Read the whole number that somebody typed; None for no digits, or for one out of bounds."""
    text = text.strip()
    plain = text.isascii() and text.isdigit() and len(text) <= BEFORE_POINT
    return number if plain and least <= (number := int(text)) <= most else None


def number_of(value: int | float) -> Decimal | None:
    """The decimal of a number in the file: a binary float by its shortest text.

    None where it is too long, infinite or not a number.
    """
    number = Decimal(repr(value))
    if not number.is_finite() or abs(number) >= _LIMIT:
        return None
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return _without_minus_zero(number) if exponent >= -AFTER_POINT else None


def _without_minus_zero(number: Decimal) -> Decimal:
    """The number, zero without a sign."""
    return number if number else abs(number)


def plain(number: Decimal | int) -> str:
    """Show a number in a sentence: no exponent, no idle zeros."""
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
