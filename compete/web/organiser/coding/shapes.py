"""What the pages of blind codes show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.services.sheets.coding_layers import CodedPerson
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedCompetition:
    """The competition by name: the coder has no other page of it."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindEvent:
    """A blind event: `drawn` codes for `people`; who keeps each layer of them."""

    code: str
    name: str
    people: str
    drawn: int
    kept: Sequence[str]
    """A sentence for each layer: who keeps it; none where nobody was named."""
    opened: bool
    print_url: str | None
    """Where the record is printed; None before codes were drawn, and for who knows none."""
    chosen: Sequence[str]
    """What stands in each of the three fields of the form."""
    anew: bool
    """Whether there are codes and no sheet bears them yet: they can be drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingUrls:
    """Where the list is asked for, keepers are named, codes are drawn again, and opened by two."""

    unblinding: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingPage:
    """How many codes are drawn, and the list itself once it was asked for."""

    competition: CodedCompetition
    events: Sequence[BlindEvent]
    shown: Sequence[CodedPerson] | None
    knows: bool
    """Whether who looks may know any of them."""
    coders: Sequence[Choice]
    problem: str | None
    urls: CodingUrls


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedEvent:
    """A blind event whose codes are kept, and what who looks may do about them."""

    name: str
    kept: Sequence[str]
    chip: Chip
    said: Sequence[str]
    """Who asked and agreed, when; why not yet."""
    ask_url: str | None
    agree_url: str | None
    drop_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblindingPage:
    """What `organiser/coding/unblinding.html` wants; `shown` once the list was asked for."""

    events: Sequence[ClosedEvent]
    shown: Sequence[CodedPerson] | None
    show_url: str | None
    """None while nothing is open."""
