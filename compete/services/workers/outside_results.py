"""Results of people in contests held elsewhere: entered by their document, agreed to by a second.

One who runs a competition of the person's enters what the document says; it counts once another
agreed. To correct it is to enter another in its place; that, and to take it away, takes two again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.explanation.grades import LEVEL_WORDS
from compete.domain.identity.typed_numbers import code_as_typed
from compete.domain.values.days import date_words
from compete.domain.values.kinds import Level
from compete.domain.values.messages import Message, listed, msg
from compete.models import Account, Competition, Entrant, Member, OutsideResult, Person, db, utc_now
from compete.services.accounts.second_persons import SecondWord, asked_word, is_linked
from compete.services.directory.merged import same_people, standing, with_merged
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, claimed, unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code

_LEVELS = {Level(key): word for key, word in LEVEL_WORDS.items()}
_MOST_PEOPLE, _MOST_HONOURS, _LONGEST_HONOUR = 1_000_000, 10, 80
_EARLIEST = date(1950, 1, 1)
_OWN = msg("是你录入的，请另一位照着凭据核对")


class OutsideFields(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of somebody in a contest held elsewhere."""

    contest: Annotated[str, Setting(msg("哪个比赛"), most=200, needed=msg("比赛的名称要写"))]
    host: Annotated[str, Setting(msg("谁办的"), most=200, needed=msg("谁办的要写"))]
    level: Annotated[Level, Setting(msg("级别"), choices=_LEVELS)] = Level.NATIONAL_2
    day: Annotated[date, Setting(msg("哪一天"), needed=msg("哪一天要写"))]
    event: Annotated[str, Setting(msg("赛项"), most=200, needed=msg("赛项要写"))]
    rank: Annotated[
        int | None,
        Setting(msg("第几名"), msg("没有就空着，写荣誉"), least=1, most=_MOST_PEOPLE),
    ] = None
    entered: Annotated[
        int | None, Setting(msg("多少人参赛"), msg("不知道就空着"), least=1, most=_MOST_PEOPLE)
    ] = None
    honours: Annotated[
        tuple[str, ...],
        Setting(
            msg("荣誉"),
            msg("几个用顿号隔开，或者一行一个"),
            most=_MOST_HONOURS,
            each=_LONGEST_HONOUR,
            lines=True,
        ),
    ] = ()
    document: Annotated[
        str,
        Setting(
            msg("凭据"),
            msg("文号或者证书编号，第二个人照着核对"),
            most=200,
            needed=msg("凭据要写：文号或者证书编号"),
        ),
    ]


def outside_results(competition: Competition) -> Sequence[OutsideResult]:
    """List what was entered in the competition and was not dropped, the newest first."""
    return _read(OutsideResult.competition_id == competition.id)


def outside_of(entrant: Entrant) -> Sequence[OutsideResult]:
    """List what was entered of somebody, or of a crew, where they take part, newest first."""
    holders: Sequence[Entrant | Member] = entrant.members or [entrant]
    numbers = {holder.person_id for holder in holders if holder.person_id is not None}
    if not numbers:
        return []
    people = list(same_people(numbers))
    own = OutsideResult.competition_id == entrant.competition_id
    return _read(own, OutsideResult.person_id.in_(people))


def _read(*which: Any) -> Sequence[OutsideResult]:
    query = select(OutsideResult).where(*which, OutsideResult.dropped_at.is_(None))
    query = query.options(joinedload(OutsideResult.enterer), joinedload(OutsideResult.agreer))
    return db.session.scalars(query.order_by(OutsideResult.id.desc())).all()


def counted_results(people: Collection[int]) -> Mapping[int, Sequence[OutsideResult]]:
    """The results that two agreed to, by person, those of merged records with the one that stands.

    `people` are the numbers of records that stand; each result is by its day, the newest first.
    """
    whose = with_merged(Person, people)
    query = select(OutsideResult).where(
        OutsideResult.agreed_at.is_not(None), OutsideResult.dropped_at.is_(None)
    )
    results: dict[int, list[OutsideResult]] = {}
    for row in rows_among(query, OutsideResult.person_id, list(whose)):
        results.setdefault(whose[row.person_id or 0], []).append(row)
    for rows in results.values():
        rows.sort(key=lambda row: (row.day, row.id), reverse=True)
    return results


