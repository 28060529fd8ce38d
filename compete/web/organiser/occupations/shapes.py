"""What the pages of the catalogue show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import View
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationRow:
    """One row of the catalogue."""

    name: str
    url: str
    code: str
    edition: str
    flags: str
    moved: str
    """Where an old code went, or empty."""
    tracks: str
    confidence: str
    to_check: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationForm:
    """The fields of one row, as they stand or as they were typed."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    editions: Sequence[Choice]
    confidences: Sequence[Choice]
    flags: Sequence[Choice]
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationsPage:
    """What `organiser/occupations/occupations.html` wants."""

    rows: Sequence[OccupationRow]
    page: Paging
    query: str
    edition: str
    editions: Sequence[Choice]
    view: str
    views: Sequence[View]
    form: OccupationForm | None
    """None for who may not change the catalogue."""
    problem: str | None
    search_url: str
    upload_url: str | None
    workbook_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationPage:
    """What `organiser/occupations/occupation.html` wants."""

    name: str
    closed: bool
    form: OccupationForm | None
    facts: Sequence[tuple[str, str]]
    """Of one that may not be changed: for who is no administrator, or while it is closed."""
    problem: str | None
    close_url: str | None
    reopen_url: str | None
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRow:
    """What somebody may mean who types an occupation."""

    name: str
    code: str
    """待核 where nobody knows it."""
    track: str
    under: str
    to_check: bool
