"""Sheets whose total lies far from the same judge's others. A hint, never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from compete.domain.bundle.event_types import Module

FEWEST = 5
"""With fewer other sheets of a judge nothing is said."""

FAR = 3
"""Standard deviations of the judge's other totals."""

LEAST_SHARE = Decimal("0.1")
"""And at least so much of full marks: where all totals lie close, small steps are not odd."""


class Total(NamedTuple):
    """A sheet's row, whose it is, and its total in hundredths."""

    sheet: int
    entrant: int
    cents: int


@dataclass(frozen=True)
class Outlier:
    """A sheet's row with its total, and the mean of the judge's other totals."""

    sheet: int
    total: Decimal
    mean: Decimal

    @property
    def key(self) -> tuple[int, None]:
        """The key of the doubt: the sheet's total."""
        return self.sheet, None

    @property
    def number(self) -> Decimal:
        """The total in doubt."""
        return self.total


def odd_totals(totals: Sequence[Total], module: Module) -> list[Outlier]:
    """The odd ones among one judge's sheets.

    Each is held against the mean and deviation of the others, all in whole numbers:
    with n totals t of sum S and sum of squares Q, and m = n - 1 others,

        off = |n t - S| / m,   variance = (m (Q - t²) - (S - t)²) / (m (m - 1))
    """
    count, others = len(totals), len(totals) - 1
    if others < FEWEST:
        return []
    whole = sum(total.cents for total in totals)
    squares = sum(total.cents**2 for total in totals)
    least = module.full * LEAST_SHARE * 100 * others
    found = []
    for total in totals:
        cents = total.cents
        off = abs(count * cents - whole)
        if off <= least:
            continue
        spread = others * (squares - cents**2) - (whole - cents) ** 2
        if off**2 * (others - 1) > FAR**2 * others * spread:
            mean = Decimal(whole - cents) / 100 / others
            found.append(Outlier(total.sheet, Decimal(cents) / 100, round(mean, 2)))
    return found
