"""Totals over the tree of periods, from the leaves upward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import lcm

import msgspec

from compete.domain.labour.participants import Cell, LabourField
from compete.domain.values.kinds import Missing
from compete.domain.values.points import round_half_up

PLACES = 2
"""Every labour total is published with two decimals."""


class PeriodStanding(StrEnum):
    """The standing of a unit in a period."""

    COUNTED = "counted"
    INCOMPLETE = "incomplete"
    ABSENT = "absent"


class PeriodTotal(msgspec.Struct, frozen=True):
    """A unit's total in one period.

    `total` is in hundredths, and there exactly where `standing` is counted.
    """

    standing: PeriodStanding
    total: int | None = None
    missing: tuple[str, ...] = ()
    present_leaves: int = 0
    """In how many leaves of the period the unit was not absent."""


Totals = dict[tuple[str, str], PeriodTotal]
"""By period and unit."""


def totals_of(field: LabourField, scores: Mapping[Cell, Fraction]) -> Totals:
    """The total of every unit in every period."""
    totals: Totals = {}
    for period in field.tree.upward:
        for unit in field.units:
            totals[period, unit] = total_of(field, scores, totals, period, unit)
    return totals


def total_of(
    field: LabourField, scores: Mapping[Cell, Fraction], totals: Totals, period: str, unit: str
) -> PeriodTotal:
    """A unit's total in one period, by its scores or by the totals of the periods inside."""
    if field.tree.is_leaf(period):
        return _leaf(field, scores, period, unit)
    return _whole(field, totals, period, unit)


def _leaf(
    field: LabourField, scores: Mapping[Cell, Fraction], period: str, unit: str
) -> PeriodTotal:
    points = [scores.get((unit, period, indicator)) for indicator in field.asked[period]]
    missing = tuple(
        indicator
        for indicator, score in zip(field.asked[period], points, strict=True)
        if score is None
    )
    if len(missing) == len(points):
        return PeriodTotal(PeriodStanding.ABSENT, missing=missing)
    if missing and field.labour.missing is Missing.BLOCKS:
        return PeriodTotal(PeriodStanding.INCOMPLETE, missing=missing, present_leaves=1)
    own = _exact_sum([score for score in points if score is not None])
    return PeriodTotal(PeriodStanding.COUNTED, _published(field, period, unit, own), missing, 1)


def _exact_sum(scores: Sequence[Fraction]) -> Fraction:
    """The exact sum over one denominator, which is many times faster than adding one by one."""
    ratios = [score.as_integer_ratio() for score in scores]
    bottom = lcm(*{bottom for _, bottom in ratios})
    return Fraction(sum(top * (bottom // own) for top, own in ratios), bottom)


def _whole(field: LabourField, totals: Totals, period: str, unit: str) -> PeriodTotal:
    parts = [(code, totals[code, unit]) for code in field.tree.parts[period]]
    present = [(code, part) for code, part in parts if part.standing is not PeriodStanding.ABSENT]
    leaves = sum(part.present_leaves for _, part in present)
    if not present:
        return PeriodTotal(PeriodStanding.ABSENT)
    if any(part.standing is PeriodStanding.INCOMPLETE for _, part in present):
        return PeriodTotal(PeriodStanding.INCOMPLETE, present_leaves=leaves)
    weighed = whole = Fraction(0)
    for code, part in present:
        weight = Fraction(field.tree.periods[code].weight)
        assert part.total is not None  # neither absent nor incomplete
        weighed += weight * part.total
        whole += weight
    total = _published(field, period, unit, weighed / whole / 100)
    return PeriodTotal(PeriodStanding.COUNTED, total, present_leaves=leaves)


def _published(field: LabourField, period: str, unit: str, own: Fraction) -> int:
    adjusted = own + field.adjusted.get((period, unit), Fraction(0))
    return round_half_up(adjusted, 1, PLACES)
