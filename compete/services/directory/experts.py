"""The installation's pool of experts: looked through, added to, changed, taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.models import Account, Expert, Person, db, utc_now
from compete.services.directory.expert_fields import (
    EXPERT_ROWS,
    CheckedExpert,
    check_fields,
    fields_of_expert,
    texts_of,
)
from compete.services.directory.merged import same_people, standing
from compete.services.directory.own_competitions import sees_all
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.catalogues import WrongFieldsError
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work


class ExpertOrder(StrEnum):
    """The order by which the list is sorted."""

    NEWEST = "newest"
    NAME = "name"
    UNIT = "unit"
    VALID = "valid"


class KnownExpertError(Refused):
    """The refusal to add an expert who is in the pool; `number` is its row there."""

    def __init__(self, message: Message, known: Expert) -> None:
        super().__init__(message)
        self.number = known.id


def find_experts(
    q: str = "",
    kind: str = "",
    order: ExpertOrder = ExpertOrder.NEWEST,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Sequence[Expert], int]:
    """A page of who is in the pool and fits, and how many fit."""
    query = select(Expert).join(Person, Person.id == Expert.person_id).where(_stands())
    if kind:
        query = query.where(Expert.kind == kind)
    if key := name_key_of(q):
        plain = q.strip()
        query = query.where(
            or_(
                Person.name_key.contains(key, autoescape=True),
                Expert.unit_key.contains(key, autoescape=True),
                Expert.occupation.contains(plain, autoescape=True),
                Expert.certificate.contains(plain, autoescape=True),
            )
        )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        _sorted(query, order).options(joinedload(Expert.person)).limit(limit).offset(offset)
    )
    return rows.all(), total


def find_expert(number: int) -> Expert | None:
    """Find an expert that stands in the pool, or None."""
    return db.session.scalar(select(Expert).where(Expert.id == number, _stands()))


def experts_named(name: str, unit: str) -> Sequence[Expert]:
    """List the experts of the pool under this name and of this unit."""
    query = (
        select(Expert)
        .join(Person, Person.id == Expert.person_id)
        .where(
            _stands(), Person.name_key == name_key_of(name), Expert.unit_key == name_key_of(unit)
        )
    )
    return db.session.scalars(query.options(joinedload(Expert.person)).order_by(Expert.id)).all()


def experts_among(people: Collection[int]) -> dict[int, list[Expert]]:
    """The rows of the pool by person, mergers counted in."""
    same = same_people(people)
    if not same:
        return {}
    found: dict[int, list[Expert]] = {number: [] for number in people}
    rows = db.session.scalars(
        select(Expert).where(Expert.person_id.in_(list(same)), _stands()).order_by(Expert.id)
    ).all()
    for number in people:
        found[number] = [row for row in rows if same[row.person_id] == same.get(number)]
    return found


def may_change_expert(expert: Expert, account: Account) -> bool:
    """True if the account entered them, or is an administrator's."""
    return sees_all(account) or expert.made_by == account.id


def add_expert(texts: Mapping[str, str], by: Account) -> Expert:
    """Add an expert. Raises `WrongFieldsError`; `KnownExpertError` if a row is the same already."""
    row, faults = check_fields(texts)
    if row is None:
        raise WrongFieldsError(faults)
    with unit_of_work() as session:
        audit.claim_chain(None)
        _refuse_known(row)
        (expert,) = added_experts([row], by)
        session.flush()
        audit.record(None, by, "expert.add", str(expert.id), after=told_of_expert(expert))
    return expert


def change_expert(expert: Expert, texts: Mapping[str, str], by: Account) -> bool:
    """Write it anew; whether anything is another. The name is the person's: it stays.

    Raises `WrongFieldsError`, and (FORBIDDEN) for another's.
    """
    row, faults = check_fields({**texts, "name": expert.person.name})
    if row is None:
        raise WrongFieldsError(faults)
    number = expert.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        expert = _own(number, by)
        before = told_of_expert(expert)
        put_expert(expert, row)
        if before == told_of_expert(expert):
            return False
        session.flush()
        audit.record(
            None, by, "expert.change", str(number), before=before, after=told_of_expert(expert)
        )
    return True


def end_expert(expert: Expert, by: Account) -> None:
    """Take one out of the pool; what they judge or judged stays."""
    number = expert.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        expert = _own(number, by)
        expert.ended_at, expert.ended_by = utc_now(), by.id
        session.flush()
        audit.record(None, by, "expert.end", str(number), after=told_of_expert(expert))


