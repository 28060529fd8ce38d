"""What the pages of contestants show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantRow:
    """A contestant in the list."""

    number: str
    name: str
    unit: str
    event: str
    group: str
    grade: str
    id_masked: str | None
    state: str | None
    url: str
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantColumns:
    """Which of the columns there are."""

    group: bool
    event: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrantUrls:
    """Where the list leads to."""

    upload: str
    template: str
    badges: str
    self: str
    forms: Sequence[Link] = ()
    """Forms to sign on at the venue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHead:
    """Whose name or ID number is corrected."""

    name: str
    number: str
    unit: str
    id_masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeUrls:
    """Where the badge is printed, and made anew."""

    print_url: str
    replace_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedCertificate:
    """A certificate that bears what was corrected."""

    number: str
    title: str
    name: str
    """As it stands on it."""
    url: str
    """Its row in the register, opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedVersion:
    """The version in force, where it bears another name."""

    version: int
    name: str | None
    url: str
    """Where a version with the names of now is published."""
