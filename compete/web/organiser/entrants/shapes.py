"""Shapes of the pages of contestants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantRow:
    """A contestant in the list."""

    number: str
    name: str
    members: str
    """The members of a crew; empty for a person."""
    unit: str
    event: str
    group: str
    grade: str
    id_masked: str | None
    state: str | None
    withdrawn: bool
    url: str
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantColumns:
    """The optional columns of the list."""

    group: bool
    event: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SortLink:
    """The head of a column by which the list can be sorted."""

    url: str
    state: str | None
    """`ascending` or `descending` where the list is sorted by it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantUrls:
    """The links of the list."""

    upload: str
    add: str
    """The form for one person."""
    template: str
    badges: str
    self: str
    units: str
    """The units that send them."""
    applications: str
    """The address of the units' applications."""
    withdraw: str = ""
    """The address that withdraws the ticked people; empty once judging has begun."""
    bring_back: str = ""
    """The address that takes back the withdrawals of the ticked people."""
    photos: str = ""
    self_entry: str = ""
    """The page on which people enter themselves from a phone."""
    book: str = ""
    """The list as it is asked for, with all its pages, as a workbook."""
    conditions: str = ""
    """The address of the events' conditions, and who does not meet them."""
    forms: Sequence[Link] = ()
    """Forms to sign on at the venue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantsPage:
    """One page of the list, as it was asked for."""

    competition: CompetitionLink
    entrants: Sequence[EntrantRow]
    ticked: Collection[str]
    tickable: Collection[str]
    """The numbers of those who can be ticked for an act."""
    reason: str
    problem: str
    """Why nothing was done."""
    filters: Mapping[str, str]
    units: Sequence[Choice]
    events: Sequence[Choice]
    total: int
    """The number of people found."""
    everyone: int
    page: Paging
    urls: EntrantUrls
    columns: EntrantColumns
    sorts: Mapping[str, SortLink]
