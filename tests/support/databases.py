"""Databases for tests, one for each: SQLite always, PostgreSQL where a test asks for each.

A test marked `each_database` runs once on SQLite and once on PostgreSQL. The tables
are made by the migrations once; each test gets a copy, or a database from which every
row of the test before was taken.
PostgreSQL is the server at `COMPETE_TEST_POSTGRES`, or one on this machine that
lets us make databases; without one its tests are skipped, saying so.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from sqlalchemy import URL, make_url

from tests.support.ports import free_port
from tests.support.worked_out import shared_folder

SERVERS = ("postgresql:///postgres", "postgresql://postgres@127.0.0.1:5432/postgres")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `each_database` on both."""
    if "database_kind" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("each_database"):
        kinds = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
        metafunc.parametrize("database_kind", kinds, indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database: `sqlite`, or what `each_database` or the test itself says."""
    return str(getattr(request, "param", "sqlite"))


class NoPostgresError(LookupError):
    """Error: there is no PostgreSQL server to test on; the text says why."""


def usable_postgres() -> URL:
    """Find a server on which we may make databases. Raises `NoPostgresError` without one."""
    reasons = []
    for server in [os.environ.get("COMPETE_TEST_POSTGRES") or "", *SERVERS]:
        if not server:
            continue
        try:
            with psycopg.connect(server, connect_timeout=3) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError as error:
            reasons.append(str(error).splitlines()[0])
            continue
        if row and row[0]:
            return make_url(server).set(drivername="postgresql+psycopg")
        reasons.append(f"{server}: this user may not make databases")
    raise NoPostgresError(f"no PostgreSQL server to test on: {'; '.join(reasons)}")


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """A server on which we may make databases; without one the test is skipped, saying so."""
    try:
        return usable_postgres()
    except NoPostgresError as why:
        pytest.skip(str(why))


@contextlib.contextmanager
def postgres_database(server: URL, template: str | None = None) -> Iterator[URL]:
    """A new database, a copy of `template` if one is named, dropped at the end."""
    name = _make_postgres(server, template)
    try:
        yield server.set(database=name)
    finally:
        _drop_postgres(server, name)


def _make_postgres(server: URL, template: str | None = None) -> str:
    name = f"compete_test_{uuid.uuid4().hex[:12]}"
    copy = f' TEMPLATE "{template}"' if template else ""
    with psycopg.connect(_admin(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{copy}')  # type: ignore[call-overload]
        # Nothing written must survive the machine: nobody waits for its disk.
        connection.execute(
            f'ALTER DATABASE "{name}" SET synchronous_commit = off'  # type: ignore[call-overload]
        )
    return name


def _drop_postgres(server: URL, name: str) -> None:
    with psycopg.connect(_admin(server), autocommit=True) as connection:
        connection.execute(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'  # type: ignore[call-overload]
        )


def _admin(server: URL) -> str:
    return server.set(drivername="postgresql").render_as_string(hide_password=False)


def migrate(url: str, folder: Path) -> None:
    """Bring an empty database to the newest migration."""
    from flask_migrate import upgrade

    from compete import create_app
    from compete.config import Config

    config = Config.from_env({"COMPETE_DATA_DIR": str(folder)})
    app = create_app(replace(config, database_url=url, testing=True))
    with app.app_context():
        upgrade()
        from compete.models.base import db

        db.engine.dispose()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file; whichever worker wants it first makes it for all."""
    folder = shared_folder(tmp_path_factory, "sqlite-template")
    made = folder / "made.sqlite"
    with _alone(folder):
        if not made.exists():
            migrate(f"sqlite:///{folder / 'compete.sqlite'}", folder)
            _make_small(folder / "compete.sqlite")
            (folder / "compete.sqlite").rename(made)
    return made


def _make_small(file: Path) -> None:
    """Take a quarter of the room: nearly every page is of a table or an index without rows."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA page_size = 1024")
        database.execute("VACUUM")
        database.execute("PRAGMA journal_mode = WAL")


@pytest.fixture(scope="session")
def lay_tables(_sqlite_template: Path) -> Callable[[Path], None]:
    """`lay_tables(folder)`: a data folder's database as the migrations make it.

    `compete db upgrade` then settles the keys alone, which takes a tenth of the time.
    """

    def lay(folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(_sqlite_template, folder / "compete.sqlite")
        (folder / "compete.sqlite").chmod(0o600)

    return lay


@dataclass(frozen=True)
class Rows:
    """What stands in each table that is not empty, and the last number that each gave out."""

    tables: dict[str, bytes]
    numbers: list[tuple[str, int]]

    def digest(self) -> bytes:
        """The same for the same rows, in whatever order they lie."""
        checksum = hashlib.blake2b(repr(self.numbers).encode())
        for table, rows in self.tables.items():
            checksum.update(b"\n".join([table.encode(), *sorted(rows.splitlines())]))
        return checksum.digest()


class Emptied:
    """One PostgreSQL database of a worker, given to test after test as the migrations made it.

    It is looked at through one connection: a new one would first learn of each table.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._connection = psycopg.connect(_admin(url), autocommit=True)
        self._connection.execute("SET lock_timeout = '5s'")
        self._connection.execute("SET synchronous_commit = off")
        self.own: list[str] = []
        self._tables = _column(self._connection, TABLES)
        self.superuser = _column(self._connection, SUPERUSER) == ["on"]
        # Migrations put rows in some.
        self.own = self.filled()
        self._made = self._shape(self._connection)

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()

    def empty(self) -> bool:
        """Empty it: remove a test's rows, and start numbers anew; False if that cannot be done.

        That is so when a test changed the tables themselves, or rows that migrations made.
        """
        try:
            self._connection.execute(LEFT_OVER)
            if self._shape(self._connection) != self._made:
                return False
            self._take_out(self._connection)
        except psycopg.Error:
            return False
        return True

    def filled(self) -> list[str]:
        """List tables with a row in them."""
        asked = [
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in self._tables
        ]
        return sorted(_column(self._connection, " UNION ALL ".join(asked)))

    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many rows stand in each table that is not empty."""
        asked = [f"SELECT '{table}', count(*) FROM \"{table}\"" for table in self.filled()]
        return tuple(self._connection.execute(" UNION ALL ".join(asked)).fetchall())

    def rows(self) -> Rows:
        """Copy all rows out."""
        with self._connection.transaction():
            tables = {table: self._copy_of(table) for table in self.filled()}
            return Rows(tables, self._connection.execute(NUMBERS).fetchall())

    def lay(self, rows: Rows) -> None:
        """Put rows in the place of all that stand there; for a superuser alone."""
        asked = ["SET LOCAL session_replication_role = replica"]
        asked += [f'DELETE FROM "{table}"' for table in self.filled()]
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("; ".join(asked))
            for table, text in rows.tables.items():
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(text)
            cursor.executemany(COUNT_ON, rows.numbers)

    def _copy_of(self, table: str) -> bytes:
        with self._connection.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
            return b"".join(map(bytes, copy))

    def _take_out(self, connection: psycopg.Connection[Any]) -> None:
        """Take rows out one by one: few as they are, no file has to be made anew and waited for."""
        filled = {*self.filled()} - {*self.own}
        if not self.superuser:
            # Whoever may not pass by what rows owe to each other empties files.
            filled |= {*_column(connection, COUNTED_TABLES)} - {*self.own}
            names = ", ".join(f'"{table}"' for table in sorted(filled))
            asked = [f"TRUNCATE {names} RESTART IDENTITY CASCADE"] if filled else []
        else:
            asked = ["SET LOCAL session_replication_role = replica"]
            asked += [f'DELETE FROM "{table}"' for table in sorted(filled)]
        with connection.transaction():
            for statement in asked:
                connection.execute(statement)  # type: ignore[call-overload]
            if self.superuser:
                connection.execute(COUNT_ANEW, [self.own])

    def _shape(self, connection: psycopg.Connection[Any]) -> list[Any]:
        """The shape of the database: the tables, and the rows that migrations put in."""
        rows = [_column(connection, f'SELECT t::text FROM "{table}" t') for table in self.own]
        return [connection.execute(SHAPE).fetchone(), *map(sorted, rows)]


def _column(connection: psycopg.Connection[Any], query: str) -> list[str]:
    return [str(value) for (value,) in connection.execute(query).fetchall()]  # type: ignore[call-overload]


# Rows of the migrations: no test that gives the database back may have changed them.
SHAPE = """
SELECT count(*), sum(hashtext(concat(c.relname, c.relkind, c.oid, a.columns)))
FROM pg_class c
LEFT JOIN (
  SELECT attrelid, string_agg(concat(attname, atttypid, attnotnull), ',' ORDER BY attnum) AS columns
  FROM pg_attribute WHERE attnum > 0 GROUP BY attrelid
) a ON a.attrelid = c.oid
WHERE c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  AND c.relkind IN ('r', 'i', 'v', 'S') AND c.relname NOT LIKE 'pg_toast%'
"""
# Whoever still reads would hold the emptying up.
LEFT_OVER = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SUPERUSER = "SELECT current_setting('is_superuser')"
# Tables of which a number was taken, if only for a row that was taken back.
TAKEN = """
FROM pg_sequences s
JOIN pg_depend d
ON d.objid = concat(quote_ident(s.schemaname), '.', quote_ident(s.sequencename))::regclass
WHERE s.last_value IS NOT NULL AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
"""
COUNTED_TABLES = f"SELECT d.refobjid::regclass::text {TAKEN}"
COUNT_ANEW = f"""
SELECT setval(d.objid::regclass, s.start_value, false) {TAKEN}
AND d.refobjid::regclass::text <> ALL(%s)
"""
NUMBERS = """
SELECT quote_ident(sequencename), last_value FROM pg_sequences
WHERE last_value IS NOT NULL ORDER BY 1
"""
COUNT_ON = "SELECT setval(%s::regclass, %s)"

# The databases that tests are given one after the other, by name.
GIVEN: dict[str, Emptied] = {}


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: URL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[URL]:
    """A migrated database from which others are copied, one for all workers."""

    def fill(url: URL) -> None:
        migrate(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("postgres"))

    folder = shared_folder(tmp_path_factory, "postgres-template")
    with postgres_of_all(postgres_server, folder, fill) as url:
        yield url


@contextlib.contextmanager
def postgres_of_all(server: URL, folder: Path, fill: Callable[[URL], None]) -> Iterator[URL]:
    """A database that whoever comes first makes for all, and whoever leaves last drops."""
    note = folder / "name and users"
    with _alone(folder), contextlib.ExitStack() as failed:
        name, users = note.read_text().split() if note.exists() else ("", "0")
        if not name:
            name = _make_postgres(server)
            failed.callback(_drop_postgres, server, name)
            fill(server.set(database=name))
        note.write_text(f"{name} {int(users) + 1}")
        failed.pop_all()
    try:
        yield server.set(database=name)
    finally:
        with _alone(folder):
            users = note.read_text().split()[1]
            note.write_text(f"{name} {int(users) - 1}")
            if users == "1":
                _drop_postgres(server, name)
                note.unlink()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one worker at a time into a folder of all."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def _postgres_emptied(postgres_template: URL) -> Iterator[Callable[[], URL]]:
    """Gives the worker's database, emptied; a new one where the last cannot be emptied."""
    with contextlib.ExitStack() as stack:
        kept: list[Emptied] = []

        def give() -> URL:
            if not kept or not kept[-1].empty():
                copy = postgres_database(postgres_template, postgres_template.database)
                url = stack.enter_context(copy)
                kept.append(stack.enter_context(contextlib.closing(Emptied(url))))
                GIVEN[str(url.database)] = kept[-1]
            return kept[-1].url

        yield give


@pytest.fixture
def empty_database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a database without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'compete.sqlite'}"
        return
    with postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a database with all tables and no rows."""
    if database_kind == "sqlite":
        target = tmp_path / "compete.sqlite"
        shutil.copyfile(request.getfixturevalue("_sqlite_template"), target)
        yield f"sqlite:///{target}"
        return
    yield request.getfixturevalue("_postgres_emptied")().render_as_string(hide_password=False)


def wait_until(met: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Return as soon as `met()`; fail naming `what` after so many seconds."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def _redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    port = free_port()
    words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    words += ["--dir", str(tmp_path_factory.mktemp("redis")), "--daemonize", "no"]
    server = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as client:
            wait_until(lambda: _answers(client), "the Redis server")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@pytest.fixture
def redis_url(_redis_server: str) -> Iterator[str]:
    """The address of an empty Redis of our own."""
    with redis.Redis.from_url(_redis_server) as client:
        client.flushall()
        yield _redis_server
