"""Outcome of a labour competition, worked out once, before any of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from compete.domain.labour.flags import Marked, flagged, warned
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.prizes import Compared, prizes_of
from compete.domain.labour.ranks import Ranks, ranks_of
from compete.domain.labour.scores import score_cells
from compete.domain.labour.totals import Totals, totals_of


class Outcome(msgspec.Struct, frozen=True):
    """The exact scores of the grid's squares, and totals, ranks, flags, warnings and
    prizes from them."""

    field: LabourField
    scores: Mapping[Cell, Fraction]
    totals: Totals
    ranks: Ranks
    flagged: Marked
    warned: Marked
    prizes: tuple[Compared, ...] = ()


def outcome_of(field: LabourField) -> Outcome:
    """Score, total, rank, flag and warn."""
    return outcome_with(field, score_cells(field))


def outcome_with(field: LabourField, scores: Mapping[Cell, Fraction]) -> Outcome:
    """Work out the outcome where the squares' scores are known."""
    totals = totals_of(field, scores)
    return outcome_from(field, scores, totals, ranks_of(field, totals, scores))


def outcome_from(
    field: LabourField, scores: Mapping[Cell, Fraction], totals: Totals, ranks: Ranks
) -> Outcome:
    """Work out the outcome where totals and ranks are known, too."""
    return Outcome(
        field=field,
        scores=scores,
        totals=totals,
        ranks=ranks,
        flagged=flagged(field, totals, ranks),
        warned=warned(field, totals),
        prizes=prizes_of(field, totals, scores),
    )
