"""What the page of a competition's version shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """A result that comes out otherwise."""

    who: str
    where: str
    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVersionPage:
    """All of the page."""

    back: Link
    number: int
    """By which version it goes."""
    why_stays: str | None
    refused: Sequence[str]
    """What the newest version does not take, to be put right before."""
    written: Sequence[str]
    moved: Sequence[MovedRow]
    more: int
    """How many more come out otherwise than stand in the table."""
    mark: str
    url: str | None
    problem: str | None
    reason: str
