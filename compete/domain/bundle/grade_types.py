"""Grade rules, from a place to a skill grade: the bundle format, section "Grade rules".

Grades are 5 初级工, 4 中级工, 3 高级工, 2 技师, 1 高级技师: the lower number is
the higher grade.
"""

from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from msgspec import Meta

from compete.domain.values.kinds import CrewRole, EntrantGroup, Level
from compete.domain.values.record import Code, Count, Extra, GradeNumber, Ordinal, Record

_Wanted = TypeVar("_Wanted")
_Some = Annotated[tuple[_Wanted, ...], Meta(min_length=1)]
"""A list that asks for one of its words: an empty one could never hold."""


class ItemPlace(Record, frozen=True, kw_only=True):
    """A place in a single item; code `any` is the best place in any of them."""

    code: Code
    max_rank: Ordinal
    extra: Extra | None = None


class Holds(Record, frozen=True, kw_only=True):
    """The condition to hold grade `at_least` or higher; `at_most` or lower, or none."""

    at_least: GradeNumber | None = None
    at_most: GradeNumber | None = None
    extra: Extra | None = None

    def met_by(self, grade: int | None) -> bool:
        """True if it holds for somebody of this grade, or of none."""
        least, most = self.at_least, self.at_most
        enough = least is None or (grade is not None and grade <= least)
        return enough and (most is None or grade is None or grade >= most)


class When(Record, frozen=True, kw_only=True):
    """Conditions, all of which must hold. What is None, empty or false asks nothing.

    An empty list can't be read: only leaving it out makes one. `roles` left
    out is the main role: ask `wanted_roles`.
    """

    levels: _Some[Level] = ()
    groups: _Some[EntrantGroup] = ()
    max_rank: Ordinal | None = None
    awards: _Some[str] = ()
    item: ItemPlace | None = None
    top_percent: Decimal | None = None
    min_total: Decimal | None = None
    pass_modules: Literal["all", "taken"] | _Some[str] | None = None
    once_a_year: bool = False
    under: _Some[str] = ()
    holds: Holds | None = None
    min_ranked: Count | None = None
    roles: _Some[CrewRole] = ()
    extra: Extra | None = None

    @property
    def wanted_roles(self) -> tuple[CrewRole, ...]:
        """The roles that the rule is for."""
        return self.roles or (CrewRole.MAIN,)


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
