"""Duplicates: two records that may be one person: proposed, put together, taken apart again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from compete.domain.identity.papers import Paper
from compete.domain.values.messages import msg
from compete.models import Account, Entrant, Member, Person, PersonsApart, db, utc_now
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.own_competitions import sees_all
from compete.services.directory.person_links import end_links
from compete.services.directory.person_records import follow_holders, record_of_two
from compete.services.directory.visible_people import (
    comes_to,
    comes_to_one_of,
    is_known,
    may_decide,
    seen_only_by,
)
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import remembered

_First, _Second = aliased(Person), aliased(Person)
_FEW = 100


@dataclass(frozen=True, slots=True)
class PossiblySame:
    """A pair of records, the earlier first, and what they share."""

    first: Person
    second: Person

    def same(self, column: str) -> bool:
        """True if both say something there, and the same.

        Two names that are not the same only sound alike: a variant of a character, or another
        of the same sound.
        """
        value = getattr(self.first, column)
        return value is not None and value == getattr(self.second, column)

    @property
    def other_number(self) -> bool:
        """Both have a number, and these differ: of two kinds of paper, or one is written wrong."""
        return _differ(self.first.id_hash, self.second.id_hash)

    @property
    def may_merge(self) -> bool:
        """True if they can be put together as they stand."""
        return not _are_two(self.first, self.second)


def possibly_same(account: Account, *, limit: int, offset: int) -> tuple[list[PossiblySame], int]:
    """A page of the pairs that the account may decide about, and how many there are in all.

    One number under two names; or one name, where one of the two has no number, with the same
    unit, phone or date of birth, or one that sounds alike with the same unit or phone. Two
    numbers whose last four are the same, or numbers of two kinds of paper, where name (as it
    sounds) and unit, phone or date of birth agree. Not who was said to be two, nor who stand in
    one event. An organiser is told of own people, also beside an expert of the pool.
    """
    query = _pairs(account).order_by(_First.id, _Second.id).limit(limit).offset(offset)
    rows = db.session.execute(query).tuples().all()
    pairs = [PossiblySame(first, second) for first, second, _total in rows]
    return pairs, rows[0][2] if rows else 0


def merge_people(
    person: Person, other: Person, by: Account, reason: str = ""
) -> tuple[Person, Person]:
    """Say that two records are one person; the record that stays, and the one that counts for it.

    What has a number stays, else what is older. Nothing of a competition changes. Raises
    `Refused` (CONFLICT) for two numbers of one kind of paper, two places in one event, and people
    whom other competitions know as well, unless an administrator says it.
    """
    reason = reason_text(reason)
    with unit_of_work() as session:
        person, other = _claimed(person, other, by)
        if _are_two(person, other):
            raise Refused(msg("两份记录的证件号码不同，是两个人。号码录错了就先更正号码"))
        shared = _events_of(person) & _events_of(other)
        if shared:
            raise Refused(msg("两份记录在同一个赛项里各有一个位置，是两个人"))
        kept, gone = sorted((person, other), key=lambda row: (row.id_hash is None, row.id))
        for apart in session.scalars(_apart(kept, gone)):
            apart.ended_by, apart.ended_at = by.id, utc_now()
        gone.merged_into_id, gone.merged_by, gone.merged_at = kept.id, by.id, utc_now()
        session.flush()
        record_of_two("person.merge", kept, gone, by, reason or None)
        # Either was given for what that record alone said.
        end_links((kept.id, gone.id), by, "merged")
    return kept, gone


def part_person(gone: Person, by: Account) -> Person:
    """Take a merger back: the record is its own again. Returns the one that it counted for."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(gone)
        if gone.merged_into_id is None:
            raise Refused(msg("这份记录没有合并"))
        kept = session.get_one(Person, gone.merged_into_id)
        _refuse_strangers(kept, by)
        gone.merged_into_id = gone.merged_by = gone.merged_at = None
        session.flush()
        record_of_two("person.part", kept, gone, by)
        # What was corrected meanwhile was of a record that others shared.
        follow_holders((kept, gone), by)
    return kept


