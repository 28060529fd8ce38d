"""Shapes of the page of appeals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.models import AppealDecision
from compete.services.appeals.film_instants import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """Words, a photo, a PDF or a film with its marked instants; `who` where the desk put it.

    `at` says too whether it was added to an appeal that stood.
    """

    at: str
    words: str
    who: str | None
    number: int
    ending: str
    """The ending of its file: `jpg`, `pdf` or `mp4`; empty for words alone."""
    instants: Sequence[tuple[str, Instant]]
    """The instants of a film, each with its offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision that was put forward or taken, by whom, when."""

    row: AppealDecision
    sentence: str
    who: str
    why_not: str | None
    """Why the reader cannot agree to what waits, and who can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCell:
    """The announced value and the present one, in words; `gain`, `moved`: the direction."""

    was: str
    now: str
    gain: bool | None = None
    """True if it gained; None: neither, or not to be told from here."""
    moved: str = ""
    """升 2 位, 少 1.60: the same in a word."""

    @property
    def same(self) -> bool:
        """True if it did not move."""
        return self.was == self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSide:
    """Teams or grades in a line; `note` where they stay."""

    label: str
    note: str | None
    items: Sequence[tuple[str, Sequence[MovedCell]]]
    """The items that move: each name with its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCard:
    """The people moved by the decision; shut until it stands, and worked out on request."""

    locked: str | None = None
    can_ask: bool = False
    note: str = ""
    count: str | None = None
    """The number of people who change rank, and who change award."""
    rows: Sequence[tuple[str, str, Sequence[MovedCell]]] = ()
    """The people moved, by name and number: total, rank, awards, grades."""
    sides: Sequence[MovedSide] = ()
