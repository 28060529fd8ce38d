"""Requests of jobs: what was asked for, and that it came through the program."""

from __future__ import annotations

import json
from hmac import compare_digest
from typing import Any

from sqlalchemy import Select, select

from compete.domain.values.canonical import sealed_text
from compete.domain.values.states import JobState
from compete.models import Competition, Job, db
from compete.models.types import hashed_by, keyed_hash
from compete.services.kernel.audit import claim_chain
from compete.services.kernel.transactions import for_update

OPEN = (JobState.WAITING, JobState.RUNNING)


def open_of(competition_id: int | None) -> Select[tuple[Job]]:
    """Select the jobs that wait or run, in the order in which they were asked for.

    They are the competition's; the installation's for None.
    """
    return (
        select(Job)
        .where(Job.competition_id == competition_id, Job.state.in_(OPEN))
        .order_by(Job.id)
    )


def claim_owner(competition_id: int | None) -> None:
    """Claim the competition whose a job is, or the installation's chain, for this transaction."""
    if competition_id is None:
        claim_chain(None)
    else:
        for_update(db.session.get_one(Competition, competition_id))


def seal_of(job: Job) -> str:
    """The keyed digest over what was asked: a row slipped into the table is not done."""
    return keyed_hash("job\n" + sealed_text(_content(job)).decode("utf-8", "surrogatepass"))


def is_sealed(job: Job) -> bool:
    """True if it was asked through the program: sealed as now, or as an earlier program did."""
    earlier = json.dumps(_content(job), ensure_ascii=False, sort_keys=True)
    seals = (seal_of(job), keyed_hash("job\n" + earlier))
    return any(compare_digest(job.seal, seal) for seal in seals)


def _content(job: Job) -> list[Any]:
    asked = [job.public_id, job.competition_id, job.kind, job.what, job.arguments]
    private = [] if job.private is None else [keyed_hash("private\n" + job.private)]
    return [*asked, job.made_by, job.made_at.isoformat(), *private]


def seal_jobs_anew(former: bytes) -> None:
    """Seal by the key of now what was asked under the former; in a unit of work.

    A job that does not fit its seal keeps it, and is not done.
    """
    for job in db.session.scalars(select(Job).order_by(Job.id)):
        with hashed_by(former):
            sound = is_sealed(job)
        if sound:
            job.seal = seal_of(job)
