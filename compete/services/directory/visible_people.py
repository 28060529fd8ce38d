"""People of the installation as somebody may see them: those of own competitions, or all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from compete.models import (
    Account,
    Competition,
    Entrant,
    Event,
    Examinee,
    Expert,
    Judge,
    Member,
    Person,
    Unit,
    db,
)
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.own_competitions import own_competitions, sees_all
from compete.services.directory.person_records import Holder, name_key_of
from compete.services.directory.search_columns import people_sought
from compete.services.kernel.shown_competitions import competitions_not_shown
from compete.services.kernel.versions import remembered

_POINTING = (Entrant, Member, Judge, Examinee)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of somebody in one competition, in its own words of the day."""

    person_id: int
    """Their record, or one that was merged into it."""
    competition: Competition
    code: str
    entrant: str | None
    """The entrant's code, of whose page a member of a crew is part; None for an official."""
    name: str
    unit: str | None
    event: str | None
    judge: Judge | None


def find_persons(account: Account, q: str, *, limit: int, offset: int) -> tuple[list[Person], int]:
    """A page of the people that somebody may see, newest first, and how many match."""
    query, is_sought = _listed(account, q)
    page = query.order_by(Person.id.desc()).limit(limit).offset(offset)
    count = select(func.count()).select_from(query.subquery())
    if not is_sought:
        # Who points to whom changes with a record of the installation.
        everybody = sees_all(account)
        whose = (
            competitions_not_shown()
            if everybody
            else tuple(sorted(db.session.scalars(own_competitions(account))))
        )
        total = remembered(
            None, ("people", everybody, whose), lambda: db.session.scalar(count) or 0
        )
        numbers = list(db.session.scalars(page))
    else:
        # One pass over the numbers of all counts them, and no more than a page is read whole.
        here = db.session.execute(page.add_columns(func.count().over())).tuples().all()
        total = here[0][1] if here else (db.session.scalar(count) or 0) if offset else 0
        numbers = [number for number, _total in here]
    return persons_listed(numbers), total


def numbers_of_persons(account: Account, q: str) -> Sequence[int]:
    """The row numbers of all whom somebody may see, or who match, newest first."""
    query, _found = _listed(account, q)
    return db.session.scalars(query.order_by(Person.id.desc())).all()


def persons_listed(numbers: Sequence[int]) -> list[Person]:
    """List these persons, newest first."""
    rows = select(Person).where(Person.id.in_(numbers)).order_by(Person.id.desc())
    return list(db.session.scalars(rows))


def _listed(account: Account, q: str) -> tuple[Select[tuple[int]], bool]:
    """The numbers of those whom somebody may see and who match, and whether they are sought."""
    query = select(Person.id).where(Person.merged_into_id.is_(None))
    query = query.where(is_known(Person) if sees_all(account) else _is_seen_by(account, Person))
    if (condition := _sought(q, account, Person)) is not None:
        query = query.where(condition)
    return query, condition is not None


def find_person(number: int, account: Account) -> Person | None:
    """A person by number, or None: of no competition of the account, they are not there."""
    person = db.session.get(Person, number)
    if person is None:
        return None
    person = standing(person)
    if sees_all(account):
        return db.session.scalar(select(Person).where(Person.id == person.id, is_known(Person)))
    if parts_of([person.id], account) or _in_pool(person, account):
        return person
    return None


def parts_of(numbers: Collection[int], account: Account) -> dict[int, list[Part]]:
    """The parts by person in the account's competitions, mergers counted in, newest first."""
    counted = with_merged(Person, numbers)
    own = own_competitions(account)
    parts: list[Part] = []
    entrants = (
        select(Entrant, Competition, Unit.name, Event.name)
        .join(Unit, Unit.id == Entrant.unit_id)
        .join(Event, Event.id == Entrant.event_id)
    )
    for row, at, unit, event in _of_people(entrants, Entrant, counted, own):
        parts.append(Part(row.person_id, at, row.code, row.code, row.name, unit, event, None))
    members = (
        select(Member, Competition, Entrant.code, Unit.name, Event.name)
        .join(Entrant, Entrant.id == Member.entrant_id)
        .join(Unit, Unit.id == Entrant.unit_id)
        .join(Event, Event.id == Entrant.event_id)
    )
    for row, at, code, unit, event in _of_people(members, Member, counted, own):
        parts.append(Part(row.person_id, at, row.code, code, row.name, unit, event, None))
    judges = select(Judge, Competition, Unit.name).outerjoin(Unit, Unit.id == Judge.unit_id)
    for row, at, unit in _of_people(judges, Judge, counted, own):
        parts.append(Part(row.person_id, at, row.code, None, row.name, unit, None, row))
    for row, at in _of_people(select(Examinee, Competition), Examinee, counted, own):
        parts.append(Part(row.person_id, at, row.code, None, row.name, row.unit_name, None, None))
    by_person: dict[int, list[Part]] = {}
    for part in sorted(parts, key=lambda part: (-part.competition.id, part.code)):
        by_person.setdefault(counted[part.person_id], []).append(part)
    return by_person


