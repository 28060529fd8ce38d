"""What the standings show: view models of `organiser/standings/*.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.explanation.steps import Step
from compete.domain.values.messages import Message
from compete.web.organiser.shapes import Figure, Link, View
from compete.web.paging import Paging
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column between name and total."""

    key: str
    """`part:CODE`, `module:CODE` or `time:CODE`."""
    label: str
    least: Decimal | None = None
    """What has to be reached there to pass."""
    soft: bool = False
    """Whether it stands back behind the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What is added up to a total."""

    label: str
    text: str | None
    """How the value came about, as `91.00 × 20% =`."""
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """A tie key of two people."""

    key: str
    values: Sequence[str]
    """In the order of the names."""
    result: str
    decided: bool
    """Whether one is ahead by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two people with the same total, and what was compared in turn."""

    names: Sequence[str]
    rows: Sequence[ComparedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRow:
    """怎么算出来的: how one total came about."""

    title: str
    sums: Sequence[Term]
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
    rank: int | None
    number: str
    values: Mapping[str, Figure]
    """By the key of the column."""
    total: str | None
    of_stage: str | None = None
    """The stage that the total is of, where it is an earlier one than the last."""
    award: str | None = None
    """Awards in words."""
    grade: str | None = None
    """New grades in words."""
    grade_refused: str | None = None
    """The condition that keeps from a grade."""
    note: str | None = None
    """The stage after which it was over, and whether it is under appeal."""
    open: bool = False
    """Whether it is explained."""
    explains: bool = False
    """Whether it can be opened."""
    explained: ExplainedRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unranked(Named):
    """A contestant without a rank."""

    why: str


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

    title: str
    note: str
    """How their totals are made."""
    rows: Sequence[TeamRow]
    """The first."""
    more: Link | None
    """Where the others are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashWords:
    """The hash of what was published."""

    words: str
    digest: str
    """How it begins and ends, in figures."""
    when: str
    """When it was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAct:
    """What can be done with the standings, at the page's top."""

    label: str
    url: str
    kind: str = ""
    """The button's kind, as in `_parts/buttons.html`."""
    icon: str | None = None
    post: bool = False
    """Whether the button sends a form, with `fields` beside the token."""
    fields: Mapping[str, str] | None = None
    blocked: str | bool = False
    """Why it cannot be done yet, or that it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsTable:
    """What the page shows of live results."""

    stage: str
    views: Sequence[View]
    """Events and single items; empty where there is one view alone."""
    columns: Sequence[Column]
    grade_head: str
    """拟晋升, or 晋升等级 once the results stand."""
    rows: Sequence[StandingRow]
    teams: Teams | None
    unranked: Sequence[Unranked]
    """The first; `more_unranked` follow."""
    more_unranked: int
    page: Paging | None
    event: str
    item: str | None
    """What is shown besides the people: `units`, or a single item."""
    q: str
    """What was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsHead:
    """What the page says of the results as a whole."""

    chips: Sequence[Chip]
    hash: HashWords | None
    """None for live standings."""
    acts: Sequence[PageAct]
    provisional: Message | None
    """Why they may still change."""
