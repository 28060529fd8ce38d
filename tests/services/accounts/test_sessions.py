"""Sessions: on the server, ended one by one or all, and ending by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from compete.models import Account, Competition, SignedInSession, db
from compete.services.accounts import sessions
from compete.services.accounts.accounts import account_of_judge, create_account
from compete.services.accounts.sessions import (
    SEEN_EVERY,
    begin_session,
    end_other_sessions,
    end_session,
    find_session,
    is_of_no_part,
    load_account,
    sessions_of,
)
from compete.services.kernel.clock import local_zone
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refusal, Refused
from tests.support.small import small

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clerk(here: Flask) -> Account:
    return create_account("钱文")


def signed_in(account: Account, device: str = "") -> str:
    return begin_session(account, method="password", device=device)


@pytest.mark.each_database
def test_signing_out_here_leaves_the_other_devices_signed_in(clerk: Account) -> None:
    here, there = signed_in(clerk, "here"), signed_in(clerk, "there")
    end_session(clerk, here)
    assert load_account(here) is None
    assert load_account(there) == clerk
    assert [session.device for session in sessions_of(clerk)] == ["there"]


@pytest.mark.each_database
def test_signing_out_everywhere_else_keeps_this_one(clerk: Account) -> None:
    here, there, third = (signed_in(clerk) for _ in range(3))
    other = signed_in(create_account("乙"))
    assert end_other_sessions(clerk, here) == 2
    assert [load_account(session_id) for session_id in (here, there, third)] == [clerk, None, None]
    assert end_other_sessions(clerk, None) == 1
    assert load_account(here) is None
    assert load_account(other) is not None


def test_nobody_ends_another_ones_device(clerk: Account) -> None:
    other = create_account("乙")
    token = signed_in(other)
    number = sessions_of(other)[0].id
    with pytest.raises(Refused) as refused:
        end_other_sessions(clerk, None, number)
    assert refused.value.kind is Refusal.UNKNOWN
    end_session(clerk, token)
    assert load_account(token) == other
    assert end_other_sessions(other, None, number) == 1
    assert load_account(token) is None


def test_the_database_knows_no_id(clerk: Account) -> None:
    token = signed_in(clerk)
    assert token not in str(db.session.execute(select(SignedInSession.__table__)).one())


@pytest.mark.parametrize(("is_admin", "lasts", "idle"), [(True, 12, 2), (False, 24, 8)])
def test_a_session_ends_when_idle_and_at_the_latest_at_its_limit(
    here: Flask, is_admin: bool, lasts: int, idle: int
) -> None:
    account = create_account("钱文", is_admin=is_admin)
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        unused, used = signed_in(account), signed_in(account)
        clock.shift(idle * HOUR - MINUTE)
        assert load_account(used) == account
        clock.shift(2 * MINUTE)
        assert load_account(unused) is None
        assert load_account(used) == account
        hours = idle
        while hours + 1 < lasts:
            clock.shift(HOUR)
            hours += 1
            assert load_account(used) == account, hours
        clock.shift(HOUR)
        assert load_account(used) is None


def test_a_judge_stays_signed_in_to_the_end_of_the_last_day(
    load: Callable[..., Competition],
) -> None:
    dates = {"starts": date(2026, 5, 1).isoformat(), "ends": date(2026, 5, 3).isoformat()}
    competition = load(small(competition=dates))
    account = account_of_judge(competition.judges[0], competition, None)
    with time_machine.travel(datetime(2026, 5, 1, 8, tzinfo=local_zone()), tick=False) as clock:
        token = signed_in(account)
        for _ in range(6):
            clock.shift(10 * HOUR)
            assert load_account(token) == account
        clock.move_to(datetime(2026, 5, 3, 23, 59, tzinfo=local_zone()))
        assert load_account(token) == account
        clock.shift(MINUTE)
        assert load_account(token) is None
        late = signed_in(account)
        clock.shift(16 * HOUR - MINUTE)
        assert load_account(late) == account
        clock.shift(MINUTE)
        assert load_account(late) is None


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        # However far away the last day is, and where nobody wrote any.
        ({"starts": "2026-05-01", "ends": "2026-12-31"}, 31),
        ({}, 7),
    ],
)
def test_a_judge_is_signed_in_for_so_many_days_at_most(
    load: Callable[..., Competition], dates: dict[str, str], days: int
) -> None:
    competition = load(small(competition=dates))
    account = account_of_judge(competition.judges[0], competition, None)
    with time_machine.travel(datetime(2026, 5, 1, 8, tzinfo=local_zone()), tick=False) as clock:
        token = signed_in(account)
        for _ in range(days * 2):
            assert load_account(token) == account
            clock.shift(12 * HOUR)
        assert load_account(token) is None


def test_who_has_no_part_in_anything_is_told_apart(
    clerk: Account, load: Callable[..., Competition]
) -> None:
    judge = account_of_judge(
        load(small()).judges[0], db.session.scalars(select(Competition)).one(), None
    )
    administrator = create_account("系统管理员", is_admin=True)
    parts = {
        name: is_of_no_part(signed_in(signed_account))
        for name, signed_account in {
            "clerk": clerk,
            "judge": judge,
            "administrator": administrator,
        }.items()
    }
    assert parts == {"clerk": True, "judge": False, "administrator": False}
    assert not is_of_no_part("nobody's")


def test_a_page_that_asks_by_itself_is_no_use(clerk: Account) -> None:
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        token = signed_in(clerk)
        for _ in range(7):
            clock.shift(HOUR)
            assert load_account(token, in_use=False) == clerk
        clock.shift(HOUR)
        assert load_account(token, in_use=False) is None


def test_limits_are_settings(clerk: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(config_here(), desk_session_hours=2, desk_idle_hours=1)
    monkeypatch.setattr(sessions, "config_here", lambda: config)
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        token = signed_in(clerk)
        clock.shift(HOUR - MINUTE)
        assert find_session(token) is not None
        clock.shift(MINUTE)
        assert find_session(token) is None


def test_use_is_written_down_now_and_then_and_not_at_every_page(clerk: Account) -> None:
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        token = signed_in(clerk)
        first = sessions_of(clerk)[0].seen_at
        clock.shift(SEEN_EVERY)
        load_account(token)
        assert sessions_of(clerk)[0].seen_at == first
        clock.shift(timedelta(seconds=1))
        load_account(token)
        db.session.expire_all()
        assert sessions_of(clerk)[0].seen_at > first


def test_whoever_is_signed_in_reads_on_where_the_disk_is_full(
    clerk: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        token = signed_in(clerk)
        clock.shift(SEEN_EVERY + MINUTE)
        monkeypatch.setattr(sessions, "note_session_use", fail)
        account = load_account(token)
        assert account is not None
        assert account.name == "钱文"


def test_sessions_that_ended_long_ago_are_forgotten(clerk: Account) -> None:
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        other = create_account("孙丽")
        signed_in(clerk)
        signed_in(other)
        clock.shift(40 * DAY)
        signed_in(clerk)
        # Another account's are left to that account's next.
        kept = db.session.scalars(select(SignedInSession.account_id).order_by(SignedInSession.id))
        assert list(kept) == [other.id, clerk.id]
