"""Recompute an outcome that was worked out before, for some changed squares or other rules.

Only what depends on them is worked out again, by the same functions: the result is the same, to
the last digit, as that of working everything out anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from msgspec.structs import replace

from compete.domain.bundle.labour_types import Labour, LabourValue
from compete.domain.bundle.types import Bundle
from compete.domain.labour.outcome import Outcome, outcome_from, outcome_with
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.ranks import ranks_of
from compete.domain.labour.scores import Squares, score_cells
from compete.domain.labour.totals import total_of
from compete.domain.values.kinds import ScoringType, VetoRank

Changed = Mapping[Cell, LabourValue | None]
"""Squares with the value that stands in them now; None: they are empty."""


def outcome_after(before: Outcome, labour: Labour, changed: Changed) -> Outcome:
    """The outcome of `labour`: `before` with other values in these squares.

    Its adjustments and vetoes may be others too.
    """
    changed = {cell: value for cell, value in changed.items() if cell[0] in before.field.group_of}
    field = before.field.with_values(labour, changed)
    scores, moved = _scores(before, field, changed)
    totals = dict(before.totals)
    units_in = defaultdict[str, set[str]](set)
    for unit, leaf, _code in moved:
        for period in field.tree.around(leaf):
            units_in[period].add(unit)
    for period, unit in _adjusted_otherwise(before.field, field):
        for around in field.tree.around(period):
            units_in[around].add(unit)
    if field.veto_rank is not VetoRank.KEEP or before.field.veto_rank is not VetoRank.KEEP:
        for period, unit in before.field.vetoed ^ field.vetoed:
            if unit in field.group_of:
                units_in[period].add(unit)
    for period in field.tree.upward:
        for unit in units_in.get(period, ()):
            totals[period, unit] = total_of(field, scores, totals, period, unit)
    ranks = {key: rank for key, rank in before.ranks.items() if key[0] not in units_in}
    ranks |= ranks_of(field, totals, scores, units_in)
    return outcome_from(field, scores, totals, ranks)


def outcome_under(before: Outcome, bundle: Bundle, labour: Labour) -> Outcome:
    """The outcome of the same values, indicators and leaves under other rules.

    Periods may weigh otherwise or be part of others; so may caps, ties, flags and groups be others.
    """
    field = LabourField(bundle, labour)
    scores = before.scores if field.group_of == before.field.group_of else score_cells(field)
    return outcome_with(field, scores)


def _adjusted_otherwise(before: LabourField, after: LabourField) -> set[tuple[str, str]]:
    """Periods with the units that have other adjustments than before."""
    was, now = before.adjusted, after.adjusted
    others = {key for key in {*was, *now} if was.get(key) != now.get(key)}
    return {key for key in others if key[1] in after.group_of}


def _scores(
    before: Outcome, field: LabourField, changed: Changed
) -> tuple[dict[Cell, Fraction], set[Cell]]:
    """All scores, and the squares whose score is another or that were filled or emptied."""
    indicators = {indicator.code: indicator for indicator in field.labour.indicators}
    scores = dict(before.scores)
    raced: set[tuple[str, str, str | None]] = set()
    alone: dict[Cell, LabourValue] = {}
    for cell, value in changed.items():
        unit, period, code = cell
        if indicators[code].scoring.type is ScoringType.RANK:
            raced.add((period, code, field.group_of[unit]))
        elif value is not None:
            alone[cell] = value
        if value is None:
            scores.pop(cell, None)
    for period, code, group in raced:
        cells = [(unit, period, code) for unit in field.units if field.group_of[unit] == group]
        alone |= {cell: field.values[cell] for cell in cells if cell in field.values}
    asked = {code for _unit, _period, code in alone}
    few = replace(
        field.labour,
        indicators=tuple(
            indicator for indicator in field.labour.indicators if indicator.code in asked
        ),
        values=(),
    )
    scores |= score_cells(Squares(few, field.group_of, alone))
    touched = {*changed, *alone}
    return scores, {cell for cell in touched if scores.get(cell) != before.scores.get(cell)}