def waiting_results(competition: Competition) -> list[OutsideResult]:
    """List what waits for a second person: entered, or to be taken away."""
    return [row for row in outside_results(competition) if waits(row)]


def waits(row: OutsideResult) -> bool:
    """True of what waits for a second person."""
    return row.dropped_at is None and (row.agreed_at is None or row.drop_asked_by is not None)


def outside_word(row: OutsideResult) -> SecondWord:
    """The conditions of agreeing: another who leads or oversees."""
    first = row.entered_by if row.agreed_at is None else row.drop_asked_by
    return asked_word(row.competition, first, _OWN, linked=is_linked("outside"))


def outside_words(row: OutsideResult) -> Message:
    """Say what waits of it."""
    if row.agreed_at is not None:
        return msg("收回外面的成绩：%(name)s，%(contest)s", name=row.name, contest=row.contest)
    if row.replaces_id is not None:
        return msg("更正外面的成绩：%(name)s，%(contest)s", name=row.name, contest=row.contest)
    return msg("外面的成绩：%(name)s，%(contest)s", name=row.name, contest=row.contest)


def enter_outside(
    competition: Competition, code: str, fields: OutsideFields, by: Account
) -> OutsideResult:
    """Enter a result of who has that number here; it counts once a second person agreed.

    Raises `FieldRefused` for a number that nobody has, and for that of a crew.
    """
    with changing(competition) as competition:
        holder = _holder(competition, code_as_typed(code))
        if holder.erased_at is not None or holder.person_id is None:
            raise FieldRefused("who", msg("这个人的资料已经删除，不能再记"))
        person = standing(db.session.get_one(Person, holder.person_id))
        row = _new_row(competition, person.id, holder.name, fields, by)
        _record(row, by, "enter")
    return row


def _holder(competition: Competition, code: str) -> Entrant | Member:
    entrant = entrant_by_code(competition, code)
    if entrant is not None and entrant.members:
        codes = listed([member.code for member in entrant.members])
        raise FieldRefused("who", msg("这是一组人，写一个人的：%(codes)s", codes=codes))
    own = Member.competition_id == competition.id, Member.code == code
    holder = entrant or db.session.scalar(select(Member).where(*own))
    if holder is None:
        raise FieldRefused("who", msg("没有这个参赛号的人") if code else msg("参赛号要写"))
    return holder


def correct_outside(row: OutsideResult, fields: OutsideFields, by: Account) -> OutsideResult:
    """Enter another in its place; until a second person agreed the former counts as it is.

    What nobody agreed to yet is dropped at once. Raises `Refused` where nothing is another, and
    while something waits.
    """
    with _changing(row) as row:
        if row.drop_asked_by is not None or _later(row) is not None:
            raise Refused(msg("有更正、收回在等第二个人，先定下来"))
        if fields == fields_of_outside(row):
            raise Refused(msg("和现在的一样，没有要改的"))
        if row.person_id is None:
            raise Refused(msg("本人要求删除了资料，不能再更正"))
        new = _new_row(row.competition, row.person_id, row.name, fields, by, former=row)
        if row.agreed_at is None:
            row.dropped_at, row.dropped_by = utc_now(), by.id
            new.replaces_id = row.replaces_id
        else:
            new.replaces_id = row.id
        db.session.flush()
        _record(new, by, "correct", former=row)
    return new


def agree_outside(row: OutsideResult, by: Account) -> None:
    """The second person's word: it counts, in the place of what it corrects; or it is gone."""
    with _changing(row) as row:
        if not waits(row):
            raise Refused(msg("刚被别人定了，刷新看看"))
        outside_word(row).require(by)
        if row.agreed_at is not None:
            row.dropped_at, row.dropped_by = utc_now(), by.id
            _record(row, by, "withdraw", reason=row.drop_why)
            return
        row.agreed_by, row.agreed_at = by.id, utc_now()
        if row.replaces_id is not None:
            former = db.session.get_one(OutsideResult, row.replaces_id)
            former.dropped_at, former.dropped_by = utc_now(), by.id
        _record(row, by, "agree")


