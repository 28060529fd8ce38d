"""A database runs with its own keys alone, and no command makes others beside data."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from compete.cli import main
from compete.services.backups import keys
from tests.support.competitions import small_file

COMMANDS = (["db", "check"], ["db", "upgrade"], ["verify"], ["serve"], ["demo"], ["keys"])


@pytest.fixture(scope="module")
def _filled(tmp_path_factory: pytest.TempPathFactory, lay_tables: Callable[[Path], None]) -> Path:
    """An installation with a competition, made by the commands an operator runs."""
    folder = tmp_path_factory.mktemp("filled") / "var"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPETE_DATA_DIR", str(folder))
        lay_tables(folder)
        assert main(["db", "upgrade"]) == 0
        assert main(["load", str(small_file(folder.parent))]) == 0
    return folder


@pytest.fixture
def folder(_filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "var"
    shutil.copytree(_filled, copy)
    monkeypatch.setenv("COMPETE_DATA_DIR", str(copy))
    return copy


def contents(folder: Path) -> dict[str, object]:
    """The keys there, and every row of the database."""
    files: dict[str, object] = {key.name: key.read_bytes() for key in folder.glob("*.key")}
    with closing(sqlite3.connect(folder / "compete.sqlite")) as database:
        files["rows"] = list(database.iterdump())
    return files


def forget_checks(folder: Path) -> None:
    """As the database of an earlier version was, which knew nothing of its keys."""
    with closing(sqlite3.connect(folder / "compete.sqlite")) as database:
        database.execute("DELETE FROM key_check")
        database.commit()


@pytest.mark.parametrize("checked", [True, False])
@pytest.mark.parametrize("key", ["field", "secret"])
def test_without_a_key_nothing_starts_and_none_is_made(
    folder: Path, key: str, checked: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if not checked:
        forget_checks(folder)
    (folder / f"{key}.key").unlink()
    before = contents(folder)
    for words in COMMANDS:
        capsys.readouterr()
        assert main(words) == 1, words
        errors = capsys.readouterr().err
        assert "不会另做一把" in errors
        assert f"COMPETE_{key.upper()}_KEY" in errors
        assert str(folder / f"{key}.key") in errors
    assert contents(folder) == before


@pytest.mark.parametrize("checked", [True, False])
def test_with_another_field_key_nothing_starts(
    folder: Path,
    checked: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not checked:
        forget_checks(folder)
    monkeypatch.setenv("COMPETE_FIELD_KEY", "ab" * 32)
    before = contents(folder)
    for words in COMMANDS:
        capsys.readouterr()
        assert main(words) == 1, words
        assert "COMPETE_FIELD_KEY 不是这个数据库的" in capsys.readouterr().err
    assert contents(folder) == before


def test_an_earlier_database_learns_the_keys_that_open_it(folder: Path) -> None:
    forget_checks(folder)
    # It had no log, so it had no key for it.
    (folder / "log.key").unlink()
    assert main(["db", "upgrade"]) == 0
    assert (folder / "log.key").is_file()
    with closing(sqlite3.connect(folder / "compete.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM key_check").fetchall() == [(3,)]


def test_another_session_key_is_taken_only_when_said_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_SECRET_KEY", "x" * 40)
    assert main(["db", "check"]) == 1
    assert "compete keys accept secret" in capsys.readouterr().err
    assert main(["keys", "accept", "secret"]) == 0
    assert "COMPETE_SECRET_KEY" in capsys.readouterr().out
    assert main(["db", "check"]) == 0
    assert main(["keys", "renew"]) == main(["keys", "renew"]) == 0
    first, second = capsys.readouterr().out.splitlines()[-1:-3:-1]
    assert "停用，签过的有效" in first
    assert "正在签电子证书" in second
    assert main(["keys", "withdraw", first.split("\t")[0]]) == 0
    capsys.readouterr()
    assert main(["keys", "withdraw", second.split("\t")[0]]) == 0
    assert "正在签电子证书" in capsys.readouterr().out.splitlines()[-3]
    assert main(["keys", "withdraw", "2020-1"]) == 1
    assert "没有叫 2020-1 的发证钥匙" in capsys.readouterr().err
    assert main(["doctor"]) == 0
    (folder / "log.key").unlink()
    assert main(["db", "check"]) == 1
    assert "compete keys accept log" in capsys.readouterr().err
    assert main(["keys", "accept", "log"]) == 0
    assert "新公钥" in capsys.readouterr().out
    assert main(["verify"]) == 0


def test_an_empty_database_takes_the_keys_it_meets(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", empty_database_url)
    assert main(["db", "upgrade"]) == 0
    assert (tmp_path / "var" / "field.key").is_file()
    assert main(["db", "check"]) == 0


@pytest.mark.each_database
def test_a_database_without_rows_may_have_lost_its_keys(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    assert main(["db", "check"]) == 0
    kept = (tmp_path / "var" / "field.key").read_text()
    assert main(["db", "check"]) == 0
    assert (tmp_path / "var" / "field.key").read_text() == kept


@pytest.mark.usefixtures("folder")
def test_a_full_disk_is_named_by_doctor_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_engine: object) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(keys, "inspect", full)
    assert main(["doctor"]) == 1
    assert "磁盘满了" in capsys.readouterr().out
