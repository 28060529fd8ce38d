"""Prizes (单项奖): the first units of each group by some indicators alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from compete.domain.bundle.labour_types import Labour, Prize
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.ranks import shared_ranks
from compete.domain.labour.totals import PLACES, PeriodStanding, Totals
from compete.domain.values.kinds import Missing
from compete.domain.values.points import round_half_up


class Compared(msgspec.Struct, frozen=True):
    """One prize as dealt: the value of each unit that has one, and the rank of each that fits.

    A value is in units of its last place; `won` are those who get the prize, in order.
    """

    prize: Prize
    period: str
    values: Mapping[str, int]
    ranks: Mapping[str, int]
    won: tuple[str, ...]


def prizes_of(
    field: LabourField, totals: Totals, scores: Mapping[Cell, Fraction]
) -> tuple[Compared, ...]:
    """Every prize, in the bundle's order."""
    return tuple(_compared(field, totals, scores, prize) for prize in field.labour.prizes)


class Won(msgspec.Struct, frozen=True):
    """One prize of one group: the units that get it with their values in units of their last place.

    None where nobody is fit.
    """

    prize: Prize
    group: str | None
    units: tuple[tuple[str, int], ...]


def prizes_won(
    prizes: Sequence[Compared], group_of: Mapping[str, str | None], period: str
) -> list[Won]:
    """The prizes of a period, group by group, in the bundle's order."""
    groups = sorted(set(group_of.values()), key=lambda group: group or "")
    return [
        Won(
            compared.prize,
            group,
            tuple((it, compared.values[it]) for it in compared.won if group_of[it] == group),
        )
        for compared in prizes
        if compared.period == period
        for group in groups
    ]


def _compared(
    field: LabourField, totals: Totals, scores: Mapping[Cell, Fraction], prize: Prize
) -> Compared:
    period = prize.period or field.tree.root
    least = Fraction(prize.min) * 10**PLACES if prize.min is not None else None
    asked = _prize_leaves(field, prize, period)
    values: dict[str, int] = {}
    groups: defaultdict[str, dict[str, tuple[int]]] = defaultdict(dict)
    for unit in field.units:
        if (period, unit) in field.vetoed:
            continue
        value = _value(field, totals, scores, asked, unit)
        if value is None:
            continue
        values[unit] = value
        if least is None or value >= least:
            groups[field.group_of[unit] or ""][unit] = (value,)
    ranks: dict[str, int] = {}
    won: list[str] = []
    for _, here in sorted(groups.items()):
        own = shared_ranks(here)
        ranks |= own
        won += [unit for rank, unit in sorted((own[it], it) for it in own) if rank <= prize.top]
    return Compared(prize, period, values, ranks, tuple(won))


def _prize_leaves(field: LabourField, prize: Prize, period: str) -> dict[str, list[str]]:
    """The leaves inside the period in which any of a prize's indicators is asked, with these."""
    counted = prized(field.labour, prize)
    asked = {
        leaf: [code for code in field.asked[leaf] if code in counted]
        for leaf in field.tree.leaves_in(period)
    }
    return {leaf: codes for leaf, codes in asked.items() if codes}


def _value(
    field: LabourField,
    totals: Totals,
    scores: Mapping[Cell, Fraction],
    asked: Mapping[str, Sequence[str]],
    unit: str,
) -> int | None:
    """A unit's value for a prize in units of its last place; None where it is out.

    The mean, over the leaves where it was present, of its exact scores in what is asked there
    together.
    """
    sums = []
    for leaf, codes in asked.items():
        if totals[leaf, unit].standing is PeriodStanding.ABSENT:
            continue
        points = [scores.get((unit, leaf, code)) for code in codes]
        if None in points and field.labour.missing is Missing.BLOCKS:
            return None
        sums.append(sum((score for score in points if score is not None), Fraction(0)))
    return round_half_up(sum(sums, Fraction(0)), len(sums), PLACES) if sums else None


def prized(labour: Labour, prize: Prize) -> set[str]:
    """The codes of the indicators that a prize goes by."""
    kind, _, name = prize.by.partition(":")
    return {
        indicator.code
        for indicator in labour.indicators
        if name == (indicator.code if kind == "indicator" else indicator.heading)
    }