def ask_to_withdraw(row: OutsideResult, reason: str, by: Account) -> None:
    """Ask that a result that counts be taken away; one that does not yet is gone at once."""
    reason = reason_text(reason, msg("收回要写原因"))
    with _changing(row) as row:
        if _later(row) is not None or row.drop_asked_by is not None:
            raise Refused(msg("有更正、收回在等第二个人，先定下来"))
        if row.agreed_at is None:
            row.dropped_at, row.dropped_by, row.drop_why = utc_now(), by.id, reason
            _record(row, by, "drop", reason=reason)
            return
        row.drop_asked_by, row.drop_asked_at, row.drop_why = by.id, utc_now(), reason
        _record(row, by, "ask_withdraw", reason=reason)


def keep_outside(row: OutsideResult, by: Account) -> None:
    """Drop the wish to take it away: it goes on counting."""
    with _changing(row) as row:
        if row.drop_asked_by is None:
            raise Refused(msg("刚被别人定了，刷新看看"))
        row.drop_asked_by = row.drop_asked_at = row.drop_why = None
        _record(row, by, "keep")


@contextmanager
def _changing(row: OutsideResult) -> Iterator[OutsideResult]:
    """A unit of work in which the row stands as it is now. Raises `Refused` for a dropped one."""
    with unit_of_work():
        row, _competition = claimed(row)
        if row.dropped_at is not None:
            raise Refused(msg("已经收回了，刷新看看"))
        yield row


def _later(row: OutsideResult) -> OutsideResult | None:
    """What was entered in its place and waits for a second person."""
    query = select(OutsideResult).where(
        OutsideResult.replaces_id == row.id, OutsideResult.dropped_at.is_(None)
    )
    return db.session.scalar(query.order_by(OutsideResult.id.desc()).limit(1))


def _refuse_entered_before(
    person: int, fields: OutsideFields, former: OutsideResult | None
) -> None:
    """Raise for a result of the same contest, event and day that counts or waits already."""
    place = name_key_of(fields.contest), name_key_of(fields.event)
    query = select(OutsideResult).where(
        OutsideResult.person_id.in_(with_merged(Person, [person])),
        OutsideResult.day == fields.day,
        OutsideResult.dropped_at.is_(None),
    )
    its_own = {former.id, former.replaces_id} if former is not None else set()
    for row in db.session.scalars(query.order_by(OutsideResult.id)):
        if row.id not in its_own and (name_key_of(row.contest), name_key_of(row.event)) == place:
            words = msg("%(name)s 这一天这个比赛的成绩已经录过，要改就更正那一条", name=row.name)
            raise FieldRefused("contest", words, Refusal.CONFLICT)


def _new_row(
    competition: Competition,
    person: int,
    name: str,
    fields: OutsideFields,
    by: Account,
    former: OutsideResult | None = None,
) -> OutsideResult:
    """A row for a result; inside a unit of work. Raises `FieldRefused`."""
    if fields.rank is None and not fields.honours:
        raise FieldRefused("rank", msg("第几名和荣誉至少写一样"))
    if fields.rank is not None and fields.entered is not None and fields.rank > fields.entered:
        raise FieldRefused("rank", msg("比参加的人还多"))
    if fields.day > local_today():
        raise FieldRefused("day", msg("这一天还没到"))
    if fields.day < _EARLIEST:
        raise FieldRefused("day", msg("最早 %(day)s", day=date_words(_EARLIEST)))
    _refuse_entered_before(person, fields, former)
    row = OutsideResult(
        competition_id=competition.id,
        person_id=person,
        name=name,
        entered_by=by.id,
        **{**msgspec.structs.asdict(fields), "honours": list(fields.honours)},
    )
    db.session.add(row)
    db.session.flush()
    return row


def fields_of_outside(row: OutsideResult) -> OutsideFields:
    """What stands of it, as its form has it."""
    texts = {name: getattr(row, name) for name in OutsideFields.__struct_fields__}
    return OutsideFields(**{**texts, "honours": tuple(row.honours)})


def _facts(fields: OutsideFields) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.to_builtins(fields)
    return facts


def _record(
    row: OutsideResult,
    by: Account,
    act: str,
    reason: str | None = None,
    former: OutsideResult | None = None,
) -> None:
    audit.record(
        row.competition,
        by,
        f"outside.{act}",
        str(row.id),
        before=None if former is None else _facts(fields_of_outside(former)),
        after=_facts(fields_of_outside(row)),
        reason=reason,
    )
