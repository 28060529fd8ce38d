"""What the pages of organisations show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """An organisation in a list."""

    name: str
    url: str
    credit_code: str | None
    steps: Sequence[int]
    """One for each level that it stands below the list's top."""
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationForm:
    """What is typed of an organisation, and what is wrong with it."""

    name: str = ""
    credit_code: str = ""
    parent: str = ""
    problem: str | None = None
    code_problem: str | None = None
    """What is wrong with the credit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """An organisation in the list that goes out."""

    above: str
    """What it stands beneath, from the top; empty for what stands on top."""
    name: str
    credit_code: str | None
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TreePage:
    """What `organiser/organisations/tree.html` wants."""

    rows: Sequence[OrganisationRow]
    total: int
    """How many organisations there are at all."""
    query: str
    page: Paging
    form: OrganisationForm
    places: Sequence[Choice]
    add_url: str
    search_url: str
    book_url: str
    """The tree, or what is looked for, as a workbook."""
    units_url: str
    people_url: str
    waiting: int
    """Units that are no organisation yet."""
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedUnit:
    """A unit of a competition that is the organisation."""

    name: str
    """As it was called that day."""
    code: str
    competition: Link
    certificates: int
    """How many valid certificates bear that name."""
    name_url: str | None
    """Where it is called otherwise; None where it has the organisation's name."""
    disconnect_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedOrganisation:
    """An organisation that counts for the one that is shown."""

    name: str
    credit_code: str | None
    at: str
    part_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPage:
    """What `organiser/organisations/organisation.html` wants."""

    name: str
    credit_code: str | None
    path: Sequence[Link]
    rows: Sequence[OrganisationRow]
    """What stands beneath it."""
    more: int
    """How many of those are not listed."""
    units: Sequence[ConnectedUnit]
    merged: Sequence[MergedOrganisation]
    records: Sequence[tuple[str, str]]
    """When, and what was done."""
    form: OrganisationForm
    places: Sequence[Choice]
    problems: dict[str, str]
    """By act (`move`, `merge`) what was wrong with it."""
    change_url: str | None
    move_url: str | None
    merge_url: str | None
    tree_url: str
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit that is no organisation yet."""

    number: int
    name: str
    credit_code: str | None
    competition: Link
    choices: Sequence[Choice]
    chosen: str
    sure: bool
    """Whether it is ticked from the start: its credit code says which it is."""
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsPage:
    """What `organiser/organisations/units.html` wants."""

    rows: Sequence[UnitRow]
    page: Paging
    problem: str | None
    connect_url: str
    tree_url: str