def _of_people(
    query: Select[Any], table: type[Holder], people: Collection[int], own: Select[tuple[int]]
) -> Iterable[tuple[Any, ...]]:
    """The rows of these people in competitions among `own`, with which the query joins them."""
    query = query.join(Competition, Competition.id == table.competition_id)
    here = query.where(table.person_id.in_(people), Competition.id.in_(own))
    return db.session.execute(here).tuples()


def known_as(people: Sequence[Person], account: Account) -> dict[int, Person]:
    """The records, by number, whose name, number and birth the account may see of them.

    Their own, or one merged into it: that to which own competitions point. Left out is whom
    these know by no record.
    """
    if sees_all(account):
        return {person.id: person for person in people}
    parts = parts_of([person.id for person in people], account)
    pointed = {number: {part.person_id for part in here} for number, here in parts.items()}
    lowest = {
        number: number if number in records else min(records) for number, records in pointed.items()
    }
    rows = db.session.scalars(select(Person).where(Person.id.in_(lowest.values())))
    by_number = {row.id: row for row in rows}
    return {number: by_number[record] for number, record in lowest.items()}


def merged_records(person: Person, account: Account) -> list[Person]:
    """The records that were merged into this one, and stand so; those that the account may see."""
    query = select(Person).where(Person.merged_into_id == person.id).order_by(Person.id)
    if not sees_all(account):
        query = query.where(comes_to_one_of(account, Person))
    return list(db.session.scalars(query))


def may_decide(person: Person, account: Account) -> bool:
    """True if who somebody is may be decided: only own competitions and the pool know them."""
    if sees_all(account):
        return True
    counted = with_merged(Person, [standing(person).id])
    own = own_competitions(account)
    known = False
    for table in _POINTING:
        query = select(table.competition_id).where(table.person_id.in_(counted))
        if db.session.scalar(query.where(table.competition_id.not_in(own)).limit(1)) is not None:
            return False
        known = known or db.session.scalar(query.limit(1)) is not None
    return known or _in_pool(person, account)


def comes_to(person: Person, account: Account) -> bool:
    """True if a competition of the account knows them, and not the pool of experts alone."""
    return sees_all(account) or bool(parts_of([standing(person).id], account))


