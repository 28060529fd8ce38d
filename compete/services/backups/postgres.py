"""PostgreSQL's own tools: its dump of a database, and back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from compete.domain.values.messages import msg
from compete.models.poolers import behind_pooler
from compete.services.backups.facts import Facts, engine_for, facts_of
from compete.services.backups.manifest import KeepingError

ASIDE = "before_restore_"


def dump(url: str, target: Path) -> Facts:
    """Write the database as of one instant into a file, and tell what was in it.

    Raises `KeepingError` if pg_dump is not there or fails.
    """
    engine = engine_for(url)
    _refuse_pooler(engine)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        _run(
            [
                *("pg_dump", "--format=custom", "--no-owner", "--no-privileges"),
                *(f"--exclude-schema={ASIDE}*", f"--snapshot={snapshot}", f"--file={target}"),
            ],
            url,
        )
        facts = facts_of(connection)
    target.chmod(0o600)
    return facts


def bytes_of_tables(url: str) -> int:
    """The bytes of all tables without their indexes: no dump, which is packed, takes more.

    0 where the database does not answer: that is said by who copies it.
    """
    try:
        with engine_for(url).connect() as connection:
            return int(
                connection.scalar(
                    text(
                        "SELECT coalesce(sum(pg_table_size(c.oid)), 0) FROM pg_class c"
                        " JOIN pg_namespace n ON n.oid = c.relnamespace"
                        " WHERE c.relkind = 'r' AND n.nspname = 'public'"
                    )
                )
                or 0
            )
    except DBAPIError:
        return 0


def restore(url: str, source: Path) -> None:
    """Fill the database, which has no tables, from a dump: all of it or nothing."""
    _refuse_pooler(engine_for(url))
    _run(
        [
            *("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error"),
            *("--single-transaction", str(source)),
        ],
        url,
    )


@contextmanager
def tables_aside(url: str, stamp: str) -> Iterator[str | None]:
    """Put the tables that are there into a schema of their own; on an error they come back.

    Gives the schema's name, or None if there were none.
    """
    engine = engine_for(url)
    schema = f"{ASIDE}{stamp}"
    with engine.begin() as connection:
        names = inspect(connection).get_table_names()
        if names:
            connection.execute(text(f'CREATE SCHEMA "{schema}"'))
        for name in names:
            connection.execute(text(f'ALTER TABLE "{name}" SET SCHEMA "{schema}"'))
    try:
        yield schema if names else None
    except BaseException:
        with engine.begin() as connection:
            for name in inspect(connection).get_table_names():
                connection.execute(text(f'DROP TABLE "{name}" CASCADE'))
            for name in names:
                connection.execute(text(f'ALTER TABLE "{schema}"."{name}" SET SCHEMA public'))
            if names:
                connection.execute(text(f'DROP SCHEMA "{schema}"'))
        raise


def _refuse_pooler(engine: Engine) -> None:
    """Refuse a pooler: the dump's own settings of its session would reach the site's."""
    if behind_pooler(engine):
        raise KeepingError(
            msg(
                "COMPETE_DATABASE_URL 指着连接池，备份和恢复要直接连数据库："
                "只给这条命令换成数据库自己的地址"
            )
        )


def _run(words: list[str], url: str) -> None:
    from psycopg.conninfo import make_conninfo

    address = make_url(url)
    # The words in which the driver itself is told: several hosts, too.
    _none, settings = address.get_dialect()().create_connect_args(address)
    environment = dict(os.environ)
    if (password := settings.pop("password", None)) is not None:
        # Not among the words, which every user of the machine can read.
        environment["PGPASSWORD"] = str(password)
    try:
        done = subprocess.run(
            [*words, f"--dbname={make_conninfo(**settings)}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise KeepingError(
            msg("没有 %(tool)s：装上 PostgreSQL 的客户端工具（postgresql-client）", tool=words[0])
        ) from None
    if done.returncode:
        why = done.stderr.strip() or str(done.returncode)
        raise KeepingError(msg("%(tool)s 没有做成：%(why)s", tool=words[0], why=why))
