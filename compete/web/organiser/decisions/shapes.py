"""Shapes of the page of penalties and absences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision; an address is given only for the reader's possible acts."""

    id: int
    who: str
    what: str
    where: str
    """The module, or the stage."""
    state: str
    word: str
    """The state in words."""
    reason: str
    evidence: str
    photo: str | None
    proposed: str
    """The proposer, and when."""
    confirmed: str | None
    ended: str | None
    """The person who took it back, when and why."""
    confirm_url: str | None
    why_not: str | None
    """Why the reader cannot confirm what waits, and who can."""
    withdraw_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRow:
    """A row that came with the competition's file."""

    who: str
    what: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionForm:
    """The form for the next."""

    values: Mapping[str, str]
    """The typed values, by the field's name."""
    kinds: Sequence[Choice]
    effects: Sequence[str]
    """The effects of each kind on marks and place."""
    places: Sequence[Choice]
    locked: Sequence[Link]
    """The parts that are locked already, so that nothing can be written down."""
    blind: str | None
    """The name to write in blind events, and who knows it; None if there are none."""
    codes_url: str | None
    """The address of the codes, for whoever may see them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionUrls:
    """The links of the page."""

    back: Link
