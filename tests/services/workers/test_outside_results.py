"""Results of contests held elsewhere: by document and second person, corrected and withdrawn so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from compete.domain.values.kinds import Level
from compete.models import Account, AuditEntry, Competition, Entrant, OutsideResult, Person, db
from compete.services.competitions.pending_approvals import pending_approvals
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import read_texts, with_values
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.workers.outside_results import (
    OutsideFields,
    agree_outside,
    ask_to_withdraw,
    correct_outside,
    counted_results,
    enter_outside,
    fields_of_outside,
    keep_outside,
    outside_of,
    outside_results,
)
from compete.services.workers.record import LineKind, record_of
from tests.support.signing_in import official

pytestmark = pytest.mark.each_database

FOURTH = OutsideFields(
    contest="全国水利行业职业技能竞赛",
    host="水利部",
    level=Level.NATIONAL_2,
    day=date(2023, 11, 8),
    event="泵站运行工",
    rank=4,
    entered=96,
    honours=("全国水利技术能手",),
    document="水人事〔2023〕312号",
)


def first_of(competition: Competition) -> Entrant:
    query = select(Entrant).where(Entrant.competition_id == competition.id)
    return db.session.scalars(query.order_by(Entrant.code)).all()[0]


def entered(competition: Competition, by: Account) -> OutsideResult:
    return enter_outside(competition, first_of(competition).code, FOURTH, by)


def counted(row: OutsideResult) -> list[OutsideResult]:
    return list(counted_results([row.person_id]).get(row.person_id, ()))


def lines(competition: Competition) -> list[str]:
    person = first_of(competition).person
    assert person is not None
    return [
        line.outside.contest
        for line in record_of(person).lines
        if line.kind is LineKind.OUTSIDE and line.outside is not None
    ]


def test_it_counts_once_a_second_person_agreed(judged: Competition, organiser: Account) -> None:
    row = entered(judged, organiser)
    assert (counted(row), lines(judged)) == ([], [])
    waiting = [it for it in pending_approvals(judged) if it.kind == "outside"]
    assert [it.what.text for it in waiting] == ["外面的成绩：%(name)s，%(contest)s"]
    with pytest.raises(Refused, match="请另一位照着凭据核对"):
        agree_outside(row, organiser)
    waiting[0].agree(official(judged, "C1"))
    assert counted(row) == [row]
    assert lines(judged) == ["全国水利行业职业技能竞赛"]
    assert not [it for it in pending_approvals(judged) if it.kind == "outside"]
    with pytest.raises(Refused, match="刚被别人定了"):
        agree_outside(row, official(judged, "S1"))


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"rank": None, "honours": ()}, "rank", "第几名和荣誉至少写一样"),
        ({"rank": 97}, "rank", "比参加的人还多"),
        ({"day": date(2999, 1, 1)}, "day", "这一天还没到"),
        ({"day": date(1, 1, 1)}, "day", "最早"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    judged: Competition, organiser: Account, changed: dict[str, object], field: str, why: str
) -> None:
    with pytest.raises(FieldRefused, match=why) as refused:
        enter_outside(judged, first_of(judged).code, with_values(FOURTH, **changed), organiser)
    assert refused.value.field == field


def test_a_result_is_entered_once(judged: Competition, organiser: Account) -> None:
    row = entered(judged, organiser)
    with pytest.raises(FieldRefused, match="已经录过") as refused:
        enter_outside(judged, first_of(judged).code, with_values(FOURTH, rank=5), organiser)
    assert refused.value.field == "contest"
    # Another event of that day is another result, and a correction is no second one.
    enter_outside(judged, first_of(judged).code, with_values(FOURTH, event="别的"), organiser)
    correct_outside(row, with_values(FOURTH, rank=5), organiser)


def test_without_its_document_it_is_refused() -> None:
    typed = {
        "contest": "甲",
        "host": "乙",
        "level": "municipal",
        "day": "2023-11-08",
        "event": "丙",
        "document": " ",
    }
    row, faults = read_texts(OutsideFields, typed)
    assert row is None
    assert list(faults) == ["document"]


def test_a_number_that_nobody_has_is_refused(judged: Competition, organiser: Account) -> None:
    for code, why in (("", "参赛号要写"), ("ZZZ", "没有这个参赛号")):
        with pytest.raises(FieldRefused, match=why):
            enter_outside(judged, code, FOURTH, organiser)


def test_to_correct_it_takes_two_and_until_then_the_former_counts(
    judged: Competition, organiser: Account
) -> None:
    row, chief = entered(judged, organiser), official(judged, "C1")
    agree_outside(row, chief)
    with pytest.raises(Refused, match="没有要改的"):
        correct_outside(row, fields_of_outside(row), organiser)
    new = correct_outside(row, with_values(FOURTH, rank=3), organiser)
    assert counted(row) == [row]
    with pytest.raises(Refused, match="先定下来"):
        correct_outside(row, with_values(FOURTH, rank=2), organiser)
    with pytest.raises(Refused, match="先定下来"):
        ask_to_withdraw(row, "写错了", organiser)
    agree_outside(new, chief)
    assert counted(row) == [new]
    assert (row.dropped_by, row.dropped_at is not None) == (chief.id, True)
    assert [it.id for it in outside_results(judged)] == [new.id]


def test_what_nobody_agreed_to_is_corrected_and_dropped_by_one(
    judged: Competition, organiser: Account
) -> None:
    row = entered(judged, organiser)
    new = correct_outside(row, with_values(FOURTH, rank=3), organiser)
    assert [it.id for it in outside_of(first_of(judged))] == [new.id]
    with pytest.raises(Refused, match="收回要写原因"):
        ask_to_withdraw(new, " ", organiser)
    ask_to_withdraw(new, "不是这个人", organiser)
    assert not outside_results(judged)
    with pytest.raises(Refused, match="已经收回了"):
        agree_outside(new, official(judged, "C1"))


def test_to_withdraw_it_takes_two(judged: Competition, organiser: Account) -> None:
    row, chief = entered(judged, organiser), official(judged, "C1")
    agree_outside(row, chief)
    ask_to_withdraw(row, "通报撤销", organiser)
    assert counted(row) == [row]
    with pytest.raises(Refused, match="请另一位"):
        agree_outside(row, organiser)
    keep_outside(row, organiser)
    with pytest.raises(Refused, match="刚被别人定了"):
        keep_outside(row, organiser)
    ask_to_withdraw(row, "通报撤销", organiser)
    agree_outside(row, chief)
    assert (counted(row), lines(judged)) == ([], [])
    query = select(AuditEntry.action).where(AuditEntry.action.like("outside.%"))
    assert db.session.scalars(query.order_by(AuditEntry.seq)).all() == [
        *("outside.enter", "outside.agree", "outside.ask_withdraw", "outside.keep"),
        *("outside.ask_withdraw", "outside.withdraw"),
    ]


def test_results_of_merged_records_are_of_the_one_that_stands(
    judged: Competition, organiser: Account
) -> None:
    row = entered(judged, organiser)
    agree_outside(row, official(judged, "C1"))
    with unit_of_work() as session:
        own = session.get_one(Person, row.person_id)
        other = Person(name=own.name, name_key=own.name_key)
        session.add(other)
        session.flush()
        own.merged_into_id = other.id
    assert counted_results([other.id]) == {other.id: [row]}


def test_tomorrow_is_not_there_yet(judged: Competition, organiser: Account) -> None:
    fields = with_values(FOURTH, day=local_today() + timedelta(days=1))
    with pytest.raises(FieldRefused, match="这一天还没到"):
        enter_outside(judged, first_of(judged).code, fields, organiser)
