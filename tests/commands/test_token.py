"""Tokens of the API from the command line: made, listed, taken back."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from compete.cli import main
from compete.config import Config
from compete.domain.values.roles import Role
from compete.models import ApiToken, Competition, db, utc_now
from compete.services.accounts.access import membership_of
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.api_tokens import Scope, good_token, is_mistyped, token_may
from compete.services.accounts.roles import take_role_back
from compete.services.kernel.transactions import unit_of_work

pytestmark = pytest.mark.usefixtures("sound")


@pytest.fixture
def installed(
    app: Flask, config: Config, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> Flask:
    """The commands' application, with an organiser 钱文 of competition X."""
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    grant_role(create_account("钱文"), fresh, Role.ORGANISER)
    return app


def made(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(["token", "new", "人事系统", "--by", "钱文", *words]) == 0
    return capsys.readouterr().out.splitlines()[-1]


def test_a_token_is_printed_once_and_kept_as_a_hash(
    installed: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    token = made(capsys, "--scope", "registration:read", "--days", "366")
    assert re.fullmatch(r"ct_[0-9A-Za-z]{46}", token)
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert not is_mistyped(token)
    assert is_mistyped(wrong)
    with installed.app_context():
        row = good_token(token)
        assert row is not None
        assert token[3:] not in repr(vars(row))
        assert good_token(wrong) is None
        number = row.id
    assert main(["token", "list"]) == 0
    listing = capsys.readouterr().out
    assert "人事系统\tregistration:read\t*\t钱文\t-" in listing
    assert token not in listing
    assert main(["token", "revoke", str(number)]) == 0
    with installed.app_context():
        assert good_token(token) is None


def test_a_token_may_no_more_than_its_maker_may_now(
    installed: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    token = made(capsys, "--scope", "registration:read", "--competition", "X")
    with installed.app_context():
        row, competition = good_token(token), db.session.query(Competition).one()
        assert row is not None
        assert token_may(row, Scope.REGISTRATION_READ, competition)
        assert not token_may(row, Scope.PEOPLE_READ, competition)
        membership = membership_of(row.account, competition, [Role.ORGANISER])
        assert membership is not None
        take_role_back(membership, create_account("管理", is_admin=True), "换人")
        assert good_token(token) is None


def test_a_token_ends_with_its_days(installed: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    token = made(capsys, "--scope", "results:read")
    with installed.app_context():
        with unit_of_work():
            db.session.query(ApiToken).one().expires_at = utc_now()
        assert good_token(token) is None


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--scope", "results:sign"], "没有“results:sign”，可以写："),
        ([], "至少写一个权限"),
        (["--scope", "results:read", "--days", "367"], "1 到 366 天"),
        (["--scope", "results:read", "--competition", "NOWHERE"], "NOWHERE"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    installed: Flask, capsys: pytest.CaptureFixture[str], words: list[str], reason: str
) -> None:
    assert main(["token", "new", "人事系统", "--by", "钱文", *words]) != 0
    assert reason in capsys.readouterr().err
    with installed.app_context():
        assert db.session.query(ApiToken).count() == 0


def test_who_makes_it_is_named_where_no_single_administrator_is(
    installed: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", "new", "人事系统", "--scope", "results:read"]) != 0
    assert "--by" in capsys.readouterr().err
