"""The log brought up to date by itself: a thread of the server looks now and then.

Who signs a sheet writes the record of it and waits for nothing more. Within about `SECONDS` it is
a leaf of the log under a signed checkpoint, whether or not anybody publishes or asks.
"""

from __future__ import annotations

import logging
import threading

from sqlalchemy import func, select

from compete.models import AuditEntry, db
from compete.services.kernel.installation import installation_here
from compete.services.log.sequencing import catch_up_quietly, is_behind

SECONDS = 30.0
_log = logging.getLogger(__name__)


class KeepingUp:
    """The thread of one process; `stop` ends it. Of several processes each finds what is left."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._here, self._seconds = installation_here(), seconds
        self._over = threading.Event()
        self._seen = 0
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def start(self) -> None:
        """Begin; in a process that doesn't fork any more."""
        self._thread.start()

    def stop(self) -> None:
        """Stop keeping up, and wait for the end of that."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                with self._here.inside():
                    self._look()
            except Exception:
                # A database put back, a full disk: the next turn will see.
                _log.exception("the log was not looked after")

    def _look(self) -> None:
        newest = db.session.scalar(select(func.max(AuditEntry.id))) or 0
        if newest == self._seen:
            return
        if is_behind():
            catch_up_quietly()
        if not is_behind():
            self._seen = newest


def keep_log_up(seconds: float = SECONDS) -> KeepingUp:
    """Start keeping up for this process and the installation that the session belongs to."""
    found = KeepingUp(seconds)
    found.start()
    return found
