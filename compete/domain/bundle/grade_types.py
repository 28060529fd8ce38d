"""From a place to a skill grade: the bundle format, section "Grade rules".

Grades are 5 初级工, 4 中级工, 3 高级工, 2 技师, 1 高级技师: the lower number is
the higher grade.
"""

from decimal import Decimal
from typing import Literal

from compete.domain.values import (
    Code,
    Count,
    EntrantGroup,
    Extra,
    GradeNumber,
    Level,
    Ordinal,
    Record,
)


class ItemPlace(Record, frozen=True, kw_only=True):
    """A place in a single item; code `any` is the best place in any of them."""

    code: Code
    max_rank: Ordinal
    extra: Extra | None = None


class Holds(Record, frozen=True, kw_only=True):
    """Holds grade `at_least` or a higher one; grade `at_most` or a lower one, or none."""

    at_least: GradeNumber | None = None
    at_most: GradeNumber | None = None
    extra: Extra | None = None


class When(Record, frozen=True, kw_only=True):
    """Conditions, all of which must hold. What is None, empty or false asks nothing."""

    levels: tuple[Level, ...] = ()
    groups: tuple[EntrantGroup, ...] = ()
    max_rank: Ordinal | None = None
    awards: tuple[str, ...] = ()
    item: ItemPlace | None = None
    top_percent: Decimal | None = None
    min_total: Decimal | None = None
    pass_modules: Literal["all"] | tuple[str, ...] | None = None
    once_a_year: bool = False
    under: tuple[str, ...] = ()
    holds: Holds | None = None
    min_ranked: Count | None = None
    extra: Extra | None = None


class Grant(Record, frozen=True, kw_only=True):
    """Grade `to`, or `up` grades above the present one within `floor` and `ceiling`."""

    to: GradeNumber | None = None
    up: Count | None = None
    floor: GradeNumber | None = None
    ceiling: GradeNumber = 1
    max_step: Count | None = None
    titles: tuple[str, ...] = ()
    extra: Extra | None = None


class GradeRule(Record, frozen=True, kw_only=True):
    code: Code
    cite: str | None = None
    when: When = When()
    grant: Grant
    extra: Extra | None = None
