"""What the page of a job shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFile:
    """A file that a job has made."""

    label: str
    size: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """How far a job is: what `organiser/jobs/_progress.html` wants."""

    open: bool
    """Whether it is still to be done."""
    state: str
    word: str
    """The state in words."""
    done: int
    total: int
    step: str
    """What is being done; may be empty."""
    error: str
    """Why it could not be done; empty where it could."""
    asked: str
    """Who asked for it, and when."""
    stopped: str
    """Who stopped it, and when; empty where nobody did."""
    stays: str = ""
    """What of one that could not be done to its end is written."""
    files: Sequence[JobFile] = ()
    """What the reader can fetch of it."""
    note: str = ""
    """Until when, and for whom; may be empty."""
