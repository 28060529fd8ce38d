"""Words on ranks and tie-breaks, as in the form of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from msgspec.structs import replace

from compete.domain.bundle.checks.warnings import rounded_equals
from compete.domain.bundle.event_types import Event, Module
from compete.domain.values.messages import listed
from compete.services.competitions.rules_draft import (
    RankingDraft,
    RulesDraft,
)
from compete.services.sheets.working_times import timed_aspects
from compete.web.language import say
from compete.web.organiser.rules.events.shapes import Words
from compete.web.shapes import Choice, choices


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """Choices of one kind; without a label they stand before all others."""

    label: str
    options: Sequence[Choice]


def tie_keys(draft: RulesDraft) -> list[str]:
    """List all tie keys of a draft, those of its single items too."""
    return [*draft.ties, *(key for item in draft.items for key in item.ties)]


def tie_groups(rules: Event, chosen: Sequence[str]) -> list[ChoiceGroup]:
    """List all that the rules in force can compare, and the `chosen` keys in any case."""
    groups = [("", {"": _("不再比")}), *_groups(rules, chosen)]
    known = {key for _label, words in groups for key in words}
    groups.append((_("现在找不到的"), {key: key for key in chosen if key not in known}))
    return [ChoiceGroup(label=label, options=choices(words)) for label, words in groups if words]


def near_ties(rules: Event, ties: Sequence[str]) -> list[dict[str, Any]]:
    """List the totals that may be equal once rounded, under the rules in force and the `ties`."""
    rules = replace(rules, ranking=replace(rules.ranking, ties=tuple(ties)))
    return [
        {"module": module.name, "aspect": aspect.name, "key": f"aspect:{aspect.code}"}
        for module, aspect in rounded_equals(rules)
    ]


def _time_words(
    modules: Sequence[Module], words: Callable[[str], str], chosen: Sequence[str]
) -> dict[str, str]:
    """Return the working times of timed modules; a `chosen` one that is not timed says so."""
    found = {}
    for module in modules:
        key = f"time:{module.code}"
        if timed_aspects(module):
            found[key] = words(module.name)
        elif key in chosen:
            found[key] = _("%(what)s（这个模块不计时）", what=words(module.name))
    return found


def _groups(rules: Event, chosen: Sequence[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    modules = [module for stage in rules.stages for module in stage.modules]
    parts = [part for stage in rules.stages for part in stage.parts]
    yield (
        _("模块和部分"),
        {f"part:{it.code}": _("%(name)s成绩高的在前", name=it.name) for it in parts}
        | {f"module:{it.code}": _("%(name)s成绩高的在前", name=it.name) for it in modules},
    )
    yield (
        _("用时"),
        _time_words(modules, lambda name: _("%(name)s用时短的在前", name=name), chosen),
    )
    headings = {row.criterion for it in modules for row in it.aspects if row.criterion}
    yield (
        _("项目"),
        {f"criterion:{it}": _("“%(name)s”得分高的在前", name=it) for it in sorted(headings)},
    )
    yield _("评分点"), dict(_aspects(modules))
    if len(rules.stages) > 1:
        yield (
            _("赛段"),
            {f"stage:{it.code}": _("%(name)s总成绩高的在前", name=it.name) for it in rules.stages},
        )
    yield (
        _("年龄（比到的人公布出生日期）"),
        {"age:older": _("年长的在前"), "age:younger": _("年轻的在前")},
    )


def _aspects(modules: Sequence[Module]) -> Iterator[tuple[str, str]]:
    """List the codes of aspects: if several share one, their marks are added up."""
    named: dict[str, dict[str, None]] = {}
    for module in modules:
        for row in module.aspects:
            word = _("%(module)s“%(name)s”", module=module.name, name=row.name)
            named.setdefault(row.code, {})[word] = None
    for code, words in named.items():
        names = say(listed(list(words)))
        if len(words) > 1:
            yield f"aspect:{code}", _("%(names)s得分之和高的在前", names=names)
        else:
            yield f"aspect:{code}", _("%(name)s得分高的在前", name=names)


def ranking_words(rules: Event, draft: RankingDraft, *, newest: bool) -> Words:
    """Return all words, and those of the draft besides.

    `newest`: as the newest version of the file has them.
    """
    by_code = "ordinal/code" if newest else "ordinal"
    mode = {"half_up": _("四舍五入"), "down": _("截去")} if newest or draft.mode else {}
    reduced = {"same": _("照样合"), "mean": _("改成平均")}
    if newest:
        reduced["scale"] = _("相加的，按人数折算")
    return {
        "on": {"rounded": _("公布的总成绩"), "exact": _("没有取整的总成绩")},
        "style": {
            "competition": _("1、2、2、4"),
            "dense": _("1、2、2、3"),
            by_code: _("1、2、3、4，还一样的按编号"),
        },
        "mode": mode,
        "method": {"sum": _("相加"), "mean": _("平均")},
        "units_by": {
            "": _("不排"),
            "points": _("名次换成积分，加起来"),
            "medals": _("先比第 1 名几个，再比第 2、第 3"),
        },
        "team_ties": _team_ties(rules, draft.team_ties),
        "combine": {
            "mean": _("平均"),
            "median": _("中位数"),
            "trimmed_mean": _("去掉高低再平均"),
            "sum": _("相加"),
            "agreed": _("必须一致"),
        },
        "at": {"sheet": _("每人先加成一个分，再合"), "aspect": _("逐个评分点合")},
        "reduced": reduced,
    }


def _team_ties(rules: Event, chosen: Sequence[str]) -> Mapping[str, str]:
    found = {
        "": _("不再比"),
        "best": _("队里最高总成绩高的队在前"),
        "best_rank": _("队里最好名次靠前的队在前"),
    }
    for stage in rules.stages:
        for module in stage.modules:
            found[f"module:{module.code}"] = _("%(name)s成绩之和高的在前", name=module.name)
            found |= _time_words(
                [module], lambda name: _("%(name)s用时之和短的在前", name=name), chosen
            )
    for key in chosen:
        found.setdefault(key, key)
    return found
