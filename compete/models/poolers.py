"""Poolers in front of PostgreSQL that give each transaction another connection, as pgbouncer does.

What outlives a transaction there belongs to whoever comes next: prepared statements and locks of
a session.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from sqlalchemy import Engine, event, func, select

_OURS = "compete.session"
_TRIES = 3
"""Others who come by the same pooler meanwhile may hide it once, hardly each time."""


def behind_pooler(engine: Engine) -> bool:
    """True if what a connection sets for itself is seen by another, or gone, a transaction on."""
    if engine.dialect.name != "postgresql":
        return False
    seen = select(func.current_setting(_OURS, True))
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as first,
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as second,
    ):
        for _try in range(_TRIES):
            mark = token_hex(8)
            first.execute(select(func.set_config(_OURS, mark, False)))
            if second.scalar(seen) == mark or first.scalar(seen) != mark:
                return True
    return False


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
