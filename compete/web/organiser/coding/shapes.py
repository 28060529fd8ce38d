"""What the coder's page shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedCompetition:
    """The competition by name: the coder has no other page of it."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindEvent:
    """A blind event: `drawn` codes for `people`."""

    name: str
    people: int
    drawn: int
    print_url: str | None
    """Where the record is printed; None before codes were drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingUrls:
    """Where the list itself is asked for."""

    show: str
