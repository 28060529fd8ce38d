"""Shapes of the page of awards and promotions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.services.closing.rule_pack_confirmations import PackQuestion
from compete.web.conditions import ConditionLine
from compete.web.organiser.shapes import View
from compete.web.paging import Paging
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHead:
    """An award over those who have it."""

    name: str
    count: str
    """The number of people who have it: 3 人."""
    ranks: str
    """The share that gives it, and the first and the last rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act on somebody's grade."""

    key: str
    """`link`, or what is decided: `approve`, `hold`, `refuse`."""
    label: str
    url: str
    likely: bool = False
    """True if it is the likelier of two, which is edged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """An open point against a rise: something unmet, or unknown."""

    fact: str
    source: str
    """The source of the fact; empty if the fact says so."""
    acts: Sequence[Act]
    doubted: bool
    """True if it is to be decided here; else the rules have decided it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person: place, award and honours, the grade of now and the next, the conditions."""

    id: str
    group: GroupHead | None
    """The award, over the first of a page who has it."""
    rank: int | None
    name: str
    now: str | None
    """The name of now, where it was corrected since."""
    unit: str
    honours: Sequence[str]
    changed: str | None
    """Says that a correction touched the row: 第 2 版改了."""
    total: str | None
    of_stage: str | None
    """The stage that the total is of, where it is an earlier one than the last."""
    present: str
    """The grade that the person has; empty where none is written down."""
    to: str | None
    """The next grade; None if the person does not rise."""
    state: str | None
    """A value of `GradeState`, or `left`; None while nothing is to be decided."""
    said: Chip
    """The conditions in a phrase."""
    tie: str | None
    """The tie-break that parted them from those just before with the same total."""
    then: str | None
    """The other rank by which it was decided."""
    reason: str | None
    """Why it was put off or refused."""
    decided: str | None
    """The person who decided, and when."""
    conditions: Sequence[ConditionLine]
    rule: str | None
    point: OpenPoint | None
    acts: Sequence[Act]
    """The other decisions that can be made."""
    seen: str
    """The state that the page shows, sent with the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeRow:
    """A team that won, or a contestant that won a single item."""

    group: GroupHead | None
    rank: int | None
    name: str
    unit: str
    """Empty for a team."""
    total: str | None
    tie: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FootAct:
    """A button of the foot: a way on, or what is posted."""

    label: str
    url: str
    posts: bool = False
    asks: str = ""
    """The check to make before it is posted as checked; empty if there is none."""
    next_open: bool = False
    """True if it goes to the next person to be decided on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """The numbers that can be approved and that wait for a decision; the next act."""

    title: str
    lines: Sequence[str]
    beside: Sequence[FootAct]
    next: FootAct | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardsPage:
    """Awards and promotions, a row a person; teams and single items under tabs of their own."""

    entrants: str
    """The number of people who take part: 30 人."""
    chips: Sequence[Chip]
    tabs: Sequence[View]
    """People, teams, single items; empty where there are people alone."""
    views: Sequence[View]
    """Filters with their counts; empty where no rule raises anybody."""
    open_count: int
    people: Sequence[PersonRow]
    prizes: Sequence[PrizeRow]
    raises: bool
    """True if grades are given at all."""
    page: Paging
    warning: str | None
    """Why nothing can be decided, or why what is shown is not what is published."""
    notes: Sequence[str]
    questions: Sequence[PackQuestion]
    foot: Foot | None
    listed: bool
    """True if there is a list for the certifying body."""
