import psycopg
import pytest
import redis
from sqlalchemy import create_engine, inspect, make_url

from tests.support.databases import postgres_database


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
def test_a_postgres_database_is_gone_afterwards(postgres_server) -> None:
    with postgres_database(postgres_server) as url:
        name = url.database
    plain = make_url(postgres_server).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        assert found.fetchone() is None


@pytest.mark.redis
def test_redis_starts_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("a", "b")


@pytest.mark.redis
def test_redis_starts_empty_again(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
