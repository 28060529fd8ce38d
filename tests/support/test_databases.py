import contextlib
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import URL, create_engine, inspect

from tests.support.databases import Emptied, postgres_database, postgres_of_all

ROW = """INSERT INTO account (name, is_admin, active, session_epoch, created_at)
VALUES ('x', false, true, 0, now())"""


@pytest.mark.each_database
def test_each_test_gets_all_tables_and_no_rows(database_url: str, database_kind: str) -> None:
    engine = create_engine(database_url)
    assert engine.dialect.name.startswith(database_kind)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        assert len(tables) > 10
        assert connection.exec_driver_sql("SELECT count(*) FROM competition").scalar() == 0
    engine.dispose()


@pytest.mark.postgres
def test_a_database_is_given_on_only_if_nothing_of_a_test_stays_in_it(
    postgres_template: URL,
) -> None:
    with (
        postgres_database(postgres_template, postgres_template.database) as url,
        contextlib.closing(Emptied(url)) as given,
    ):
        # First as it goes where the server is not wholly ours.
        really, given.superuser = given.superuser, False
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)

        def after(statement: str) -> bool:
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute(statement)  # type: ignore[call-overload]
            return given.empty()

        for statement in (ROW, "SELECT nextval('account_id_seq')", ROW) * 2:
            assert after(statement)
            given.superuser = really
            with psycopg.connect(plain) as connection:
                assert connection.execute("SELECT count(*) FROM account").fetchone() == (0,)
                assert connection.execute("SELECT nextval('account_id_seq')").fetchone() == (1,)
        for statement in (
            "UPDATE alembic_version SET version_num = '9' || version_num",
            "UPDATE alembic_version SET version_num = substr(version_num, 2); CREATE TABLE x ()",
            "DROP TABLE x; ALTER TABLE account ADD COLUMN more text",
        ):
            assert not after(statement)


@pytest.mark.postgres
def test_a_postgres_database_is_gone_afterwards(postgres_server) -> None:
    with postgres_database(postgres_server) as url:
        assert _is_there(url)
    assert not _is_there(url)


@pytest.mark.postgres
def test_a_database_of_all_is_made_by_the_first_and_dropped_by_the_last(
    postgres_server: URL, tmp_path: Path
) -> None:
    made: list[URL] = []

    def of_all() -> contextlib.AbstractContextManager[URL]:
        return postgres_of_all(postgres_server, tmp_path, made.append)

    with contextlib.ExitStack() as second:
        with of_all() as url:
            assert second.enter_context(of_all()) == url
        assert _is_there(url)
    assert not _is_there(url)
    with of_all() as anew:
        assert made == [url, anew]

    def fails(made_in_vain: URL) -> None:
        made.append(made_in_vain)
        raise ValueError("no migration")

    with (
        pytest.raises(ValueError, match="no migration"),
        postgres_of_all(postgres_server, tmp_path, fails),
    ):
        pass
    assert not any(map(_is_there, made))


def _is_there(url: URL) -> bool:
    plain = url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
        there = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(there, (url.database,)).fetchone() is not None


@pytest.mark.redis
def test_redis_starts_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("a", "b")


@pytest.mark.redis
def test_redis_starts_empty_again(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
