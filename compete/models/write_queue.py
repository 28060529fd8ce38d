"""Queue for SQLite's only write lock.

Whoever finds that lock taken, SQLite lets sleep and try again, up to a tenth
of a second at a time: behind eight busy threads a mark may wait a second while
later ones pass it. So our writers queue for a lock on a file beside the
database first, which the kernel hands on the moment it is free, also when its
holder was killed. It decides nothing: without it everything is as right, and slower.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

try:
    import fcntl
except ImportError:  # pragma: no cover - elsewhere than on Unix
    fcntl = None  # type: ignore[assignment]


@contextmanager
def place_in_write_queue(engine: Engine) -> Iterator[None]:
    """Hold the turn to write; on databases other than a SQLite file there is no queue."""
    path = engine.url.database
    if fcntl is None or engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    # Opened anew each time: the lock is the opened file's, so threads exclude each other too.
    handle = os.open(f"{path}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
