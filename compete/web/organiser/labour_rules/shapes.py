"""Shapes of the page about a labour competition's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.rule_differences import ChangeLine, DifferenceGroup
from compete.web.organiser.shapes import CompetitionLink
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator, with the points of one value."""

    heading: str
    name: str
    most: str
    kind: str
    """The way from a value to points, in words."""
    example: str
    department: str
    """The department; empty if none enters it."""
    own: bool
    """True if units assess themselves in it."""
    asked: str
    """The periods that ask for it, if not all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLine:
    """A period; `depth` from 0 for the whole."""

    name: str
    depth: int
    weight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFault:
    """A part of a workbook that was not understood, with its place."""

    place: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPreview:
    """A workbook that was read and is not in force: what it changes, and itself as text."""

    differences: Sequence[DifferenceGroup]
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourRulesPage:
    """The rules in force."""

    competition: CompetitionLink
    back_url: str
    indicators: Sequence[IndicatorRow]
    most: str
    """The most points of all indicators asked in the first leaf period together."""
    periods: Sequence[PeriodLine]
    facts: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, str]]
    """Each with how many units; empty where all are one group."""
    units: int
    own_url: str
    book_url: str
    scheme_url: str | None
    """All that another one can be begun from."""
    form_url: str | None
    """The address to change them one by one."""
    upload_url: str | None
    by_two: str | None
    """Why a second person is asked; None while one may change them."""
    waiting: ChangeLine | None
    """The change that waits for a second person: none is asked for beside it."""
    changes: Sequence[ChangeLine]
    """The earlier changes, newest first."""
    version: str
    starts: Sequence[Choice]
    """The periods from which new rules could hold."""
    typed: Mapping[str, str]
    """The typed values by the fields' names."""
    preview: RulesPreview | None
    problem: str | None
    faults: Sequence[BookFault]
    departments_url: str | None
    units_url: str | None
    limit: str
