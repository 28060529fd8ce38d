"""Standard scores: how far each total lies from the middle of the field, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor, isqrt

from msgspec import Struct

from compete.domain.bundle.event_types import EventScale
from compete.domain.values.kinds import Centre, Spread
from compete.domain.values.points import readable, round_half_up, show


class FieldOfTotals(Struct, frozen=True):
    """What standard scores are counted from: the middle, and the square of the spread about the
    mean (1 where points are counted as they are)."""

    count: int
    centre: Fraction
    square: Fraction


def field_of_totals(scale: EventScale, totals: Mapping[str, int], unit: int) -> FieldOfTotals:
    """What the standard scores of at least one total are counted from; totals are × `unit`."""
    points = [Fraction(total, unit) for total in totals.values()]
    mean = sum(points, Fraction(0)) / len(points)
    centre = mean if scale.centre is Centre.MEAN else _median(sorted(points))
    square = Fraction(1)
    if scale.spread is Spread.SD:
        square = sum(((x - mean) ** 2 for x in points), Fraction(0)) / len(points)
    return FieldOfTotals(len(points), centre, square)


def root_text(square: Fraction, most: int = 4) -> str:
    """Write the square root for people, cut to `most` places and marked `…` if longer.

    >>> root_text(Fraction(25, 4)), root_text(Fraction(2))
    ('2.5', '1.4142…')
    """
    top, bottom = isqrt(square.numerator), isqrt(square.denominator)
    if top * top == square.numerator and bottom * bottom == square.denominator:
        return readable(Fraction(top, bottom), most)
    return show(isqrt(floor(square * 10 ** (2 * most))), most) + "…"


def scaled_totals(scale: EventScale, totals: Mapping[str, int], unit: int) -> dict[str, int]:
    """The standard score of each, in units of its last place; totals are × `unit`."""
    if not totals:
        return {}
    field = field_of_totals(scale, totals, unit)
    centre, square = field.centre, field.square
    at, of, places = Fraction(scale.at), Fraction(scale.of), 10**scale.places
    points = {code: Fraction(total, unit) for code, total in totals.items()}
    scores: dict[Fraction, int] = {}
    for x in points.values():
        if x not in scores:
            away = of * (x - centre) if square else Fraction(0)
            scores[x] = _rounded(at * places, away * places, square or Fraction(1))
    return {code: scores[x] for code, x in points.items()}


def _median(ordered: list[Fraction]) -> Fraction:
    """The middle value; of an even number the mean of the two in the middle."""
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2


def _rounded(at: Fraction, away: Fraction, square: Fraction) -> int:
    """Round `at` + `away` ÷ √`square`, half up and away from zero.

    Where the root is irrational there is no half, and whole numbers alone decide:
    the floor of a sum with a root is that with the root's own floor.
    """
    ratio = away * away / square
    top, bottom = isqrt(ratio.numerator), isqrt(ratio.denominator)
    if top * top == ratio.numerator and bottom * bottom == ratio.denominator:
        root = Fraction(top, bottom)
        return round_half_up(at + (root if away > 0 else -root), 1, 0)
    start = at + Fraction(1, 2)
    over = start.denominator
    root_floor = isqrt(floor(ratio * over * over))
    return (start.numerator + (root_floor if away > 0 else -root_floor - 1)) // over
