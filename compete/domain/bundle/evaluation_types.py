"""Grade evaluations: the bundle format, section "Evaluations".

Types, and what both the checks and the scorer read out of them.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta

from compete.domain.bundle.grade_types import Holds
from compete.domain.values.kinds import EntrantGroup
from compete.domain.values.record import Code, Count, Extra, Record

Years = Annotated[int, Meta(ge=1, le=99)]
Attempt = Annotated[int, Meta(ge=2, le=99)]
CarryMonths = Annotated[int, Meta(ge=1, le=120)]

MOST_RESITS = 98
USUAL_LINE = Fraction(60, 100)


class WantedPapers(Record, frozen=True, kw_only=True):
    """A paper of one of these kinds, for so many years."""

    of: Annotated[tuple[str, ...], Meta(min_length=1)]
    years: Annotated[int, Meta(ge=0, le=99)] = 0
    extra: Extra | None = None


class ApplyWhen(Record, frozen=True, kw_only=True):
    """The conditions of one line, at least one, all to be met, in the order as they are told."""

    holds: Holds | None = None
    years_in_grade: Years | None = None
    years_in_trade: Years | None = None
    min_age: Years | None = None
    papers: WantedPapers | None = None
    groups: Annotated[tuple[EntrantGroup, ...], Meta(min_length=1)] = ()
    extra: Extra | None = None


class ApplyLine(Record, frozen=True, kw_only=True):
    """A line of conditions, of which one will do."""

    code: Code
    cite: str | None = None
    when: ApplyWhen
    extra: Extra | None = None


class Trade(Record, frozen=True, kw_only=True):
    """Whole months of work in the occupation, as counted on a day."""

    months: Count
    at: date
    extra: Extra | None = None


class Paper(Record, frozen=True, kw_only=True):
    kind: str
    since: date
    extra: Extra | None = None


class CarriedFrom(Record, frozen=True, kw_only=True):
    """The place where a carried mark was published."""

    competition: str
    event: str
    entrant: str
    publication: str
    extra: Extra | None = None


class CarryVoid(Record, frozen=True, kw_only=True):
    day: date
    reason: str
    extra: Extra | None = None


class Carried(Record, frozen=True, kw_only=True):
    """A mark brought from another sitting; a void one counts as if it were not there."""

    of: str
    mark: Decimal
    until: date
    from_: CarriedFrom = msgspec.field(name="from")
    void: CarryVoid | None = None
    extra: Extra | None = None


class Resit(Record, frozen=True, kw_only=True):
    """The earlier attempt that is tried again; `competition` None is this one."""

    competition: str | None = None
    event: str
    entrant: str
    attempt: Attempt
    extra: Extra | None = None
