"""Rows of the standings, by group, rank and code."""

from __future__ import annotations

from compete.domain.bundle.results import LabourResults, LabourRow, PeriodResults, PrizeRow
from compete.domain.bundle.types import Bundle
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import LabourField
from compete.domain.labour.totals import PLACES, PeriodStanding
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import show, show_or_none


def barred_words() -> Message:
    """The words beside the rank that a vetoed unit keeps, wherever its rank is told."""
    return msg("一票否决，不评优")


def score_labour(bundle: Bundle) -> LabourResults:
    """The standings of every period, in the order of the bundle.

    The bundle must have been read, so that its codes point somewhere; for one
    whose kind is not `labour` this is a `ValueError`.
    """
    if bundle.labour is None:
        raise ValueError("not a labour competition")
    return labour_results(outcome_of(LabourField(bundle, bundle.labour)))


def labour_results(outcome: Outcome) -> LabourResults:
    """The standings of every period, in the order of the bundle."""
    tree = outcome.field.tree
    periods = [
        PeriodResults(code=period, standings=_standings(outcome, period)) for period in tree.periods
    ]
    prizes = _prizes(outcome) if outcome.field.labour.prizes else None
    return LabourResults(periods=periods, final=tree.root, prizes=prizes)


def _prizes(outcome: Outcome) -> list[PrizeRow]:
    """List the prizes and their winners, by prize, group, rank and code."""
    return [
        PrizeRow(
            prize=prize.prize.code,
            group=outcome.field.group_of[unit],
            unit=unit,
            rank=prize.ranks[unit],
            value=show(prize.values[unit], PLACES),
        )
        for prize in outcome.prizes
        for unit in prize.won
    ]


def _standings(outcome: Outcome, period: str) -> list[LabourRow]:
    units = sorted(outcome.field.units, key=lambda unit: _place(outcome, period, unit))
    return [_row(outcome, period, unit) for unit in units]


def _place(outcome: Outcome, period: str, unit: str) -> tuple[str, int, int, str]:
    """The sort key of a unit's row.

    Groups by code point; in each the ranked, those without a rank for a veto, the incomplete,
    the absent.
    """
    group = outcome.field.group_of[unit] or ""
    standing = outcome.totals[period, unit].standing
    rank = outcome.ranks.get((period, unit), len(outcome.field.units) + 1)
    return group, _ORDER[standing], rank, unit


_ORDER = {PeriodStanding.COUNTED: 0, PeriodStanding.INCOMPLETE: 1, PeriodStanding.ABSENT: 2}


def _row(outcome: Outcome, period: str, unit: str) -> LabourRow:
    total = outcome.totals[period, unit]
    return LabourRow(
        unit=unit,
        group=outcome.field.group_of[unit],
        rank=outcome.ranks.get((period, unit)),
        total=show_or_none(total.total, PLACES),
        flag=(period, unit) in outcome.flagged,
        vetoed=(period, unit) in outcome.field.vetoed,
        warned=(period, unit) in outcome.warned,
        missing=list(total.missing),
    )
