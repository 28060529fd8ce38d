"""PostgreSQL behind a pooler that gives each transaction another connection, and on several hosts.

The pooler is pgbouncer itself, in transaction mode with four connections.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ProgrammingError

from compete import create_app
from compete.config import Config
from compete.config_reading import hosts_in_query
from compete.models import db
from compete.models.poolers import behind_pooler, heed_pooler
from compete.services.backups.backup import back_up
from compete.services.backups.facts import engine_for, facts_in
from compete.services.backups.manifest import KeepingError
from compete.services.jobs.one_at_a_time import worker_lock
from tests.support.databases import postgres_database
from tests.support.ports import free_port

pytestmark = pytest.mark.postgres
LEFT = """
SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE locktype = 'advisory' AND d.datname = current_database()
"""
PGBOUNCER = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def direct(postgres_server: URL) -> Iterator[URL]:
    """The address of a database of our own."""
    server = postgres_server
    if not server.host:
        server = server.set(host="127.0.0.1", username=server.username or "postgres")
        try:
            psycopg.connect(_plain(server)).close()
        except psycopg.OperationalError as error:
            pytest.skip(f"PostgreSQL has no address but a socket: {error}")
    with postgres_database(server) as url:
        yield url


@pytest.fixture(scope="module")
def pooled(direct: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The address of the same database behind pgbouncer."""
    with pgbouncer(direct, tmp_path_factory.mktemp("pgbouncer"), "default_pool_size = 4") as url:
        yield url


@contextmanager
def pgbouncer(direct: URL, folder: Path, settings_of_pool: str) -> Iterator[URL]:
    """A pgbouncer of our own in transaction mode; the address of the database behind it."""
    if not Path(PGBOUNCER).exists():
        pytest.skip("no pgbouncer on this machine")
    port = free_port()
    password = f" password={direct.password}" if direct.password else ""
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n{direct.database} = host={direct.host} port={direct.port or 5432}"
        f" user={direct.username}{password}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nauth_type = any\npool_mode = transaction\n"
        f"{settings_of_pool}\nquery_wait_timeout = 20\nunix_socket_dir =\nlogfile =\n",
        encoding="utf-8",
    )
    folder.chmod(0o755)
    settings.chmod(0o644)
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    settings_seen = shutil.copy(settings, f"/tmp/pgbouncer-{port}.ini")
    running = subprocess.Popen([PGBOUNCER, "-q", *user, settings_seen])
    url = direct.set(host="127.0.0.1", port=port)
    try:
        for _try in range(100):
            try:
                psycopg.connect(_plain(url)).close()
                break
            except psycopg.OperationalError:
                assert running.poll() is None
                time.sleep(0.1)
        yield url
    finally:
        running.terminate()
        running.wait()
        Path(settings_seen).unlink()


def test_a_pooler_is_noticed_and_no_session_taken_for_one(direct: URL, pooled: URL) -> None:
    assert not behind_pooler(create_engine(direct))
    assert behind_pooler(create_engine(pooled))
    assert not behind_pooler(create_engine("sqlite://"))
    for url in (direct, pooled):
        engine = create_engine(url)
        heed_pooler(engine)
        with engine.connect() as connection:
            opened = connection.connection.dbapi_connection
            assert opened is not None
            assert (opened.prepare_threshold is None) is (url is pooled)


def test_a_pooler_is_noticed_where_each_gets_the_same_connection_by_turns(
    direct: URL, tmp_path: Path
) -> None:
    turns = "default_pool_size = 2\nserver_round_robin = 1"
    with pgbouncer(direct, tmp_path, turns) as url:
        engine = create_engine(url, connect_args={"prepare_threshold": None})
        with engine.connect() as first, engine.connect() as second:
            # Both connections of the pool are open from now on.
            for connection in (first, second):
                connection.execute(text("SELECT 1"))
            first.commit()
            second.commit()
        assert all(behind_pooler(create_engine(url)) for _turn in range(4))


def _asked_often(url: URL, *, heeded: bool) -> None:
    """Ask one thing so often, over several connections, that the driver would prepare it."""
    engine = create_engine(url)
    if heeded:
        heed_pooler(engine)
    _ask_often(engine)


def _ask_often(engine: Engine) -> None:
    connections = [engine.connect() for _n in range(3)]
    try:
        for _round in range(8):
            for connection in connections:
                assert connection.scalar(text("SELECT 1 + :n"), {"n": 1}) == 2
                connection.commit()
    finally:
        for connection in connections:
            connection.close()
        engine.dispose()


