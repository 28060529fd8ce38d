"""The write-ahead log is brought over beside the writers, and by no commit of theirs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from compete.models import set_up_sqlite
from compete.models.checkpoints import BACKSTOP_PAGES, keep_short, shorten
from tests.support.databases import wait_until


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a.sqlite'}"


def write(url: str) -> None:
    """More than SQLite would leave in the log of its own accord, and stay connected."""
    engine = create_engine(url)
    set_up_sqlite(engine, "OFF")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE a (b BLOB)"))
        connection.commit()
        connection.execute(text("INSERT INTO a VALUES (zeroblob(8000000))"))
        connection.commit()
        assert connection.execute(text("PRAGMA wal_autocheckpoint")).scalar() == BACKSTOP_PAGES


def test_a_commit_does_not_bring_the_log_over_and_the_servers_thread_does(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite"
    reader = sqlite3.connect(file)
    write(url)
    assert file.stat().st_size < 1_000_000
    checkpoints = keep_short(url)
    assert checkpoints is not None
    try:
        wait_until(lambda: file.stat().st_size > 8_000_000, "the log in the database")
    finally:
        checkpoints.stop()
    assert shorten(reader) == 0
    reader.close()


def test_other_databases_have_no_such_log() -> None:
    assert keep_short("postgresql+psycopg://nobody@127.0.0.1:1/none") is None
    assert keep_short("sqlite:///:memory:") is None
