"""The second day of reward lists: what was wrong, late, merged, moved, or erased since."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from compete.domain.rewards.dues import Basis, Change, Start, Why
from compete.domain.rewards.points import PointSource
from compete.domain.values.days import months_later
from compete.domain.values.kinds import Level
from compete.models import (
    Account,
    Attendance,
    Certificate,
    Competition,
    OutsideResult,
    Person,
    PointEntry,
    RewardList,
    RewardScheme,
    db,
)
from compete.services.accounts.accounts import create_account
from compete.services.certificates.rows import revoke_certificate
from compete.services.competitions.erasure_requests import erase_person
from compete.services.directory.organisations import add_organisation, merge_organisations
from compete.services.directory.person_records import let_go
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.rewards.attendance import attendance_texts, plan_attendance, write_attendance
from compete.services.rewards.pay_rules import (
    LastMonthFields,
    PayRuleFields,
    add_pay_rule,
    end_pay_rule,
)
from compete.services.rewards.people import people_of
from compete.services.rewards.points import (
    LastDayFields,
    PointRuleFields,
    add_point_rule,
    end_point_rule,
    let_be_named,
    reckon_points,
    totals_of,
)
from compete.services.rewards.reward_lists import (
    MonthFields,
    idle_rules,
    kept_lines,
    make_list,
    named_lines,
    takes_its_place,
)
from compete.services.rewards.schemes import SchemeFields, make_scheme
from compete.services.workers.outside_results import (
    OutsideFields,
    agree_outside,
    correct_outside,
    enter_outside,
)
from tests.support.rewards import certify_all, keeper_of_rewards, scheme_of_all

pytestmark = pytest.mark.each_database

_SHAPE: dict[str, Any] = {"source": PointSource.ATTENDANCE, "first": date(2020, 1, 1)}


@pytest.fixture
def admin(here: Flask) -> Account:
    return create_account("管理员", is_admin=True)


@pytest.fixture
def keeper(here: Flask) -> Account:
    return keeper_of_rewards()


@pytest.fixture
def certified(forklift: Competition, organiser: Account) -> list[Certificate]:
    return certify_all(forklift, organiser)


@pytest.fixture
def scheme(forklift: Competition, keeper: Account, admin: Account) -> RewardScheme:
    return scheme_of_all(keeper, admin)


def rule(scheme: RewardScheme, by: Account, amount: str = "300", **more: Any) -> Any:
    keys: dict[str, Any] = {
        "grade": "3",
        "start": Start.THIS,
        "first": date(2020, 1, 1),
        "document": "8 号",
    }
    return add_pay_rule(scheme, PayRuleFields(amount=Decimal(amount), **(keys | more)), by)


def in_months(months: int) -> date:
    """The middle of a month after this one."""
    return months_later(local_today().replace(day=1), months).replace(day=15)


def list_in(scheme: RewardScheme, by: Account, months: int = 0) -> RewardList:
    """The list of a month, made in it."""
    if not months:
        return make_list(scheme, MonthFields(month=local_today()), by)
    with time_machine.travel(in_months(months)):
        return make_list(scheme, MonthFields(month=local_today()), by)


def lines(row: RewardList) -> list[tuple[Change, Why | None, Decimal | None, Decimal]]:
    return [(it.line.change, it.line.why, it.line.before, it.line.pays) for it in kept_lines(row)]


def third(certified: list[Certificate]) -> list[Certificate]:
    """The certificates of the grade that `rule` pays for."""
    return [it for it in certified if it.face["level"].startswith("三级")]


def test_who_is_erased_leaves_the_list_its_amounts(
    scheme: RewardScheme,
    keeper: Account,
    organiser: Account,
    admin: Account,
    forklift: Competition,
    certified: list[Certificate],
) -> None:
    rule(scheme, keeper)
    add_point_rule(scheme, PointRuleFields(points=Decimal(2), **_SHAPE), keeper)
    entrant = third(certified)[0].entrant
    assert entrant is not None
    person = entrant.person
    assert person is not None
    number = person.id
    texts = {"name": person.name, "id_number": (person.id_number or "")[-4:], "course": "安全"}
    write_attendance(scheme, [texts | {"day": "2026-03-02", "hours": "8"}], keeper)
    reckon_points(scheme, keeper)
    let_be_named(person, agrees=True)
    fields = OutsideFields(
        contest="国赛", host="部", event="叉车", day=date(2025, 1, 3), rank=4, document="文"
    )
    agree_outside(enter_outside(forklift, entrant.code, fields, organiser), admin)
    row = list_in(scheme, keeper)
    with changing(forklift):
        erase_person(entrant, "本人要求", organiser)
    db.session.expire_all()
    assert db.session.get(Person, number) is None
    assert not db.session.scalars(select(Attendance)).all()
    assert not db.session.scalars(select(PointEntry)).all()
    outside = db.session.scalars(select(OutsideResult)).one()
    assert (outside.person_id, outside.name == texts["name"]) == (None, False)
    gone = [it for it in named_lines(row, keeper) if it.line.due.person == number]
    assert [(it.name, it.number, it.line.pays) for it in gone] == [("", "", Decimal(300))]
    later = list_in(scheme, keeper, 1)
    assert [it.line.why for it in named_lines(later, keeper) if not it.name] == [Why.VOID]


def test_a_training_keeps_the_record_of_whom_a_competition_lets_go(
    scheme: RewardScheme, keeper: Account, organiser: Account, certified: list[Certificate]
) -> None:
    entrant = certified[0].entrant
    assert entrant is not None
    person = entrant.person
    assert person is not None
    texts = {"name": person.name, "id_number": "", "course": "安全", "day": "2026-03-02"}
    write_attendance(scheme, [texts], keeper)
    with changing(entrant.competition) as competition:
        entrant.person = None
        db.session.flush()
        let_go(competition, {person.id}, organiser)
    assert db.session.scalars(select(Attendance.person_id)).one() == person.id


def test_a_rule_that_was_wrong_stands_in_nobody_s_way(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    wrong = rule(scheme, keeper, "3000", first=date(2026, 5, 1))
    end_pay_rule(wrong, LastMonthFields(last=date(2026, 4, 1)), keeper)
    rule(scheme, keeper, "300", first=date(2026, 1, 1))
    assert {it[3] for it in lines(list_in(scheme, keeper))} == {Decimal(300)}


def test_what_a_wrong_rule_paid_once_is_made_good(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    wrong = rule(scheme, keeper, "20000", basis=Basis.ONCE)
    paid = list_in(scheme, keeper)
    many = len(third(certified))
    assert paid.amount == 20000 * many
    end_pay_rule(wrong, LastMonthFields(last=date(2019, 12, 1)), keeper)
    right = rule(scheme, keeper, "2000", basis=Basis.ONCE)
    row = list_in(scheme, keeper, 1)
    changed = (Change.CHANGED, Why.RULE_CHANGED, Decimal(20000), Decimal(-18000))
    assert lines(row) == [changed] * many
    assert row.amount == -18000 * many
    assert not lines(list_in(scheme, keeper, 2))
    end_pay_rule(right, LastMonthFields(last=date(2019, 12, 1)), keeper)
    back = (Change.LAPSED, Why.RULE_ENDED, Decimal(2000), Decimal(0))
    assert lines(list_in(scheme, keeper, 3)) == [back] * many
    assert not lines(list_in(scheme, keeper, 4))


def test_an_honour_of_a_higher_level_is_paid_the_rest(
    scheme: RewardScheme,
    keeper: Account,
    organiser: Account,
    admin: Account,
    forklift: Competition,
    certified: list[Certificate],
) -> None:
    entrant = certified[0].entrant
    assert entrant is not None
    fields = OutsideFields(
        contest="国赛",
        host="部",
        event="叉车",
        document="文",
        day=date(2025, 11, 3),
        honours=("技术能手",),
        level=Level.NATIONAL_2,
    )
    row = enter_outside(forklift, entrant.code, fields, organiser)
    agree_outside(row, admin)
    for level, amount in ((Level.NATIONAL_2, "1000"), (Level.NATIONAL_1, "5000")):
        shape = {"grade": "honour", "honour": "技术能手", "level": level.value}
        rule(scheme, keeper, amount, basis=Basis.ONCE, **shape)
    assert list_in(scheme, keeper).amount == 1000
    higher = with_values(fields, level=Level.NATIONAL_1)
    agree_outside(correct_outside(row, higher, organiser), admin)
    again = list_in(scheme, keeper, 1)
    assert lines(again) == [(Change.CHANGED, Why.RULE_CHANGED, Decimal(1000), Decimal(4000))]


def test_between_two_rules_that_pay_once_nobody_is_left_out_or_paid_twice(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    this, following = local_today().replace(day=1), in_months(1).replace(day=1)
    rule(scheme, keeper, "1000", basis=Basis.ONCE, start=Start.NEXT, last=this)
    rule(scheme, keeper, "2000", basis=Basis.ONCE, first=following)
    assert not lines(list_in(scheme, keeper))
    new = (Change.NEW, Why.CERTIFIED, None, Decimal(1000))
    assert lines(list_in(scheme, keeper, 1)) == [new] * len(third(certified))
    assert not lines(list_in(scheme, keeper, 2))


def test_a_certificate_is_paid_once_whoever_s_record_stands_behind_it(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, "2000", basis=Basis.ONCE)
    many = len(lines(list_in(scheme, keeper)))
    entrant = third(certified)[0].entrant
    assert entrant is not None
    assert entrant.person is not None
    with unit_of_work() as session:
        other = Person(name=entrant.name, name_key=entrant.person.name_key)
        session.add(other)
        session.flush()
        entrant.person_id = other.id
    assert many == len(third(certified))
    assert not lines(list_in(scheme, keeper, 1))


def test_nothing_is_paid_once_for_what_is_void_already(
    scheme: RewardScheme, keeper: Account, organiser: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, "2000", basis=Basis.ONCE)
    month, first = MonthFields(month=local_today()), third(certified)[0]
    with time_machine.travel(in_months(1)):
        revoke_certificate(first, "查实冒名", organiser)
        late = make_list(scheme, month, keeper)
        assert len(lines(late)) == len(third(certified)) - 1
        assert not lines(make_list(scheme, MonthFields(month=local_today()), keeper))


def test_who_was_certified_after_the_list_is_said_to_have_missed_it(
    scheme: RewardScheme, keeper: Account, forklift: Competition, organiser: Account
) -> None:
    rule(scheme, keeper)
    early = list_in(scheme, keeper)
    assert not lines(early)
    many = len(third(certify_all(forklift, organiser)))
    row = list_in(scheme, keeper, 1)
    assert [it.line.missed_from for it in kept_lines(row)] == [early.month] * many
    assert {it.line.missed_from for it in kept_lines(list_in(scheme, keeper, 2))} == {None}


def test_of_two_organisations_that_became_one_one_pays(
    scheme: RewardScheme, keeper: Account, admin: Account, certified: list[Certificate]
) -> None:
    other = add_organisation("港口二公司", "", None, admin)
    fields = SchemeFields(organisation=other.name, keeper=keeper.username or "")
    second = make_scheme(fields, admin)
    for own in (scheme, second):
        rule(own, keeper, "1500", basis=Basis.ONCE)
    paid = list_in(scheme, keeper)
    assert len(lines(paid)) == len(third(certified))
    list_in(second, keeper)
    merge_organisations(scheme.organisation, other, admin)
    db.session.expire_all()
    with pytest.raises(Refused, match="已经并进港口二公司，名单由那边的出"):
        list_in(scheme, keeper, 1)
    # What the one has paid once the other does not pay again.
    assert not lines(list_in(second, keeper, 1))
    with pytest.raises(FieldRefused, match="已经有一份"):
        make_scheme(fields, admin)


def test_a_contest_to_come_takes_nobody_away(
    scheme: RewardScheme, keeper: Account, forklift: Competition, certified: list[Certificate]
) -> None:
    today = local_today()
    there = set(people_of(scheme.organisation))
    with unit_of_work():
        forklift.starts, forklift.ends = today + timedelta(days=3), today + timedelta(days=5)
    assert there
    assert not people_of(scheme.organisation)
    assert set(people_of(scheme.organisation, today + timedelta(days=3))) == there


def test_trainings_of_a_record_that_was_merged_count(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    first, second = (
        db.session.get_one(Person, number) for number in sorted(people_of(scheme.organisation))[:2]
    )
    add_point_rule(scheme, PointRuleFields(points=Decimal(2), **_SHAPE), keeper)
    rows = [
        {"name": it.name, "id_number": (it.id_number or "")[-4:], "course": course, "day": day}
        for it, course, day in ((first, "安全", "2026/3/2"), (second, "消防", "2026年3月2日"))
    ]
    write_attendance(scheme, rows, keeper)
    with unit_of_work():
        second.merged_into_id = first.id
    reckon_points(scheme, keeper)
    assert totals_of(scheme, date(2026, 4, 1)) == {first.id: Decimal(4)}
    texts = list(enumerate(attendance_texts(scheme, keeper), 1))
    assert [it.faults for it in plan_attendance(scheme, texts)] == [{}, {}]


def test_a_number_that_lost_its_zeros_is_known(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    own = (db.session.get_one(Person, it) for it in sorted(people_of(scheme.organisation)))
    person = next(it for it in own if (it.id_number or "")[-4:].startswith("0"))
    tail = (person.id_number or "")[-4:].lstrip("0")
    texts = {"name": person.name, "id_number": tail, "course": "安全", "day": "2026.3.2"}
    (planned,) = plan_attendance(scheme, [(1, texts)])
    assert (planned.faults, planned.checked is not None) == ({}, True)


def test_a_point_rule_that_was_wrong_gives_nothing_and_none_stands_twice(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    shape: dict[str, Any] = {"source": PointSource.GRADE, "first": date(2020, 1, 1)}
    wrong = add_point_rule(scheme, PointRuleFields(points=Decimal(10000), **shape), keeper)
    assert totals_of(scheme)
    with pytest.raises(FieldRefused, match="已经有一条规则"):
        add_point_rule(scheme, PointRuleFields(points=Decimal(10), **shape), keeper)
    end_point_rule(wrong, LastDayFields(last=date(2019, 12, 31)), keeper)
    assert not totals_of(scheme)
    add_point_rule(scheme, PointRuleFields(points=Decimal(10), **shape), keeper)
    assert set(totals_of(scheme).values()) == {Decimal(10)}


def test_a_list_of_the_month_made_since_takes_its_place(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, "500", basis=Basis.ONCE)
    first = list_in(scheme, keeper)
    second = list_in(scheme, keeper)
    assert takes_its_place(first) == second
    assert takes_its_place(second) is None
    # It paid: that it pays nobody in the month after is no sign of a mistake.
    assert not idle_rules(list_in(scheme, keeper, 1))
