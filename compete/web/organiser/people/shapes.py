"""What the pages of people show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link
from compete.web.paging import Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person in a list, or one of two that may be the same."""

    name: str
    url: str
    number: str | None
    """The ID number, masked."""
    birth: str | None
    unit: str | None
    """The unit they came from last."""
    parts: Sequence[str]
    """What they are in which competitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """What `organiser/people/people.html` wants."""

    rows: Sequence[PersonRow]
    page: Paging
    query: str
    same_url: str
    book_url: str
    """The list as a workbook, of those looked for."""
    search_url: str
    experts_url: str
    organisations_url: str
    keeping_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """What somebody is in one competition, as it was called that day."""

    competition: Link
    what: str
    name: str
    unit: str | None
    url: str | None
    """Their page in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRow:
    """A record that counts for the one that is shown."""

    name: str
    number: str | None
    at: str
    part_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApartRow:
    """Somebody of whom it was said that they are another."""

    name: str
    url: str
    again_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """What `organiser/people/person.html` wants."""

    name: str
    number: str | None
    birth: str | None
    unit: str | None
    parts: Sequence[PartRow]
    merged: Sequence[MergedRow]
    others: Sequence[ApartRow]
    records: Sequence[tuple[str, str]]
    """When, and what was decided."""
    people_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """Two records that may be one person, and what they share."""

    first: PersonRow
    second: PersonRow
    shared: Sequence[str]
    merge_url: str | None
    """None where one of the two numbers has to be corrected first."""
    apart_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePage:
    """What `organiser/people/same.html` wants."""

    pairs: Sequence[PairRow]
    page: Paging
    problem: str | None
    people_url: str
