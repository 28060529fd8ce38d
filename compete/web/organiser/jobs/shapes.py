"""Shapes of the page of a job."""

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
    """The progress of a job, for `organiser/jobs/_progress.html`."""

    open: bool
    """True if it is still to be done."""
    state: str
    word: str
    """The state in words."""
    done: int
    total: int
    step: str
    """The present step; may be empty."""
    error: str
    """Why it could not be done; empty where it could."""
    asked: str
    """The person who asked for it, and when."""
    stopped: str
    """The person who stopped it, and when; empty if nobody did."""
    stays: str = ""
    """The part that stays written of a job that could not be finished."""
    files: Sequence[JobFile] = ()
    """The files that the reader can fetch of it."""
    note: str = ""
    """The date until which the files stay, and for whom; may be empty."""
