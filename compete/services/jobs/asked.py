"""What was asked for, and that it was asked for through the program."""

from __future__ import annotations

import json

from compete.domain.values import JobState
from compete.models import Job
from compete.models.types import keyed_hash

OPEN = (JobState.WAITING, JobState.RUNNING)


def seal_of(job: Job) -> str:
    """The keyed digest over what was asked: a row slipped into the table is not done."""
    asked = [job.public_id, job.competition_id, job.kind, job.what, job.arguments]
    content = [*asked, job.made_by, job.made_at.isoformat()]
    return keyed_hash("job\n" + json.dumps(content, ensure_ascii=False, sort_keys=True))
