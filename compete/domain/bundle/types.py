"""A whole competition in one value: the bundle format.

A `Bundle` that
came from `read_bundle` keeps every promise of the format; one put together by
hand may be written with `write_bundle` and read back to have it checked.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from compete.domain.bundle.evaluation_types import Carried, Paper, Resit, Trade
from compete.domain.bundle.event_types import (
    Event,
)
from compete.domain.bundle.labour_types import (
    Labour,
)
from compete.domain.bundle.overall_types import Overall
from compete.domain.values.kinds import (
    CrewRole,
    EntrantGroup,
    JudgeRole,
    Kind,
    Level,
    OutcomeStatus,
    PlayoffKind,
)
from compete.domain.values.record import Code, Extra, GradeNumber, Record, Year

BundleFormat = Literal["compete-bundle/1", "compete-bundle/2"]

_Equals = Annotated[tuple[str, ...], Meta(min_length=1)]


class Competition(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    kind: Kind
    level: Level
    year: Year | None = None
    starts: date | None = None
    ends: date | None = None
    host: str | None = None
    series: str | None = None
    venue: str | None = None
    extra: Extra | None = None


class Unit(Record, frozen=True, kw_only=True):
    """An organisation that sends people; `parent` is the one it stands below."""

    code: Code
    name: str
    parent: str | None = None
    extra: Extra | None = None


class Judge(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    unit: str | None = None
    role: JudgeRole | None = None
    extra: Extra | None = None


class Member(Record, frozen=True, kw_only=True):
    """One of the people of a crew; a `role` or `group` left out is the crew's default."""

    code: Code
    name: str
    role: CrewRole | None = None
    id_number: str | None = None
    group: EntrantGroup | None = None
    grade: GradeNumber | None = None
    promoted: Year | None = None
    phone: str | None = None
    gender: str | None = None
    birth: date | None = None
    extra: Extra | None = None


class Entrant(Record, frozen=True, kw_only=True):
    """One person in one event, or one crew. `grade` is 5 (lowest) to 1 (highest), or None.

    A crew has `members`, two or more, and of the personal keys only `group`.
    What comes after `members` belongs to evaluations.
    """

    code: Code
    name: str
    event: str
    unit: str
    id_number: str | None = None
    group: EntrantGroup = EntrantGroup.WORKER
    grade: GradeNumber | None = None
    promoted: Year | None = None
    team: str | None = None
    phone: str | None = None
    gender: str | None = None
    birth: date | None = None
    members: tuple[Member, ...] = ()
    grade_since: date | None = None
    trade: Trade | None = None
    papers: tuple[Paper, ...] = ()
    carried: tuple[Carried, ...] = ()
    resit: Resit | None = None
    exempt: bool = False
    """True if two let this person try without meeting a line of conditions (特准)."""
    extra: Extra | None = None


class Team(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    event: str
    unit: str
    extra: Extra | None = None


class Mark(Record, frozen=True, kw_only=True, gc=False):
    """One judge's value for one aspect of one entrant.

    `value` is a bool where the aspect is a measurement without bands, and a
    Decimal everywhere else, whether the file had a text or a number; Decimals
    have at most 18 digits before and 12 after the point. `difficulty` is the
    entrant's, of a `factored` aspect alone.
    """

    stage: str
    module: str
    entrant: str
    judge: str
    aspect: str
    value: bool | Decimal
    difficulty: Decimal | None = None
    at: str | None = None
    extra: Extra | None = None


class Outcome(Record, frozen=True, kw_only=True):
    """An outcome of an entrant. Without a `module` it is for the whole stage."""

    stage: str
    module: str | None = None
    entrant: str
    status: OutcomeStatus
    reason: str | None = None
    extra: Extra | None = None


class Penalty(Record, frozen=True, kw_only=True):
    """A penalty: `points` off the module, or `seconds` on its timed values."""

    stage: str
    module: str
    entrant: str
    points: Decimal | None = None
    seconds: Decimal | None = None
    reason: str | None = None
    extra: Extra | None = None


class WorkingTime(Record, frozen=True, kw_only=True):
    stage: str
    module: str
    entrant: str
    seconds: Decimal
    extra: Extra | None = None


class Playoff(Record, frozen=True, kw_only=True):
    """A playoff of equals of a stage, best first; a list within `order` stays equal."""

    event: str
    stage: str
    order: Annotated[tuple[str | _Equals, ...], Meta(min_length=2)]
    kind: PlayoffKind
    reason: str
    at: str | None = None
    extra: Extra | None = None


class Bundle(Record, frozen=True, kw_only=True):
    """One competition. `labour` belongs to labour, `events` and the rest to the other kinds."""

    format: BundleFormat
    competition: Competition
    units: tuple[Unit, ...] = ()
    judges: tuple[Judge, ...] = ()
    entrants: tuple[Entrant, ...] = ()
    teams: tuple[Team, ...] = ()
    events: tuple[Event, ...] = ()
    marks: tuple[Mark, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    times: tuple[WorkingTime, ...] = ()
    playoffs: tuple[Playoff, ...] = ()
    overall: tuple[Overall, ...] = ()
    labour: Labour | None = None
    extra: Extra | None = None
