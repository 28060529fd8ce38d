import argparse
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from gunicorn.config import Config as GunicornConfig

from compete.commands import serve
from compete.config import Config
from compete.data_folder import locked_for_server
from compete.server.worker import WholeRequests
from tests.support.ports import free_port


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
    assert settings.worker_class is WholeRequests


@pytest.mark.parametrize(("words", "level"), [([], "WARNING"), (["--access-log"], "INFO")])
def test_each_request_gets_a_line_only_if_asked_for(words: list[str], level: str) -> None:
    loggers = serve.server_options(parsed(*words))["logconfig_dict"]["loggers"]
    assert loggers["compete.access"]["level"] == level


def test_no_proxy_is_believed_by_the_server_itself() -> None:
    assert serve.server_options(parsed())["secure_scheme_headers"] == {}


@pytest.mark.parametrize(
    "words",
    [
        *(["--workers", "0"], ["--threads", "-1"], ["--workers", "two"], ["--threads", "²"]),
        *(["--port", "http"], ["--port", "99999"]),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        parsed(*words)
    assert refused.value.code == 2
    errors = capsys.readouterr().err
    assert words[0] in errors
    assert f"填的是 {words[1]}" in errors


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


def test_a_taken_port_is_said_at_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert serve.run(parsed("--port", port)) == 1
    errors = capsys.readouterr().err
    assert errors.splitlines() == [f"端口 {port} 有别的程序在用，用 --port 换一个"]


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_looked_at_before_the_program_is_read_in_or_a_key_made(
    command: str, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        look = (
            "import sys; from compete.cli import main; "
            f"assert main([{command!r}, '--port', {port!r}]) == 1; "
            "assert not {'flask', 'sqlalchemy'} & set(sys.modules)"
        )
        environment = os.environ | {"COMPETE_DATA_DIR": str(folder)}
        subprocess.run([sys.executable, "-c", look], env=environment, check=True)
    assert not folder.exists()


def test_a_redis_that_does_not_answer_is_said_and_does_not_keep_it_from_starting(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    monkeypatch.setenv("COMPETE_REDIS_URL", "redis://127.0.0.1:1/0")
    started = []
    monkeypatch.setattr(serve, "serve", lambda config, _options: started.append(config))
    assert serve.run(parsed("--port", str(free_port()))) == 0
    assert len(started) == 1
    assert "Redis 没有回应" in capsys.readouterr().err


def test_an_address_that_is_not_of_this_machine_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert serve.run(parsed("--host", "192.0.2.1", "--port", str(free_port()))) == 1
    assert "本机没有 192.0.2.1" in capsys.readouterr().err


def test_a_second_server_on_one_data_folder_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = Config.from_env().data_dir
    with locked_for_server(folder):
        assert serve.run(parsed("--port", str(free_port()))) == 1
    assert str(folder) in capsys.readouterr().err
