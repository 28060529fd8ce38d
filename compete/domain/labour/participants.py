"""Participants, and what the lists of a bundle say of each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from fractions import Fraction

from compete.domain.bundle.labour_types import Labour, LabourValue
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.versions import version_of
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.kinds import VetoRank

Cell = tuple[str, str, str]
"""Unit, leaf period and indicator: one square of the scoring grid."""


class LabourField:
    """A labour competition sorted for scoring: groups, last values, adjustments, vetoes.

    A unit outside `groups` takes no part: what the lists say of it is ignored.
    """

    def __init__(self, bundle: Bundle, labour: Labour) -> None:
        self.version = version_of(bundle)
        self.labour = labour
        self.tree = PeriodTree(labour.periods)
        self.group_of = _groups(bundle, labour)
        self.units = sorted(self.group_of)
        self.asked = _leaf_indicators(labour, self.tree)
        self.values = self._last_values()
        self.adjusted = self._adjustments()
        self.vetoed = self._vetoes()

    @property
    def veto_rank(self) -> VetoRank:
        """The effect on a unit's rank of a veto in the period or inside it."""
        return self.version.veto_rank(self.labour)

    def with_values(
        self, labour: Labour, changed: Mapping[Cell, LabourValue | None]
    ) -> LabourField:
        """The same field with other values in these squares, of units that take part.

        Adjustments and vetoes are those of `labour`.
        """
        other = copy(self)
        other.labour, other.values = labour, dict(self.values)
        other.adjusted, other.vetoed = other._adjustments(), other._vetoes()
        for cell, value in changed.items():
            if value is None:
                other.values.pop(cell, None)
            else:
                other.values[cell] = value
        return other

    def _last_values(self) -> dict[Cell, LabourValue]:
        """The last value for each square: the later of two replaces the earlier."""
        return {
            (value.unit, value.period, value.indicator): value
            for value in self.labour.values
            if value.unit in self.group_of
        }

    def _adjustments(self) -> dict[tuple[str, str], Fraction]:
        """Points up and down by period and unit, those up together at most `adjust_cap`."""
        ups: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
        downs: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for adjustment in self.labour.adjustments:
            side = ups if adjustment.points > 0 else downs
            side[adjustment.period, adjustment.unit] += Fraction(adjustment.points)
        if self.labour.adjust_cap is not None:
            cap = Fraction(self.labour.adjust_cap)
            ups.update({key: min(points, cap) for key, points in ups.items()})
        return {key: ups[key] + downs[key] for key in {*ups, *downs}}

    def _vetoes(self) -> set[tuple[str, str]]:
        """Period and unit of every veto, and of every period around it."""
        return {
            (around, veto.unit)
            for veto in self.labour.vetoes
            for around in self.tree.around(veto.period)
        }


def _groups(bundle: Bundle, labour: Labour) -> dict[str, str | None]:
    if labour.groups is None:
        return {unit.code: None for unit in bundle.units}
    return dict(labour.groups)


def _leaf_indicators(labour: Labour, tree: PeriodTree) -> dict[str, list[str]]:
    """The indicators asked in each leaf, in the indicators' order."""
    asked: dict[str, list[str]] = {leaf: [] for leaf in tree.leaves}
    for indicator in labour.indicators:
        for leaf in dict.fromkeys(indicator.periods) or asked:
            asked[leaf].append(indicator.code)
    return asked