def keep_apart(person: Person, other: Person, by: Account) -> None:
    """Say that two records are two people: they are proposed no more."""
    with unit_of_work() as session:
        person, other = _claimed(person, other, by)
        if session.scalar(_apart(person, other)) is not None:
            return
        first, second = sorted((person, other), key=lambda row: row.id)
        session.add(PersonsApart(first_id=first.id, second_id=second.id, made_by=by.id))
        session.flush()
        record_of_two("person.apart", first, second, by)


def propose_again(person: Person, other: Person, by: Account) -> None:
    """Take it back that two records are two people. Raises `Refused` where nobody said so."""
    with unit_of_work() as session:
        person, other = _claimed(person, other, by)
        apart = session.scalar(_apart(person, other))
        if apart is None:
            raise Refused(msg("没有人说过这是两个人"))
        apart.ended_by, apart.ended_at = by.id, utc_now()
        session.flush()
        record_of_two("person.again", person, other, by)


def said_to_be_others(person: Person) -> list[Person]:
    """List the persons said to be somebody else than this one."""
    query = select(PersonsApart).where(
        or_(PersonsApart.first_id == person.id, PersonsApart.second_id == person.id),
        PersonsApart.ended_at.is_(None),
    )
    return [
        db.session.get_one(
            Person, apart.second_id if apart.first_id == person.id else apart.first_id
        )
        for apart in db.session.scalars(query.order_by(PersonsApart.id))
    ]


def _claimed(person: Person, other: Person, by: Account) -> tuple[Person, Person]:
    """Claim both as they stand now, held until the unit of work ends."""
    audit.claim_chain(None)
    for row in (person, other):
        db.session.refresh(row)
        _refuse_strangers(row, by)
    if not any(comes_to(row, by) for row in (person, other)):
        raise Refused(msg("两份都只在专家库里，由管理员来定"), kind=Refusal.CONFLICT)
    person, other = standing(person), standing(other)
    if person.id == other.id:
        raise Refused(msg("这两份记录已经是一个人了"))
    return person, other


def _refuse_strangers(person: Person, by: Account) -> None:
    if not may_decide(person, by):
        raise Refused(
            msg("“%(name)s”在别的竞赛里也有记录，由管理员来定", name=person.name),
            kind=Refusal.CONFLICT,
        )


def _events_of(person: Person) -> set[int]:
    counted = with_merged(Person, [person.id])
    alone = select(Entrant.event_id).where(Entrant.person_id.in_(counted))
    crews = (
        select(Entrant.event_id)
        .join(Member, Member.entrant_id == Entrant.id)
        .where(Member.person_id.in_(counted))
    )
    return {*db.session.scalars(alone), *db.session.scalars(crews)}


def _apart(person: Person, other: Person) -> Select[tuple[PersonsApart]]:
    first, second = sorted((person.id, other.id))
    return select(PersonsApart).where(
        PersonsApart.first_id == first,
        PersonsApart.second_id == second,
        PersonsApart.ended_at.is_(None),
    )


def _pairs(account: Account) -> Select[tuple[Person, Person, int]]:
    """The pairs, each with how many there are in all.

    Few numbers stand twice and few people have none: who may be meant is found from those, by the
    indexes alone, and what else is asked is asked about these few and not about everybody. Where
    they are very few they are kept until the installation's records say something new.
    """
    alike = union(_by_number(), _by_name(), _by_paper(), _by_tail())
    few = remembered(
        None,
        "alike",
        lambda: db.session.execute(select(alike.subquery()).limit(_FEW + 1)).tuples().all(),
    )
    if len(few) <= _FEW:
        rows = [
            select(literal(first).label("first_id"), literal(two).label("second_id"))
            for first, two in few or [(0, 0)]
        ]
        both = union_all(*rows).subquery()
    else:
        both = alike.subquery()
    apart = select(PersonsApart.id).where(
        PersonsApart.first_id == _First.id,
        PersonsApart.second_id == _Second.id,
        PersonsApart.ended_at.is_(None),
    )
    here, there = aliased(Entrant), aliased(Entrant)
    events = select(there.event_id).where(there.person_id == _Second.id).correlate(_Second)
    in_one_event = select(here.id).where(here.person_id == _First.id, here.event_id.in_(events))
    query = (
        select(_First, _Second, func.count().over())
        .join(both, both.c.first_id == _First.id)
        .join(_Second, both.c.second_id == _Second.id)
        # Said so that nobody begins with all who stand for themselves.
        .where(*(func.coalesce(row.merged_into_id, 0) == 0 for row in (_First, _Second)))
        .where(~apart.exists(), ~in_one_event.exists())
    )
    if sees_all(account):
        return query.where(is_known(_First), is_known(_Second))
    decides: list[ColumnElement[bool]] = [
        seen_only_by(account, _First),
        seen_only_by(account, _Second),
        # Two of the pool alone are for administrators.
        or_(comes_to_one_of(account, _First), comes_to_one_of(account, _Second)),
    ]
    return query.where(*decides)


