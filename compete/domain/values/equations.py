"""Equations: exact numbers and their results, as people read them."""

from __future__ import annotations

from compete.domain.values.kinds import RoundMode
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, readable, round_to, show, whole


def number_text(value: Number) -> str:
    """Write an exact number for people."""
    return readable(whole(value))


def shortened(text: str) -> str:
    """Take idle zeros off a decimal text."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def negative_in_brackets(text: str) -> str:
    """Write a number as it may stand behind an operator: a negative one in brackets."""
    return f"({text})" if text.startswith("-") else text


def equation(
    value: Number,
    right: str | Message,
    places: int | None = None,
    mode: RoundMode = RoundMode.HALF_UP,
) -> Message:
    """Write a formula with its result: exact, or rounded to so many places and saying so."""
    if places is None:
        return msg("%(left)s = %(right)s", left=number_text(value), right=right)
    scaled = round_to(value, 1, places, mode)
    left = show(scaled, places)
    if scaled == value * 10**places:
        return msg("%(left)s = %(right)s", left=left, right=right)
    if mode is RoundMode.DOWN:
        return _cut_off(left, right, places)
    if mode is RoundMode.UP:
        return _cut_up(left, right, places)
    if places == 0:
        return msg("%(left)s ≈ %(right)s（四舍五入到整数）", left=left, right=right)
    if places == 1:
        return msg("%(left)s ≈ %(right)s（四舍五入到 1 位小数）", left=left, right=right)
    return msg(
        "%(left)s ≈ %(right)s（四舍五入到 %(places)s 位小数）",
        left=left,
        right=right,
        places=places,
    )


def comes_to(left: str, value: Number, places: int | None = None) -> Message:
    """Write a formula before its result: exact, or rounded half up to so many places."""
    if places is None:
        return msg("%(left)s = %(right)s", left=left, right=number_text(value))
    scaled = round_to(value, 1, places, RoundMode.HALF_UP)
    right = show(scaled, places)
    if scaled == value * 10**places:
        return msg("%(left)s = %(right)s", left=left, right=right)
    if places == 0:
        return msg("%(left)s ≈ %(right)s（四舍五入到整数）", left=left, right=right)
    if places == 1:
        return msg("%(left)s ≈ %(right)s（四舍五入到 1 位小数）", left=left, right=right)
    return msg(
        "%(left)s ≈ %(right)s（四舍五入到 %(places)s 位小数）",
        left=left,
        right=right,
        places=places,
    )


def _cut_off(left: str, right: str | Message, places: int) -> Message:
    """The formula where what is beyond the last place is left out."""
    if places == 0:
        return msg("%(left)s ≈ %(right)s（截到整数）", left=left, right=right)
    if places == 1:
        return msg("%(left)s ≈ %(right)s（截到 1 位小数）", left=left, right=right)
    return msg(
        "%(left)s ≈ %(right)s（截到 %(places)s 位小数）",
        left=left,
        right=right,
        places=places,
    )


def _cut_up(left: str, right: str | Message, places: int) -> Message:
    """The formula where whatever is beyond the last place makes one more."""
    if places == 0:
        return msg("%(left)s ≈ %(right)s（有余数就进到整数）", left=left, right=right)
    if places == 1:
        return msg("%(left)s ≈ %(right)s（有余数就进到 1 位小数）", left=left, right=right)
    return msg(
        "%(left)s ≈ %(right)s（有余数就进到 %(places)s 位小数）",
        left=left,
        right=right,
        places=places,
    )
