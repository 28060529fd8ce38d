"""Shapes of the pages about the periods of a labour competition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.domain.values.period_states import PeriodState
from compete.models import PeriodCorrection
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period in the list; `depth` from 0 for the whole."""

    code: str
    name: str
    depth: int
    state: PeriodState
    said: str
    """The time it was closed and by whom, and what was missing."""
    next: bool
    """True if it can be closed now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagKeepForm:
    """The periods in a row after which a flag may be kept for good, as typed."""

    after: str
    of: str
    sorts: Sequence[Choice]
    """The sorts of periods, by the first of each."""
    said: str
    """The rules in force, in words."""
    reason: str | None
    """Why, as it was typed; None while one person alone may set it."""
    problem: str | None = None
    reason_problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """The moves by a correction, of one unit in one period; texts before and after."""

    period: str
    unit: str
    totals: tuple[str, str]
    ranks: tuple[str, str]
    also: Sequence[str]
    """Flag, warning and incident, where these are others, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionCard:
    """A correction, with its moves."""

    row: PeriodCorrection
    title: str
    said: str
    """The people who asked and who ended it, when."""
    shifts: Sequence[ShiftRow]
    more: int
    """The number of units that moved besides those shown."""
    waits: bool
    why_not: str | None
    """The reason the viewer cannot be the second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionForm:
    """The form of a correction, as it was typed."""

    kinds: Sequence[Choice]
    units: Sequence[Choice]
    indicators: Sequence[Choice]
    typed: Mapping[str, str] = field(default_factory=dict)
    """The typed values by the fields' names."""
    problem: str | None = None
    reason_problem: str | None = None


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag of the period, by the unit that has it."""

    code: str
    name: str
    note: str
    """The group, or that a correction gave the flag to another since."""
    keeps: bool
    """True if it may stay for good, or somebody has said so."""
    stays: str
    """Words on how long the unit has had it, and that it may stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterForm:
    """The follow-up of a closed period; it stands in the bulletin."""

    flags: Sequence[FlagRow]
    talks: Sequence[tuple[str, str, str]]
    """Units with a warning or a veto: code, name, why."""
    fields: Mapping[str, str]
    """The values by the fields' names, as they stand or were typed."""
    problems: Mapping[str, str]
    """The faults, by the same names."""
    helpers: Sequence[str]
    """The people who may be named: departments with those who enter for them."""
    problem: str | None = None
