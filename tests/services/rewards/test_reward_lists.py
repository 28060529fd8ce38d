"""Lists of a scheme: whose, what is due by certificates, made again, and for whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from flask import Flask

from compete.domain.rewards.dues import Basis, Change, Start, Why
from compete.domain.values.days import months_later
from compete.models import (
    Account,
    Certificate,
    Competition,
    Person,
    RewardList,
    RewardScheme,
    Unit,
    db,
)
from compete.services.accounts.accounts import create_account
from compete.services.certificates.rows import revoke_certificate
from compete.services.directory.organisations import add_organisation
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.rewards.pay_rules import (
    LastMonthFields,
    PayRuleFields,
    add_pay_rule,
    end_pay_rule,
)
from compete.services.rewards.people import holdings_of, people_of
from compete.services.rewards.reward_lists import (
    MonthFields,
    idle_rules,
    kept_lines,
    lists_of,
    make_list,
    named_lines,
)
from compete.services.rewards.schemes import (
    KeeperFields,
    SchemeFields,
    give_keeper,
    make_scheme,
    schemes_seen_by,
)
from compete.services.workers.outside_results import (
    OutsideFields,
    agree_outside,
    correct_outside,
    enter_outside,
    outside_results,
)
from tests.support.rewards import certify_all, keeper_of_rewards, scheme_of_all

pytestmark = pytest.mark.each_database


def next_month() -> date:
    """The middle of the month after this one."""
    return months_later(local_today().replace(day=1), 1).replace(day=15)


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


def rule(scheme: RewardScheme, by: Account, grade: str, amount: str, **more: object) -> object:
    keys = {"start": Start.THIS, "first": date(2020, 1, 9), "document": "集团〔2026〕8 号"} | more
    fields = PayRuleFields(grade=grade, amount=Decimal(amount), **keys)  # type: ignore[arg-type]
    return add_pay_rule(scheme, fields, by)


def this_month(scheme: RewardScheme, by: Account) -> RewardList:
    return make_list(scheme, MonthFields(month=local_today()), by)


def test_everybody_with_a_grade_is_due_by_its_rule(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    for grade, amount in (("3", "300"), ("2", "500"), ("1", "800.50")):
        rule(scheme, keeper, grade, amount)
    row = this_month(scheme, keeper)
    wanted = {1: Decimal("800.5"), 2: Decimal(500), 3: Decimal(300)}
    grades = [int(it.number[15]) if len(it.number) > 15 else 0 for it in certified]
    lines = named_lines(row, keeper)
    assert len(lines) == len(certified) == row.people == len(grades)
    assert all(it.line.due.amount == wanted[it.line.due.grade or 0] for it in lines)
    assert row.amount == sum(it.line.due.amount for it in lines)
    assert {it.name for it in lines} == {it.face["name"] for it in certified}
    assert {it.line.change for it in lines} == {Change.NEW}
    assert not idle_rules(row)


def test_a_void_certificate_lapses_and_what_was_paid_once_is_asked_back(
    scheme: RewardScheme, keeper: Account, organiser: Account, certified: list[Certificate]
) -> None:
    first = certified[0]
    grade = str(holdings_of([first.entrant.person_id])[0].grade)  # type: ignore[union-attr,list-item]
    rule(scheme, keeper, grade, "300")
    rule(scheme, keeper, grade, "2000", basis=Basis.ONCE)
    this_month(scheme, keeper)
    revoke_certificate(first, "查实冒名", organiser)
    db.session.refresh(first)
    assert first.revoked_at is not None
    with time_machine.travel(next_month()):
        row = this_month(scheme, keeper)
    gone = [it for it in kept_lines(row) if it.line.change is Change.LAPSED]
    assert [(it.line.due.basis, it.line.why, it.line.before) for it in gone] == [
        (Basis.MONTH, Why.VOID, Decimal(300)),
        (Basis.ONCE, Why.VOID, Decimal(2000)),
    ]
    others = [it.line.change for it in kept_lines(row) if it.line.due.basis is Basis.ONCE]
    assert others == [Change.LAPSED]


def test_a_list_made_again_takes_the_place_of_the_month_s_first(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, "3", "300", basis=Basis.ONCE)
    first, again = this_month(scheme, keeper), this_month(scheme, keeper)
    assert [it.line for it in kept_lines(first)] == [it.line for it in kept_lines(again)]
    assert lists_of(scheme) == [again]
    past = MonthFields(month=date(2024, 5, 1))
    with pytest.raises(FieldRefused) as refused:
        make_list(scheme, past, keeper)
    assert refused.value.field == "month"
    with pytest.raises(FieldRefused):
        make_list(scheme, MonthFields(month=date(2999, 1, 1)), keeper)


def test_no_month_is_left_out(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    rule(scheme, keeper, "3", "300")
    this_month(scheme, keeper)
    following = next_month()
    with time_machine.travel(months_later(following, 1)):
        with pytest.raises(FieldRefused, match="名单还没出，先出那个月的"):
            this_month(scheme, keeper)
        make_list(scheme, MonthFields(month=following), keeper)
        this_month(scheme, keeper)
    assert len(lists_of(scheme)) == 3


def test_who_belongs_to_another_since_has_left(
    scheme: RewardScheme, keeper: Account, admin: Account, certified: list[Certificate]
) -> None:
    for grade in "123":
        rule(scheme, keeper, grade, "300")
    before = this_month(scheme, keeper)
    elsewhere = add_organisation("别的公司", "", None, admin)
    with unit_of_work() as session:
        leaver = session.get_one(Unit, certified[0].entrant.unit_id)  # type: ignore[union-attr]
        leaver.organisation_id = elsewhere.id
    with time_machine.travel(next_month()):
        row = this_month(scheme, keeper)
    gone = {it.line.due.person for it in kept_lines(row) if it.line.why is Why.LEFT}
    stays = {it.line.due.person for it in kept_lines(row) if it.line.change is Change.SAME}
    assert {certified[0].entrant.person_id} <= gone  # type: ignore[union-attr]
    assert not gone & stays
    assert len(gone | stays) == before.people
    assert set(people_of(elsewhere)) >= gone


def test_two_rules_do_not_pay_for_the_same_month(scheme: RewardScheme, keeper: Account) -> None:
    row = rule(scheme, keeper, "3", "300")
    with pytest.raises(FieldRefused) as refused:
        rule(scheme, keeper, "3", "400", first=date(2026, 5, 1))
    assert refused.value.field == "first"
    end_pay_rule(row, LastMonthFields(last=date(2026, 4, 30)), keeper)  # type: ignore[arg-type]
    rule(scheme, keeper, "3", "400", first=date(2026, 5, 1))
    with pytest.raises(FieldRefused):
        end_pay_rule(row, LastMonthFields(last=date(2026, 5, 1)), keeper)  # type: ignore[arg-type]


def test_wrong_rules_say_which_field(scheme: RewardScheme, keeper: Account) -> None:
    for keys, field in (
        ({"grade": "honour", "amount": "1"}, "honour"),
        ({"grade": "3", "amount": "1", "honour": "一等奖"}, "honour"),
        ({"grade": "3", "amount": "0"}, "amount"),
        ({"grade": "3", "amount": "1.005"}, "amount"),
        ({"grade": "3", "amount": "1", "last": date(2019, 1, 1)}, "last"),
    ):
        with pytest.raises(FieldRefused) as refused:
            rule(scheme, keeper, **keys)
        assert refused.value.field == field


def test_the_keeper_alone_sees_and_an_administrator_names_another(
    scheme: RewardScheme, keeper: Account, admin: Account, organiser: Account
) -> None:
    row = this_month(scheme, keeper)
    for other in (admin, organiser):
        with pytest.raises(Refused):
            named_lines(row, other)
        with pytest.raises(Refused):
            this_month(scheme, other)
    assert schemes_seen_by(organiser) == []
    with pytest.raises(Refused):
        give_keeper(scheme, KeeperFields(keeper="hr"), organiser)
    other = create_account("新人事", username="hr2")
    assert give_keeper(scheme, KeeperFields(keeper="hr2"), admin)
    assert named_lines(row, other) == []
    with pytest.raises(Refused):
        named_lines(row, keeper)
    with pytest.raises(FieldRefused):
        make_scheme(SchemeFields(organisation="没有的", keeper="hr"), admin)


def test_who_was_put_together_with_another_is_one_person(
    scheme: RewardScheme, keeper: Account, certified: list[Certificate]
) -> None:
    for grade in "123":
        rule(scheme, keeper, grade, "300")
    before = this_month(scheme, keeper)
    stays_on, merged = (it.entrant.person_id for it in certified[:2])  # type: ignore[union-attr]
    with unit_of_work() as session:
        session.get_one(Person, merged).merged_into_id = stays_on
    with time_machine.travel(next_month()):
        row = this_month(scheme, keeper)
    assert merged not in {it.line.due.person for it in kept_lines(row)}
    assert row.people == before.people - 1


def test_an_honour_of_a_contest_elsewhere_is_paid_once_and_asked_back(
    scheme: RewardScheme,
    keeper: Account,
    forklift: Competition,
    organiser: Account,
    admin: Account,
    certified: list[Certificate],
) -> None:
    entrant = certified[0].entrant
    assert entrant is not None
    fields = OutsideFields(
        contest="全国水利行业竞赛",
        host="中国农林水利工会",
        event="泵站运行工",
        day=date(2025, 11, 3),
        rank=4,
        document="农林水工发〔2025〕8 号",
        honours=("全国水利技术能手",),
    )
    first = enter_outside(forklift, entrant.code, fields, organiser)
    rule(scheme, keeper, "honour", "3000", honour="全国水利技术能手", basis=Basis.ONCE)
    assert this_month(scheme, keeper).people == 0
    agree_outside(first, admin)
    row = this_month(scheme, keeper)
    assert (row.people, row.amount) == (1, Decimal(3000))
    (line,) = kept_lines(row)
    assert (line.line.due.number, line.line.change) == (fields.document, Change.NEW)
    # Corrected it is the same honour: nobody is paid again.
    agree_outside(correct_outside(first, with_values(fields, rank=5), organiser), admin)
    with time_machine.travel(next_month()):
        assert kept_lines(this_month(scheme, keeper)) == []
        last = outside_results(forklift)[0]
        without = with_values(fields, rank=5, honours=())
        agree_outside(correct_outside(last, without, organiser), admin)
        (line,) = kept_lines(this_month(scheme, keeper))
    assert (line.line.change, line.line.why) == (Change.LAPSED, Why.VOID)
    assert line.line.before == Decimal(3000)
