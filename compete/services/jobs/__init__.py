"""Work that outlives its request: asked for once, done once, with its progress to be seen."""

from compete.services.jobs.asked import seal_jobs_anew
from compete.services.jobs.asking import (
    ask_for,
    find_job,
    job_error,
    job_step,
    open_job,
    open_jobs,
    stop_job,
)
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.jobs.running import Run, work_for
from compete.services.jobs.sentences import packed, unpacked
from compete.services.jobs.workers import take_up_jobs, wake

__all__ = [
    "Run",
    "ask_for",
    "find_job",
    "job_error",
    "job_step",
    "open_job",
    "open_jobs",
    "packed",
    "seal_jobs_anew",
    "stop_job",
    "take_up_jobs",
    "unpacked",
    "wake",
    "work_for",
    "worker_lock",
]
