"""The threads that do jobs: one for each competition that has some, and one above them."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sqlalchemy import select

from compete.models import Job, db
from compete.services.jobs.job_seals import OPEN, open_of
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.jobs.running import do_next
from compete.services.kernel.installation import installation_here, memory_of

if TYPE_CHECKING:
    from compete.services.kernel.installation import Installation

_KEY = "compete.jobs"
_log = logging.getLogger("compete.jobs")


def wake(competition_id: int | None) -> None:
    """See to it that somebody works on a competition's jobs, or for None on the installation's.

    Returns at once.
    """
    memory_of(_KEY, _Workers).wake(installation_here(), competition_id)


def take_up_jobs() -> None:
    """Begin with whatever waits or was left when a process ended; as a server starts."""
    for competition_id in db.session.scalars(
        select(Job.competition_id).where(Job.state.in_(OPEN)).distinct()
    ):
        wake(competition_id)


def _turn_of(competition_id: int | None) -> AbstractContextManager[bool]:
    if competition_id is None:
        return worker_lock(0, "above")
    return worker_lock(competition_id)


class _Workers:
    """The threads of this process that are at work, by competition."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[int | None] = set()

    def wake(self, here: Installation, competition_id: int | None) -> None:
        with self._lock:
            if competition_id in self._busy:
                return
            self._busy.add(competition_id)
        # It dies with the process: what it was at is rolled back and taken up by the next.
        threading.Thread(
            target=self._work,
            args=(here, competition_id),
            name=f"jobs-{competition_id or 'above'}",
            daemon=True,
        ).start()

    def _work(self, here: Installation, competition_id: int | None) -> None:
        try:
            with here.inside():
                while self._turn(competition_id) and not self._may_rest(competition_id):
                    pass
        except Exception:
            _log.exception("the jobs of competition %s were left", competition_id)
        finally:
            with self._lock:
                self._busy.discard(competition_id)

    def _turn(self, competition_id: int | None) -> bool:
        """Do all that there is; False where another has the turn, who will see to the rest."""
        with _turn_of(competition_id) as mine:
            while mine and do_next(competition_id):
                pass
        return mine

    def _may_rest(self, competition_id: int | None) -> bool:
        """True if nothing is left; then whoever asks next starts another thread."""
        with self._lock:
            db.session.rollback()
            left = db.session.scalar(open_of(competition_id).limit(1))
            if left is None:
                self._busy.discard(competition_id)
        return left is None
