import argparse
import socket
import struct
from dataclasses import replace
from types import SimpleNamespace

import pytest
from gunicorn.config import Config as GunicornConfig

from compete.commands import serve
from compete.config import Config


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    return parser.parse_args(words)


def test_it_serves_this_machine_alone_unless_told_otherwise() -> None:
    assert serve.server_options(parsed())["bind"] == "127.0.0.1:8000"
    assert serve.server_options(parsed("--host", "::", "--port", "80"))["bind"] == "[::]:80"


def test_the_server_knows_every_setting() -> None:
    settings = GunicornConfig()
    for name, value in serve.server_options(parsed("--access-log")).items():
        settings.set(name, value)
    assert settings.workers == 2


@pytest.mark.parametrize(("words", "level"), [([], "WARNING"), (["--access-log"], "INFO")])
def test_each_request_gets_a_line_only_if_asked_for(words: list[str], level: str) -> None:
    loggers = serve.server_options(parsed(*words))["logconfig_dict"]["loggers"]
    assert loggers["gunicorn.access"]["level"] == level


def test_no_proxy_is_believed_by_the_server_itself() -> None:
    assert serve.server_options(parsed())["secure_scheme_headers"] == {}


def test_nobody_holds_the_server_by_sending_or_taking_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ready = serve.server_options(parsed())["when_ready"]
        ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listening)]))
        with socket.create_connection(listening.getsockname()):
            taken, _address = listening.accept()
            with taken:
                waits = [
                    struct.unpack("ll", taken.getsockopt(socket.SOL_SOCKET, option, 16))
                    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO)
                ]
    assert waits == [(serve.PATIENCE_SECONDS, 0), (serve.PATIENCE_SENDING, 0)]


@pytest.mark.parametrize("words", [["--workers", "0"], ["--threads", "-1"], ["--port", "http"]])
def test_a_number_that_cannot_be_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        parsed(*words)
    assert refused.value.code == 2
    assert words[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("base_url", "secure"),
    [("https://jingsai.example", True), ("http://192.168.1.5:8000", False), (None, False)],
)
def test_cookies_are_for_https_alone_where_there_is_https(
    base_url: str | None, secure: bool
) -> None:
    config = replace(Config.from_env(), base_url=base_url)
    assert serve.for_production(config).secure_cookies is secure


def test_an_empty_database_is_refused_with_the_command_that_helps(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_DATABASE_URL", empty_database_url)
    assert serve.run(parsed()) == 1
    assert "compete db upgrade" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert serve.run(parsed()) == 1
    assert "连不上数据库" in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_TRUSTED_PROXIES", "one")
    assert serve.run(parsed()) == 1
    assert "COMPETE_TRUSTED_PROXIES" in capsys.readouterr().err
