"""Amount that is written while the write lock is kept.

Counted, since a time depends on what else the machine does; how long holds take is measured by
`tests/bench/beside.py`, and by every server itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from compete.services.kernel import portions

PEOPLE, MOST_ROWS = 2_000, 3_000
"""The most rows that a unit of work may write of so many people; whole lists are longer."""
PORTION = 100
"""The number of people in a part here; a server makes it fit its machine."""

_WRITING = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def short_holds(people: int = PEOPLE) -> Iterator[None]:
    """Fail where a unit of work wrote more rows than a part of a large piece of work should.

    Of fewer people parts are as much smaller, and the rows as many fewer.
    """
    portion = PORTION * people // PEOPLE
    begun: dict[int, int] = {}
    ended: list[int] = [0]

    def written(connection: Connection, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith(_WRITING):
            key = id(connection.connection.dbapi_connection)
            begun[key] = begun.get(key, 0) + max(1, cursor.rowcount)

    def over(connection: Connection) -> None:
        ended.append(begun.pop(id(connection.connection.dbapi_connection), 0))

    sizes = {"_FIRST": portion, "_LEAST": portion, "_MOST": portion}
    listeners = (("after_cursor_execute", written), ("commit", over), ("rollback", over))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        with patch.multiple(portions, **sizes):
            yield
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)
    assert max(ended) <= MOST_ROWS * people // PEOPLE
