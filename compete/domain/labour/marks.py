"""From a value to the score of an indicator, exact. Each rule in one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction


def by_completion(value: Decimal, target: Decimal, full: Decimal, cap: Decimal) -> Fraction:
    """`full` for the target reached; more than the target counts up to `cap` times."""
    return Fraction(full) * min(Fraction(value) / Fraction(target), Fraction(cap))


def on_a_line(value: Decimal, zero_at: Decimal, full_at: Decimal, full: Decimal) -> Fraction:
    """0 at `zero_at`, `full` at `full_at`, a straight line between, flat beyond both.

    Where lower is better, `full_at` is simply the smaller of the two.
    """
    along = (Fraction(value) - Fraction(zero_at)) / (Fraction(full_at) - Fraction(zero_at))
    return Fraction(full) * min(max(along, Fraction(0)), Fraction(1))


def by_deduction(value: Decimal, points: Decimal, full: Decimal) -> Fraction:
    """`full` less `points` for each, not below 0."""
    return max(Fraction(full) - Fraction(value) * Fraction(points), Fraction(0))


def by_rank(
    values: Mapping[str, Decimal], points: Sequence[Decimal], *, lower_is_better: bool
) -> dict[str, Fraction]:
    """Points by the rank of each unit's value among all: equals share (1, 2, 2, 4).

    Who ranks beyond the list gets 0.
    """
    scores: dict[str, Fraction] = {}
    rank, last = 0, None
    in_order = sorted(values, key=values.__getitem__, reverse=not lower_is_better)
    for place, unit in enumerate(in_order):
        if values[unit] != last:
            rank, last = place, values[unit]
        scores[unit] = Fraction(points[rank]) if rank < len(points) else Fraction(0)
    return scores
