"""A grade rule as a form has it: its conditions and what it grants, a line here for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compete.domain.values.messages import msg
from compete.services.competitions.draft_fields import (
    ChoiceField,
    FlagField,
    LinesField,
    ListField,
    NoteField,
    NumberField,
    PercentField,
    TicksField,
    WholeField,
    draft_from,
    put_at,
    row_tree,
    told,
)

PASS_SOME = "some"
_ANY = msg("空着不看")


@dataclass(frozen=True, slots=True)
class PassingField(ChoiceField):
    """The field on modules to be passed: not, all, all taken, or some."""

    def of(self, value: Any) -> str:
        return "" if not value else value if isinstance(value, str) else PASS_SOME


@dataclass(frozen=True, slots=True)
class PassedField(TicksField):
    """The field on which modules are to be passed, if only some are."""

    def of(self, value: Any) -> tuple[str, ...]:
        return () if isinstance(value, str) else tuple(value or ())

    def texts(self, now: Any, name: str) -> dict[str, str]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeDraft:
    """A grade in a form: what is empty or false asks and gives nothing. In the form's order."""

    was: str = ""
    cite: str = told(NoteField, "cite", msg("依据哪一条文件"), msg("没有就空着"))
    to: str = told(WholeField, "grant.to", msg("升到"), choices="grades")
    up: str = told(WholeField, "grant.up", msg("升几级"), msg("和“升到”写一样"))
    floor: str = told(WholeField, "grant.floor", msg("升几级的，至少到"), choices="grades")
    ceiling: str = told(
        WholeField, "grant.ceiling", msg("升几级的，最高到"), choices="grades", usual="1"
    )
    max_step: str = told(WholeField, "grant.max_step", msg("最多比现在高几级"), msg("空着不限"))
    titles: str = told(
        LinesField, "grant.titles", msg("荣誉称号，每行一个；可以只给称号"), short=msg("荣誉称号")
    )
    max_rank: str = told(WholeField, "when.max_rank", msg("前几名"), _ANY)
    top_percent: str = told(PercentField, "when.top_percent", msg("名次在前百分之几"), _ANY)
    min_total: str = told(NumberField, "when.min_total", msg("总成绩至少多少分"), _ANY)
    min_ranked: str = told(WholeField, "when.min_ranked", msg("有名次的至少几人"), _ANY)
    item: str = told(
        ChoiceField, "when.item.code", msg("看哪个单项的名次"), choices="items", beside="item_rank"
    )
    """The code of a single item, or `any`; with `item_rank`."""
    item_rank: str = told(
        WholeField,
        "when.item.max_rank",
        msg("这个单项前几名"),
        msg("选了单项就要填"),
        beside="item",
    )
    at_least: str = told(WholeField, "when.holds.at_least", msg("现在至少是"), choices="grades")
    at_most: str = told(
        WholeField,
        "when.holds.at_most",
        msg("现在最高是（没有等级的也算）"),
        short=msg("现在最高是"),
        choices="grades",
    )
    passing: str = told(PassingField, "when.pass_modules", msg("合格"), by_hand=True)
    """Empty, `all`, `taken`, or `some`: the modules and parts `passed`."""
    passed: tuple[str, ...] = told(
        PassedField, "when.pass_modules", msg("要合格的模块和部分"), by_hand=True
    )
    levels: tuple[str, ...] = told(
        TicksField, "when.levels", msg("竞赛级别是其中之一；都不勾就不看"), short=msg("竞赛级别")
    )
    groups: tuple[str, ...] = told(
        TicksField, "when.groups", msg("组别是其中之一；都不勾就不看"), short=msg("组别")
    )
    awards: tuple[str, ...] = told(
        TicksField,
        "when.awards",
        msg("得了其中一个个人奖；都不勾就不看"),
        short=msg("得了哪个个人奖"),
    )
    roles: tuple[str, ...] = told(
        TicksField, "when.roles", msg("组合里给谁；都不勾只给主选手"), short=msg("组合里给谁")
    )
    once_a_year: bool = told(
        FlagField, "when.once_a_year", msg("本年度没有因竞赛晋升过"), tells_no=False
    )
    under: tuple[str, ...] = told(
        ListField,
        "when.under",
        msg("单位是其中之一或在它下面；写单位编号，都空着就不看"),
        msg("单位编号"),
        short=msg("单位"),
        choices="units",
    )

    @property
    def is_blank(self) -> bool:
        """True if it is a new one in which nothing was written."""
        return self == GradeDraft()


def grade_tree(draft: GradeDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    """The rule with what the draft says otherwise; `code` is that of a new one."""
    tree = row_tree(draft, known, code)
    old = draft_from(GradeDraft, known) if known is not None else GradeDraft()
    if (draft.passing, draft.passed) != (old.passing, old.passed):
        some = draft.passing == PASS_SOME
        # Some of none is no condition: a reader refuses the empty list.
        said = list(draft.passed) if some else draft.passing
        put_at(tree, "when.pass_modules", said, needed=some)
    tree.setdefault("grant", {})
    return tree
