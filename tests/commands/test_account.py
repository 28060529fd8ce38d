"""Who may sign in, from the command line: the first start, accounts, and whose a competition is."""

from __future__ import annotations

import contextlib
import re

import pytest
from flask import Flask

from compete.cli import main
from compete.commands.first_start import base_of, print_first_link
from compete.config import Config
from compete.data_folder import locked_for_server
from compete.domain.values.roles import Role
from compete.services.accounts.access import membership_of
from compete.services.accounts.accounts import check_password
from compete.services.accounts.roles import find_account
from compete.services.kernel.rows_by_number import competition_by_code
from tests.support.competitions import small_file

PASSWORD = "correct horse 港口"


@pytest.fixture
def installed(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application that the commands find, on its own database."""
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    monkeypatch.setenv("COMPETE_BASE_URL", "https://jingsai.example")
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def path_in(text: str) -> str:
    """The path of the link that was printed."""
    link = re.search(r"https?://[^/\s]+(/invitation/[\w-]{32})\s", text)
    assert link, text
    return link[1]


def sent(username: str) -> dict[str, str]:
    return {"name": "钱文", "username": username, "password": PASSWORD, "again": PASSWORD}


def test_from_an_empty_database_to_a_competition_of_ones_own(
    installed: Flask, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    print_first_link(installed, "http://127.0.0.1:8000")
    link = path_in(capsys.readouterr().out)
    client = installed.test_client()
    assert "管理员" in client.get(link).text
    assert client.post(link, data=sent("qian") | {"again": "x"}).status_code == 400
    assert client.post(link, data=sent("qian")).location == "/desk/"
    assert client.get("/desk/accounts").status_code == 200
    assert installed.test_client().get(link).status_code == 410

    print_first_link(installed, "http://127.0.0.1:8000")
    assert capsys.readouterr().out == ""

    file = str(small_file(config.data_dir))
    assert main(["load", file, "--owner", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err
    with installed.app_context():
        assert competition_by_code("SMALL") is None
    assert main(["load", file, "--owner", "qian"]) == 0
    with installed.app_context():
        owner, competition = find_account("qian"), competition_by_code("SMALL")
        assert owner is not None
        assert competition is not None
        assert membership_of(owner, competition, {Role.ORGANISER}) is not None


def test_accounts_are_added_listed_linked_and_closed(
    installed: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["account", "list"]) == 0
    assert "compete account add" in capsys.readouterr().out
    assert main(["account", "add", "钱文", "--username", "qian", "--admin"]) == 0
    first = path_in(capsys.readouterr().out)
    assert main(["account", "add", "孙志", "--organiser", "NONE"]) == 1
    assert "NONE" in capsys.readouterr().err
    assert main(["account", "list"]) == 0
    listed = capsys.readouterr().out
    assert "qian\t钱文\t管理员" in listed
    assert "孙志" not in listed
    client = installed.test_client()
    assert client.post(first, data=sent("qian")).status_code == 302
    assert main(["account", "link", "qian"]) == 0
    assert path_in(capsys.readouterr().out) != first
    assert main(["account", "close", "qian"]) == 1
    assert "唯一的管理员" in capsys.readouterr().err
    assert main(["account", "add", "孙志", "--admin"]) == 0
    assert main(["account", "close", "qian"]) == 0
    assert "的账号停用了" in capsys.readouterr().out
    assert main(["account", "close", "qian"]) == 0
    assert "已经停用了" in capsys.readouterr().out
    assert client.get("/desk/accounts").status_code == 302
    with installed.app_context():
        assert check_password("qian", PASSWORD) is None


def test_a_link_is_for_where_the_site_runs_and_says_when_nobody_knows(
    installed: Flask,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["account", "add", "钱文", "--username", "qian"]) == 0
    printed = capsys.readouterr().out
    assert "https://jingsai.example/invitation/" in printed
    assert "COMPETE_BASE_URL" not in printed
    monkeypatch.delenv("COMPETE_BASE_URL")
    with locked_for_server(config.data_dir, "http://192.168.1.5:8123"):
        assert main(["account", "link", "qian"]) == 0
    printed = capsys.readouterr().out
    assert "  http://192.168.1.5:8123/invitation/" in printed
    assert "COMPETE_BASE_URL" not in printed
    # Once it has ended its address is nobody's, and another that holds the folder said none.
    for context in (contextlib.nullcontext(), locked_for_server(config.data_dir)):
        with context:
            assert main(["account", "link", "qian"]) == 0
        printed = capsys.readouterr().out
        assert "192.168.1.5" not in printed
        assert "COMPETE_BASE_URL" in printed


def test_the_link_names_where_the_site_is(config: Config) -> None:
    assert base_of(config, "0.0.0.0", 81) == "http://127.0.0.1:81"
    assert base_of(config, "::1", 443, tls=True) == "https://[::1]:443"
