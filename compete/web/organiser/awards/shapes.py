"""What the page of awards and proposed grades shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.conditions import ConditionLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """Who won an award: a contestant, a team, or one of a crew."""

    rank: int | None
    name: str
    unit: str
    """Empty for a team."""
    total: str | None
    of_stage: str | None = None
    """The stage that the total is of, where it is an earlier one than the last."""
    tie: str | None
    """What parted them from those just before with the same total."""
    waits: str | None
    """The honour as another body has not approved it: 江苏省技术能手（等核准）."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardList:
    """An award with the first who won it, of `total`."""

    name: str
    people: Sequence[Winner]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftGrade:
    """What the results say where a certificate is out for a grade that they give no more."""

    text: str
    url: str | None
    """Where it is settled, once it can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRow:
    """A proposed grade."""

    id: str
    name: str
    now: str | None
    """The name of now, where it was corrected since."""
    unit: str
    rank: int | None
    tie: str | None
    """What parted them from those just before with the same total."""
    then: str | None
    """On which other rank it was decided."""
    left: LeftGrade | None
    present: str
    """The grade that the person has; empty for none."""
    to: str
    """The grade proposed."""
    leap: str | None
    """That it is several grades above the present one."""
    state: str
    """A value of `GradeState`, or `left`."""
    reason: str | None
    """Why it was held or refused."""
    decided: str | None
    """Who decided, and when."""
    conditions: Sequence[ConditionLine]
    rule: str
    approve_url: str | None = None
    """An address is given only where the move is allowed."""
    hold_url: str | None = None
    refuse_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """Somebody who fell short of one condition alone."""

    name: str
    unit: str
    rank: int
    tie: str | None
    """What parted them from those just before with the same total."""
    why: str | None
    conditions: Sequence[ConditionLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveAll:
    """The way to approve all that are proposed, `count` of them."""

    url: str
    count: int
    leaps: str | None = None
    """Who would rise several grades at once, to be looked at before; None for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackQuestion:
    """What a rule pack presumes, to be confirmed before anybody is approved by it."""

    title: str
    presumes: str
    found: str
    """What the competition's people are like."""
    pack: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """What a re-check still keeps from being announced."""

    why: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftToSettle:
    """What a new version leaves to be settled."""

    text: str
    url: str
