"""Shapes of the form of a labour competition's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    PeriodDraft,
    UnitDraft,
)
from compete.web.organiser.events.shapes import RowView, Trouble
from compete.web.organiser.rule_differences import ChangeLine
from compete.web.organiser.shapes import CompetitionLink, WorkedRow
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFields:
    """A period's row; `path` is how its fields begin."""

    path: str
    draft: PeriodDraft
    gone: bool
    """True if it was ticked to go, which was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFields:
    """An indicator's row; `opens`: whether its code and its periods are shown at once."""

    path: str
    draft: IndicatorDraft
    gone: bool
    leaves: Sequence[Choice]
    """The periods in which it may be asked."""
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourChoices:
    """The choices, and the proposals for typed fields."""

    kinds: Sequence[Choice]
    better: Sequence[Choice]
    missing: Sequence[Choice]
    veto_rank: Sequence[Choice]
    """None where the competition goes by a version of the file that leaves the rank."""
    ties: Sequence[Choice]
    flag_periods: Sequence[Choice]
    period_names: Sequence[str]
    headings: Sequence[str]
    departments: Sequence[str]
    groups: Sequence[str]
    starts: Sequence[Choice]
    """The periods from which changed rules could hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedField:
    """A value of the example; `target` is None where none is needed."""

    name: str
    label: str
    type: str
    value: str
    note: str
    """The values that may stand there."""
    target: str | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedView:
    """The worked example; `said` are its consequences: flag, warning."""

    rows: Sequence[WorkedRow]
    differs: bool
    said: Sequence[str]
    steps: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleView:
    """A made-up unit's period beside the rules."""

    try_url: str
    leaf: str
    leaves: Sequence[Choice]
    points: str
    fields: Sequence[TriedField]
    worked: WorkedView


@dataclass(frozen=True, slots=True, kw_only=True)
class FormUrls:
    """The links of the page."""

    here: str
    rules: str
    departments: str | None
    units: str | None
    periods: str | None
    """The address to give vetoes and points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourFormPage:
    """The values of `organiser/labour_form/form.html`. `problems` are sentences by field."""

    competition: CompetitionLink
    urls: FormUrls
    seen: str
    by_two: str | None
    """Why a second person is asked; None while one may change the rules alone."""
    stays: str | None
    """Why nothing can be changed now."""
    waiting: ChangeLine | None
    problem: str | None
    problems: Mapping[str, str]
    others: Sequence[Trouble]
    draft: LabourDraft
    periods: Sequence[PeriodFields]
    indicators: Sequence[IndicatorFields]
    units: Sequence[RowView[UnitDraft]]
    units_open: bool
    """True if they are shown at once: few, or something is wrong with one."""
    ties: Sequence[str]
    choices: LabourChoices
    typed: Mapping[str, str]
    """`reason` and `starts`."""
    example: ExampleView
