"""A damaged database is named by whoever looks, and takes no good backup's place."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from compete.cli import main
from compete.commands.doctor import examine
from compete.config import Config
from compete.models import Account, db
from compete.services.accounts.accounts import create_account
from compete.services.backups import integrity
from compete.services.backups.backup import back_up
from compete.services.backups.integrity import (
    LastCheck,
    check_now,
    damage_of,
    is_due,
    last_check,
)
from compete.services.backups.manifest import KeepingError, read_manifest
from tests.support.signing_in import signed_in


def spoil(config: Config) -> None:
    """Overwrite one page in the middle of a table that everything reads."""
    path = Path(config.database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = database.execute("PRAGMA page_size").fetchone()[0]
        page = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'audit_entry'"
        ).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


@pytest.fixture
def damaged(
    app: Flask, organiser: Account, config: Config, monkeypatch: pytest.MonkeyPatch
) -> Config:
    """An installation with one damaged page."""
    db.session.remove()
    db.engine.dispose()
    assert damage_of(config.database_url) is None
    spoil(config)
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    return config


def test_doctor_names_it(damaged: Config) -> None:
    faults, _doubts = examine()
    assert len(faults) == 1
    assert "数据库坏了" in faults[0]


@pytest.mark.parametrize("words", [["verify"], ["doctor"], ["audit", "X"]])
def test_a_command_says_it_in_words_and_ends_badly(
    damaged: Config, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 1
    out = capsys.readouterr()
    assert "数据库坏了" in out.out + out.err
    assert "Traceback" not in out.out + out.err


def test_a_damaged_copy_is_no_backup(
    damaged: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    assert main(["backup", str(folder)]) == 1
    err = capsys.readouterr().err
    assert "数据库坏了" in err
    assert "一份都别删" in err
    with pytest.raises(KeepingError, match="没有做完"):
        read_manifest(folder)


def test_a_sound_database_is_backed_up_and_nothing_is_said(
    app: Flask, organiser: Account, config: Config, tmp_path: Path
) -> None:
    db.session.remove()
    assert back_up(config, tmp_path / "copy", "0").complete
    assert not (tmp_path / "copy" / integrity.CHECKED).exists()


def test_the_nights_check_is_kept_and_told_to_who_watches(damaged: Config) -> None:
    assert last_check(damaged) is None
    assert "数据库坏了" in check_now(damaged).damage
    content = json.loads((damaged.data_dir / integrity.CHECKED).read_text(encoding="utf-8"))
    assert "数据库坏了" in content["damage"]


def test_what_watches_the_server_is_told(app: Flask, config: Config) -> None:
    client = app.test_client()
    assert client.get("/readyz").json["missing"] == []
    sound = check_now(config)
    assert sound.damage == ""
    assert client.get("/readyz").status_code == 200
    (config.data_dir / integrity.CHECKED).write_text(
        json.dumps({"at": sound.at.isoformat(), "damage": "坏了"}), encoding="utf-8"
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["missing"]) == (503, ["integrity"])


def test_it_is_due_once_a_night(here: Flask) -> None:
    night = datetime(2026, 11, 28, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    evening = LastCheck(night - timedelta(hours=6), "")
    assert not is_due(night - timedelta(minutes=1), evening)
    assert is_due(night + timedelta(minutes=1), evening)
    assert not is_due(night + timedelta(hours=20), LastCheck(night + timedelta(minutes=1), ""))
    assert is_due(night + timedelta(hours=25), LastCheck(night + timedelta(minutes=1), ""))
    assert is_due(night, None)


@pytest.mark.each_database
def test_every_row_of_either_database_is_read(app: Flask, config: Config) -> None:
    assert damage_of(config.database_url) is None


def test_what_databases_say_of_what_they_cannot_read_is_known() -> None:
    class BrokenError(Exception):
        pass

    error = BrokenError("invalid page in block 3 of relation base/1/2")
    assert integrity.is_damage(error)
    assert not integrity.is_damage(BrokenError("could not connect to server"))


def test_the_night_thread_finds_it_and_an_administrator_is_told_at_home(
    app: Flask, organiser: Account, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread itself reads a damaged copy; the site goes on by the sound one."""
    admin = create_account("管理员", is_admin=True)
    desks = [signed_in(app, admin), signed_in(app, organiser)]
    assert "数据库坏了" not in desks[0].get("/desk/").text
    copy = config.data_dir / "damaged.sqlite"
    path = config.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    damaged = replace(config, database_url=f"sqlite:///{copy}")
    spoil(damaged)
    done = threading.Event()

    def check(config: Config) -> LastCheck:
        try:
            return check_now(config)
        finally:
            done.set()

    monkeypatch.setattr(integrity, "check_now", check)
    monkeypatch.setattr(integrity, "is_due", lambda _now, _last: not done.is_set())
    with app.app_context():
        over = integrity.watch_at_night(damaged, every=0.05)
        assert done.wait(20)
        over.set()
    last = last_check(config)
    assert last is not None
    assert "数据库坏了" in last.damage
    own, other = (desk.get("/desk/").text for desk in desks)
    assert "compete restore" in own
    assert "数据库坏了" not in other