def _in_order() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The numbers of two, the earlier first."""
    earlier = _First.id < _Second.id
    return (
        case((earlier, _First.id), else_=_Second.id).label("first_id"),
        case((earlier, _Second.id), else_=_First.id).label("second_id"),
    )


def _by_number() -> Select[tuple[int, int]]:
    """Select two records of one number."""
    twice = (
        select(Person.id_hash)
        .where(Person.id_hash.is_not(None))
        .group_by(Person.id_hash)
        .having(func.count() > 1)
        .cte()
    )
    return (
        select(*_in_order())
        .select_from(twice)
        .join(_First, _First.id_hash == twice.c.id_hash)
        .join(_Second, and_(_Second.id_hash == twice.c.id_hash, _Second.id > _First.id))
    )


def _by_name() -> Select[tuple[int, int]]:
    """The name or its sound, where one of them has no number, and what else they share."""
    place = or_(_Second.unit_key == _First.unit_key, _Second.phone_hash == _First.phone_hash)
    alike = or_(
        and_(_Second.name_key == _First.name_key, or_(place, _Second.birth == _First.birth)),
        and_(_Second.spoken == _First.spoken, _First.spoken != "", place),
    )
    return (
        select(*_in_order())
        .join(_Second, _Second.id != _First.id)
        .where(_First.id_hash.is_(None), alike)
    )


def _by_paper() -> Select[tuple[int, int]]:
    """Select numbers of two kinds of paper; passports and the like are few beside ID cards."""
    few = (
        select(Person.id)
        .where(Person.id_type != Paper.CITIZEN_ID.value, Person.id_hash.is_not(None))
        .cte()
    )
    shared = or_(
        _Second.unit_key == _First.unit_key,
        _Second.phone_hash == _First.phone_hash,
        _Second.birth == _First.birth,
    )
    return (
        select(*_in_order())
        .select_from(few)
        .join(_First, _First.id == few.c.id)
        .join(_Second, and_(_Second.spoken == _First.spoken, _Second.id != _First.id))
        .where(
            _First.spoken != "",
            _Second.id_hash.is_not(None),
            _Second.id_type != _First.id_type,
            shared,
        )
    )


def _by_tail() -> Select[tuple[int, int]]:
    """The last four of their numbers, the sound of the name and the unit.

    Which of them stand twice is read from their index, in its order.
    """
    columns = (Person.id_tail, Person.spoken, Person.unit_key)
    twice = (
        select(*columns)
        .where(*(column.is_not(None) for column in columns))
        .group_by(*columns)
        .having(func.count() > 1)
        .cte()
    )

    def of(row: type[Person]) -> ColumnElement[bool]:
        return and_(
            row.id_tail == twice.c.id_tail,
            row.spoken == twice.c.spoken,
            row.unit_key == twice.c.unit_key,
        )

    return (
        select(*_in_order())
        .select_from(twice)
        .join(_First, of(_First))
        .join(_Second, and_(of(_Second), _Second.id > _First.id))
        .where(_First.spoken != "")
    )


def _are_two(person: Person, other: Person) -> bool:
    """True if two numbers of one kind of paper differ: one would have to be corrected first."""
    return person.id_type == other.id_type and _differ(person.id_hash, other.id_hash)


def _differ(number: str | None, other: str | None) -> bool:
    return number is not None and other is not None and number != other
