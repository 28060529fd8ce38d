"""Poolers in front of PostgreSQL that give each transaction another connection, as pgbouncer does.

What outlives a transaction there belongs to whoever comes next: prepared statements and locks of
a session.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event, func, select


def behind_pooler(engine: Engine) -> bool:
    """True if somebody else opened the session of the database that answers.

    Whoever opens one is told its number; a pooler has opened its own before, and makes one up.
    """
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        opened = connection.connection.dbapi_connection
        assert opened is not None
        answering = connection.scalar(select(func.pg_backend_pid()))
        return bool(opened.info.backend_pid != answering)


def heed_pooler(engine: Engine) -> None:
    """Let connections prepare no statements behind a pooler. Raises where nothing answers."""
    if behind_pooler(engine):
        event.listen(engine, "connect", _prepare_nothing)
        engine.dispose()


def heeds_pooler(engine: Engine) -> bool:
    """True if a pooler was noticed in front of an engine's database; asks nothing."""
    return event.contains(engine, "connect", _prepare_nothing)


def _prepare_nothing(connection: Any, _record: object) -> None:
    connection.prepare_threshold = None
