"""Doing a job by one worker at a time: begun, followed, ended, taken up again after a kill."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import JOB_MOVES, JobState, move
from compete.models import Account, Competition, Job, db, utc_now
from compete.services.jobs.job_seals import OPEN, claim_owner, is_sealed, open_of
from compete.services.jobs.packed_sentences import packed
from compete.services.kernel.portions import Portion
from compete.services.kernel.transactions import unit_of_work

MOST_TRIES = 5
"""A job that so many workers died over would take the next one with it."""

MOST_AGE = timedelta(hours=24)
"""After that nobody expects it any more; so a backup put back begins nothing of long ago."""

_OFTEN = 0.5
_log = logging.getLogger("compete.jobs")


class EndedError(Exception):
    """The job is not this worker's any more: it was stopped, or another took it up."""


class Run:
    """A worker's try at a job: what it was given, and how it says how far it is.

    The work writes in `writing()`, as often as it likes. Each of these is all or
    nothing together with the progress that it notes, so that a work that goes on from
    `kept` does every part once, however often it is broken off. What calls `finish`
    in its last one is done once as a whole.
    """

    def __init__(self, job: Job) -> None:
        self.job_id, self.kind, self.number = job.id, job.kind, job.tries
        self.competition_id, self.by_id = job.competition_id, job.made_by
        self.arguments: Mapping[str, Any] = dict(job.arguments)
        self.private = job.private
        self.kept: Mapping[str, Any] = dict(job.kept or {})
        self._portion, self._portion_asked = Portion(), False
        self._told = 0.0
        self._last: Message | None = None

    @property
    def competition(self) -> Competition:
        """The competition as the session sees it now; no work of the installation asks it."""
        assert self.competition_id is not None
        return db.session.get_one(Competition, self.competition_id)

    @property
    def by(self) -> Account:
        """The account that asked for it, in whose name it is done."""
        return db.session.get_one(Account, self.by_id)

    @property
    def portion(self) -> int:
        """The number of rows for the next `writing()`: what fits by how long the last took."""
        self._portion_asked = True
        return self._portion.size

    def step(self, words: Message, done: int = 0, total: int = 0) -> None:
        """Say what is done now, and how many of how many are; not inside `writing`.

        Raises `EndedError` where the job was stopped. May be called for every row:
        the same words are written down only now and then.
        """
        now = time.monotonic()
        if words == self._last and now - self._told < _OFTEN:
            return
        self._told, self._last = now, words
        with unit_of_work():
            job = self._claimed()
            job.step, job.done, job.total = packed(words), done, total

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A unit of work of this job.

        Raises `EndedError` where the job was stopped or taken up by another.
        """
        self._portion_asked = False
        with unit_of_work() as session:
            self._claimed()
            begun = time.perf_counter()
            yield session
        if self._portion_asked:
            self._portion.fit(time.perf_counter() - begun)

    def keep(self, done: int, **kept: Any) -> None:
        """Keep that so much is done; inside `writing`. The next try finds `kept` (plain) again."""
        with unit_of_work():
            job = self._claimed()
            job.done, job.kept = done, kept
            self.kept = kept

    def finish(self, **result: Any) -> None:
        """Finish the job, in this transaction; `result` (plain values) is what its page tells."""
        with unit_of_work():
            job = self._claimed()
            job.state = move(job.state, JobState.DONE, JOB_MOVES)
            job.result, job.ended_at, job.private = result, utc_now(), None
            job.done = job.total

    def fail(self, why: Message) -> None:
        """Fail the job: it cannot be done; `why` in words."""
        with unit_of_work():
            _fail(self._claimed(), why)

    def is_over(self) -> bool:
        """True if the work has said that it is finished."""
        job = db.session.get_one(Job, self.job_id, populate_existing=True)
        return job.state not in OPEN

    def _claimed(self) -> Job:
        db.session.flush()
        claim_owner(self.competition_id)
        job = db.session.get_one(Job, self.job_id, with_for_update=True, populate_existing=True)
        if job.state is not JobState.RUNNING or job.tries != self.number:
            raise EndedError
        return job


Work = Callable[[Run], None]
_WORKS: dict[str, Work] = {}


def work_for(kind: str) -> Callable[[Work], Work]:
    """Say which function does the jobs of a kind. It may be broken off anywhere, and begun again.

    What it returns without `finish` counts as finished without a result.
    """

    def know(work: Work) -> Work:
        _WORKS[kind] = work
        return work

    return know


def known_kinds() -> set[str]:
    """The names of every kind of job."""
    return set(_WORKS)


def do_next(competition_id: int | None) -> bool:
    """Do the oldest open job of the competition, or for None of the installation.

    False where there is none. Call it in your turn.
    """
    with unit_of_work() as session:
        claim_owner(competition_id)
        job = session.scalar(open_of(competition_id).limit(1))
        if job is None:
            return False
        why = _why_not(job)
        if why is not None:
            _fail(job, why)
            return True
        job.state = move(job.state, JobState.RUNNING, JOB_MOVES)
        job.tries += 1
        job.begun_at = job.begun_at or utc_now()
        run = Run(job)
    _do(run)
    return True


def _why_not(job: Job) -> Message | None:
    if job.kind not in _WORKS or not is_sealed(job):
        return msg("这件事不是从页面上要求的，没有做")
    if job.tries >= MOST_TRIES:
        return msg("做了 %(n)s 次都中断了，没有做成", n=job.tries)
    if utc_now() - job.made_at > MOST_AGE:
        return msg("要求了一天还没做，不再做了。还要的话再来一次")
    return None


def _fail(job: Job, why: Message) -> None:
    job.state = move(job.state, JobState.FAILED, JOB_MOVES)
    job.error, job.ended_at, job.private = packed(why), utc_now(), None


def _do(run: Run) -> None:
    try:
        _WORKS[run.kind](run)
        if not run.is_over():
            run.finish()
    except EndedError:
        _log.info("job %s (%s) was ended by another", run.job_id, run.kind)
    except Exception as error:
        why = getattr(error, "message", None)
        if not isinstance(why, Message):
            _log.exception("job %s (%s) failed", run.job_id, run.kind)
            why = msg("系统出了错，已记下。没写完的没有写入，可以再来一次")
        _end(run, why)


def _end(run: Run, why: Message) -> None:
    try:
        run.fail(why)
    except EndedError:
        _log.info("job %s (%s) was ended by another", run.job_id, run.kind)
