"""Points: exact numbers, rounded only where the rules say so.

A published number is kept as a whole number of its last decimal place, so
`91.30` with two places is 9130. Everything between is a whole number over a
known denominator, or a `Fraction`. No float is ever made.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import lcm

from compete.domain.values.kinds import RoundMode

Number = int | Fraction
"""An exact number. Whole numbers stay `int`, which is many times faster."""


def exact(value: Decimal | int) -> Number:
    """Make a number exact; an `int` where it is whole."""
    top, bottom = value.as_integer_ratio()
    return top if bottom == 1 else Fraction(top, bottom)


def whole(number: Number) -> Number:
    """Make a whole number an `int`; others stay."""
    return number.numerator if number.denominator == 1 else number


def divided(top: Number, bottom: Number) -> Number:
    """Divide exactly (Python's own `/` makes a float of two ints)."""
    if type(top) is int and type(bottom) is int:
        quotient, rest = divmod(top, bottom)
        return quotient if rest == 0 else Fraction(top, bottom)
    return whole(Fraction(top) / bottom)


def common_denominator(*numbers: Number) -> int:
    """The smallest positive whole number that makes each of these whole."""
    return lcm(*(number.denominator for number in numbers))


LONGEST_UNIT = 4096
"""The bits of a denominator up to which it is worth sharing among many numbers."""


def shared_unit(denominators: Iterable[int]) -> int:
    """The smallest common multiple, or 1 where it would be absurdly long.

    Numbers × the unit are whole, or else fractions: slower, and just as exact.
    """
    unit = 1
    for denominator in denominators:
        unit = lcm(unit, denominator)
        if unit.bit_length() > LONGEST_UNIT:
            return 1
    return unit


def round_half_up(number: Number, over: int, places: int) -> int:
    """Round `number` ÷ `over` half up, in units of the last of `places` decimals.

    A half goes away from zero. `over` is positive.

    >>> round_half_up(125, 1000, 2), round_half_up(-125, 1000, 2)
    (13, -13)
    """
    unit: int = 10**places
    top = 2 * unit * number.numerator
    bottom = number.denominator * over
    if top >= 0:
        return (top + bottom) // (2 * bottom)
    return -((bottom - top) // (2 * bottom))


def round_to(number: Number, over: int, places: int, mode: RoundMode) -> int:
    """Round as `round_half_up`, by a mode: `down` leaves out what is beyond the last place.

    `up` goes away from zero wherever anything is left out.

    >>> round_to(-125, 1000, 2, RoundMode.DOWN), round_to(-121, 1000, 2, RoundMode.UP)
    (-12, -13)
    """
    if mode is RoundMode.HALF_UP:
        return round_half_up(number, over, places)
    top: int = 10**places * number.numerator
    bottom = number.denominator * over
    if mode is RoundMode.UP:
        return -(-top // bottom) if top >= 0 else top // bottom
    return top // bottom if top >= 0 else -(-top // bottom)


def show(scaled: int, places: int) -> str:
    """Write a number kept in its last place with exactly `places` decimals.

    >>> show(9130, 2), show(-5, 2), show(92, 0)
    ('91.30', '-0.05', '92')
    """
    if places == 0:
        return str(scaled)
    sign = "-" if scaled < 0 else ""
    digits = f"{abs(scaled):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def show_or_none(scaled: int | None, places: int) -> str | None:
    """Write a number as `show`; None for None."""
    return None if scaled is None else show(scaled, places)


def shortest(number: Number) -> str | None:
    """Write the shortest decimal of a number, such as `13.5`; None where it has no end."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    return show(number.numerator * 10**places // number.denominator, places)


def readable(number: Number, most: int = 4) -> str:
    """Write for people: the shortest decimal, rounded to `most` places and marked `…` if longer."""
    return readable_ratio(number.numerator, number.denominator, most)


def readable_ratio(top: int, bottom: int, most: int = 4) -> str:
    """Write a quotient as `readable`, without making a fraction."""
    scaled, rest = divmod(top * 10**most, bottom)
    if rest:
        return show(round_half_up(top, bottom, most), most) + "…"
    text = show(scaled, most)
    return text.rstrip("0").rstrip(".") if "." in text else text
