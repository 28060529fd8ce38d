"""A year's series in one value: its nodes, what they reported, and who may go up.

A `Series` that came from `read_series` keeps every promise of the format.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from compete.domain.bundle.grade_types import Holds
from compete.domain.values.kinds import EntrantGroup, Level
from compete.domain.values.record import Code, Extra, GradeNumber, Record, Year

_MOST = 1_000_000_000

Count = Annotated[int, Meta(ge=0, le=_MOST)]
Ordinal = Annotated[int, Meta(ge=1, le=_MOST)]

HEIGHTS: Mapping[Level, int] = {
    Level.ENTERPRISE: 1,
    Level.MUNICIPAL: 2,
    Level.INDUSTRY: 2,
    Level.PROVINCIAL_1: 3,
    Level.PROVINCIAL_2: 3,
    Level.NATIONAL_1: 4,
    Level.NATIONAL_2: 4,
}
"""Nobody goes up to a level of a lower height."""


class BerthTies(StrEnum):
    """The ways to treat people of one rank where places are too few for them."""

    UNDECIDED = "undecided"
    INCLUDE = "include"


class NominationState(StrEnum):
    """The answers to a nomination: the person's own, or a ruling that they may not go."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    INELIGIBLE = "ineligible"


class About(Record, frozen=True, kw_only=True):
    """The series itself."""

    code: Code
    name: str
    year: Year | None = None
    organiser: str | None = None
    extra: Extra | None = None


class Here(Record, frozen=True, kw_only=True):
    """A competition of this installation, and what was counted there."""

    competition: Code
    sessions: Count
    entrants: Count
    extra: Extra | None = None


class Node(Record, frozen=True, kw_only=True):
    """A place of the series; without `here` it is held elsewhere, or only gathers."""

    code: Code
    name: str
    level: Level
    parent: str | None = None
    organiser: str | None = None
    here: Here | None = None
    extra: Extra | None = None


class Report(Record, frozen=True, kw_only=True):
    """The counts of a node as it reported them; `replaces` is an earlier report's code."""

    code: Code
    node: str
    sessions: Count
    people: Count
    examined: Count = 0
    passed: Count = 0
    day: date
    by: str
    replaces: str | None = None
    extra: Extra | None = None


class Person(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    unit: str | None = None
    group: EntrantGroup = EntrantGroup.WORKER
    birth: date | None = None
    grade: GradeNumber | None = None
    extra: Extra | None = None


class StandingRow(Record, frozen=True, kw_only=True):
    person: str
    rank: Ordinal | None = None
    total: Decimal | None = None
    extra: Extra | None = None


class NodeStandings(Record, frozen=True, kw_only=True):
    """The final standings of an event of a node, as published or reported."""

    node: str
    event: Code
    rows: tuple[StandingRow, ...] = ()
    extra: Extra | None = None


class Age(Record, frozen=True, kw_only=True):
    """Whole years completed on a day; at least one of `from_` and `to` is given."""

    from_: Count | None = msgspec.field(name="from", default=None)
    to: Count | None = None
    on: date
    extra: Extra | None = None


class BerthWhen(Record, frozen=True, kw_only=True):
    """Conditions, all of which must hold, in the order in which they are told."""

    max_rank: Ordinal | None = None
    min_total: Decimal | None = None
    groups: Annotated[tuple[EntrantGroup, ...], Meta(min_length=1)] = ()
    holds: Holds | None = None
    age: Age | None = None
    extra: Extra | None = None


class Berth(Record, frozen=True, kw_only=True):
    """Places of an event further up, for people of an event of a node."""

    code: Code
    from_: str = msgspec.field(name="from")
    event: Code
    to: str
    to_event: Code
    places: Ordinal
    per_unit: Ordinal | None = None
    substitutes: Count = 0
    ties: BerthTies = BerthTies.UNDECIDED
    when: BerthWhen = BerthWhen()
    begun: bool = False
    extra: Extra | None = None

    @property
    def goal(self) -> tuple[str, str]:
        """The node and event that it leads to."""
        return self.to, self.to_event


class Settled(Record, frozen=True, kw_only=True):
    """People of one rank of a berth put in order, and by what (`method`)."""

    berth: str
    order: Annotated[tuple[str, ...], Meta(min_length=2)]
    method: str = msgspec.field(name="how")
    extra: Extra | None = None


class Nomination(Record, frozen=True, kw_only=True):
    """An answer; of several for one berth and person the last counts."""

    berth: str
    person: str
    state: NominationState
    day: date
    reason: str | None = None
    extra: Extra | None = None


class OutsideResult(Record, frozen=True, kw_only=True):
    """A place in a contest of somebody else's, by its document."""

    code: Code
    person: str
    contest: str
    host: str
    level: Level
    day: date
    event: str
    rank: Ordinal | None = None
    of: Count | None = None
    honours: tuple[str, ...] = ()
    document: str
    entered_by: str
    agreed_by: str
    extra: Extra | None = None


class Series(Record, frozen=True, kw_only=True):
    format: Literal["compete-series/1"]
    series: About
    nodes: tuple[Node, ...] = ()
    reports: tuple[Report, ...] = ()
    people: tuple[Person, ...] = ()
    standings: tuple[NodeStandings, ...] = ()
    berths: tuple[Berth, ...] = ()
    settled: tuple[Settled, ...] = ()
    nominations: tuple[Nomination, ...] = ()
    outside: tuple[OutsideResult, ...] = ()
    extra: Extra | None = None
