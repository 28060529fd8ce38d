"""Deadlines of periods, and who is missing: departments by what they lack, units by their marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from compete.domain.values.roles import Role
from compete.models import Account, Competition, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import EntryDeadline
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.deadlines import deadlines_of, late_list, set_deadlines
from compete.services.labour.entry import Writer
from compete.services.labour.sign_off import sign_off
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up, not_asked


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def ago(days: float) -> datetime:
    return utc_now() - timedelta(days=days)


def contact(contest: Contest, place: int) -> Writer:
    unit = contest.competition.units[place]
    account = create_account(f"联系人{unit.code}")
    grant_role(account, contest.competition, Role.CONTACT, unit=unit)
    return Writer(contest.competition, account, unit=unit)


def test_who_signed_is_not_late_and_who_did_not_is_after_the_deadline(
    contest: Contest, organiser: Account
) -> None:
    contest.enter(*everything("甲乙"))
    late = late_list(contest.competition, "二月")
    assert [
        (department.row.name, department.lacking.empty, department.late)
        for department in late.departments
    ] == [
        ("安全部", 2, False),
        ("工程部", 3, False),
    ]
    # Where no unit has a link, nobody waits for self-assessments.
    assert (late.units, late.nobody, late.closed) == ([], 0, False)
    assert set_deadlines(contest.competition, {"二月": EntryDeadline(sign=ago(1))}, organiser)
    contest.enter(*everything("丙"))
    sign_off(contest.safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
    late = late_list(contest.competition, "二月")
    assert [
        (department.row.name, department.late, department.lacking.signed is None)
        for department in late.departments
    ] == [
        ("安全部", False, False),
        ("工程部", True, True),
    ]
    assert list(verify_chain(contest.competition)) == []
    assert list(check_rows(contest.competition)) == []


def test_units_are_missing_by_their_own_marks_alone(contest: Contest, organiser: Account) -> None:
    first, _second = contact(contest, 0), contact(contest, 1)
    contest.enter(*(act("甲", code, "1") for code in ("安全", "隐患")), by=first)
    deadline = EntryDeadline(own=ago(2), sign=ago(-2))
    set_deadlines(contest.competition, {"二月": deadline}, organiser)
    late = late_list(contest.competition, "二月")
    assert [(unit.unit.name, unit.contact, unit.missing, unit.late) for unit in late.units] == [
        ("甲", "联系人甲", 1, True),
        ("乙", "联系人乙", 3, True),
        ("丙", None, 3, True),
    ]
    assert not late.departments[0].late


def test_units_are_asked_only_where_they_assess_themselves(
    contest: Contest, organiser: Account
) -> None:
    own = contact(contest, 0)
    not_asked(contest, "隐患", "产值")
    [refusal] = contest.enter(act("甲", "隐患", "1"), by=own).refused
    assert refusal[1].render() == "这一项不用自评"
    [first, *_others] = late_list(contest.competition, "二月").units
    assert (first.missing, first.asked) == (1, 1)
    contest.enter(act("甲", "安全", "1"), by=own)
    assert [unit.unit.name for unit in late_list(contest.competition, "二月").units] == ["乙", "丙"]
    not_asked(contest, "安全")
    assert late_list(contest.competition, "二月").units == []


def test_deadlines_are_checked_named_and_taken_back(contest: Contest, organiser: Account) -> None:
    late, soon = ago(-3), ago(-1)
    with pytest.raises(Refused, match="二月：自评的截止要早于签核的截止"):
        set_deadlines(contest.competition, {"二月": EntryDeadline(own=late, sign=soon)}, organiser)
    with pytest.raises(Refused, match="不直接打分"):
        set_deadlines(contest.competition, {"Q": EntryDeadline(sign=soon)}, organiser)
    wanted = {"一月": EntryDeadline(sign=soon), "二月": EntryDeadline(own=soon)}
    assert set_deadlines(contest.competition, wanted, organiser)
    assert not set_deadlines(contest.competition, wanted, organiser)
    assert set_deadlines(contest.competition, {"一月": EntryDeadline()}, organiser)
    assert list(deadlines_of(contest.competition)) == ["二月"]
