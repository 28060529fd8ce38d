"""Sign-in cards: once, or until cancelled; what is no good says nothing."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from compete.models import Account, AuditEntry, SignInCard, db, utc_now
from compete.services.accounts.accounts import check_password, create_account, set_password
from compete.services.accounts.pins import set_pin
from compete.services.accounts.second_factors import add_totp, has_second_factor, new_totp_key
from compete.services.accounts.sessions import begin_session, load_account
from compete.services.accounts.sign_in_cards import (
    cancel_cards,
    issue_card,
    peek_card,
    standing_card,
    use_card,
)
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.together import together


@pytest.fixture
def judge(here: Flask) -> Account:
    """Somebody who signs in by card."""
    return create_account("许静")


def is_refused(token: str) -> bool:
    with pytest.raises(Refused) as refused:
        use_card(token)
    assert refused.value.kind is Refusal.GONE
    assert str(refused.value) == "这个登录码不能用了，请找裁判长或组委会换一个"
    return peek_card(token) is None


def test_a_one_time_link_signs_in_once(judge: Account) -> None:
    _card, token = issue_card(judge, one_time=True)
    assert peek_card(token) is not None
    assert peek_card(token) is not None
    assert use_card(token) == judge
    assert is_refused(token)


@pytest.mark.each_database
def test_a_one_time_link_pressed_twice_at_once_signs_in_once(here: Flask, judge: Account) -> None:
    _card, token = issue_card(judge, one_time=True)
    number = judge.id
    answers = together(here, *[lambda: use_card(token).id] * 4)
    assert [answer for answer in answers if answer == number] == [number]
    assert sum(isinstance(answer, Refused) for answer in answers) == 3


@pytest.mark.each_database
def test_no_way_in_that_was_made_by_a_card_outlives_it(judge: Account) -> None:
    issue_card(judge, one_time=False)
    set_pin(judge, "4827", "4827")
    set_password(judge, "correct horse 港口", username="xujing")
    key = new_totp_key()
    add_totp(judge, key, pyotp.TOTP(key).at(utc_now()))
    cancel_cards(judge, None, "换卡")
    db.session.expire_all()
    assert check_password("xujing", "correct horse 港口") is None
    assert (judge.username, judge.password_hash, judge.pin_hash) == (None, None, None)
    assert not has_second_factor(judge)


def test_a_standing_card_signs_in_again_and_again_until_it_is_cancelled(judge: Account) -> None:
    _card, token = standing_card(judge)
    assert use_card(token) == use_card(token) == judge
    session = begin_session(judge, method="card")
    cancel_cards(judge, None, "丢了")
    assert is_refused(token)
    assert load_account(session) is None


def test_the_standing_card_is_printed_again_as_it_was(judge: Account) -> None:
    card, token = standing_card(judge)
    again, same = standing_card(judge)
    assert (again.id, same) == (card.id, token)
    cancel_cards(judge, None, "换卡")
    _other, new = standing_card(judge)
    assert new != token
    assert use_card(new) == judge


def test_a_link_ends_with_its_time(judge: Account) -> None:
    with time_machine.travel(utc_now(), tick=False) as clock:
        _card, token = issue_card(judge, one_time=False, valid_for=timedelta(hours=12))
        clock.shift(timedelta(hours=12, seconds=-1))
        assert use_card(token) == judge
        clock.shift(timedelta(seconds=1))
        assert is_refused(token)


def test_cards_of_a_closed_account_are_no_good(judge: Account) -> None:
    _card, token = standing_card(judge)
    with unit_of_work():
        judge.active = False
    assert is_refused(token)


@pytest.mark.parametrize("token", ["", "x", "\0", "’; DROP TABLE", "长" * 5000])
def test_what_was_never_given_out_is_no_good(judge: Account, token: str) -> None:
    assert is_refused(token)


@pytest.mark.each_database
def test_the_database_and_the_records_know_no_token(judge: Account) -> None:
    _card, token = standing_card(judge)
    use_card(token)
    cancel_cards(judge, None, "丢了")
    raw = db.session.connection().exec_driver_sql("SELECT token_hash, token FROM sign_in_card")
    hashed, sealed = raw.one()
    assert token not in hashed
    assert token.encode() not in bytes(sealed)
    for entry in db.session.scalars(select(AuditEntry)):
        assert token not in f"{entry.before}{entry.after}{entry.subject}{entry.reason}"
    assert db.session.scalars(select(SignInCard.token)).one() == token
