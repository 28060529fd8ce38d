"""Messages for a number outside of its bounds."""

from __future__ import annotations

from decimal import Decimal

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain


def too_low(number: Decimal | None, least: int) -> Message | None:
    """Say that a number, if it is given, must be at least `least`."""
    if number is None or not number < least:
        return None
    return msg("这里是 %(found)s，至少应当是 %(least)s", found=plain(number), least=least)


def not_above_zero(number: Decimal | None) -> Message | None:
    """Say that a number, if it is given, must be more than 0."""
    if number is None or not number <= 0:
        return None
    return msg("这里是 %(found)s，应当大于 0", found=plain(number))
