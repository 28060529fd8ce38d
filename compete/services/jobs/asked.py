"""What was asked for, and that it was asked for through the program."""

from __future__ import annotations

import json

from sqlalchemy import select

from compete.domain.values import JobState
from compete.models import Job, db
from compete.models.types import hashed_by, keyed_hash

OPEN = (JobState.WAITING, JobState.RUNNING)


def seal_of(job: Job) -> str:
    """The keyed digest over what was asked: a row slipped into the table is not done."""
    asked = [job.public_id, job.competition_id, job.kind, job.what, job.arguments]
    content = [*asked, job.made_by, job.made_at.isoformat()]
    return keyed_hash("job\n" + json.dumps(content, ensure_ascii=False, sort_keys=True))


def seal_jobs_anew(former: bytes) -> None:
    """Seal by the key of now what was asked under the former; in a unit of work.

    A job that does not fit its seal keeps it, and is not done.
    """
    for job in db.session.scalars(select(Job).order_by(Job.id)):
        with hashed_by(former):
            sound = job.seal == seal_of(job)
        if sound:
            job.seal = seal_of(job)
