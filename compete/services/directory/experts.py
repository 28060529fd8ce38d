"""The installation's pool of experts: looked through, added to, changed, taken out.

One's last act there can be taken back, and a workbook adds and corrects many rows at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.models import Account, AuditEntry, Expert, Person, db, utc_now
from compete.services.directory.expert_fields import (
    EXPERT_ROWS,
    CheckedExpert,
    check_fields,
    fields_of_expert,
)
from compete.services.directory.merged import same_people, standing
from compete.services.directory.own_competitions import sees_all
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned, differences
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.fields import texts_of
from compete.services.kernel.last_records import LastDone, require_last_shown
from compete.services.kernel.refusal import Refusal, Refused, WrongFieldsError, invalid
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
    query = _pool()
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
    rows = db.session.scalars(_sorted(query, order).limit(limit).offset(offset))
    return rows.all(), total


def find_expert(number: int) -> Expert | None:
    """Find an expert that stands in the pool, or None."""
    return db.session.scalar(select(Expert).where(Expert.id == number, _stands()))


def experts_by_name(name: str, unit: str) -> Sequence[Expert]:
    """List the experts of the pool under this name and of this unit."""
    alike = Person.name_key == name_key_of(name), Expert.unit_key == name_key_of(unit)
    return db.session.scalars(_pool(*alike).order_by(Expert.id)).all()


def experts_among(people: Collection[int]) -> dict[int, list[Expert]]:
    """The rows of the pool by person, mergers counted in."""
    same = same_people(people)
    if not same:
        return {}
    experts: dict[int, list[Expert]] = {number: [] for number in people}
    rows = db.session.scalars(
        select(Expert).where(Expert.person_id.in_(list(same)), _stands()).order_by(Expert.id)
    ).all()
    for number in people:
        experts[number] = [row for row in rows if same[row.person_id] == same.get(number)]
    return experts


def may_change_expert(expert: Expert, account: Account) -> bool:
    """True if the account entered them, or is an administrator's."""
    return sees_all(account) or expert.made_by == account.id


def add_expert(texts: Mapping[str, str], by: Account) -> Expert:
    """Add an expert. Raises `WrongFieldsError`; `KnownExpertError` if a row is the same already."""
    row = _checked(texts)
    with unit_of_work() as session:
        audit.claim_chain(None)
        _refuse_known(row)
        (expert,) = _added_experts([row], by)
        session.flush()
        audit.record(None, by, "expert.add", str(expert.id), after=_told_of_expert(expert))
    return expert


