"""Changes of squares: the rows themselves, newest first, with who wrote and what stood before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased, joinedload

from compete.models import SELF, Competition, LabourValueEntry, Unit, db
from compete.services.labour.squares import names_of_writers


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """The squares asked for, by codes; None: all. `own`: self-assessments too."""

    unit: str | None = None
    period: str | None = None
    indicators: Collection[str] | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class SquareChange:
    """A row that somebody wrote, the one that stood in its square before, and who wrote it."""

    row: LabourValueEntry
    before: LabourValueEntry | None
    by: str


def count_changes(competition: Competition, asked: ChangeFilter) -> int:
    """Count the rows."""
    query = select(func.count(LabourValueEntry.id)).join(Unit, Unit.id == LabourValueEntry.unit_id)
    return db.session.scalar(query.where(*_change_conditions(competition, asked))) or 0


def changes_of(
    competition: Competition, asked: ChangeFilter, first: int, most: int
) -> Sequence[SquareChange]:
    """List so many changes from `first` on, the newest first; none of what came with a file."""
    query = _listed().where(*_change_conditions(competition, asked)).order_by(_ROW.id.desc())
    return _with_before(query.offset(first).limit(most))


def change_numbers(competition: Competition, asked: ChangeFilter) -> Sequence[int]:
    """List the rows' numbers of all changes, the newest first."""
    query = (
        select(_ROW.id)
        .join(Unit, Unit.id == _ROW.unit_id)
        .where(*_change_conditions(competition, asked))
    )
    return db.session.scalars(query.order_by(_ROW.id.desc())).all()


def changes_of_numbers(numbers: Sequence[int]) -> Sequence[SquareChange]:
    """List these changes by their numbers, the newest first."""
    return _with_before(_listed().where(_ROW.id.in_(numbers)).order_by(_ROW.id.desc()))


def _listed() -> Select[tuple[LabourValueEntry, int | None]]:
    """Select each row with the number of the one before it in its square."""
    earlier = aliased(LabourValueEntry)
    own, own_earlier = (case((row.source == SELF, 1), else_=0) for row in (_ROW, earlier))
    before = (
        select(func.max(earlier.id))
        .where(
            and_(
                earlier.unit_id == _ROW.unit_id,
                earlier.period == _ROW.period,
                earlier.indicator == _ROW.indicator,
                earlier.id < _ROW.id,
                own_earlier == own,
            )
        )
        .correlate(_ROW)
        .scalar_subquery()
    )
    rows = select(_ROW, before).join(Unit, Unit.id == _ROW.unit_id)
    return rows.options(joinedload(_ROW.unit))


def _with_before(query: Select[tuple[LabourValueEntry, int | None]]) -> Sequence[SquareChange]:
    pairs = db.session.execute(query).tuples().all()
    numbers = {number for _row, number in pairs if number is not None}
    rows = db.session.scalars(select(_ROW).where(_ROW.id.in_(numbers)).order_by(_ROW.id))
    stood = {row.id: row for row in rows}
    names = names_of_writers(row for row, _number in pairs)
    return [
        SquareChange(row, stood.get(number or 0), names.get(row.made_by or 0, ""))
        for row, number in pairs
    ]


_ROW = LabourValueEntry


def _change_conditions(competition: Competition, asked: ChangeFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Unit.competition_id == competition.id,
        _ROW.source.is_not(None),
    ]
    if not asked.own:
        conditions.append(_ROW.source != SELF)
    if asked.unit is not None:
        conditions.append(Unit.code == asked.unit)
    if asked.period is not None:
        conditions.append(_ROW.period == asked.period)
    if asked.indicators is not None:
        conditions.append(_ROW.indicator.in_(asked.indicators))
    return conditions
