"""One at a time: the turn to work on a competition's jobs, as a lock.

The turn is a lock that the kernel or the database gives back the moment its holder
dies. So no clock decides who is dead, and what was left is taken up at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam, func, select, text

from compete.models import db

try:
    import fcntl
except ImportError:  # pragma: no cover - elsewhere than on Unix
    fcntl = None  # type: ignore[assignment]

_CLASSES = {
    name: number << 32
    for name, number in (
        ("jobs", 0x6A6F6273),
        ("above", 0x61626F76),
        ("pages", 0x70616765),
        ("outbox", 0x6F757462),
        ("loading", 0x6C6F6164),
    )
}
_TRY = select(func.pg_try_advisory_xact_lock(bindparam("key")))
_HOWEVER_LONG = text("SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def worker_lock(competition_id: int, what: str = "jobs") -> Iterator[bool]:
    """Yield True if the turn is ours, until the end of the block. Each of `_CLASSES` has its own.

    On SQLite a lock on a file beside the database, on PostgreSQL an advisory lock of a
    transaction of its own, which a pooler leaves on one connection. What is written counts by
    `Job.tries` besides: who has lost the turn without noticing, with the connection, writes
    nothing more.
    """
    engine = db.engine
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(_HOWEVER_LONG)
            mine = bool(connection.scalar(_TRY, {"key": _CLASSES[what] + competition_id}))
            if not mine:
                connection.close()
            yield mine
        return
    path = engine.url.database
    if fcntl is None or not path or path == ":memory:":
        yield True
        return
    beside = f"{path}.{what}-{competition_id}"
    handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
