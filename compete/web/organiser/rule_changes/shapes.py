"""What the page about a change of rules shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.differing import DifferenceGroup
from compete.web.organiser.months.shapes import ShiftRow
from compete.web.organiser.shapes import CompetitionLink, View
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedTable:
    """Who moved in one period."""

    views: Sequence[View]
    """The periods in which somebody moved."""
    rows: Sequence[ShiftRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChangeUrls:
    """What who looks may do; None for what they may not."""

    back: str
    agree: str | None
    refuse: str | None
    withdraw: str | None
    standings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChangePage:
    """A change, as it was asked for and as it ended."""

    competition: CompetitionLink
    title: str
    chip_of: Chip
    """Its state; `chip` is the macro that draws it."""
    reason: str
    said: Sequence[str]
    """Who asked and who ended it, when, with why."""
    holds: str
    """From when it holds."""
    touched: Sequence[str]
    """What is scored anew, in numbers alone; empty once that is done."""
    differences: Sequence[DifferenceGroup]
    moved: MovedTable | None
    """None until it is in force: nobody is to agree by who gains."""
    urls: RuleChangeUrls
    why_not: str | None
    problem: str | None
    typed: str
    """Why it is refused, as it was typed."""
