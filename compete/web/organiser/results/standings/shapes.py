"""Shapes of the standings: view models of `organiser/results/standings/*.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from compete.domain.explanation.steps import Step
from compete.web.organiser.shapes import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column between name and total."""

    key: str
    """`part:CODE`, `module:CODE` or `time:CODE`."""
    label: str
    least: Decimal | None = None
    """The least value that has to be reached there to pass."""
    soft: bool = False
    """True if it stands back behind the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """A tie key of two people."""

    key: str
    values: Sequence[str]
    """The values in the order of the names."""
    result: str
    decided: bool
    """True if one is ahead by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two people with the same total, and what was compared in turn."""

    names: Sequence[str]
    rows: Sequence[ComparedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRow:
    """怎么算出来的: how one total came about."""

    title: str
    sums: Sequence[tuple[str, str | None, str]]
    """The summands: what each is, how it came about (`91.00 × 20% =`), and its value."""
    compare: Comparison | None
    tree: Sequence[Step] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A contestant by name and unit."""

    name: str
    unit: str
    now: str = ""
    """The name of now, where it was corrected since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow(Named):
    """A contestant, or a unit, with rank and total."""

    id: str
    """The number of the person, or the code of a unit."""
    rank: int | None
    total: str | None
    values: Mapping[str, Figure] = field(default_factory=dict)
    """The values by the key of the column."""
    of_stage: str | None = None
    """The stage that the total is of, where it is an earlier one than the last."""
    scaled: str | None = None
    """The standard score, in an event that has them."""
    award: str | None = None
    """Awards in words."""
    grade: str | None = None
    """New grades in words."""
    grade_refused: str | None = None
    """The condition that keeps from a grade."""
    tie: str | None = None
    """What parted it from who stands before with the same total."""
    note: str | None = None
    """The stage after which it was over, and whether it is under appeal."""
    open: bool = False
    """True if it is explained."""
    explains: bool = False
    """True if it can be opened."""
    explained: ExplainedRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A team."""

    rank: int | None
    name: str
    sum: str
    """Its members' totals, with ＋ between them."""
    total: str | None
    notes: Sequence[str] = ()
    """Why it is not ranked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """The teams beside the standings."""

    note: str
    """The way their totals are made."""
    rows: Sequence[TeamRow]
    """The first."""
    left: int
    """The number of further ones."""
