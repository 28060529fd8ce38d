"""Missing squares: each unit's lacks in each leaf period of a labour competition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from compete.domain.labour.self_assessment import self_assessed
from compete.models import SELF, Competition, LabourValueEntry, Unit, db
from compete.services.labour.deadlines import first_open_leaf
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.squares import asked_in, leaves_of, newest_ids
from compete.services.scoring.live_labour import LabourLive


@dataclass(frozen=True, slots=True)
class Filled:
    """The count of a unit's filled squares, of those it is asked for in a leaf period."""

    there: int
    asked: int

    @property
    def lacking(self) -> int:
        """Count the squares that are not filled."""
        return self.asked - self.there


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A unit by leaf period that is due; None where it takes no part."""

    unit: str
    group: str | None
    by_leaf: Mapping[str, Filled | None]

    @property
    def lacking(self) -> int:
        """Count the periods in which something is missing."""
        return sum(each is not None and each.lacking > 0 for each in self.by_leaf.values())


def filled_rows(competition: Competition, live: LabourLive, *, own: bool) -> list[FilledRow]:
    """List every unit's row in order; of what departments score, or `own` self-assessments."""
    labour, leaves, field = live.labour, due_leaves(competition, live), live.outcome.field
    places = {leaf: place for place, leaf in enumerate(leaves)}
    asked = {
        leaf: sum(self_assessed(each) or not own for each in asked_in(labour, leaf))
        for leaf in leaves
    }
    scored = Counter((unit, leaf) for unit, leaf, _code in live.outcome.scores)
    there = _own_marks(competition) if own else scored
    found = []
    for unit in (code for code in live.units if code in field.group_of):
        first = min((places[leaf] for leaf in leaves if scored[unit, leaf]), default=0)
        by_leaf = {
            leaf: None
            if unit in live.away[leaf] or places[leaf] < first
            else Filled(min(there[unit, leaf], asked[leaf]), asked[leaf])
            for leaf in leaves
        }
        found.append(FilledRow(unit, field.group_of[unit], by_leaf))
    return found


def due_leaves(competition: Competition, live: LabourLive) -> Sequence[str]:
    """The leaf periods up to the last one that is closed, entered now, or has anything in it."""
    leaves, units = leaves_of(live.labour), live.outcome.field.units
    begun = {*closed_periods(competition), first_open_leaf(competition)}
    last = max(
        place
        for place, leaf in enumerate(leaves)
        if leaf in begun or any(not live.is_absent(leaf, unit) for unit in units)
    )
    return leaves[: last + 1]


def _own_marks(competition: Competition) -> Counter[tuple[str, str]]:
    """Count the indicators in which each unit has assessed itself, by unit and leaf period."""
    rows = db.session.execute(
        select(Unit.code, LabourValueEntry.period, func.count())
        .join(Unit, Unit.id == LabourValueEntry.unit_id)
        .where(
            LabourValueEntry.id.in_(newest_ids(competition)),
            LabourValueEntry.source == SELF,
            LabourValueEntry.value.is_not(None),
        )
        .group_by(Unit.code, LabourValueEntry.period)
    ).tuples()
    return Counter({(unit, leaf): count for unit, leaf, count in rows})
