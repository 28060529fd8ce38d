"""Accounts: passwords, roles, and sessions that end."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, Membership, db
from compete.services.accounts import accounts
from compete.services.accounts.accounts import (
    account_of_judge,
    check_password,
    create_account,
    grant_role,
    set_password,
)
from compete.services.accounts.sessions import begin_session, load_account
from compete.services.accounts.sign_in_cards import cancel_cards
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.together import together

PASSWORD = "correct horse 港口"


@pytest.fixture
def clerk(here: Flask) -> Account:
    """An account with a password."""
    return create_account("钱文", username="qian", password=PASSWORD)


def test_a_password_is_kept_as_argon2id_alone(clerk: Account) -> None:
    assert clerk.password_hash is not None
    assert clerk.password_hash.startswith("$argon2id$")
    assert PASSWORD not in clerk.password_hash


def test_the_right_password_signs_in_and_no_other(clerk: Account) -> None:
    assert check_password("qian", PASSWORD) == clerk
    for name, password in (
        ("qian", PASSWORD + " "),
        ("qian", ""),
        ("Qian", PASSWORD),
        ("nobody", PASSWORD),
        ("", ""),
    ):
        assert check_password(name, password) is None


def test_a_name_typed_on_a_chinese_keyboard_is_the_same_name(clerk: Account) -> None:
    set_password(clerk, "correct horse 9", username=" ＱＩＡＮ０１ ")
    assert clerk.username == "QIAN01"
    for typed in ("QIAN01", "ＱＩＡＮ０１", "QIAN０１ "):
        assert check_password(typed, "correct horse 9") == clerk
    with unit_of_work():
        clerk.username = "ＱＩＡＮ０１"
    assert check_password("ＱＩＡＮ０１", "correct horse 9") == clerk


def test_an_account_without_a_password_takes_none(here: Flask) -> None:
    create_account("许静", username="xu")
    assert check_password("xu", "") is None
    assert check_password("xu", "None") is None


def test_a_closed_account_signs_nobody_in(clerk: Account) -> None:
    session_id = begin_session(clerk, method="password")
    with unit_of_work():
        clerk.active = False
    assert check_password("qian", PASSWORD) is None
    assert load_account(session_id) is None


@pytest.mark.parametrize("name", ["qian", "nobody", "closed"])
def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    clerk: Account, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    closed = create_account("关", username="closed", password=PASSWORD)
    with unit_of_work():
        closed.active = False
    verified = []
    accounts._decoy()  # made once in each process, by the hasher itself

    class Counting:
        def verify(self, hashed: str, password: str) -> bool:
            verified.append(hashed)
            return accounts.PasswordHasher().verify(hashed, password)

    monkeypatch.setattr(accounts, "_hasher", Counting())
    assert check_password(name, "wrong password") is None
    assert len(verified) == 1
    assert verified[0].split("$")[:4] == (clerk.password_hash or "").split("$")[:4]


@pytest.mark.parametrize("password", ["", "short", "123456789"])
def test_a_short_password_is_refused(here: Flask, password: str) -> None:
    with pytest.raises(Refused, match="至少 10 位"):
        create_account("短", username="short", password=password)
    assert db.session.scalar(select(func.count(Account.id))) == 0


@pytest.mark.each_database
def test_a_user_name_is_given_once(here: Flask) -> None:
    create_account("甲", username="same")
    with pytest.raises(Refused, match="已经有人用了"):
        create_account("乙", username="same")
    assert db.session.scalar(select(func.count(Account.id))) == 1


@pytest.mark.parametrize("word", ["", "1", "1:0", "\0", "²:0", "\ud800", "x" * 5000])
def test_a_cookie_that_says_anything_else_is_nobody(clerk: Account, word: str) -> None:
    assert load_account(word) is None


def test_raising_the_epoch_ends_every_session_at_once(clerk: Account) -> None:
    old = begin_session(clerk, method="password")
    cancel_cards(clerk, None, "丢了")
    assert load_account(old) is None
    assert load_account(begin_session(clerk, method="password")) == clerk


@pytest.mark.each_database
def test_a_role_is_granted_once_and_leaves_a_record(fresh: Competition, organiser: Account) -> None:
    assert grant_role(organiser, fresh, Role.ORGANISER) == grant_role(
        organiser, fresh, Role.ORGANISER
    )
    assert db.session.scalar(select(func.count(Membership.id))) == 1
    recorded = db.session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == "role.grant")
    ).all()
    assert list(recorded) == ["吴敏"]


@pytest.mark.each_database
def test_a_judge_has_one_account_however_many_ask_for_it(here: Flask, fresh: Competition) -> None:
    number = fresh.id

    def ask() -> int:
        competition = db.session.get_one(Competition, number)
        return account_of_judge(competition.judges[0], competition, None).id

    first, *others = together(here, ask, ask, ask)
    assert isinstance(first, int)
    assert others == [first, first]
    roles = db.session.scalars(select(Membership.role).where(Membership.account_id == first))
    assert roles.all() == [Role.JUDGE]


def test_no_record_holds_a_password(clerk: Account) -> None:
    texts = [f"{e.before}{e.after}{e.subject}{e.reason}" for e in db.session.query(AuditEntry)]
    assert texts
    assert not [text for text in texts if PASSWORD in text or "argon2" in text]
