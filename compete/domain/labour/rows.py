"""The standings as they are written: rows by group, rank and code."""

from __future__ import annotations

import msgspec

from compete.domain.bundle import LabourResults, LabourRow, PeriodResults
from compete.domain.labour.field import LabourField
from compete.domain.labour.flags import Marked, flagged, warned
from compete.domain.labour.ranks import Ranks, ranks_of
from compete.domain.labour.scores import score_cells
from compete.domain.labour.totals import PLACES, Standing, Totals, totals_of
from compete.domain.values import shown


class _Outcome(msgspec.Struct, frozen=True):
    """All that is worked out, before it is written."""

    field: LabourField
    totals: Totals
    ranks: Ranks
    flagged: Marked
    warned: Marked


def results_of(field: LabourField) -> LabourResults:
    """Score, total, rank, flag and warn, then write it down."""
    scores = score_cells(field)
    totals = totals_of(field, scores)
    ranks = ranks_of(field, totals, scores)
    outcome = _Outcome(field, totals, ranks, flagged(field, totals, ranks), warned(field, totals))
    periods = [
        PeriodResults(code=period, standings=_standings(outcome, period))
        for period in field.tree.periods
    ]
    return LabourResults(periods=periods, final=field.tree.root)


def _standings(outcome: _Outcome, period: str) -> list[LabourRow]:
    units = sorted(outcome.field.units, key=lambda unit: _place(outcome, period, unit))
    return [_row(outcome, period, unit) for unit in units]


def _place(outcome: _Outcome, period: str, unit: str) -> tuple[str, int, int, str]:
    """Groups by code point; in each the ranked, then the incomplete, then the absent."""
    group = outcome.field.group_of[unit] or ""
    standing = outcome.totals[period, unit].standing
    return group, _ORDER[standing], outcome.ranks.get((period, unit), 0), unit


_ORDER = {Standing.COUNTED: 0, Standing.INCOMPLETE: 1, Standing.ABSENT: 2}


def _row(outcome: _Outcome, period: str, unit: str) -> LabourRow:
    found = outcome.totals[period, unit]
    return LabourRow(
        unit=unit,
        group=outcome.field.group_of[unit],
        rank=outcome.ranks.get((period, unit)),
        total=shown(found.total, PLACES),
        flag=(period, unit) in outcome.flagged,
        vetoed=(period, unit) in outcome.field.vetoed,
        warned=(period, unit) in outcome.warned,
        missing=list(found.missing),
    )
