"""What the review of those who apply shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link, View
from compete.web.paging import Paging
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A line of conditions, one of which is enough; `near` is the one that is met first."""

    name: str
    chip: Chip
    near: bool
    conditions: Sequence[tuple[bool, str]]
    """Whether it holds, and what is wanted and was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """Somebody who applies."""

    name: str
    unit: str
    level: str
    grade: str
    since: str
    conclusion: Chip
    resit: Chip | None
    """Which attempt it is, or would be, where it is not the first."""
    roads: Sequence[Road]
    url: str
    """The person's page."""
    acts: Sequence[Link]
    """While people are registered, for who meets no line: to correct, to leave it this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The list, with those of whom something is to be decided first."""

    total: int
    views: Sequence[View]
    """To decide, meeting the conditions, all."""
    levels: Sequence[Choice]
    level: str
    show: str
    rows: Sequence[ReviewRow]
    page: Paging
    fit: int
    open: int
    waiting: int
    """Handed in by units or people themselves, and not looked at."""
    urls: ReviewUrls


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewUrls:
    """Where the page leads."""

    self: str
