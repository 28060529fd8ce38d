"""What the coder's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.services.sheets import CodedPerson


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingPage:
    """How many codes are drawn, and the list itself once it was asked for."""

    competition: CodedCompetition
    events: Sequence[BlindEvent]
    shown: Sequence[CodedPerson] | None
    urls: CodingUrls
