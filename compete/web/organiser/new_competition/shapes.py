"""Shapes of the pages that make a competition."""

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
    """A part that comes along, or stays."""

    what: str
    detail: str
    comes: bool
    count: int = 0
    """The number of them that come, if that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An edition or a template to begin from."""

    value: str
    title: str
    detail: str
    fill_url: str | None = None
    """The address that proposes name, code and days after this one."""
    carried_url: str = ""
    """The address that chooses this one, to see what it brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """A fault of the file, with its place."""

    place: str
    """The place in people's words; empty for the file as a whole."""
    path: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """The doubts before anything was made: what does not fit, and what would."""

    doubts: Sequence[str]
    sure: str
    """The mark of the doubts; sent again with it, it is made as it stands."""
    name: str = ""
    """A name that fits, where another than was asked for; the year goes with it."""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUrls:
    """The links of the page."""

    act: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """The values of `organiser/new_competition/new.html` beside its form."""

    starts: Sequence[StartingPoint]
    start: str
    sources: Sequence[Source]
    carried: Sequence[Carried]
    brings: int
    """The number of things that come along; 0 if that is not counted."""
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
    """The number of some thing that the file brings."""

    what: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """The values of `organiser/new_competition/file.html` beside its form."""

    filename: str
    head: Sequence[str]
    counts: Sequence[FileCount]
    warnings: Sequence[FileProblem]
    problem: str | None
    discard_url: str
    urls: NewUrls
