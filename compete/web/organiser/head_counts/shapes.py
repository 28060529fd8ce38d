"""What the page about how many workers take part shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, View


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRow:
    """A unit: `text` as its field has it, `stands` what counts as the period ends."""

    code: str
    name: str
    group: str
    text: str
    stands: str
    changed: bool
    """Whether a workbook would put down something else than stands."""
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSum:
    """What a group, or all of them, come to."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCountsPage:
    """What `organiser/head_counts/heads.html` wants; `save_url` None: it is only read."""

    competition: CompetitionLink
    back_url: str
    period: str
    code: str
    """Of the period."""
    periods: Sequence[View]
    sums: Sequence[HeadSum]
    rows: Sequence[HeadRow]
    problem: str | None
    read: str | None
    """That a workbook was read and waits to be stored."""
    faults: Sequence[str]
    save_url: str | None
    book_url: str
    upload_url: str | None
