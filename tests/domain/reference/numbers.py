"""Exact numbers, and rounding half away from zero."""

from fractions import Fraction


def number(value):
    """A decimal text, whole number or Decimal as a Fraction."""
    return Fraction(str(value))


def rounded(value, places, mode="half_up"):
    """Half up, away from zero; down, towards zero; or up, away from zero."""
    if mode in ("down", "up"):
        cut = Fraction(int(value * 10**places), 10**places)
        further = Fraction(1 if value > 0 else -1, 10**places)
        return cut + further if mode == "up" and cut != value else cut
    scale = 10**places
    scaled = abs(value) * scale
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, scale)


def text(value, places):
    """Exactly so many places; None for None."""
    if value is None:
        return None
    value = rounded(value, places)
    sign = "-" if value < 0 else ""
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return sign + (digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}")


def shortest(value):
    """The shortest decimal text of a number that has one, six places of another."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return text(value, 6)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return text(value, places)
