import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from compete.cli import main
from compete.commands.backup import describe
from compete.config import Config
from compete.services.backups.backup import back_up
from compete.services.backups.facts import Facts
from compete.services.backups.manifest import KeepingError
from tests.support.competitions import small_file


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An installation with a database that somebody is writing into."""
    config = Config.from_env({"COMPETE_DATA_DIR": str(tmp_path / "var")})
    with closing(sqlite3.connect(config.data_dir / "compete.sqlite")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE mark (value INTEGER)")
        database.execute("INSERT INTO mark VALUES (95)")
        database.commit()
    return config


def marks(folder: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(folder / "compete.sqlite")) as database:
        return database.execute("SELECT value FROM mark").fetchall()


def test_the_copy_has_the_marks_and_the_keys(config: Config, tmp_path: Path) -> None:
    assert back_up(config, tmp_path / "copy", "0.1.0")
    assert marks(tmp_path / "copy") == [(95,)]
    for key in ("secret.key", "field.key"):
        assert (tmp_path / "copy" / key).read_text() == (config.data_dir / key).read_text()


def test_the_copy_is_of_one_instant_while_someone_writes(config: Config, tmp_path: Path) -> None:
    with closing(sqlite3.connect(config.data_dir / "compete.sqlite")) as writer:
        writer.execute("INSERT INTO mark VALUES (60)")
        back_up(config, tmp_path / "copy", "0.1.0")
        writer.commit()
    assert marks(tmp_path / "copy") == [(95,)]


def test_a_database_that_was_moved_away_from_is_not_called_photos(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def dump(_url: str, target: Path) -> Facts:
        target.write_bytes(b"dump")
        return Facts()

    monkeypatch.setattr("compete.services.backups.postgres.dump", dump)
    for lock in ("turn", "pages-3", "jobs-1"):
        (config.data_dir / f"compete.sqlite.{lock}").touch()
    (config.data_dir / "photo.jpg").touch()
    moved = replace(config, database_url="postgresql+psycopg://compete@127.0.0.1/compete")
    copy = tmp_path / "copy"
    describe(copy, back_up(moved, copy, "0.1.0"), moved)
    names = {path.name for path in copy.iterdir()}
    assert {"compete.pgdump", "compete.sqlite", "photo.jpg"} <= names
    assert not [name for name in names if name.startswith("compete.sqlite.")]
    output = capsys.readouterr().out
    assert "1 个别的文件" in output
    assert "以前的数据库 compete.sqlite" in output


def test_nobody_else_can_read_the_copy(config: Config, tmp_path: Path) -> None:
    back_up(config, tmp_path / "copy", "0.1.0")
    for path in [tmp_path / "copy", *(tmp_path / "copy").iterdir()]:
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


def test_nothing_is_overwritten(config: Config, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(KeepingError, match="换一个空文件夹"):
        back_up(config, tmp_path / "copy", "0.1.0")
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["letter.txt"]


def test_a_copy_does_not_go_into_what_is_copied(config: Config) -> None:
    with pytest.raises(KeepingError, match="数据文件夹里面"):
        back_up(config, config.data_dir / "backups" / "monday", "0.1.0")


def test_a_database_that_is_not_there_is_named(config: Config, tmp_path: Path) -> None:
    elsewhere = replace(config, database_url=f"sqlite:///{tmp_path / 'none.sqlite'}")
    with pytest.raises(KeepingError, match=r"none\.sqlite"):
        back_up(elsewhere, tmp_path / "copy", "0.1.0")


def test_a_backup_says_what_is_not_in_it(
    tmp_path: Path,
    lay_tables: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lay_tables(tmp_path / "var")
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_FIELD_KEY", "ab" * 32)
    assert main(["db", "upgrade"]) == 0
    capsys.readouterr()
    assert main(["backup", str(tmp_path / "copy")]) == 0
    output = capsys.readouterr().out
    assert "里面有钥匙 secret.key、log.key，请锁好" in output
    # The database and the keys are no "other files".
    assert "个别的文件" not in output
    assert "读出身份证号" not in output
    assert "里面没有 field.key：它在环境变量 COMPETE_FIELD_KEY 里" in output
    assert not (tmp_path / "copy" / "field.key").exists()
    (tmp_path / "var" / "a.jpg").write_bytes(b"a picture")
    assert main(["backup", str(tmp_path / "second")]) == 0
    assert "里面有数据文件夹里的 1 个别的文件" in capsys.readouterr().out


def test_the_database_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "var").mkdir(mode=0o700)
    assert main(["db", "upgrade"]) == 0
    assert main(["load", str(small_file(tmp_path))]) == 0
    for path in (tmp_path / "var").iterdir():
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


def test_only_the_newest_backups_are_kept_and_nothing_else_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "var").mkdir(mode=0o700)
    assert main(["db", "upgrade"]) == 0
    copies = tmp_path / "copies"
    others = ["compete-2026-01-01-000000", "compete-2026-09-16", "letters"]
    for name in others:
        (copies / name).mkdir(parents=True)
        (copies / name / "kept.txt").write_text("not a whole backup", encoding="utf-8")
    for number in range(1, 5):
        day = datetime(2026, 9, number)
        monkeypatch.setattr(
            "compete.commands.backup.datetime", SimpleNamespace(now=lambda it=day: it)
        )
        words = ["--passphrase"] if number == 2 else []
        monkeypatch.setenv("COMPETE_BACKUP_PASSPHRASE", "correct horse battery")
        assert main(["backup", str(copies), "--keep", "2", *words]) == 0
    assert "删掉了以前的备份：compete-2026-09-02-000000" in capsys.readouterr().out
    assert sorted(path.name for path in copies.iterdir()) == sorted(
        [*others, "compete-2026-09-03-000000", "compete-2026-09-04-000000"]
    )
    monkeypatch.setattr("compete.commands.backup.datetime", datetime)
    monkeypatch.setattr("compete.services.backups.backup.free_bytes", lambda _folder: 0)
    assert main(["backup", str(copies), "--keep", "1"]) == 1
    assert (copies / "compete-2026-09-03-000000").is_dir()
    assert main(["backup", str(copies), "--keep", "0"]) == 2
