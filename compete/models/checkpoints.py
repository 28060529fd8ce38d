"""Checkpoints of SQLite's write-ahead log, brought in beside the writers, not in their way.

Left to itself SQLite does it within a commit, whenever the log has grown by a
thousand pages: in a hall that marks, about once a second somebody's mark waits
for a thousand pages to reach the disk, and every mark behind it too, for it
holds the lock. A thread of the server does it instead, without the lock.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path

from sqlalchemy import make_url

# Only who writes without a server (a load, an import) comes to this many pages.
BACKSTOP_PAGES = 8_000
_SECONDS = 0.5
_ENOUGH_PAGES = 250
_log = logging.getLogger(__name__)


class Checkpoints:
    """A thread that keeps the log of one database short; `stop` ends it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        """Begin; in a process that doesn't fork any more."""
        self._thread.start()

    def stop(self) -> None:
        """End it and wait for its end."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while not self._over.wait(_SECONDS):
            try:
                if connection is None:
                    # Not made where it is not: an empty database would hide the loss.
                    place = f"{self._path.resolve().as_uri()}?mode=rw"
                    connection = sqlite3.connect(place, uri=True, isolation_level=None)
                shorten(connection)
            except sqlite3.Error as fault:
                # A full disk, a database put back: the next turn will see.
                _log.debug("no checkpoint: %s", fault)
                connection = None
        if connection is not None:
            connection.close()


def shorten(connection: sqlite3.Connection) -> int:
    """Bring over the contents of the log; return how many of its pages are left.

    Once all is over and nobody reads the log, the next writer begins it anew. While
    marks come all the time a few are always left, so that it is tried again at once.
    """
    left = 0
    for _turn in range(3):
        _busy, pages, done = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        left = pages - done
        if left <= 0 or pages < _ENOUGH_PAGES:
            break
    return max(left, 0)


def keep_short(database_url: str) -> Checkpoints | None:
    """Start it for this process; None for another database than a SQLite file."""
    url = make_url(database_url)
    if not url.drivername.startswith("sqlite") or not url.database or url.database == ":memory:":
        return None
    checkpoints = Checkpoints(Path(url.database))
    checkpoints.start()
    return checkpoints
