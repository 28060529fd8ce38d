"""What the pages that make a competition show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPoint:
    """One of the four ways to begin."""

    key: str
    title: str
    text: str
    note: str
    icon: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What comes along, or stays."""

    what: str
    detail: str
    comes: bool
    count: int = 0
    """How many of them come, where that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An edition or a template to begin from."""

    value: str
    title: str
    detail: str
    fill_url: str | None = None
    """Where name, code and days are proposed after this one."""
    carried_url: str = ""
    """Where this one is chosen, to see what it brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """What is wrong with the file, where."""

    place: str
    """In people's words; empty for the file as a whole."""
    path: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """Nothing was made yet: what does not fit, and what would."""

    doubts: Sequence[str]
    sure: str
    """What was asked for; sent again with it, it is made as it stands."""
    name: str = ""
    """A name that fits, where another than was asked for; the year goes with it."""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUrls:
    """Where the page leads to."""

    act: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """What `organiser/new_competition/new.html` wants beside its form."""

    starts: Sequence[StartingPoint]
    start: str
    sources: Sequence[Source]
    carried: Sequence[Carried]
    brings: int
    """How many things come along; 0 where that is not counted."""
    problem: str | None
    file_problems: Sequence[FileProblem]
    limit: str
    limit_bytes: int
    urls: NewUrls
    doubts: Sequence[str] = ()
    """Why somebody should look at the name that is proposed."""
    again: AskedAgain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCount:
    """How many of something the file brings."""

    what: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """What `organiser/new_competition/file.html` wants beside its form."""

    filename: str
    head: Sequence[str]
    counts: Sequence[FileCount]
    warnings: Sequence[FileProblem]
    problem: str | None
    discard_url: str
    urls: NewUrls
