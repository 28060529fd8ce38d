"""Second factors: codes of an app, codes on paper, and who should have one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from compete.domain.values.roles import Role
from compete.models import Account, Competition, SecondFactor, db, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.second_factors import (
    add_totp,
    ask_for_second_factor,
    check_code,
    factors_of,
    has_second_factor,
    new_recovery_codes,
    new_totp_key,
    recovery_codes_left,
    remove_factor,
    reset_second_factors,
)
from compete.services.accounts.sign_ins import note_sign_in, sign_ins_of
from compete.services.kernel.refusal import Refused
from tests.support.together import together

PASSWORD = "correct horse 港口"


@pytest.fixture
def admin(here: Flask) -> Account:
    return create_account("钱文", username="qian", password=PASSWORD, is_admin=True)


def code_at(key: str, moment: datetime) -> str:
    return pyotp.TOTP(key).at(moment)


def with_app(account: Account) -> tuple[str, list[str]]:
    key = new_totp_key()
    return key, add_totp(account, key, code_at(key, utc_now()))


def test_a_code_of_another_key_sets_nothing_up(admin: Account) -> None:
    with pytest.raises(Refused, match="验证码不对"):
        add_totp(admin, new_totp_key(), "12345x")
    assert not has_second_factor(admin)
    assert recovery_codes_left(admin) == 0


@pytest.mark.each_database
def test_an_apps_code_is_good_for_its_time_and_once(admin: Account) -> None:
    with time_machine.travel(utc_now(), tick=False) as clock:
        key, codes = with_app(admin)
        assert len(codes) == 10
        # The code that set it up, one of a minute ago and one to come are no good.
        for moment in (timedelta(), timedelta(minutes=-1), timedelta(minutes=5)):
            assert check_code(admin, code_at(key, utc_now() + moment)) is None
        clock.shift(60)
        code = code_at(key, utc_now())
        assert check_code(admin, f" {code[:3]} {code[3:]} ") == "totp"
        assert check_code(admin, code) is None
        # A phone that is half a minute slow.
        clock.shift(90)
        assert check_code(admin, code_at(key, utc_now() - timedelta(seconds=30))) == "totp"


@pytest.mark.each_database
def test_one_code_sent_by_two_at_once_lets_one_in(here: Flask, admin: Account) -> None:
    key, _codes = with_app(admin)
    number = admin.id
    with time_machine.travel(utc_now() + timedelta(minutes=2), tick=False):
        code = code_at(key, utc_now())

        def use() -> str | None:
            return check_code(db.session.get_one(Account, number), code)

        assert sorted(together(here, use, use), key=str) == [None, "totp"]


def test_a_code_on_paper_is_good_once_and_for_its_owner(admin: Account) -> None:
    _key, codes = with_app(admin)
    other = create_account("周", username="zhou", password=PASSWORD)
    with_app(other)
    assert check_code(other, codes[0]) is None
    assert check_code(admin, codes[0].upper()) == "recovery"
    assert check_code(admin, codes[0]) is None
    assert recovery_codes_left(admin) == 9
    fresh = new_recovery_codes(admin)
    assert check_code(admin, codes[1]) is None
    assert check_code(admin, fresh[1]) == "recovery"


def test_with_the_last_factor_the_codes_on_paper_go(admin: Account) -> None:
    _key, codes = with_app(admin)
    other = create_account("周", username="zhou", password=PASSWORD)
    number = factors_of(admin)[0].id
    with pytest.raises(Refused):
        remove_factor(other, number)
    remove_factor(admin, number)
    assert not has_second_factor(admin)
    assert check_code(admin, codes[0]) is None


def test_who_lost_everything_begins_anew_by_another(admin: Account) -> None:
    with_app(admin)
    other = create_account("周", username="zhou", password=PASSWORD, is_admin=True)
    with pytest.raises(Refused):
        reset_second_factors(admin, admin)
    before = admin.session_epoch
    reset_second_factors(admin, other)
    assert (has_second_factor(admin), admin.session_epoch) == (False, before + 1)
    with pytest.raises(Refused, match="没有设第二步"):
        reset_second_factors(admin, other)


def test_keys_and_codes_are_not_readable_in_the_database(admin: Account) -> None:
    key, codes = with_app(admin)
    rows = db.session.execute(db.text("SELECT * FROM second_factor")).all()
    kept = " ".join(str(column) for row in rows for column in row)
    assert key not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_administrators_and_organisers_are_asked_and_a_judge_is_not(
    admin: Account, fresh: Competition
) -> None:
    organiser = create_account("吴", username="wu2", password=PASSWORD)
    grant_role(organiser, fresh, Role.ORGANISER)
    supervisor = create_account("许", username="xu2", password=PASSWORD)
    grant_role(supervisor, fresh, Role.SUPERVISOR)
    for account in (admin, organiser, supervisor):
        ask_for_second_factor(account)
    due = [account.second_factor_due for account in (admin, organiser, supervisor)]
    assert [moment is not None for moment in due] == [True, True, False]
    with_app(admin)
    assert admin.second_factor_due is None


def test_sign_ins_are_on_record_and_wrong_ones_of_an_hour_share_a_line(admin: Account) -> None:
    for _ in range(3):
        note_sign_in(admin, method="password", right=False, device="Chrome", address="10.1.1.1")
    note_sign_in(admin, method="password", right=True, device="Chrome", address="10.1.1.2")
    note_sign_in(admin, method="password", right=True, device="Chrome", address="10.1.1.2")
    rows = [(row.right, row.times, row.address) for row in sign_ins_of(admin)]
    assert rows == [(True, 1, "10.1.1.2"), (True, 1, "10.1.1.2"), (False, 3, "10.1.1.1")]
    with time_machine.travel(utc_now() + timedelta(days=181)):
        note_sign_in(admin, method="password", right=True)
        assert [row.address for row in sign_ins_of(admin)] == [""]


def test_a_factor_belongs_to_its_account(admin: Account) -> None:
    with_app(admin)
    kept = db.session.query(SecondFactor).all()
    assert {row.account_id for row in kept} == {admin.id}
