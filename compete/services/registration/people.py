"""Contestants found in long lists: by name, pinyin, unit or number, page by page, all or a part."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, Entrant, Event, Member, Unit, db
from compete.services.directory.search_columns import TAIL, tail_key
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.participants import takes_part
from compete.services.kernel.prefix_search import begins
from compete.services.kernel.versions import remembered_beside_marks
from compete.sheets.texts import tidy_name


@dataclass(frozen=True, slots=True)
class FoundApplications:
    """A page of those who were handed in, and how many there are of each state."""

    rows: Sequence[Application]
    total: int
    counts: Mapping[ApplicationState, int]


def find_applications(
    competition: Competition,
    *,
    state: ApplicationState | None = None,
    unit: str = "",
    page: int = 1,
    page_size: int,
) -> FoundApplications:
    """Find who was handed in, the longest waiting first. Drafts are the units' own affair."""
    here = _all_handed_in(competition, unit)
    states = select(Application.state, func.count(Application.id)).group_by(Application.state)
    counts = dict(
        db.session.execute(states.where(Application.id.in_(here.with_only_columns(Application.id))))
        .tuples()
        .all()
    )
    query = here if state is None else here.where(Application.state == state)
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    rows = db.session.scalars(
        query.options(
            joinedload(Application.unit),
            joinedload(Application.event),
            joinedload(Application.decider),
        )
        .order_by(Application.submitted_at, Application.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return FoundApplications(rows, total, counts)


def count_waiting(competition: Competition) -> int:
    """Count the people who wait for an organiser."""
    query = select(func.count(Application.id)).where(
        Application.competition_id == competition.id,
        Application.state == ApplicationState.SUBMITTED,
    )
    return db.session.scalar(query) or 0


def count_by_unit(units: Collection[int]) -> dict[int, dict[ApplicationState, int]]:
    """Count the people whom units enter, in each state, by the unit's id."""
    query = (
        select(Application.unit_id, Application.state, func.count(Application.id))
        .where(Application.unit_id.in_(units))
        .group_by(Application.unit_id, Application.state)
    )
    counts: dict[int, dict[ApplicationState, int]] = {}
    for unit, state, count in db.session.execute(query) if units else ():
        counts.setdefault(unit, {})[state] = count
    return counts


def _all_handed_in(competition: Competition, unit: str) -> Select[tuple[Application]]:
    """Select all whom units or people have handed in, or one unit's."""
    query = select(Application).where(
        Application.competition_id == competition.id, Application.submitted_at.is_not(None)
    )
    if unit:
        query = query.where(
            Application.unit_id.in_(
                select(Unit.id).where(Unit.competition_id == competition.id, Unit.code == unit)
            )
        )
    return query


_WORD_STARTS = ("", "% ", "%-", "%'", "%’", "%·", "%.")
"""As patterns: what stands before a word of a name in Latin letters."""


def sought(competition: Competition, typed: str) -> ColumnElement[bool]:
    """The condition, over entrants, of who is meant by what was typed.

    The name or a part of it, its pinyin (in one or word by word) or first letters, the number
    that the list gives, the unit, or the last four signs of the ID number. Members of a crew
    find the crew.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    of_this = Entrant.competition_id == competition.id
    crew = Member.competition_id == competition.id
    units = select(Unit.id).where(
        Unit.competition_id == competition.id, Unit.name.contains(text, autoescape=True)
    )
    ways = [
        select(Entrant.id).where(of_this, Entrant.unit_id.in_(units)),
        *(
            select(Entrant.id).where(of_this, begins(Entrant.code, code))
            for code in dict.fromkeys((text, text.upper(), text.lower()))
        ),
    ]
    if text.isascii():
        plain = "".join(sign for sign in text.casefold() if sign.isalnum())
        if plain:
            for column in (Entrant.spoken, Entrant.initials):
                ways.append(select(Entrant.id).where(of_this, begins(column, plain)))
            for column in (Member.spoken, Member.initials):
                ways.append(select(Member.entrant_id).where(crew, begins(column, plain)))
        if any(sign.isalpha() for sign in text) and not any(sign.isdigit() for sign in text):
            # Names in Latin letters by any of their words; pinyin by the given name's.
            words = "% ".join(_escaped(word) for word in text.split())
            starts = [f"{start}{words}%" for start in _WORD_STARTS]
            key = (_like(Entrant.name_key, start) for start in starts)
            ways.append(select(Entrant.id).where(of_this, or_(*key)))
            named = (_like(Member.name, start) for start in starts)
            ways.append(select(Member.entrant_id).where(crew, or_(*named)))
        if len(text) == TAIL:
            tail = tail_key(competition.id, text)
            ways.append(select(Entrant.id).where(of_this, Entrant.id_tail == tail))
            ways.append(select(Member.entrant_id).where(crew, Member.id_tail == tail))
    else:
        # The key ends with the name, and its index is small beside the rows. The dot between the
        # parts of a name is typed as another sign, or not at all.
        plain = tidy_name(text)[0].replace("·", "")
        part = func.replace(Entrant.name_key, "·", "").contains(plain, autoescape=True)
        ways.append(select(Entrant.id).where(of_this, part))
        named = func.replace(Member.name, "·", "").contains(plain, autoescape=True)
        ways.append(select(Member.entrant_id).where(crew, named))
    first, *others = ways
    return Entrant.id.in_(first.union(*others))


def count_everybody(competition: Competition) -> int:
    """Count the people who take part, those of a crew each by themselves."""
    here = (Entrant.competition_id == competition.id, takes_part())
    entrants = db.session.scalar(select(func.count(Entrant.id)).where(*here)) or 0
    in_crews = (
        select(func.count(Member.id), func.count(func.distinct(Member.entrant_id)))
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(*here)
    )
    members, crews = db.session.execute(in_crews).one()
    return int(entrants - crews + members)


def _like(column: Any, pattern: str) -> ColumnElement[bool]:
    """The condition that a column is like a pattern, whatever the case."""
    if db.session.get_bind().dialect.name == "sqlite":
        # Which minds no case of Latin letters anyway, and need not fold a hundred thousand keys.
        return column.like(pattern, escape="\\")  # type: ignore[no-any-return]
    return column.ilike(pattern, escape="\\")  # type: ignore[no-any-return]


def _escaped(text: str) -> str:
    for character in "\\%_":
        text = text.replace(character, "\\" + character)
    return text


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
    place = _places(sort)
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


def _places(sort: str) -> list[Any]:
    """By what a list in this order is sorted."""
    columns, backwards = order_of(sort)
    return [column.desc() if backwards else column for column in columns]


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


Row = TypeVar("Row", Entrant, Application)


def numbers_listed(
    competition: Competition, *, q: str = "", unit: str = "", event: str = "", sort: str = ""
) -> Sequence[int]:
    """The row numbers of all who match, in the order of `find_entrants`."""
    query = matching(competition, q, unit, event)
    return db.session.scalars(query.order_by(*_places(sort))).all()


def numbers_handed_in(
    competition: Competition, *, state: ApplicationState | None = None, unit: str = ""
) -> Sequence[int]:
    """The row numbers of all of them, in the order of `find_applications`."""
    query = _all_handed_in(competition, unit).with_only_columns(Application.id)
    if state is not None:
        query = query.where(Application.state == state)
    return db.session.scalars(query.order_by(Application.submitted_at, Application.id)).all()


def rows_listed(table: type[Row], numbers: Sequence[int]) -> list[Row]:
    """List these entrants or applications, in this order, with what a list shows of them."""
    query = select(table).where(table.id.in_(numbers))
    named = (joinedload(table.unit), joinedload(table.event))
    beside = selectinload(Entrant.members) if table is Entrant else joinedload(Application.decider)
    known = {row.id: row for row in db.session.scalars(query.options(*named, beside))}
    return [known[number] for number in numbers if number in known]


@dataclass(frozen=True, slots=True)
class Brought:
    """A mark that somebody brought to an evaluation from an earlier one; `void` says why not."""

    of: str
    competition: str
    until: date
    void: str | None


@dataclass(frozen=True, slots=True)
class Entered:
    """The person behind a number, and what they brought along."""

    name: str
    unit: str
    brought: tuple[Brought, ...] = ()


def entered_as(competition: Competition, codes: Sequence[str]) -> dict[str, Entered]:
    """The people of a list as they are registered now, by number."""
    entered: dict[str, Entered] = {}
    for chunk in in_chunks(codes):
        query = (
            select(Entrant.code, Entrant.name, Unit.name, Entrant.carried)
            .join(Unit, Unit.id == Entrant.unit_id)
            .where(Entrant.competition_id == competition.id, Entrant.code.in_(chunk))
            .where(takes_part())
        )
        for code, name, unit, carried in db.session.execute(query).tuples():
            entered[code] = Entered(name, unit, brought_by(carried))
    return entered


def brought_by(carried: Sequence[Mapping[str, Any]] | None) -> tuple[Brought, ...]:
    """The modules that an entrant brought along, as the file writes them."""
    return tuple(
        Brought(
            it["of"],
            it["from"]["competition"],
            date.fromisoformat(it["until"]),
            it["void"]["reason"] if it.get("void") else None,
        )
        for it in carried or ()
    )
