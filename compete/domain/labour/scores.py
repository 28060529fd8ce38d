"""The exact score of every value entered, by the rule of its indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.values.kinds import Better, ScoringType


def _by_completion(value: Decimal, target: Decimal, full: Decimal, cap: Decimal) -> Fraction:
    """Score by completion: `full` for the target; more than the target counts up to `cap` times."""
    return Fraction(full) * min(Fraction(value) / Fraction(target), Fraction(cap))


def _on_a_line(value: Decimal, zero_at: Decimal, full_at: Decimal, full: Decimal) -> Fraction:
    """Score on a line: 0 at `zero_at`, `full` at `full_at`, straight between, flat beyond both.

    Where lower is better, `full_at` is simply the smaller of the two.
    """
    along = (Fraction(value) - Fraction(zero_at)) / (Fraction(full_at) - Fraction(zero_at))
    return Fraction(full) * min(max(along, Fraction(0)), Fraction(1))


def _by_deduction(value: Decimal, points: Decimal, full: Decimal) -> Fraction:
    """Score by deduction: `full` less `points` for each, not below 0."""
    return max(Fraction(full) - Fraction(value) * Fraction(points), Fraction(0))


def by_rank(
    values: Mapping[str, Decimal], points: Sequence[Decimal], *, lower_is_better: bool
) -> dict[str, Fraction]:
    """Score by rank: points by the rank of each unit's value; equals share (1, 2, 2, 4).

    A unit that ranks beyond the list gets 0.
    """
    scores: dict[str, Fraction] = {}
    rank, last = 0, None
    in_order = sorted(values, key=values.__getitem__, reverse=not lower_is_better)
    for place, unit in enumerate(in_order):
        if values[unit] != last:
            rank, last = place, values[unit]
        scores[unit] = Fraction(points[rank]) if rank < len(points) else Fraction(0)
    return scores


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
    rule, full = indicator.scoring, indicator.max
    match rule.type:
        case ScoringType.COMPLETION:
            return _by_completion(value.value, _sure_number(value.target), full, rule.cap)
        case ScoringType.LINEAR:
            return _on_a_line(
                value.value, _sure_number(rule.zero_at), _sure_number(rule.full_at), full
            )
        case ScoringType.DEDUCTION:
            assert isinstance(rule.points, Decimal)  # the reader makes sure
            return _by_deduction(value.value, rule.points, full)
        case _:
            return Fraction(value.value)


def _scores_by_rank(field: LabourField | Squares, indicator: Indicator) -> Mapping[Cell, Fraction]:
    """Score by rank afresh in each period and group, among the units that have a value there."""
    values_of: defaultdict[tuple[str, str | None], dict[str, Decimal]] = defaultdict(dict)
    for (unit, period, code), value in field.values.items():
        if code == indicator.code:
            values_of[period, field.group_of[unit]][unit] = value.value
    points = indicator.scoring.points
    assert isinstance(points, tuple)  # the reader makes sure
    lower = indicator.scoring.better is Better.LOWER
    return {
        (unit, period, indicator.code): score
        for (period, _), values in values_of.items()
        for unit, score in by_rank(values, points, lower_is_better=lower).items()
    }


def _sure_number(number: Decimal | None) -> Decimal:
    """A number that the reader has made sure is there."""
    assert number is not None
    return number
