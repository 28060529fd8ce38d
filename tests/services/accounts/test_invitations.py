"""Links that make administrators and organisers, and set passwords: once, for a time, for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, Invitation, db, utc_now
from compete.services.accounts.access import may
from compete.services.accounts.accounts import account_of_judge, check_password, create_account
from compete.services.accounts.invitations import (
    cancel_invitation,
    first_link,
    invite,
    join_by_invitation,
    open_invitations,
    password_link,
    peek_invitation,
    take_up_invitation,
)
from compete.services.accounts.roles import close_account, memberships_in, take_role_back
from compete.services.accounts.sessions import begin_session, load_account
from compete.services.kernel.refusal import Refusal, Refused
from tests.support.together import together

PASSWORD = "correct horse 港口"


def take_up(token: str, username: str = "qian", password: str = PASSWORD) -> Account:
    return take_up_invitation(token, name="钱文", username=username, password=password)


def is_refused(token: str) -> bool:
    with pytest.raises(Refused) as refused:
        take_up(token, username="other")
    return refused.value.kind is Refusal.GONE and peek_invitation(token) is None


@pytest.mark.each_database
def test_the_first_link_makes_the_first_administrator_and_then_there_is_none(here: Flask) -> None:
    token = first_link()
    assert token is not None
    made = take_up(token)
    assert made.is_admin
    assert check_password("qian", PASSWORD) == made
    assert is_refused(token)
    assert first_link() is None


def test_a_new_start_ends_the_link_of_the_start_before(here: Flask) -> None:
    old, new = first_link(), first_link()
    assert old is not None
    assert new is not None
    assert is_refused(old)
    assert take_up(new).is_admin


def test_with_the_only_administrator_gone_a_start_prints_a_link_again(here: Flask) -> None:
    admin = create_account("甲", is_admin=True)
    assert first_link() is None
    with pytest.raises(Refused, match="唯一的管理员"):
        close_account(admin, by=None)
    create_account("乙", is_admin=True)
    close_account(admin, by=None)
    assert first_link() is None


def test_a_link_ends_with_its_time(here: Flask) -> None:
    with time_machine.travel(utc_now(), tick=False) as clock:
        token = first_link() or ""
        clock.shift(timedelta(hours=24, seconds=-1))
        assert peek_invitation(token) is not None
        clock.shift(timedelta(seconds=1))
        assert is_refused(token)


@pytest.mark.each_database
def test_a_link_taken_up_twice_at_once_makes_one_account(here: Flask) -> None:
    token = first_link() or ""
    names = iter(("a1", "b2", "c3"))
    answers = together(here, *[lambda: take_up(token, next(names)).id] * 3)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 2


def test_an_invited_organiser_organises_that_competition_alone(
    fresh: Competition, organiser: Account
) -> None:
    _made, token = invite("钱文", competition=fresh, by=organiser)
    account = take_up(token)
    assert may(account, fresh, Right.SET_UP)
    assert not account.is_admin
    granted = db.session.scalars(
        select(AuditEntry.actor).where(AuditEntry.action == "role.grant")
    ).all()
    assert granted[-1] == organiser.name


def test_who_has_an_account_takes_the_part_with_it(fresh: Competition, organiser: Account) -> None:
    other = create_account("钱文", username="qian", password=PASSWORD)
    _made, token = invite("钱文", competition=fresh, by=organiser)
    assert join_by_invitation(token, other) == other
    assert may(other, fresh, Right.SET_UP)
    assert is_refused(token)


@pytest.mark.each_database
def test_an_account_whose_card_others_renew_takes_no_other_part(
    fresh: Competition, organiser: Account
) -> None:
    judge = account_of_judge(fresh.judges[0], fresh, organiser)
    for competition in (None, fresh):
        _made, token = invite(
            "许静", is_admin=competition is None, competition=competition, by=None
        )
        with pytest.raises(Refused, match="另设用户名和密码"):
            join_by_invitation(token, judge)
        assert peek_invitation(token) is not None
    assert not judge.is_admin
    assert not may(judge, fresh, Right.PUBLISH)


def test_a_link_for_a_password_ends_the_sessions_and_is_no_part_for_others(here: Flask) -> None:
    account = create_account("钱文", username="qian", password=PASSWORD)
    epoch = account.session_epoch
    _old, old = password_link(account, by=None)
    _made, token = password_link(account, by=None)
    assert is_refused(old)
    with pytest.raises(Refused):
        join_by_invitation(token, create_account("乙"))
    create_account("丙", username="bing", password=PASSWORD)
    with pytest.raises(Refused, match="已经有人用了"):
        take_up(token, username="bing")
    assert take_up(token, password="another horse 港口") == account
    assert check_password("qian", PASSWORD) is None
    assert account.session_epoch > epoch


def test_an_easy_password_is_refused_and_the_link_is_still_good(here: Flask) -> None:
    token = first_link() or ""
    easy = ("short", "aaaaaaaaaaaa", "1234567890", "0987654321", "qwertyuiop", "qian20241")
    for password in (*easy, "x" * 201):
        with pytest.raises(Refused) as refused:
            take_up(token, password=password)
        assert refused.value.kind is Refusal.INVALID, password
        assert peek_invitation(token) is not None, password


def test_a_cancelled_link_is_no_good_and_is_not_listed(
    fresh: Competition, organiser: Account
) -> None:
    made, token = invite("钱文", competition=fresh, by=organiser)
    assert [invitation.id for invitation in open_invitations(fresh)] == [made.id]
    cancel_invitation(made, organiser)
    assert list(open_invitations(fresh)) == []
    assert is_refused(token)


def test_the_database_and_the_records_know_no_link(fresh: Competition, organiser: Account) -> None:
    _made, token = invite("钱文", competition=fresh, by=organiser)
    row = db.session.scalars(select(Invitation)).one()
    assert token not in str({key: str(value) for key, value in vars(row).items()})
    for entry in db.session.scalars(select(AuditEntry)):
        assert token not in f"{entry.before}{entry.after}{entry.subject}{entry.reason}"


def test_a_role_is_taken_back_and_a_judge_gets_it_again_with_a_card(
    fresh: Competition, organiser: Account
) -> None:
    judge = fresh.judges[0]
    account = account_of_judge(judge, fresh, organiser)
    mine, theirs = (
        next(row for row in memberships_in(fresh) if row.account_id == known.id)
        for known in (organiser, account)
    )
    with pytest.raises(Refused, match="别人收回"):
        take_role_back(mine, organiser, "换人")
    take_role_back(theirs, organiser, "换人")
    assert [row.role for row in memberships_in(fresh)] == [Role.ORGANISER]
    assert account_of_judge(judge, fresh, organiser).memberships[0].judge_id == judge.id


def test_a_closed_account_is_out_at_once(here: Flask) -> None:
    account = create_account("钱文", username="qian", password=PASSWORD)
    _made, token = password_link(account, by=None)
    session_id = begin_session(account, method="password")
    close_account(account, by=None)
    assert load_account(session_id) is None
    assert check_password("qian", PASSWORD) is None
    assert is_refused(token)


def test_a_name_may_have_sixty_letters_as_everywhere(here: Flask) -> None:
    token = first_link()
    assert token is not None
    with pytest.raises(Refused) as refused:
        take_up_invitation(token, name="阿" * 61, username="a", password=PASSWORD)
    assert "最长 60 个字，现在是 61" in str(refused.value.message)
    assert take_up_invitation(token, name="阿" * 60, username="a", password=PASSWORD).is_admin
