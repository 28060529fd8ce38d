"""Wrong settings and folders are told at the start: all of them, in words, by name."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from compete.config import Config, ConfigError
from compete.data_folder import read_key


def config_errors(tmp_path: Path, **settings: str) -> list[str]:
    """What the program says of these settings; nothing if it starts."""
    env = {"COMPETE_DATA_DIR": str(tmp_path / "var")}
    env |= {f"COMPETE_{name}": value for name, value in settings.items()}
    try:
        Config.from_env(env)
    except ConfigError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TIMEZONE", "Asia/Nowhere", "没有这个时区"),
        ("TIMEZONE", "../../etc/passwd", "没有这个时区"),
        ("BASE_URL", "jingsai.example.cn", "要写全"),
        ("BASE_URL", "ftp://jingsai.example.cn", "要写全"),
        ("BASE_URL", "https://jingsai.example.cn:99999", "要写全"),
        ("BASE_URL", "https://jingsai.example.cn/desk", "后面不带别的"),
        ("FONT_DIR", "/nowhere/fonts", "没有这个文件夹"),
        ("FONT_DIR", __file__, "是文件"),
        ("FONT_DIR", str(Path(__file__).parent), "没有能用的字体"),
        ("MAX_UPLOAD_MB", "0", "1 到 2048"),
        ("MAX_UPLOAD_MB", "20M", "1 到 2048"),
        ("JUDGE_SESSION_HOURS", "-3", "1 到 744"),
        ("TRUSTED_PROXIES", "one", "0 到 10"),
        ("SECURE_COOKIES", "maybe", "1（是）或 0（否）"),
        ("SQLITE_SYNCHRONOUS", "OFF", "FULL、NORMAL、EXTRA"),
        ("REDIS_URL", "foo", "redis://127.0.0.1:6379/0"),
        ("REDIS_URL", "redis://127.0.0.1:port", "redis://127.0.0.1:6379/0"),
        ("REDIS_URL", "redis://127.0.0.1:6379/abc", "库的编号"),
        ("REDIS_URL", "redis://127.0.0.1:6379/-1", "库的编号"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0/1", "库的编号"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0?db=abc", "库的编号"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0?colour=red", "库的编号"),
        ("DATABASE_URL", "nonsense", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql://compete@127.0.0.1/compete", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+psycopg2://127.0.0.1/compete", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+psycopg://127.0.0.1:99999/compete", "1 到 65535"),
        ("DATABASE_URL", "postgresql+psycopg://127.0.0.1:port/compete", "postgresql+psycopg://"),
        ("DATABASE_URL", "mysql://127.0.0.1/compete", "SQLite 或 PostgreSQL"),
        ("DATABASE_URL", "sqlite://", "SQLite 要写文件"),
        ("DATABASE_URL", "sqlite:////nowhere/compete.sqlite", "没有这个文件夹：/nowhere"),
        ("DATABASE_URL", f"sqlite:///{__file__}", "不是 SQLite 数据库"),
        ("FIELD_KEY", "abcd", "64 位十六进制"),
        ("SECRET_KEY", "hunter2", "太短"),
        ("TIMEZON", "Asia/Shanghai", "是不是 COMPETE_TIMEZONE？"),
        ("COLOUR", "red", "没有 COMPETE_COLOUR 这个设置"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    (line,) = config_errors(tmp_path, **{name: value})
    assert f"COMPETE_{name}" in line
    assert sentence in line
    assert not (tmp_path / "var" / "field.key").exists()


def test_a_file_named_as_a_font_is_none_until_it_begins_as_one(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts" / "rare"
    fonts.mkdir(parents=True)
    (fonts / "rare.TTF").write_bytes(b"<html>not found</html>")
    assert "没有能用的字体" in "".join(config_errors(tmp_path, FONT_DIR=str(tmp_path / "fonts")))
    (fonts / "rare.TTF").write_bytes(b"OTTO")
    assert not config_errors(tmp_path, FONT_DIR=str(tmp_path / "fonts"))


def test_a_redis_that_asks_for_a_password_may_be_meant(tmp_path: Path) -> None:
    assert not config_errors(
        tmp_path, REDIS_URL="rediss://:hunter22@127.0.0.1:6379/3?socket_timeout=2"
    )


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    lines = config_errors(tmp_path, TIMEZONE="Nowhere", MAX_UPLOAD_MB="0", SECURE_COOKIES="maybe")
    assert len(lines) == 3


def test_no_secret_is_told(tmp_path: Path) -> None:
    lines = config_errors(
        tmp_path,
        DATABASE_URL="mysql://compete:hunter22@127.0.0.1/compete",
        REDIS_URL="http://:hunter22@127.0.0.1",
        FIELD_KEY="hunter22",
        SECRET_KEY="hunter22",
    )
    assert len(lines) == 4
    assert "hunter22" not in "".join(lines)


@pytest.mark.parametrize("text", ["1", "True", "yes", "on"])
def test_what_may_be_said_for_yes(tmp_path: Path, text: str) -> None:
    env = {"COMPETE_DATA_DIR": str(tmp_path / "var"), "COMPETE_SECURE_COOKIES": text}
    assert Config.from_env(env).secure_cookies


def test_keys_are_made_once(tmp_path: Path) -> None:
    env = {"COMPETE_DATA_DIR": str(tmp_path / "var")}
    first, second = Config.from_env(env), Config.from_env(env)
    assert (first.secret_key, first.field_key) == (second.secret_key, second.field_key)
    assert first.new_keys == ()


def test_beside_a_database_no_key_is_made(tmp_path: Path) -> None:
    env = {"COMPETE_DATA_DIR": str(tmp_path / "var")}
    folder = Config.from_env(env).data_dir
    (folder / "compete.sqlite").write_bytes(b"SQLite format 3\0")
    (folder / "field.key").unlink()
    assert Config.from_env(env).new_keys == ("field",)
    assert not (folder / "field.key").exists()


@pytest.mark.parametrize(
    ("text", "mode", "sentence"),
    [("", 0o600, "坏了"), ("ab" * 31, 0o600, "坏了"), ("ab" * 32, 0o644, "chmod 600")],
)
def test_a_key_that_cannot_be_used_is_named(
    tmp_path: Path, text: str, mode: int, sentence: str
) -> None:
    (tmp_path / "var").mkdir(mode=0o700)
    path = tmp_path / "var" / "field.key"
    path.write_text(text, encoding="ascii")
    path.chmod(mode)
    (line,) = config_errors(tmp_path)
    assert str(path) in line
    assert sentence in line
    assert path.read_text(encoding="ascii") == text


def test_a_folder_that_anybody_may_change_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var").chmod(0o777)
    (line,) = config_errors(tmp_path)
    assert "chmod 700" in line


def test_a_key_that_may_not_be_read_is_told_a_files_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "field.key"
    key.touch()

    def refuse(*_given: object, **_named: object) -> str:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    assert f"chmod 600 {key}" in str(read_key(key))


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file", encoding="ascii")
    assert "不是文件夹" in config_errors(tmp_path)[0]


def as_nobody(tmp_path: Path) -> list[str]:
    """What a user without rights is told; root may do all."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        try:
            os.close(reading)
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, "\n".join(config_errors(tmp_path)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        return pipe.read().splitlines()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, as those of pytest cannot be."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_what_root_makes_in_somebody_elses_folder_is_given_to_them(open_folder: Path) -> None:
    """An upgrade by root once left a database and keys that the service could not open."""
    var = open_folder / "var"
    var.mkdir(mode=0o700)
    os.chown(var, 65534, 65534)
    foreign = open_folder / "root.txt"
    foreign.write_text("root's own", encoding="ascii")
    os.link(foreign, var / "linked.txt")
    (var / "pointed.txt").symlink_to(foreign)
    (var / "pointed").symlink_to(open_folder)
    run = subprocess.run(
        [sys.executable, "-c", "from compete.cli import main; main()", "db", "upgrade"],
        env={**os.environ, "COMPETE_DATA_DIR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "compete.sqlite" in run.stderr
    assert "sudo -u nobody compete" in run.stderr
    owners = {path.name: path.lstat().st_uid for path in var.iterdir()}
    for name in ("compete.sqlite", "field.key", "secret.key", "log.key"):
        assert owners[name] == 65534, name
    assert owners["linked.txt"] == owners["pointed.txt"] == foreign.stat().st_uid == 0
    assert not [line for line in as_nobody(open_folder) if "sqlite" in line or ".key" in line]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_somebody_elses_folder_and_key_are_told_with_what_helps(open_folder: Path) -> None:
    assert config_errors(open_folder) == []
    (line,) = as_nobody(open_folder)
    assert "是 root 的" in line
    assert "chown -R" in line
    (open_folder / "var").chmod(0o755)
    os.chown(open_folder / "var", 65534, 65534)
    (open_folder / "var" / "compete.sqlite").touch(0o600)
    (line,) = as_nobody(open_folder)
    for name in ("compete.sqlite", "field.key", "log.key", "secret.key"):
        assert name in line
    assert line.endswith(f"请运行：chown -R nobody {open_folder / 'var'}")
