"""What the page about reported accidents shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentCard:
    """A report: what it says, how far it is, and what who looks may do; a url None: not that."""

    id: int
    title: str
    chip: Chip
    text: str
    said: Sequence[str]
    """Who reported it, what was asked for and by whom, what came of it, a line each."""
    file_name: str
    file_url: str | None
    asked_url: str | None
    """Where the veto or the points that were asked for stand, to be agreed to."""
    confirm_url: str | None
    refuse_url: str | None
    agree_url: str | None
    drop_url: str | None
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentsPage:
    """What `organiser/accidents/accidents.html` wants. What was refused stays in its form."""

    competition: CompetitionLink
    back_url: str
    book_url: str | None
    """All reports as a workbook; None while there is none."""
    kinds: Sequence[Choice]
    waiting: Sequence[AccidentCard]
    settled: Sequence[AccidentCard]
    typed_in: int | None
    typed: dict[str, str]
    problem: str | None
    reason_problem: str | None = None
