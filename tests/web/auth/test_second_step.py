"""Signing in with a second step, over the pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition, LockEntry, db, utc_now
from compete.services.accounts.accounts import create_account, set_password
from compete.services.accounts.second_factors import (
    add_totp,
    has_second_factor,
    new_totp_key,
    recovery_codes_left,
)
from compete.services.accounts.sign_ins import sign_ins_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.signing_in import signed_in

PASSWORD = "correct horse 港口"


@pytest.fixture
def admin(here: Flask) -> Account:
    here.config["WTF_CSRF_ENABLED"] = False
    return create_account("钱文", username="qian", password=PASSWORD, is_admin=True)


def set_up(account: Account) -> tuple[str, list[str]]:
    key = new_totp_key()
    return key, add_totp(account, key, pyotp.TOTP(key).at(utc_now()))


def with_password(app: Flask, password: str = PASSWORD, to: str = "/sign-in") -> FlaskClient:
    client = app.test_client()
    client.post(to, data={"username": "qian", "password": password})
    return client


def test_a_password_alone_signs_nobody_in_who_has_a_second_step(app: Flask, admin: Account) -> None:
    key, codes = set_up(admin)
    client = with_password(app, to="/sign-in?next=/desk/new")
    assert client.get("/desk/accounts").status_code == 302
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    assert client.get("/desk/accounts").status_code == 302
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        code = pyotp.TOTP(key).at(utc_now())
        assert client.post("/sign-in/code", data={"code": code}).location == "/desk/new"
        assert client.get("/desk/accounts").status_code == 200
        # Another device may not use the same code; a code on paper will do.
        other = with_password(app)
        assert other.post("/sign-in/code", data={"code": code}).status_code == 422
        assert other.post("/sign-in/code", data={"code": codes[0]}).status_code == 302
        assert other.get("/desk/accounts").status_code == 200


def test_the_second_step_waits_ten_minutes_and_for_the_same_password(
    app: Flask, admin: Account
) -> None:
    _key, codes = set_up(admin)
    assert app.test_client().get("/sign-in/code").location == "/sign-in"
    client, late = with_password(app), with_password(app)
    with time_machine.travel(utc_now() + timedelta(minutes=11)):
        assert late.post("/sign-in/code", data={"code": codes[0]}).location == "/sign-in"
    from compete.services.accounts.second_factors import reset_second_factors

    reset_second_factors(admin, None)
    assert client.post("/sign-in/code", data={"code": codes[1]}).location == "/sign-in"


def test_codes_cannot_be_guessed_all_day(app: Flask, admin: Account) -> None:
    set_up(admin)
    client = with_password(app)
    answers = [client.post("/sign-in/code", data={"code": "000000"}) for _ in range(12)]
    assert [answer.status_code for answer in answers][-2:] == [429, 429]


def test_an_administrator_is_led_to_set_one_up_where_the_site_has_https(
    app: Flask, admin: Account
) -> None:
    from dataclasses import replace

    assert with_password(app).get("/desk/accounts").status_code == 200
    config = app.extensions["compete.config"]
    app.extensions["compete.config"] = replace(config, secure_cookies=True)
    client = app.test_client()
    form = {"username": "qian", "password": PASSWORD}
    answer = client.post("/sign-in?next=/desk/new", data=form)
    assert answer.location == "/account/second-factor?next=/desk/new"
    page = client.get(answer.location).text
    assert 'href="/desk/new"' in page
    key = re.search(r'class="mono">([A-Z2-7 ]+)<', page)
    assert key
    # It may be put off for a week; then the desk waits, and other pages do not.
    with time_machine.travel(utc_now() + timedelta(days=8)):
        client.post("/sign-in", data=form)
        waiting = client.get("/desk/accounts")
        assert waiting.location == "/account/second-factor?next=/desk/accounts"
        assert 'href="/desk/accounts"' not in client.get(waiting.location).text
        key_now = re.search(r'class="mono">([A-Z2-7 ]+)<', client.get(waiting.location).text)
        assert key_now
        code = pyotp.TOTP(key_now[1].replace(" ", "")).at(utc_now())
        assert client.post(waiting.location, data={"code": "1"}).status_code == 422
        shown = client.post(waiting.location, data={"code": code}).text
        assert len(re.findall(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>", shown)) == 10
        assert client.get("/desk/accounts").status_code == 200
    assert has_second_factor(admin)


def test_ones_own_page_shows_sign_ins_and_takes_a_factor_away_for_the_password_alone(
    app: Flask, admin: Account
) -> None:
    set_up(admin)
    with_password(app, "wrong one")
    client = signed_in(app, admin)
    page = client.get("/account").text
    assert "没登上 1 次" in page
    assert "wrong one" not in page
    removes = re.search(r'action="(/account/factors/\d+/remove)"', page)
    assert removes
    client.post(removes[1], data={"old": "wrong one"})
    assert has_second_factor(admin)
    client.post("/account/recovery-codes", data={"old": PASSWORD})
    assert recovery_codes_left(admin) == 10
    client.post(removes[1], data={"old": PASSWORD})
    assert not has_second_factor(admin)
    assert [row.right for row in sign_ins_of(admin)] == [False]


def test_another_way_in_wants_the_password_unless_one_just_signed_in(
    app: Flask, admin: Account
) -> None:
    client = with_password(app)
    with time_machine.travel(utc_now() + timedelta(minutes=11)):
        page = client.get("/account/second-factor").text
        hit = re.search(r'class="mono">([A-Z2-7 ]+)<', page)
        assert hit
        key = hit[1].replace(" ", "")
        for old in ({}, {"old": "wrong one"}):
            form = {"code": pyotp.TOTP(key).at(utc_now())} | old
            assert client.post("/account/second-factor", data=form).status_code == 422
            passkey = {"passkey": '{"id": "x"}'} | old
            assert "密码不对" in client.post("/account/second-factor", data=passkey).text
        assert not has_second_factor(admin)
        form = {"code": pyotp.TOTP(key).at(utc_now()), "old": PASSWORD}
        assert client.post("/account/second-factor", data=form).status_code == 200
        assert has_second_factor(admin)


def test_who_has_no_password_sets_up_no_second_step(app: Flask, here: Flask) -> None:
    here.config["WTF_CSRF_ENABLED"] = False
    judge = create_account("许静")
    client = signed_in(app, judge)
    assert client.get("/account/second-factor").location == "/account"
    assert client.post("/account/second-factor", data={"passkey": "{}"}).location == "/account"
    assert not has_second_factor(judge)


def test_an_administrator_takes_away_what_another_lost(app: Flask, admin: Account) -> None:
    lost = create_account("周", username="zhou", password=PASSWORD)
    set_up(lost)
    client = signed_in(app, admin)
    assert f"/desk/accounts/{lost.id}/second-factors/reset" in client.get("/desk/accounts").text
    client.post(f"/desk/accounts/{lost.id}/second-factors/reset")
    assert not has_second_factor(lost)


@pytest.mark.parametrize(
    "password",
    ["password123", "qwertyuiop12", "1234567890", "aaaaaaaaaaaa", "zxcvbnm,./", "qianqianqian"],
)
def test_a_password_that_is_known_or_easy_is_refused(admin: Account, password: str) -> None:
    with pytest.raises(Refused, match="太好猜"):
        set_password(admin, password)


def test_what_a_form_asks_for_is_not_done_either_once_it_is_overdue(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    with unit_of_work() as session:
        session.get_one(Account, organiser.id).second_factor_due = utc_now() - timedelta(days=1)
    assert desk.get("/desk/X/").status_code == 302
    answer = desk.post("/desk/X/lock")
    assert answer.status_code == 403
    assert "这一步没有做" in answer.text
    db.session.rollback()
    assert db.session.query(LockEntry).count() == 0
