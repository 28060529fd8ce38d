"""An aspect as the bundle format writes it, and the types that there are."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from compete.domain.values.kinds import Better
from compete.domain.values.record import Code, Extra, Record, Scale


class AspectType(StrEnum):
    """The ways in which a judge's value becomes marks."""

    SCORE = "score"
    JUDGEMENT = "judgement"
    MEASUREMENT = "measurement"
    CHECKLIST = "checklist"
    DEDUCTION = "deduction"
    TIME = "time"
    RELATIVE = "relative"
    FACTORED = "factored"


def type_of(written: str) -> AspectType:
    """The type that a draft says; an unknown one counts as a score, as an empty row does."""
    return AspectType(written) if written in set(AspectType) else AspectType.SCORE


class Band(Record, frozen=True, kw_only=True):
    """Deviations up to `within`, both included, bring `marks`."""

    within: Decimal
    marks: Decimal
    extra: Extra | None = None


MOST_CHECKS = 50
"""The most things that a checklist may look at."""

MOST_DIFFICULTIES = 50
"""The most difficulties that can be chosen from."""


class Aspect(Record, frozen=True, kw_only=True):
    """An aspect: one thing that is marked.

    Which of the keys from `step` on mean something depends on `type`; the
    reader makes sure that those which the type needs are there. What else a
    type makes of them is asked of `kind_of(aspect)`.
    """

    code: Code
    name: str
    type: AspectType
    max: Decimal
    factor: Decimal = Decimal(1)
    criterion: str | None = None
    standard: str | None = None
    step: Decimal = Decimal("0.01")
    min: Decimal = Decimal(0)
    scale: Scale = 3
    bands: tuple[Band, ...] = ()
    checks: Annotated[tuple[str, ...], Meta(max_length=MOST_CHECKS)] = ()
    points: Decimal | None = None
    full_at: Decimal | None = None
    zero_at: Decimal | None = None
    better: Better = Better.LOWER
    top: Decimal | None = None
    difficulties: Annotated[tuple[Decimal, ...], Meta(max_length=MOST_DIFFICULTIES)] = ()
    extra: Extra | None = None
