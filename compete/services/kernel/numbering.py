"""Numbers of rows that are about to be added, where the database would give them one by one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from compete.models import Base, db
from compete.models.compiled_statements import table_of


def reserve_ids(connection: Connection, model: type[Base], count: int) -> range | None:
    """The numbers that so many new rows get, in a unit of work; None: let the database give them.

    SQLite answers each row's number in a statement of its own; with the write lock held they
    are the next after the last, as it would number them. PostgreSQL tells many at once.
    """
    if connection.dialect.name != "sqlite":
        return None
    last = connection.scalar(select(func.max(table_of(model).c.id))) or 0
    return range(last + 1, last + 1 + count)


def add_numbered(rows: Sequence[Base]) -> None:
    """Add new rows of one table with numbers of their own, so that one statement writes them.

    It does not flush: entrants still get their person before they are written, once.
    """
    if not rows:
        return
    ids = reserve_ids(db.session.connection(), type(rows[0]), len(rows))
    for row, number in zip(rows, ids or (), strict=False):
        row.id = number  # type: ignore[attr-defined]
    db.session.add_all(rows)