def added_experts(rows: Sequence[CheckedExpert], by: Account) -> list[Expert]:
    """Add each with the person that the pool knows under the name and unit, or a new one."""
    people = {
        (expert.person.name_key, expert.unit_key): standing(expert.person)
        for expert in experts_of_names(rows)
    }
    made = []
    for row in rows:
        key = name_key_of(row.name), name_key_of(row.unit)
        if key not in people:
            person = Person(name=row.name, name_key=key[0])
            person.unit_name, person.unit_key = row.unit or None, key[1] or None
            db.session.add(person)
            people[key] = person
        expert = Expert(person=people[key], made_by=by.id)
        put_expert(expert, row)
        db.session.add(expert)
        made.append(expert)
    db.session.flush()
    return made


def put_expert(expert: Expert, row: CheckedExpert) -> None:
    """Write what was checked into a row; inside a unit of work."""
    for name in ("kind", "unit", "occupation", "level", "certificate", "valid_until", "note"):
        setattr(expert, name, getattr(row, name))
    expert.unit_key = name_key_of(row.unit)
    expert.days = row.days


def stands_alike(expert: Expert) -> bool:
    """True if another row of the pool says the same to the letter."""
    said = fields_of_expert(expert)
    query = select(Expert).where(Expert.person_id == expert.person_id, _stands())
    return any(
        fields_of_expert(other) == said
        for other in db.session.scalars(query)
        if other.id != expert.id
    )


def _refuse_known(row: CheckedExpert) -> None:
    """Raise where a row of the pool says this to the letter, or is the same but for its facts."""
    said = texts_of(row)
    pool = [(fields_of_expert(expert), expert) for expert in experts_of_names([row])]
    alike = [(stands == said, it) for stands, it in pool if is_same_row(stands, said, said)]
    if not alike:
        return
    to_the_letter, expert = max(alike, key=lambda found: found[0])
    if to_the_letter:
        raise KnownExpertError(msg("%(name)s 这一条已经在库里了", name=row.name), expert)
    raise KnownExpertError(
        msg(
            "%(name)s 已经在库里，单位、类别、职业都一样：要改就改那一条。"
            "真是两个人、两张证书，两条都写上证书编号",
            name=row.name,
        ),
        expert,
    )


def is_same_row(stands: Mapping[str, str], said: Mapping[str, str], given: Collection[str]) -> bool:
    """True if two rows of one name are of one unit, kind and occupation, and of no two
    certificates; of the occupation nothing is asked unless it is among the fields `given`.
    """
    if stands["kind"] != said["kind"] or name_key_of(stands["unit"]) != name_key_of(said["unit"]):
        return False
    if "occupation" in given and stands["occupation"] != said["occupation"]:
        return False
    numbers = {stands["certificate"], said["certificate"]} - {""}
    return len(numbers) < 2


def experts_of_names(rows: Sequence[CheckedExpert]) -> Iterator[Expert]:
    """List experts of the pool under one of their names, the newest first within each read."""
    keys = sorted({name_key_of(row.name) for row in rows})
    for chunk in in_chunks(keys, EXPERT_ROWS.most):
        query = (
            select(Expert)
            .join(Person, Person.id == Expert.person_id)
            .where(_stands(), Person.name_key.in_(chunk))
        )
        yield from db.session.scalars(
            query.options(joinedload(Expert.person)).order_by(Expert.id.desc())
        )


def _own(number: int, by: Account) -> Expert:
    expert = db.session.get_one(Expert, number, populate_existing=True)
    if expert.ended_at is not None:
        raise Refused(msg("%(name)s 刚被移出专家库", name=expert.person.name))
    if not may_change_expert(expert, by):
        raise Refused(msg("只有录入的人和管理员能改"), kind=Refusal.FORBIDDEN)
    return expert


def told_of_expert(expert: Expert) -> dict[str, str]:
    """The row as a record tells it."""
    return {key: text for key, text in fields_of_expert(expert).items() if text}


def _stands() -> ColumnElement[bool]:
    return Expert.ended_at.is_(None)


def _sorted(query: Select[tuple[Expert]], order: ExpertOrder) -> Select[tuple[Expert]]:
    if order is ExpertOrder.NAME:
        query = query.order_by(Person.name_key)
    elif order is ExpertOrder.UNIT:
        query = query.order_by(Expert.unit_key)
    elif order is ExpertOrder.VALID:
        query = query.order_by(Expert.valid_until.is_(None), Expert.valid_until)
    return query.order_by(Expert.id.desc())
