"""The exact score of every value entered, by the rule of its indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.ranks import shared_ranks
from compete.domain.values.kinds import Better, ScoringType


@dataclass(frozen=True, slots=True)
class Squares:
    """The data that squares' scores need: values, and who is in which group."""

    labour: Labour
    group_of: Mapping[str, str | None]
    values: Mapping[Cell, LabourValue]


def score_cells(field: LabourField | Squares) -> dict[Cell, Fraction]:
    """The score of each square of the grid that has a value.

    Equal values of an indicator, with equal targets, are scored once.
    """
    indicators = {
        indicator.code: indicator
        for indicator in field.labour.indicators
        if indicator.scoring.type is not ScoringType.RANK
    }
    known: dict[str, dict[tuple[Decimal, Decimal | None], Fraction]]
    known = {code: {} for code in indicators}
    scores: dict[Cell, Fraction] = {}
    for cell, value in field.values.items():
        met = known.get(value.indicator)
        if met is None:
            continue
        written = value.value, value.target
        score = met.get(written)
        if score is None:
            score = met[written] = _own_score(indicators[value.indicator], value)
        scores[cell] = score
    for indicator in field.labour.indicators:
        if indicator.scoring.type is ScoringType.RANK:
            scores.update(_scores_by_rank(field, indicator))
    return scores


def _own_score(indicator: Indicator, value: LabourValue) -> Fraction:
    """The score of a value that depends on no other unit's."""
    rule, full, number = indicator.scoring, Fraction(indicator.max), Fraction(value.value)
    match rule.type:
        case ScoringType.COMPLETION:
            # More than the target counts up to `cap` times.
            return full * min(number / _sure_number(value.target), Fraction(rule.cap))
        case ScoringType.LINEAR:
            # Straight between the two, flat beyond both; `full_at` is the smaller of them where
            # lower is better.
            zero_at = _sure_number(rule.zero_at)
            along = (number - zero_at) / (_sure_number(rule.full_at) - zero_at)
            return full * min(max(along, Fraction(0)), Fraction(1))
        case ScoringType.DEDUCTION:
            assert isinstance(rule.points, Decimal)  # the reader makes sure
            return max(full - number * Fraction(rule.points), Fraction(0))
        case _:
            return number


def _scores_by_rank(field: LabourField | Squares, indicator: Indicator) -> Mapping[Cell, Fraction]:
    """Score by rank afresh in each period and group, among the units that have a value there.

    A unit that ranks beyond the list of points gets 0.
    """
    keys_of: defaultdict[tuple[str, str | None], dict[str, tuple[Decimal]]] = defaultdict(dict)
    lower = indicator.scoring.better is Better.LOWER
    for (unit, period, code), value in field.values.items():
        if code == indicator.code:
            key = value.value.copy_negate() if lower else value.value
            keys_of[period, field.group_of[unit]][unit] = (key,)
    points = indicator.scoring.points
    assert isinstance(points, tuple)  # the reader makes sure
    return {
        (unit, period, indicator.code): Fraction(points[rank - 1] if rank <= len(points) else 0)
        for (period, _), keys in keys_of.items()
        for unit, rank in shared_ranks(keys).items()
    }


def _sure_number(number: Decimal | None) -> Fraction:
    """A number that the reader has made sure is there."""
    assert number is not None
    return Fraction(number)
