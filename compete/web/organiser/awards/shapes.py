"""What the page of awards and promotions shows."""

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
    """How many have it: 3 人."""
    ranks: str
    """By which share, and from which rank to which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What can be done about somebody's grade."""

    key: str
    """`link`, or what is decided: `approve`, `hold`, `refuse`."""
    label: str
    url: str
    likely: bool = False
    """Whether it is the likelier of two, which is edged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """What stands against a rise, or what of it nobody knows."""

    fact: str
    source: str
    """Where it is written; empty where the fact says so."""
    acts: Sequence[Act]
    doubted: bool
    """Whether it is to be decided here; else the rules have decided it."""


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
    """That a correction touched the row: 第 2 版改了."""
    total: str | None
    of_stage: str | None
    """The stage that the total is of, where it is an earlier one than the last."""
    present: str
    """The grade that the person has; empty where none is written down."""
    to: str | None
    """The next grade; None for who does not rise."""
    state: str | None
    """A value of `GradeState`, or `left`; None while nothing is to be decided."""
    said: Chip
    """The conditions in a phrase."""
    tie: str | None
    """What parted them from those just before with the same total."""
    then: str | None
    """On which other rank it was decided."""
    reason: str | None
    """Why it was put off or refused."""
    decided: str | None
    """Who decided, and when."""
    conditions: Sequence[ConditionLine]
    rule: str | None
    point: OpenPoint | None
    acts: Sequence[Act]
    """What else can be decided."""
    seen: str
    """The state that the page shows, sent with what is decided."""


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
    """What is looked at before it is posted as checked; empty where nothing is."""
    next_open: bool = False
    """Whether it goes to the next person to be decided on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """How many can be approved and how many wait for a decision; what is done next."""

    title: str
    lines: Sequence[str]
    beside: Sequence[FootAct]
    next: FootAct | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardsPage:
    """Awards and promotions, a row a person; teams and single items under tabs of their own."""

    entrants: str
    """How many take part: 30 人."""
    chips: Sequence[Chip]
    tabs: Sequence[View]
    """People, teams, single items; empty where there are people alone."""
    views: Sequence[View]
    """Filters with their counts; empty where no rule raises anybody."""
    open_count: int
    people: Sequence[PersonRow]
    prizes: Sequence[PrizeRow]
    raises: bool
    """Whether grades are given at all."""
    page: Paging
    warning: str | None
    """Why nothing can be decided, or why what is shown is not what is published."""
    notes: Sequence[str]
    questions: Sequence[PackQuestion]
    foot: Foot | None
    listed: bool
    """Whether there is a list for the certifying body."""
