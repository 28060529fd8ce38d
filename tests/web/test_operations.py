"""What an operator sees of a running site: its health, its troubles, the names of requests."""

from __future__ import annotations

import errno
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from compete import create_app
from compete.cli import main
from compete.config import Config
from compete.logs import without_secrets
from compete.models import db
from compete.web import log_throttle
from compete.web.wrong_answers import is_wrong_too_often
from tests.support.ports import free_port


def test_it_says_that_it_lives_and_that_it_can_take_marks(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz")
    state = ready.json or {}
    assert (ready.status_code, state["ready"], state["missing"]) == (200, True, [])
    assert state["longest_write_ms"] >= 0
    assert "Set-Cookie" not in ready.headers


def test_without_its_database_it_lives_and_is_not_ready(config: Config, tmp_path: Path) -> None:
    app = create_app(replace(config, database_url=f"sqlite:///{tmp_path / 'none.sqlite'}"))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    answer = client.get("/readyz").json or {}
    assert (answer["ready"], answer["missing"]) == (False, ["database"])
    with app.app_context():
        db.engine.dispose()


def test_requests_have_names_and_pages_no_waiting_time(client: FlaskClient) -> None:
    answer = client.get("/")
    assert "Retry-After" not in answer.headers
    assert answer.headers["X-Request-Id"] != client.get("/").headers["X-Request-Id"]
    given = client.get("/", headers={"X-Request-Id": "proxy-17"})
    assert given.headers["X-Request-Id"] == "proxy-17"
    spoilt = client.get("/", headers={"X-Request-Id": "a b<script>"})
    assert len(spoilt.headers["X-Request-Id"]) == 8


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507, "磁盘满了"),
        (OperationalError("INSERT", {}, Exception("database or disk is full")), 507, "磁盘满了"),
        (
            OperationalError("INSERT", {}, Exception("attempt to write a readonly database")),
            503,
            "数据库写不了",
        ),
        (
            OperationalError("SELECT", {}, Exception("connection to server failed")),
            503,
            "数据库没有回应",
        ),
    ],
)
def test_a_trouble_of_the_machine_is_said_in_words_and_logged_once(
    app: Flask, error: Exception, status: int, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise error

    fail.guard = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/failing", "failing", fail)
    log_throttle._said.clear()
    client = app.test_client()
    with caplog.at_level(logging.ERROR):
        for _turn in range(3):
            answer = client.get("/failing")
            assert answer.status_code == status
            assert sentence in answer.text
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is None


def test_with_redis_gone_pages_come_and_guessing_is_still_counted(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    app = create_app(replace(config, redis_url=url))
    client = app.test_client()
    assert [client.get("/").status_code for _turn in range(3)] == [200, 200, 200]
    with app.app_context():
        answers = [is_wrong_too_often("2 per minute", "somebody") for _turn in range(4)]
        db.engine.dispose()
    assert answers == [False, False, True, True]
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    monkeypatch.setenv("COMPETE_REDIS_URL", url)
    capsys.readouterr()
    assert main(["doctor"]) == 0
    assert "Redis 没有回应" in capsys.readouterr().out


def test_the_doctor_says_what_a_start_would_refuse(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    assert main(["doctor"]) == 0
    assert "都正常" in capsys.readouterr().out
    monkeypatch.setenv("COMPETE_TIMEZONE", "Asia/Nowhere")
    monkeypatch.setenv("COMPETE_MAX_UPLOAD_MB", "0")
    assert main(["doctor"]) == 1
    output = capsys.readouterr().out
    assert output.count("✗") == 3
    assert "COMPETE_TIMEZONE" in output


def test_a_form_through_a_proxy_that_drops_the_port_is_refused_with_the_cause(
    config: Config,
) -> None:
    app = create_app(replace(config, testing=False, trusted_proxies=1))
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://jingsai.example.cn")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/sign-in",
        base_url="https://jingsai.example.cn",
        headers={"Referer": "https://jingsai.example.cn:8443/sign-in"},
        data={"csrf_token": token},
    )
    assert answer.status_code == 400
    assert "jingsai.example.cn:8443" in answer.text
    assert "反向代理" in answer.text
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("address", ["/v/abcdefghij", "/hall/PORT-2022/abcdefghij/data"])
def test_short_links_are_cut_from_the_log_too(address: str) -> None:
    assert "defghij" not in without_secrets(f'127.0.0.1 "GET {address}" 200')
