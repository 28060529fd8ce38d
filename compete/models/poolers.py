"""Poolers in front of PostgreSQL that give each transaction another connection, as pgbouncer does.

What outlives a transaction there belongs to whoever comes next: prepared statements and locks of
a session.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event


def behind_pooler(engine: Engine) -> bool:
    """True if somebody else opened the session of the database that answers."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        opened = connection.connection.dbapi_connection
        assert opened is not None
        return _is_pooled(opened)


def heed_pooler(engine: Engine) -> None:
    """Let connections prepare no statements where a pooler answers; each asks as it is opened."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_nothing_behind_pooler)


def _prepare_nothing_behind_pooler(connection: Any, _record: object) -> None:
    if _is_pooled(connection):
        connection.prepare_threshold = None


def _is_pooled(connection: Any) -> bool:
    """True if the session that answers has another number than whoever opened it was told.

    A pooler has opened its own before, and makes up the number that it tells.
    """
    with connection.cursor() as cursor:
        (answering,) = cursor.execute("SELECT pg_backend_pid()").fetchone()
    connection.rollback()
    return bool(connection.info.backend_pid != answering)
