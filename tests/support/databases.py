"""A database of its own for each test: SQLite always, PostgreSQL where a test asks for each.

A test marked `each_database` runs once on SQLite and once on PostgreSQL. The
tables are made by the migrations once per worker; each test gets a copy.
PostgreSQL is the server at `COMPETE_TEST_POSTGRES`, or one on this machine that
lets us make databases; without one its tests are skipped, saying so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import URL, make_url

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
    """`sqlite`, or what `each_database` or the test itself says."""
    return str(getattr(request, "param", "sqlite"))


class NoPostgresError(LookupError):
    """There is no PostgreSQL server to test on; the text says why."""


def usable_postgres() -> URL:
    """A server on which we may make databases. Raises `NoPostgresError` without one."""
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
    name = f"compete_test_{uuid.uuid4().hex[:12]}"
    copy = f' TEMPLATE "{template}"' if template else ""
    admin = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{copy}')  # type: ignore[call-overload]
    try:
        yield server.set(database=name)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(
                f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'  # type: ignore[call-overload]
            )


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
    folder = tmp_path_factory.mktemp("sqlite-template")
    migrate(f"sqlite:///{folder / 'compete.sqlite'}", folder)
    return folder / "compete.sqlite"


@pytest.fixture(scope="session")
def _postgres_template(
    postgres_server: URL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[URL]:
    with postgres_database(postgres_server) as url:
        migrate(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("postgres"))
        yield url


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
    template = request.getfixturevalue("_postgres_template")
    with postgres_database(template, template.database) as url:
        yield url.render_as_string(hide_password=False)


def wait_until(met: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Return as soon as `met()`; fail naming `what` after so many seconds."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
