"""A backup is put back whole, by its own keys, and nothing that was there is thrown away."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import create_engine, text

from compete.cli import main
from compete.data_folder import locked_for_server
from tests.support.competitions import small_file


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, lay_tables: Callable[[Path], None]) -> Path:
    """An installation with a competition, and `copy` beside it, its backup."""
    folder = tmp_path_factory.mktemp("original")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPETE_DATA_DIR", str(folder / "var"))
        lay_tables(folder / "var")
        assert main(["db", "upgrade"]) == 0
        assert main(["load", str(small_file(folder))]) == 0
        (folder / "var" / "photos").mkdir()
        (folder / "var" / "photos" / "a.jpg").write_bytes(b"a picture")
        assert main(["backup", str(folder / "copy")]) == 0
    return folder


@pytest.fixture
def here(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup in `copy`, and settings for an installation in `var` that is not there yet."""
    shutil.copytree(original / "copy", tmp_path / "copy")
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "compete.sqlite")) as database:
        return database.execute(query).fetchall()


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "server.lock"
    }


def test_it_stands_again_on_another_machine(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", str(here / "copy")]) == 0
    output = capsys.readouterr().out
    assert "链完好" in output
    assert "备份以后的签名、裁定、退回、锁定和在电脑上办的，要再办一次" in output
    assert main(["db", "check"]) == 0
    assert (here / "var" / "photos" / "a.jpg").read_bytes() == b"a picture"
    assert not (here / "var" / "backup.json").exists()
    for path in (here / "var").rglob("*"):
        assert not path.stat().st_mode & 0o077, path


def test_it_lives_in_a_generation_of_its_own(here: Path) -> None:
    before = rows(here / "copy", "SELECT name FROM generation")
    assert main(["restore", str(here / "copy")]) == 0
    after = rows(here / "var", "SELECT name, restored_from FROM generation ORDER BY id")
    assert [(after[0][0],)] == before
    assert after[1][1] == "copy"
    assert rows(here / "copy", "SELECT name FROM generation") == before


def test_what_was_there_is_replaced_only_when_said_so_and_kept(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", str(here / "copy")]) == 0
    (here / "var" / "photos" / "b.jpg").write_bytes(b"another")
    before = everything(here / "var")
    capsys.readouterr()
    assert main(["restore", str(here / "copy")]) == 1
    assert "--replace" in capsys.readouterr().err
    assert everything(here / "var") == before
    assert main(["restore", str(here / "copy"), "--replace"]) == 0
    (kept,) = (here / "var").glob("before-restore-*")
    assert everything(kept) == before
    assert not (here / "var" / "photos" / "b.jpg").exists()
    assert main(["backup", str(here / "second")]) == 0
    assert not list((here / "second").glob("before-restore-*"))


def spoil_the_database(copy: Path) -> None:
    with (copy / "compete.sqlite").open("r+b") as file:
        file.seek(40_000)
        file.write(b"\0" * 9000)


def lose_a_photo(copy: Path) -> None:
    (copy / "photos" / "a.jpg").unlink()


def lose_the_key(copy: Path) -> None:
    (copy / "field.key").unlink()
    forget_file(copy, "field.key")


def another_key(copy: Path) -> None:
    (copy / "field.key").write_text("ab" * 32, encoding="ascii")
    forget_file(copy, "field.key")


def break_off(copy: Path) -> None:
    body = json.loads((copy / "backup.json").read_text(encoding="utf-8"))
    (copy / "backup.json").write_text(json.dumps(body | {"complete": False}), encoding="utf-8")


def lose_rows(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "compete.sqlite")) as database:
        database.execute("DELETE FROM audit_entry WHERE seq = 1")
        database.commit()
    forget_file(copy, "compete.sqlite")


def be_newer(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "compete.sqlite")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    forget_file(copy, "compete.sqlite")


def forget_file(copy: Path, name: str) -> None:
    body = json.loads((copy / "backup.json").read_text(encoding="utf-8"))
    del body["files"][name]
    (copy / "backup.json").write_text(json.dumps(body), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (spoil_the_database, "compete.sqlite"),
        (lose_a_photo, "photos/a.jpg"),
        (lose_the_key, "COMPETE_FIELD_KEY"),
        (another_key, "不是这个数据库的"),
        (break_off, "没有做完"),
        (lose_rows, "audit_entry"),
        (be_newer, "先升级 compete"),
        (lambda copy: shutil.rmtree(copy), "没有这个文件夹"),
        (lambda copy: (copy / "backup.json").write_text("{"), "读不出来"),
    ],
)
def test_a_backup_that_will_not_do_changes_nothing(
    here: Path,
    original: Path,
    spoil: Callable[[Path], None],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(original / "var", here / "var")
    before = everything(here / "var")
    spoil(here / "copy")
    assert main(["restore", str(here / "copy"), "--replace"]) == 1
    err = capsys.readouterr().err
    assert reason in err
    assert "原来的数据没有动" in err
    assert everything(here / "var") == before


def test_a_key_that_is_found_again_is_laid_where_the_sentence_says(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No folder is named that is gone when somebody reads of it."""
    key = (here / "copy" / "field.key").read_bytes()
    lose_the_key(here / "copy")
    assert main(["restore", str(here / "copy")]) == 1
    err = capsys.readouterr().err
    assert "放进备份文件夹，叫 field.key" in err
    assert ".restoring" not in err
    (here / "copy" / "field.key").write_bytes(key)
    assert main(["restore", str(here / "copy")]) == 0


def test_a_backup_of_before_backups_said_anything_is_taken(here: Path) -> None:
    (here / "copy" / "backup.json").unlink()
    assert main(["restore", str(here / "copy")]) == 0
    assert main(["verify"]) == 0


def test_a_running_server_is_told_to_stop_first(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "var").mkdir(mode=0o700)
    with locked_for_server(here / "var"):
        assert main(["restore", str(here / "copy")]) == 1
    assert "先停掉它" in capsys.readouterr().err


def test_a_restore_that_was_broken_off_lets_nothing_start(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "var" / ".restoring").mkdir(parents=True, mode=0o700)
    assert main(["db", "upgrade"]) == 1
    assert "恢复没有做完" in capsys.readouterr().err
    assert main(["restore", str(here / "copy")]) == 0
    assert main(["db", "check"]) == 0


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_a_database_of_postgresql_goes_and_comes_back(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump on this machine")
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    engine = create_engine(database_url)

    def counted() -> int:
        with engine.connect() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM entrant")) or 0)

    assert main(["load", str(small_file(tmp_path))]) == 0
    people = counted()
    assert main(["backup", str(tmp_path / "copy")]) == 0
    assert main(["load", str(small_file(tmp_path, "OTHER"))]) == 0
    more = counted()
    assert main(["restore", str(tmp_path / "copy")]) == 1
    key = (tmp_path / "copy" / "field.key").read_text(encoding="ascii")
    (tmp_path / "copy" / "field.key").write_text("ab" * 32, encoding="ascii")
    forget_file(tmp_path / "copy", "field.key")
    assert main(["restore", str(tmp_path / "copy"), "--replace"]) == 1
    assert counted() == more > people
    (tmp_path / "copy" / "field.key").write_text(key, encoding="ascii")
    assert main(["restore", str(tmp_path / "copy"), "--replace"]) == 0
    assert counted() == people
    with engine.connect() as connection:
        schemas = connection.scalars(text("SELECT schema_name FROM information_schema.schemata"))
        (kept,) = [name for name in schemas if name.startswith("before_restore_")]
        assert connection.scalar(text(f"SELECT count(*) FROM {kept}.entrant")) == more
        assert connection.scalar(text("SELECT count(*) FROM generation")) == 2
    engine.dispose()
    # A second backup leaves out what was put aside.
    assert main(["backup", str(tmp_path / "second")]) == 0
    assert main(["restore", str(tmp_path / "second"), "--replace"]) == 0


def test_a_backup_under_a_passphrase_is_unreadable_without_it_and_comes_back_whole(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(original / "var"))
    monkeypatch.setenv("COMPETE_BACKUP_PASSPHRASE", "short")
    sealed = tmp_path / "sealed"
    assert main(["backup", "--passphrase", str(sealed)]) == 1
    assert not sealed.exists()
    monkeypatch.setenv("COMPETE_BACKUP_PASSPHRASE", "四个不相干的词 lamp cobalt")
    assert main(["backup", "--passphrase", str(sealed)]) == 0
    assert sorted(path.name for path in sealed.iterdir()) == ["backup.tar.age", "key.age"]
    field = (original / "var" / "field.key").read_bytes().strip()
    assert not any(field in path.read_bytes() for path in sealed.iterdir())
    # What was opened once is not worked out again: each time takes seconds, on purpose.
    monkeypatch.setattr(pyrage.passphrase, "decrypt", cache(pyrage.passphrase.decrypt))
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_BACKUP_PASSPHRASE", "another passphrase")
    assert main(["restore", str(sealed)]) == 1
    assert "备份密码不对" in capsys.readouterr().err
    monkeypatch.setenv("COMPETE_BACKUP_PASSPHRASE", "四个不相干的词 lamp cobalt")
    spoilt = tmp_path / "spoilt"
    shutil.copytree(sealed, spoilt)
    whole = (spoilt / "backup.tar.age").read_bytes()
    (spoilt / "backup.tar.age").write_bytes(whole[: len(whole) // 2])
    assert main(["restore", str(spoilt)]) == 1
    capsys.readouterr()
    for other in (b"no identity", b"\xff"):
        # To lock and open it in earnest would take two seconds each.
        with monkeypatch.context() as patch:
            patch.setattr(pyrage.passphrase, "decrypt", lambda *_file, content=other: content)
            assert main(["restore", str(spoilt)]) == 1
        assert "key.age 坏了" in capsys.readouterr().err
    assert main(["restore", str(sealed)]) == 0
    assert (tmp_path / "var" / "photos" / "a.jpg").read_bytes() == b"a picture"
    assert not list(tmp_path.glob(".restore-*"))
