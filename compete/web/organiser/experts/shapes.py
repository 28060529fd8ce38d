"""What the pages of the pool show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import LastAct, Link, View
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRow:
    """One row of the pool."""

    name: str
    url: str
    kind: str
    unit: str
    qualification: str
    valid: str
    expired: bool
    days: str
    note: str
    away: str
    """Whether they cannot come on the days of the competition that asks."""
    take_url: str | None
    """Where that competition asks them in; None without one, and where they are in it."""
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertForm:
    """The fields of one row, as they stand or as they were typed."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    kinds: Sequence[Choice]
    levels: Sequence[Choice]
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertsUrls:
    """Where the list leads to."""

    search: str
    upload: str
    workbook: str
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertsPage:
    """What `organiser/experts/experts.html` wants."""

    rows: Sequence[ExpertRow]
    page: Paging
    query: str
    kind: str
    kinds: Sequence[Choice]
    sort: str
    sorts: Sequence[View]
    asking: Link | None
    """The competition that looks for judges."""
    asking_code: str
    form: ExpertForm
    problem: str | None
    urls: ExpertsUrls
    known: str | None = None
    """Where the row is changed that what was typed is one with."""
    last: LastAct | None = None
    """What the reader did last, where it still stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertPage:
    """What `organiser/experts/expert.html` wants."""

    name: str
    form: ExpertForm | None
    """None for who may not change it."""
    facts: Sequence[tuple[str, str]]
    problem: str | None
    end_url: str
    back_url: str
