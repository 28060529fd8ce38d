"""Statements that a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy import event as database_event


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that the database is asked while the block runs."""
    texts: list[str] = []

    def hear(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        texts.append(statement)

    database_event.listen(engine, "before_cursor_execute", hear)
    try:
        yield texts
    finally:
        database_event.remove(engine, "before_cursor_execute", hear)
