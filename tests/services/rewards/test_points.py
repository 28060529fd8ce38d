"""Points of a scheme: reckoned anew from what stands, attendance, averages, who is named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.rewards.points import PointSource
from compete.models import Account, Certificate, Competition, Person, PointEntry, RewardScheme, db
from compete.services.accounts.accounts import create_account
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.rewards.attendance import (
    attendance_texts,
    courses_of,
    end_course,
    plan_attendance,
    write_attendance,
)
from compete.services.rewards.people import people_of
from compete.services.rewards.points import (
    LastDayFields,
    PointRuleFields,
    add_point_rule,
    agreed_points,
    end_point_rule,
    let_be_named,
    lets_be_named,
    own_points,
    reckon_points,
    team_points,
    totals_of,
)
from tests.support.rewards import certify_all, keeper_of_rewards, scheme_of_all

pytestmark = pytest.mark.each_database
FIRST = date(2020, 1, 1)


@pytest.fixture
def admin(here: Flask) -> Account:
    return create_account("管理员", is_admin=True)


@pytest.fixture
def certified(forklift: Competition, organiser: Account) -> list[Certificate]:
    return certify_all(forklift, organiser)


@pytest.fixture
def keeper(here: Flask) -> Account:
    return keeper_of_rewards()


@pytest.fixture
def scheme(forklift: Competition, keeper: Account, admin: Account) -> RewardScheme:
    return scheme_of_all(keeper, admin)


def rule(
    scheme: RewardScheme, by: Account, source: PointSource, points: str, **more: object
) -> object:
    fields = PointRuleFields(source=source, points=Decimal(points), first=FIRST, **more)  # type: ignore[arg-type]
    return add_point_rule(scheme, fields, by)


def somebody(scheme: RewardScheme) -> Person:
    return db.session.get_one(Person, min(people_of(scheme.organisation)))


def row_of(
    person: Person, course: str = "安全培训", day: str = "2026-03-02", hours: str = "8"
) -> dict[str, str]:
    return {
        "name": person.name,
        "id_number": (person.id_number or "")[-4:],
        "course": course,
        "day": day,
        "hours": hours,
    }


def test_grades_earn_once_however_often_they_are_reckoned(
    scheme: RewardScheme, keeper: Account, organiser: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, PointSource.GRADE, "20")
    totals = totals_of(scheme)
    assert sum(totals.values()) == 20 * len(certified)
    assert reckon_points(scheme, keeper) == (0, 0)
    revoke_certificate(certified[0], "查实冒名", organiser)
    assert reckon_points(scheme, keeper) == (0, 1)
    assert sum(totals_of(scheme).values()) == 20 * (len(certified) - 1)
    count = select(func.count()).select_from(PointEntry)
    assert db.session.scalar(count) == len(certified)


def test_contests_earn_by_what_is_published(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate], forklift: Competition
) -> None:
    rule(scheme, keeper, PointSource.CONTEST, "5", months=None)
    totals = totals_of(scheme)
    assert {certificate.entrant.person_id for certificate in certified} <= set(totals)  # type: ignore[union-attr]
    assert set(totals.values()) == {Decimal(5)}


def test_a_list_of_attendance_is_taken_once_and_earns_by_hours(
    scheme: RewardScheme, keeper: Account, forklift: Competition
) -> None:
    person = somebody(scheme)
    rule(scheme, keeper, PointSource.ATTENDANCE, "0.5", by_hours=True, match="安全培训")
    rows = [row_of(person), row_of(person, "别的"), row_of(person, day="2026-03-03", hours="")]
    assert write_attendance(scheme, rows, keeper) == (3, 0)
    assert write_attendance(scheme, rows, keeper) == (0, 0)
    assert write_attendance(scheme, [row_of(person, hours="6")], keeper) == (0, 1)
    reckon_points(scheme, keeper)
    assert totals_of(scheme, date(2026, 4, 1)) == {person.id: Decimal("3.5")}
    assert [course for course, _day, _n in courses_of(scheme)] == ["安全培训", "别的", "安全培训"]
    assert end_course(scheme, "安全培训", date(2026, 3, 2), keeper) == 1
    reckon_points(scheme, keeper)
    assert totals_of(scheme, date(2026, 4, 1)) == {person.id: Decimal("0.5")}
    # What the workbook says comes back as it is.
    texts = attendance_texts(scheme, keeper)
    planned = plan_attendance(scheme, list(enumerate(texts, 1)))
    assert [it.state for it in planned] == ["same", "same"]
    # A training that was taken back may be brought again.
    assert write_attendance(scheme, [row_of(person)], keeper) == (1, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "没有这人"}, "name"),
        ({"id_number": "0000"}, "id_number"),
        ({"day": "三月"}, "day"),
        ({"day": "2999-01-01"}, "day"),
        ({"course": ""}, "course"),
        ({"hours": "许多"}, "hours"),
    ],
)
def test_a_wrong_row_says_which_field(
    scheme: RewardScheme,
    keeper: Account,
    forklift: Competition,
    change: dict[str, str],
    field: str,
) -> None:
    row = row_of(somebody(scheme)) | change
    (plan,) = plan_attendance(scheme, [(7, row)])
    assert (plan.number, list(plan.faults)) == (7, [field])
    with pytest.raises(Refused):
        write_attendance(scheme, [row], keeper)
    assert courses_of(scheme) == []


def test_one_person_twice_in_a_list_is_said(
    scheme: RewardScheme, keeper: Account, forklift: Competition
) -> None:
    row = row_of(somebody(scheme))
    first, second = plan_attendance(scheme, [(3, row), (5, row)])
    assert (first.state, list(second.faults)) == ("added", ["name"])


def test_nobody_is_named_who_did_not_agree(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, PointSource.GRADE, "20")
    holder = db.session.get_one(Person, certified[0].entrant.person_id)  # type: ignore[union-attr]
    assert agreed_points(scheme) == []
    assert own_points(holder) == 20
    let_be_named(holder, agrees=True)
    assert lets_be_named(holder)
    assert [(it.id, points) for it, _unit, points in agreed_points(scheme)] == [
        (holder.id, Decimal(20))
    ]
    with pytest.raises(Refused):
        let_be_named(holder, agrees=True)
    let_be_named(holder, agrees=False)
    assert agreed_points(scheme) == []
    let_be_named(holder, agrees=True)
    assert len(agreed_points(scheme)) == 1


def test_units_of_fewer_than_five_have_no_average(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, PointSource.GRADE, "20")
    teams, totals = team_points(scheme), totals_of(scheme)
    people = people_of(scheme.organisation)
    assert sum(team.people for team in teams) == len(people)
    for team in teams:
        own = [totals.get(it, 0) for it, part in people.items() if part.unit == team.unit]
        assert len(own) == team.people
        if team.people < 5:
            assert team.average is None
        else:
            assert team.average == Decimal(sum(own)) / team.people


def test_wrong_rules_say_which_field(scheme: RewardScheme, keeper: Account, admin: Account) -> None:
    for source, points, keys, field in (
        (PointSource.GRADE, "0", {}, "points"),
        (PointSource.GRADE, "1", {"by_hours": True}, "by_hours"),
        (PointSource.GRADE, "1", {"match": "高级工"}, "match"),
        (PointSource.CONTEST, "1", {"match": "起重"}, "match"),
        (PointSource.PRIZE, "1", {"last": date(2019, 1, 1)}, "last"),
    ):
        with pytest.raises(FieldRefused) as refused:
            rule(scheme, keeper, source, points, **keys)
        assert refused.value.field == field
    with pytest.raises(Refused):
        rule(scheme, admin, PointSource.GRADE, "1")


def test_a_rule_that_ended_earns_for_what_came_before(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    row = rule(scheme, keeper, PointSource.GRADE, "20")
    end_point_rule(row, LastDayFields(last=date(2021, 1, 1)), keeper)  # type: ignore[arg-type]
    assert totals_of(scheme) == {}
    with pytest.raises(FieldRefused):
        end_point_rule(row, LastDayFields(last=date(2019, 1, 1)), keeper)  # type: ignore[arg-type]
