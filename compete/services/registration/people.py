"""Finding contestants in a competition's list, for one page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from compete.models import Competition, Entrant, Event, Unit, db
from compete.services.kernel.versions import remembered_beside_marks
from compete.services.registration.search_columns import count_everybody, sought


class ListOrder(StrEnum):
    """The order of a list of contestants; of one unit or name by number."""

    NUMBER = "number"
    NAME = "name"
    """By pinyin."""
    UNIT = "unit"
    """The units as they stand in the list of units."""


_ORDERS: dict[ListOrder, Sequence[InstrumentedAttribute[Any]]] = {
    ListOrder.NUMBER: (Entrant.code,),
    ListOrder.NAME: (Entrant.name_key, Entrant.code),
    ListOrder.UNIT: (Entrant.unit_id, Entrant.code),
}


@dataclass(frozen=True)
class Found:
    """A page of the list, how many match, how many there are at all; `page` is the one shown."""

    rows: list[Entrant]
    total: int
    everyone: int
    has_groups: bool
    page: int


def find_entrants(
    competition: Competition,
    *,
    q: str = "",
    unit: str = "",
    event: str = "",
    sort: str = "",
    page: int = 1,
    page_size: int,
) -> Found:
    """A page of the contestants that match; a page beyond the end is the last one.

    `q` is looked for as `sought` says; `unit` and `event` are codes, `sort` is a
    `ListOrder`, with a minus before it the other way round.
    """
    everyone, several = remembered_beside_marks(
        competition, "everybody", lambda: (count_everybody(competition), _has_groups(competition))
    )
    query = matching(competition, q, unit, event)
    columns, backwards = order_of(sort)
    place = [column.desc() if backwards else column for column in columns]
    # Numbers alone are passed over on the way to a late page, not whole rows.
    ordered = query.order_by(*place).limit(page_size)
    if q:
        # One pass over who matches counts them as well.
        here = db.session.execute(
            ordered.add_columns(func.count().over()).offset((page - 1) * page_size)
        ).all()
        total = here[0][1] if here else _count(query) if page > 1 else 0
        numbers: Sequence[int] = [row[0] for row in here]
    else:
        total = remembered_beside_marks(
            competition, ("entrants", unit, event), lambda: _count(query)
        )
        numbers = []
    last = max(1, -(-total // page_size))
    if not numbers and total:
        page = min(page, last)
        numbers = db.session.scalars(ordered.offset((page - 1) * page_size)).all()
    rows = db.session.scalars(
        select(Entrant)
        .where(Entrant.id.in_(numbers))
        .options(joinedload(Entrant.unit), joinedload(Entrant.event), selectinload(Entrant.members))
        .order_by(*place)
    ).all()
    return Found(list(rows), total, everyone, several, min(page, last))


@dataclass(frozen=True)
class Neighbours:
    """The position of somebody in the list, from 1, and the codes of those beside them."""

    place: int
    total: int
    previous: str | None
    following: str | None


def neighbours_of(
    entrant: Entrant, *, q: str = "", unit: str = "", event: str = "", sort: str = ""
) -> Neighbours | None:
    """Find who stands before and after somebody in `find_entrants`' list; None if outside.

    Somebody who does not match any more (the name was corrected) has no neighbours there.
    """
    query = matching(entrant.competition, q, unit, event)
    if db.session.scalar(query.where(Entrant.id == entrant.id)) is None:
        return None
    columns, backwards = order_of(sort)
    here = tuple_(*(getattr(entrant, column.key) for column in columns))
    before, after = tuple_(*columns) < here, tuple_(*columns) > here
    down, up = [column.desc() for column in columns], [column.asc() for column in columns]
    if backwards:
        before, after, down, up = after, before, up, down
    codes = query.with_only_columns(Entrant.code).limit(1)
    return Neighbours(
        _count(query.where(before)) + 1,
        _count(query),
        db.session.scalar(codes.where(before).order_by(*down)),
        db.session.scalar(codes.where(after).order_by(*up)),
    )


def order_of(sort: str) -> tuple[Sequence[InstrumentedAttribute[Any]], bool]:
    """The columns, and whether the other way round; what is unknown is by number."""
    name = sort.removeprefix("-")
    known = name in set(ListOrder)
    return _ORDERS[ListOrder(name) if known else ListOrder.NUMBER], known and sort != name


def matching(competition: Competition, q: str, unit: str, event: str) -> Select[tuple[int]]:
    """The row numbers of those who match."""
    query = select(Entrant.id).where(Entrant.competition_id == competition.id)
    if q:
        query = query.where(sought(competition, q))
    if unit:
        query = query.where(Entrant.unit_id.in_(_coded(Unit, competition, unit)))
    if event:
        query = query.where(Entrant.event_id.in_(_coded(Event, competition, event)))
    return query


def _coded(table: type[Unit] | type[Event], competition: Competition, code: str) -> list[int]:
    """The number of a unit or event; a statement that is given it can follow an index."""
    query = select(table.id).where(table.competition_id == competition.id, table.code == code)
    return list(db.session.scalars(query))


def _has_groups(competition: Competition) -> bool:
    groups = select(Entrant.group).where(Entrant.competition_id == competition.id).distinct()
    return len(db.session.scalars(groups.limit(2)).all()) > 1


def _count(query: Select[tuple[int]]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
