"""What the page of changes to squares shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change: which square, what stood and what stands, who, when, why."""

    when: str
    who: str
    source: str
    unit: str
    unit_url: str
    period: str
    indicator: str
    was: str
    now: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the filters say; empty for all."""

    unit: str
    period: str
    indicator: str
    department: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """The changes that were asked for, newest first."""

    competition: CompetitionLink
    back_url: str
    act: str
    book_url: str
    """The list as a workbook, filtered as it is."""
    chosen: Chosen
    units: Sequence[Choice]
    periods: Sequence[Choice]
    indicators: Sequence[Choice]
    departments: Sequence[Choice]
    rows: Sequence[ChangeRow]
    page: Paging