def _in_pool(person: Person, account: Account) -> bool:
    """True if they are seen as an expert of the pool, which everybody sees who sees people."""
    if not db.session.scalars(own_competitions(account).limit(1)).all():
        return False
    counted = with_merged(Person, [standing(person).id])
    query = select(Expert.id).where(Expert.person_id.in_(counted), Expert.ended_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def seen_only_by(account: Account, person: type[Person]) -> ColumnElement[bool]:
    """The condition that own competitions or the pool know them, and no others; for few."""
    own = own_competitions(account)

    def others(row: type[Person]) -> ColumnElement[bool]:
        return _pointed_from(row, lambda competition: competition.not_in(own))

    pool = select(Expert.person_id).where(Expert.ended_at.is_(None))
    seen = or_(comes_to_one_of(account, person), person.id.in_(pool))
    return and_(seen, ~others(person), person.id.not_in(_above(others)))


def comes_to_one_of(account: Account, person: type[Person]) -> ColumnElement[bool]:
    """The condition, in a statement about few, that a competition of the account knows them."""
    return or_(_is_pointed_to(account, person), person.id.in_(_merged_into(account)))


def is_known(person: type[Person]) -> ColumnElement[bool]:
    """The condition that more than competitions which nobody is shown yet know them."""
    hidden = competitions_not_shown()
    if not hidden:
        return true()
    first, *rest = (
        select(table.person_id).where(
            table.competition_id.in_(hidden), table.person_id.is_not(None)
        )
        for table in _POINTING
    )
    return or_(
        person.id.not_in(first.union_all(*rest)),
        _pointed_from(person, lambda competition: competition.not_in(hidden)),
        person.id.in_(select(Expert.person_id)),
    )


def _is_seen_by(account: Account, person: type[Person]) -> ColumnElement[bool]:
    """The condition, in a statement about all, that own competitions point to it or merged ones."""
    own = own_competitions(account)
    first, *rest = (
        select(table.person_id).where(table.competition_id.in_(own), table.person_id.is_not(None))
        for table in _POINTING
    )
    pointed = first.union_all(*rest)
    return or_(person.id.in_(pointed), person.id.in_(_merged_into(account)))


def _sought(q: str, account: Account, person: type[Person]) -> ColumnElement[bool] | None:
    """The condition of who is meant, also by what a record says that was merged into theirs."""
    condition = people_sought(q, lambda unit: _came_from(unit, account, person), person)
    if condition is None or person is not Person:
        return condition
    gone = _above(lambda row: _seen_people(row, _sought(q, account, row), account))
    if not sees_all(account):
        # Who is known by a merged record alone is not found by what others know.
        mine = _is_pointed_to(account, person)
        condition = and_(condition, or_(person.id.not_in(_merged_into(account)), mine))
    return or_(condition, person.id.in_(gone))


def _seen_people(
    person: type[Person], sought: ColumnElement[bool] | None, account: Account
) -> ColumnElement[bool]:
    """A merged record that is meant counts for who may see it."""
    assert sought is not None
    return sought if sees_all(account) else and_(sought, _is_pointed_to(account, person))


def _came_from(unit: str, account: Account, person: type[Person]) -> ColumnElement[bool]:
    """The condition of who last came from a unit so called; for who sees only the own
    competitions, who comes from one of theirs, whatever others know.
    """
    if sees_all(account):
        return person.unit_key.contains(name_key_of(unit), autoescape=True)
    units = select(Unit.id).where(
        Unit.competition_id.in_(own_competitions(account)),
        Unit.name.contains(unit, autoescape=True),
    )
    sent = select(Entrant.id).where(Entrant.unit_id.in_(units))
    came = (
        select(Entrant.person_id)
        .where(Entrant.unit_id.in_(units), Entrant.person_id.is_not(None))
        .union_all(
            select(Member.person_id).where(
                Member.entrant_id.in_(sent), Member.person_id.is_not(None)
            ),
            select(Judge.person_id).where(Judge.unit_id.in_(units), Judge.person_id.is_not(None)),
        )
    )
    return person.id.in_(came)


def _is_pointed_to(account: Account, person: type[Person]) -> ColumnElement[bool]:
    own = own_competitions(account)
    return _pointed_from(person, lambda competition: competition.in_(own))


def _pointed_from(
    person: type[Person], where: Callable[[Any], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """The condition that a row points to it of a competition whose number is so."""
    return or_(
        *(
            select(table.id)
            .where(table.person_id == person.id, where(table.competition_id))
            .exists()
            for table in _POINTING
        )
    )


def _merged_into(account: Account) -> Select[tuple[int | None]]:
    """The records into which those were merged that own competitions point to."""
    return _above(lambda gone: _is_pointed_to(account, gone))


def _above(below: Callable[[type[Person]], ColumnElement[bool]]) -> Select[tuple[int | None]]:
    """The records into which those were merged that are meant.

    Few were merged: the way up is gone from those alone, and not from everybody.
    """
    gone, further = aliased(Person), aliased(Person)
    up = (
        select(gone.merged_into_id.label("id"))
        .where(gone.merged_into_id.is_not(None), below(gone))
        .cte(recursive=True)
    )
    up = up.union(
        select(further.merged_into_id)
        .join(up, further.id == up.c.id)
        .where(further.merged_into_id.is_not(None))
    )
    return select(up.c.id)