def test_nothing_is_prepared_behind_a_pooler(pooled: URL) -> None:
    with pytest.raises(ProgrammingError, match="prepared statement"):
        _asked_often(pooled, heeded=False)
    _asked_often(pooled, heeded=True)


def test_a_worker_of_the_server_prepares_nothing_behind_a_pooler(
    config: Config, pooled: URL
) -> None:
    # Each worker makes the application anew, with the settings that the server read.
    address = pooled.render_as_string(hide_password=False)
    worker = create_app(replace(config, database_url=address))
    with worker.app_context():
        _ask_often(db.engine)


def test_the_turn_of_a_worker_is_of_one_alone_behind_a_pooler(app: Flask, pooled: URL) -> None:
    engine = create_engine(pooled)
    heed_pooler(engine)
    with app.app_context(), pytest.MonkeyPatch.context() as patched:
        patched.setitem(db.engines, None, engine)
        for _round in range(5):
            with worker_lock(7) as mine, worker_lock(7) as second, worker_lock(8) as other:
                assert (mine, second, other) == (True, False, True)
        with engine.connect() as connection:
            left = text(LEFT)
            assert connection.scalar(left) == 0
    engine.dispose()


def test_no_dump_is_made_through_a_pooler(direct: URL, pooled: URL, tmp_path: Path) -> None:
    for url, fault in ((pooled, "直接连数据库"), (direct, "")):
        address = url.render_as_string(hide_password=False)
        config = Config.from_env(
            {"COMPETE_DATA_DIR": str(tmp_path / "var"), "COMPETE_DATABASE_URL": address}
        )
        if fault:
            with pytest.raises(KeepingError, match=fault):
                back_up(config, tmp_path / "pooled", "0.2.0")
        elif shutil.which("pg_dump"):
            assert back_up(config, tmp_path / "direct", "0.2.0").complete


def test_a_database_on_several_hosts_is_read_and_copied(direct: URL, tmp_path: Path) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump on this machine")
    user = direct.username if not direct.password else f"{direct.username}:{direct.password}"
    hosts = f"127.0.0.1:{free_port()},{direct.host}:{direct.port or 5432}"
    ways = (
        f"postgresql+psycopg://{user}@{hosts}/{direct.database}?target_session_attrs=read-write",
        f"postgresql+psycopg://{user}@/{direct.database}?host={hosts.replace(',', '&host=')}",
    )
    for number, address in enumerate(ways):
        config = Config.from_env(
            {"COMPETE_DATA_DIR": str(tmp_path / "var"), "COMPETE_DATABASE_URL": address}
        )
        assert make_url(config.database_url).database == direct.database
        with engine_for(config.database_url).begin() as connection:
            connection.execute(text(f"CREATE TABLE seen_{number} (id INTEGER)"))
        whole = back_up(config, tmp_path / f"copy-{number}", "0.2.0")
        assert f"seen_{number}" in whole.facts.tables
        assert whole.facts.tables == facts_in(config.database_url).tables


def test_a_disk_too_full_for_the_tables_is_told_before_the_copy(
    direct: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with create_engine(direct).begin() as connection:
        many = "SELECT repeat('x', 2000) AS t FROM generate_series(1, 3000)"
        connection.execute(text(f"CREATE TABLE wide AS {many}"))
    config = Config.from_env(
        {
            "COMPETE_DATA_DIR": str(tmp_path / "var"),
            "COMPETE_DATABASE_URL": direct.render_as_string(hide_password=False),
        }
    )
    monkeypatch.setattr("compete.services.backups.backup.free_bytes", lambda _folder: 50_000)
    with pytest.raises(KeepingError, match="磁盘只剩"):
        back_up(config, tmp_path / "copy", "0.2.0")
    assert not (tmp_path / "copy" / "compete.pgdump").exists()


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("postgresql+psycopg://u:p@a:1,b/n", "postgresql+psycopg://u:p@/n?host=a:1&host=b"),
        ("postgresql+psycopg://a,b/n?x=1", "postgresql+psycopg:///n?host=a&host=b&x=1"),
        ("postgresql+psycopg://u:p,q@a/n", "postgresql+psycopg://u:p,q@a/n"),
        ("sqlite:////a,b", "sqlite:////a,b"),
    ],
)
def test_hosts_are_said_as_the_driver_takes_them(written: str, driver: str) -> None:
    assert hosts_in_query(written) == driver
