"""What the page of equals shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class TieCard:
    """Equals, and the form by which they are parted."""

    mark: str
    """What was looked at."""
    where: str
    """Stage and rank, with the event's name where there are several."""
    open: str | None
    """Which places stay open because of it; None where none does."""
    people: Sequence[str]
    event: str
    stage: str
    typed: Mapping[str, str]
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayoffRow:
    """One that was proposed; an address is given only for what the reader may do with it."""

    id: int
    what: str
    where: str
    order: str
    reason: str
    state: str
    word: str
    void: str | None
    """Why it parts nobody any more, though it is in force."""
    by: str
    confirm_url: str | None
    why_not: str | None
    withdraw_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TiesPage:
    """All of the page."""

    competition: CompetitionLink
    back: Link
    playoffs: Sequence[PlayoffRow]
    ties: Sequence[TieCard]
    """Those that keep places open."""
    others: Sequence[TieCard]
    kinds: Sequence[Choice]
    propose_url: str | None
    closed: str | None
    """Why none can be proposed now."""
    way: Link | None
    """Where that is put right."""
