"""Asking for a job, finding it again, and telling it to stop."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import JOB_MOVES, JobState, move
from compete.models import Account, Competition, Job, db, utc_now
from compete.services.jobs.job_seals import OPEN, claim_owner, open_of, seal_of
from compete.services.jobs.packed_sentences import unpacked
from compete.services.jobs.workers import wake
from compete.services.kernel.audit import claim_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing, unit_of_work


def ask_for(
    competition: Competition,
    kind: str,
    by: Account,
    what: str = "",
    arguments: Mapping[str, Any] | None = None,
    *,
    private: str | None = None,
    still: Callable[[Competition], object],
) -> Job:
    """The job of this kind on this thing: the one that is open already, or a new one.

    Whoever asks second gets the first one's job, so that what two press is done
    once. `arguments` are plain JSON values without an ID number, a phone or a
    link's token: they stand in the table as they are; what is about people is `private`,
    sealed and kept until the job ends. `still` raises where it is
    not to be done any more; it is asked with the competition claimed, when no
    such job is open. A thread of this process begins with the job at once.
    """
    with changing(competition) as competition:
        job = open_job(competition, kind, what)
        if job is None:
            still(competition)
            job = _new_job(competition.id, kind, by, what, arguments, private)
    wake(job.competition_id)
    return job


def ask_above(
    kind: str,
    by: Account,
    what: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    private: str | None = None,
    still: Callable[[], object],
) -> Job:
    """The installation's job of this kind on this thing, as `ask_for` gives a competition's.

    Nobody but who asked for it is shown it, so `what` names them where others may ask too.
    """
    with unit_of_work():
        claim_chain(None)
        job = open_job(None, kind, what)
        if job is None:
            still()
            job = _new_job(None, kind, by, what, arguments, private)
    wake(None)
    return job


def _new_job(
    competition_id: int | None,
    kind: str,
    by: Account,
    what: str,
    arguments: Mapping[str, Any] | None,
    private: str | None,
) -> Job:
    job = Job(
        public_id=secrets.token_hex(16),
        competition_id=competition_id,
        kind=kind,
        what=what,
        arguments=dict(arguments or {}),
        private=private,
        made_by=by.id,
        made_at=utc_now(),
        seal="",
    )
    job.seal = seal_of(job)
    db.session.add(job)
    return job


def open_job(competition: Competition | None, kind: str, what: str | None = None) -> Job | None:
    """The job of this kind that waits or runs, or None; with `what` the one on that thing.

    Of a competition, or for None of the installation.
    """
    query = open_of(competition.id if competition is not None else None).where(Job.kind == kind)
    if what is not None:
        query = query.where(Job.what == what)
    return db.session.scalar(query.limit(1))


def open_jobs(competition: Competition) -> list[Job]:
    """List all jobs that wait or run, in the order in which they were asked for."""
    return list(db.session.scalars(open_of(competition.id)))


def oldest_waiting_since() -> datetime | None:
    """When the oldest job that waits was asked for; None where none does."""
    return db.session.scalar(select(func.min(Job.made_at)).where(Job.state == JobState.WAITING))


def find_job(competition: Competition, public_id: str) -> Job | None:
    """A job by the id in its address. One that waits for somebody to begin is begun with."""
    return _found(select(Job).where(Job.competition_id == competition.id), public_id)


def find_own_job(public_id: str, by: Account) -> Job | None:
    """A job of the installation that somebody asked for; None for others' jobs."""
    above = select(Job).where(Job.competition_id.is_(None), Job.made_by == by.id)
    return _found(above, public_id)


def _found(among: Select[tuple[Job]], public_id: str) -> Job | None:
    job = db.session.scalar(among.where(Job.public_id == public_id))
    if job is not None and job.state in OPEN:
        wake(job.competition_id)
    return job


def stop_job(job: Job, by: Account) -> None:
    """Stop a job: nothing more of it is done. What it has written already stays.

    Raises `Refused` where it is over.
    """
    with unit_of_work():
        claim_owner(job.competition_id)
        job = db.session.get_one(Job, job.id, populate_existing=True)
        if job.state not in OPEN:
            raise Refused(msg("已经结束了，停不了"))
        job.state = move(job.state, JobState.STOPPED, JOB_MOVES)
        job.ended_at, job.stopped_by, job.private = utc_now(), by.id, None


def job_step(job: Job) -> Message | None:
    """The job's present step, in words."""
    return unpacked(job.step)


def job_error(job: Job) -> Message | None:
    """The reason why it failed, in words."""
    return unpacked(job.error)
