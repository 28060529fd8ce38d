"""A prize as a form has it: texts, one for each thing that a form can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compete.domain.values.messages import msg
from compete.services.competitions.draft_fields import (
    ChoiceField,
    NumberField,
    RuleField,
    ShareField,
    WholeField,
    told,
)


@dataclass(frozen=True, slots=True)
class AllPassedField(ChoiceField):
    """The field of modules to be passed: empty, `all` or `taken`; a file's true is `all`."""

    def of(self, value: Any) -> str:
        return value if isinstance(value, str) else "all" if value else ""

    def written(self, now: Any) -> Any:
        return True if now == "all" else now


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDraft:
    """A prize: for so many, or for a share of those ranked in per cent."""

    was: str = ""
    name: str = told(RuleField, "name", msg("奖项"), needed=True)
    top: str = told(WholeField, "top", msg("几个"), msg("和百分比写一样"))
    percent: str = told(ShareField, "ratio", msg("百分之几"), msg("和人数写一样"))
    scope: str = told(ChoiceField, "scope", msg("给谁"), usual="entrants")
    """`entrants`, `teams` or `items`."""
    round: str = told(ChoiceField, "round", msg("小数怎么取整"), usual="half_up")
    """The rounding of a share: `floor`, `ceil` or `half_up`."""
    at_least: str = told(WholeField, "at_least", msg("至少几个"))
    """The fewest of them, whatever the share is."""
    min_total: str = told(NumberField, "min_total", msg("成绩至少多少分"))
    within: str = told(NumberField, "within", msg("和最后一个相差几分以内的也给"))
    """By how many points below the last one somebody gets it all the same."""
    pass_modules: str = told(AllPassedField, "pass_modules", msg("模块合格"), choices="passing")

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        typed = self.name or self.top or self.percent or self.at_least or self.min_total
        return not (self.was or typed)