def change_expert(expert: Expert, texts: Mapping[str, str], by: Account) -> bool:
    """Write it anew; whether anything is another. The name is the person's: it stays.

    Raises `WrongFieldsError`, and (FORBIDDEN) for another's.
    """
    row = _checked({**texts, "name": expert.person.name})
    number = expert.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        expert = _own(number, by)
        before = _told_of_expert(expert)
        _put_expert(expert, row)
        if before == _told_of_expert(expert):
            return False
        session.flush()
        audit.record(
            None, by, "expert.change", str(number), before=before, after=_told_of_expert(expert)
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
        audit.record(None, by, "expert.end", str(number), after=_told_of_expert(expert))


def _checked(texts: Mapping[str, str]) -> CheckedExpert:
    row, faults = check_fields(texts)
    if row is None:
        raise WrongFieldsError(faults)
    return row


def _added_experts(rows: Sequence[CheckedExpert], by: Account) -> list[Expert]:
    """Add each with the person that the pool knows under the name and unit, or a new one."""
    people = {
        (expert.person.name_key, expert.unit_key): standing(expert.person)
        for expert in _experts_of_names(rows)
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
        _put_expert(expert, row)
        db.session.add(expert)
        made.append(expert)
    db.session.flush()
    return made


def _put_expert(expert: Expert, row: CheckedExpert) -> None:
    """Write what was checked into a row; inside a unit of work."""
    for name in ("kind", "unit", "occupation", "level", "certificate", "valid_until", "note"):
        setattr(expert, name, getattr(row, name))
    expert.unit_key = name_key_of(row.unit)
    expert.days = row.days


def _stands_alike(expert: Expert) -> bool:
    """True if another row of the pool says the same to the letter."""
    fields = fields_of_expert(expert)
    query = select(Expert).where(Expert.person_id == expert.person_id, _stands())
    return any(
        fields_of_expert(other) == fields
        for other in db.session.scalars(query)
        if other.id != expert.id
    )


def _refuse_known(row: CheckedExpert) -> None:
    """Raise where a row of the pool says this to the letter, or is the same but for its facts."""
    texts = texts_of(row)
    pool = [(fields_of_expert(expert), expert) for expert in _experts_of_names([row])]
    alike = [(stands == texts, it) for stands, it in pool if _is_same_row(stands, texts, texts)]
    if not alike:
        return
    to_the_letter, expert = max(alike, key=lambda pair: pair[0])
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


def _is_same_row(
    stands: Mapping[str, str], texts: Mapping[str, str], given: Collection[str]
) -> bool:
    """True if two rows of one name are of one unit, kind and occupation, and of no two
    certificates; of the occupation nothing is asked unless it is among the fields `given`.
    """
    if stands["kind"] != texts["kind"] or name_key_of(stands["unit"]) != name_key_of(texts["unit"]):
        return False
    if "occupation" in given and stands["occupation"] != texts["occupation"]:
        return False
    numbers = {stands["certificate"], texts["certificate"]} - {""}
    return len(numbers) < 2


def _experts_of_names(rows: Sequence[CheckedExpert]) -> Iterator[Expert]:
    """List experts of the pool under one of their names, the newest first within each read."""
    keys = sorted({name_key_of(row.name) for row in rows})
    for chunk in in_chunks(keys, EXPERT_ROWS.most):
        query = _pool(Person.name_key.in_(chunk))
        yield from db.session.scalars(query.order_by(Expert.id.desc()))


def _own(number: int, by: Account) -> Expert:
    expert = db.session.get_one(Expert, number, populate_existing=True)
    if expert.ended_at is not None:
        raise Refused(msg("%(name)s 刚被移出专家库", name=expert.person.name))
    if not may_change_expert(expert, by):
        raise Refused(msg("只有录入的人和管理员能改"), kind=Refusal.FORBIDDEN)
    return expert


def _told_of_expert(expert: Expert) -> dict[str, str]:
    """The row as a record tells it."""
    return {key: text for key, text in fields_of_expert(expert).items() if text}


def _stands() -> ColumnElement[bool]:
    return Expert.ended_at.is_(None)


def _pool(*which: ColumnElement[bool]) -> Select[tuple[Expert]]:
    """Select who stands in the pool and fits, with the person."""
    query = select(Expert).join(Person, Person.id == Expert.person_id).where(_stands(), *which)
    return query.options(joinedload(Expert.person))


def _sorted(query: Select[tuple[Expert]], order: ExpertOrder) -> Select[tuple[Expert]]:
    if order is ExpertOrder.NAME:
        query = query.order_by(Person.name_key)
    elif order is ExpertOrder.UNIT:
        query = query.order_by(Expert.unit_key)
    elif order is ExpertOrder.VALID:
        query = query.order_by(Expert.valid_until.is_(None), Expert.valid_until)
    return query.order_by(Expert.id.desc())


_ADDED, _CHANGED, _ENDED, _BACK = "expert.add", "expert.change", "expert.end", "expert.back"
TOGETHER = "together"
"""In a record, of how many that were done at once it is one."""
SEVERAL = "several"
"""The word of the act, where a workbook added some and corrected others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastExpert(LastDone):
    """The last act on an expert: `done` in a word, and to whom."""

    done: str
    names: Sequence[str]


def last_expert_change(by: Account) -> LastExpert | None:
    """This account's last act; None if there is nothing, or others changed it since."""
    rows = _last_rows(by)
    if not rows:
        return None
    experts = []
    for row, expert in _rows_with(rows):
        if expert is None or not _is_as_told(expert, row) or not may_change_expert(expert, by):
            return None
        experts.append(expert)
    names = [expert.person.name for expert in experts]
    actions = {row.action for row in rows}
    done = actions.pop() if len(actions) == 1 else SEVERAL
    why = None
    ended = (expert for row, expert in zip(rows, experts, strict=True) if row.action == _ENDED)
    if any(map(_stands_alike, ended)):
        why = msg("%(name)s 这一条已经在库里了", name=names[0])
    return LastExpert(entry=rows[0], done=done, names=names, why_not=why)


def undo_expert(seen: str, by: Account) -> None:
    """Make the pool as it was before what this account did last.

    `seen` is the mark that the page showed. Raises `Refused` (CONFLICT) where something else was
    done since. What is judged by them stays.
    """
    with unit_of_work() as session:
        audit.claim_chain(None)
        require_last_shown(last_expert_change(by), seen)
        rows = _rows_with(_last_rows(by))
        for row, expert in reversed(rows):
            assert expert is not None
            action, before = _put_back(row, expert, by)
            session.flush()
            after = _told_of_expert(expert) | _together(len(rows))
            audit.record(None, by, action, str(expert.id), before=before, after=after)


def _put_back(row: AuditEntry, expert: Expert, by: Account) -> tuple[str, Any]:
    """Undo one record; how that is recorded, with what stood before where it is a change."""
    if row.action == _CHANGED:
        before = _told_of_expert(expert)
        checked, _faults = check_fields({**_texts(row.before), "name": expert.person.name})
        if checked is None:
            raise Refused(msg("原来那样现在写不进去了，自己再改一次"))
        _put_expert(expert, checked)
        return _CHANGED, before
    if row.action == _ENDED:
        expert.ended_at, expert.ended_by = None, None
        return _BACK, None
    expert.ended_at, expert.ended_by = utc_now(), by.id
    return _ENDED, None


def _rows_with(rows: Sequence[AuditEntry]) -> list[tuple[AuditEntry, Expert | None]]:
    """Pair each record with the row of the pool that it is about."""
    return [(row, db.session.get(Expert, int(row.subject))) for row in rows]


def _last_rows(by: Account) -> list[AuditEntry]:
    """The last record of this account, with those that were made together with it."""
    query = select(AuditEntry).where(
        AuditEntry.competition_id.is_(None),
        AuditEntry.actor_id == by.id,
        AuditEntry.action.in_((_ADDED, _CHANGED, _ENDED, _BACK)),
    )
    newest = query.order_by(AuditEntry.seq.desc())
    entry = db.session.scalar(newest.limit(1))
    if entry is None:
        return []
    many = int(_texts(entry.after).get(TOGETHER, "1"))
    return list(db.session.scalars(newest.limit(many)))


def _is_as_told(expert: Expert, row: AuditEntry) -> bool:
    """True if the row of the pool still is what the record left."""
    texts = {key: text for key, text in _texts(row.after).items() if key != TOGETHER}
    gone = row.action == _ENDED
    if (expert.ended_at is not None) is not gone:
        return False
    if gone and expert.ended_by != row.actor_id:
        return False
    return texts == _told_of_expert(expert)


def _together(many: int) -> dict[str, str]:
    return {TOGETHER: str(many)} if many > 1 else {}


def _texts(value: Any) -> dict[str, str]:
    return value if isinstance(value, dict) else {}


PlannedExpert: TypeAlias = Planned[Expert, Mapping[str, str], CheckedExpert]


def plan_experts(rows: Sequence[tuple[int, Mapping[str, str]]], by: Account) -> list[PlannedExpert]:
    """Plan each row of a workbook; nothing is written.

    A row is the one in the pool of the same name, unit, kind and occupation, unless the two name
    different certificates; what a workbook has no column for stays as it is.
    """
    checked = [(number, texts, *check_fields(texts)) for number, texts in rows]
    work = _Reading([row for _number, _texts, row, _faults in checked if row is not None], by)
    return [
        Planned(number, texts, faults, None) if row is None else work.plan(number, texts, row)
        for number, texts, row, faults in checked
    ]


def write_experts(rows: Sequence[Mapping[str, str]], by: Account) -> tuple[int, int]:
    """Add what is new and correct what differs; how many of each. One wrong row, and nothing is
    written. What stands in none of the rows stays.
    """
    if len(rows) > EXPERT_ROWS.most:
        raise invalid(msg("一次最多 %(most)s 行", most=EXPERT_ROWS.most))
    with unit_of_work() as session:
        audit.claim_chain(None)
        planned = plan_experts(list(enumerate(rows, 1)), by)
        if any(plan.faults for plan in planned):
            raise invalid(msg("有的行要改，一行都没有写"))
        fresh = [plan.checked for plan in planned if plan.state == "added" and plan.checked]
        before: list[tuple[Expert, dict[str, str]]] = []
        for plan in planned:
            if plan.state == "changed" and plan.known and plan.checked:
                before.append((plan.known, _told_of_expert(plan.known)))
                _put_expert(plan.known, plan.checked)
        made = _added_experts(fresh, by)
        session.flush()
        many = len(made) + len(before)
        for expert, was in (*before, *((expert, None) for expert in made)):
            after = _told_of_expert(expert) | _together(many)
            action = _CHANGED if was is not None else _ADDED
            audit.record(None, by, action, str(expert.id), before=was, after=after)
    return len(made), len(before)


class _Reading:
    """The rows of one sheet held against the pool, each row of which one of the sheet can be."""

    def __init__(self, rows: Sequence[CheckedExpert], by: Account) -> None:
        self._by = by
        self._pool: dict[str, list[Expert]] = {}
        for expert in _experts_of_names(rows):
            self._pool.setdefault(expert.person.name_key, []).append(expert)
        self._seen: dict[str, list[tuple[int, dict[str, str]]]] = {}
        cells = [texts_of(row) for row in rows]
        # Who stands there to the letter is that one, whichever row of the sheet comes first.
        self._taken = {
            expert.id
            for row, texts in zip(rows, cells, strict=True)
            for expert in self._pool.get(name_key_of(row.name), ())
            if fields_of_expert(expert) == texts
        }

    def plan(self, number: int, texts: Mapping[str, str], row: CheckedExpert) -> PlannedExpert:
        """Plan the next row."""
        fields, key = texts_of(row), name_key_of(row.name)
        pool, before = self._pool.get(key, []), self._seen.setdefault(key, [])
        if fields in [fields_of_expert(expert) for expert in pool] or fields in [
            texts for _number, texts in before
        ]:
            before.append((number, fields))
            return Planned(number, texts, {}, {}, row)
        alike = [expert for expert in pool if _is_same_row(fields_of_expert(expert), fields, texts)]
        old = next((expert for expert in alike if expert.id not in self._taken), None)
        twice = next((n for n, other in before if _is_same_row(other, fields, texts)), None)
        before.append((number, fields))
        if old is None:
            faults = {"name": msg("和第 %(n)s 行是同一个", n=twice)} if twice else {}
            return Planned(number, texts, faults, None, row)
        self._taken.add(old.id)
        return self._changed(number, texts, old)

    def _changed(self, number: int, texts: Mapping[str, str], old: Expert) -> PlannedExpert:
        stands = fields_of_expert(old)
        row, faults = check_fields({**stands, **texts, "name": old.person.name})
        changes = differences(stands, texts_of(row)) if row is not None else {}
        if changes and not may_change_expert(old, self._by):
            faults = {"name": msg("库里已经有，内容不一样；只有录入的人和管理员能改")}
        return Planned(number, texts, faults, changes, row, old)
