"""What an award of a labour competition rests on: where its unit stood as two granted it."""

from __future__ import annotations

from typing import Any

from compete.domain.bundle import LabourRow
from compete.domain.values import DistinctionKind, Kind
from compete.models import Distinction, Publication
from compete.services.publication.snapshots import publications
from compete.services.publication.told_periods import announced_labour, announced_periods


def widest_period(publication: Publication) -> str | None:
    """The widest of the periods that are out, and of several the last; None where none is."""
    tree = announced_labour(publication).outcome.field.tree
    told = reversed(announced_periods(publication))
    return min(told, key=lambda code: len(list(tree.around(code))), default=None)


def ground_lost(given: Distinction, publication: Publication) -> dict[str, Any] | None:
    """What speaks against an award by this version and did not as it was granted; None: nothing.

    `period` by name and `vetoed`, or `was` and `now`: the ranks, `now` None for no rank. A veto
    in what holds the period counts as well, and bars teams and people of the unit too; a worse
    place speaks against an award to the unit itself.
    """
    if given.competition.kind != Kind.LABOUR or given.unit is None or given.agreed_at is None:
        return None
    before = next(
        (
            each
            for each in publications(given.competition)
            if each.published_at <= given.agreed_at and each.version <= publication.version
        ),
        None,
    )
    cited = widest_period(before) if before is not None else None
    period = cited or widest_period(publication)
    if period is None or (before is not None and before.id == publication.id):
        return None
    live, unit = announced_labour(publication), given.unit.code
    tree = live.outcome.field.tree
    if period not in tree.periods:
        return None
    for code in tree.around(period):
        row, old = _row(publication, code, unit), before and _row(before, code, unit)
        if row is not None and row.vetoed and not (old and old.vetoed):
            return {"period": tree.periods[code].name, "vetoed": True}
    row, old = _row(publication, period, unit), before and _row(before, period, unit)
    if given.kind is not DistinctionKind.UNIT or old is None or old.rank is None:
        return None
    rank = row.rank if row is not None else None
    if rank is not None and rank <= old.rank:
        return None
    return {"period": tree.periods[period].name, "was": old.rank, "now": rank}


def _row(publication: Publication, period: str, unit: str) -> LabourRow | None:
    rows = announced_labour(publication).standings.get(period, ())
    return next((row for row in rows if row.unit == unit), None)
