"""What the pages of photos in a zip show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.paging import Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingPerson:
    """Somebody without a photo."""

    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipPage:
    """What `organiser/portraits/upload.html` wants."""

    competition: CompetitionLink
    have: int
    lacking: Sequence[LackingPerson]
    """The first of those without a photo."""
    lacking_count: int
    problem: str | None
    limit: str
    limit_bytes: int
    most_files: int
    most_mb: int
    upload_url: str
    waiting: Link | None
    """A zip that waits for a word, with its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRow:
    """One file of the zip."""

    number: int
    file: str
    state: str
    picture: str | None
    people: Sequence[str]
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipFilter:
    """Those of one kind."""

    key: str
    word: str
    icon: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipPreview:
    """What `organiser/portraits/preview.html` wants."""

    competition: CompetitionLink
    filename: str | None
    """Of the zip; None for single photos."""
    files: int
    filters: Sequence[ZipFilter]
    rows: Sequence[PhotoRow]
    page: Paging
    writable: int
    refused: int
    asked: int
    lacking: int
    """How many have no photo even then."""
    upload_url: str
    write_url: str
    discard_url: str
