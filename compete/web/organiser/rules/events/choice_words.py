"""Words of choices in the form of rules: ties, ranks, single items, prizes and grade rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import msgspec
from flask_babel import gettext as _

from compete.domain.bundle.checks.warnings import rounded_equals
from compete.domain.bundle.event_types import Event, Module
from compete.domain.grades.ladder import GRADES, Ladder, grade_label
from compete.domain.values.kinds import Level
from compete.domain.values.messages import listed
from compete.models import Competition
from compete.services.competitions.file_versions import is_newest
from compete.services.rules.rules_draft import (
    AwardDraft,
    GradeDraft,
    ItemDraft,
    RankingDraft,
    RulesDraft,
)
from compete.services.sheets.working_times import timed_aspects
from compete.web.language import say
from compete.web.organiser.competition_words import level_word
from compete.web.organiser.rules.events.said import in_award_fold, in_grade_fold, said
from compete.web.organiser.rules.events.shapes import Words
from compete.web.shapes import Choice, choices


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """Choices of one kind; without a label they stand before all others."""

    label: str
    options: Sequence[Choice]


_MOST_IN_PAIRS = 4
"""Of so many timed modules each two can be added up."""


def tie_keys(draft: RulesDraft) -> list[str]:
    """List all tie keys of a draft, those of its single items too."""
    return [*draft.ties, *(key for item in draft.items for key in item.ties)]


def tie_groups(rules: Event, chosen: Sequence[str]) -> list[ChoiceGroup]:
    """List all that the rules in force can compare, and the `chosen` keys in any case."""
    groups = [("", {"": _("不再比")}), *_comparable(rules, chosen)]
    known = {key for _label, words in groups for key in words}
    groups.append((_("现在找不到的"), {key: key for key in chosen if key not in known}))
    return [ChoiceGroup(label=label, options=choices(words)) for label, words in groups if words]


def near_ties(rules: Event, ties: Sequence[str]) -> list[dict[str, Any]]:
    """List the totals that may be equal once rounded, under the rules in force and the `ties`."""
    ranking = msgspec.structs.replace(rules.ranking, ties=tuple(ties))
    rules = msgspec.structs.replace(rules, ranking=ranking)
    return [
        {"module": module.name, "aspect": aspect.name, "key": f"aspect:{aspect.code}"}
        for module, aspect in rounded_equals(rules)
    ]


def _time_words(
    modules: Sequence[Module], words: Callable[[str], str], chosen: Sequence[str]
) -> dict[str, str]:
    """Return the working times of timed modules; a `chosen` one that is not timed says so."""
    times = {}
    for module in modules:
        key = f"time:{module.code}"
        if timed_aspects(module):
            times[key] = words(module.name)
        elif key in chosen:
            times[key] = _("%(what)s（这个模块不计时）", what=words(module.name))
    return times


def _added_times(modules: Sequence[Module], chosen: Sequence[str]) -> dict[str, str]:
    """Return the sums of working times: of all timed modules, of two, and what is chosen."""
    names = {module.code: module.name for module in modules}
    timed = dict.fromkeys(module.code for module in modules if timed_aspects(module))
    sums = [f"{first}+{second}" for first, second in combinations(timed, 2)]
    keys = ["all", *(sums if len(timed) <= _MOST_IN_PAIRS else [])] if len(timed) > 1 else []
    keys += [key.removeprefix("time:") for key in chosen if key.startswith("time:")]
    words = {}
    for key in dict.fromkeys(keys):
        if key in names:
            continue
        if key == "all":
            words["time:all"] = _("全部用时加起来短的在前")
        elif all(code in names for code in key.split("+")):
            both = _("＋").join(names[code] for code in key.split("+"))
            words[f"time:{key}"] = _("%(names)s用时加起来短的在前", names=both)
    return words


def _next_words(rules: Event, chosen: Sequence[str]) -> dict[str, str]:
    """Return the best attempt that does not count, of parts with several attempts."""
    parts = [part for stage in rules.stages for part in stage.parts]
    return {
        f"next:{part.code}": _("%(name)s没计的几次里最好的在前", name=part.name)
        for part in parts
        if part.take is not None or f"next:{part.code}" in chosen
    }


def _comparable(rules: Event, chosen: Sequence[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    modules = [module for stage in rules.stages for module in stage.modules]
    parts = [part for stage in rules.stages for part in stage.parts]
    yield (
        _("模块和部分"),
        {f"part:{it.code}": _("%(name)s成绩高的在前", name=it.name) for it in parts}
        | {f"module:{it.code}": _("%(name)s成绩高的在前", name=it.name) for it in modules},
    )
    yield (
        _("用时"),
        _time_words(modules, lambda name: _("%(name)s用时短的在前", name=name), chosen)
        | _added_times(modules, chosen),
    )
    yield _("几次里的"), _next_words(rules, chosen)
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
    mode = {"half_up": _("四舍五入"), "down": _("截去"), "up": _("有余数就进")}
    if not (newest or draft.mode):
        mode = {}
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
        "shared": {"full": _("各得这个名次的分"), "average": _("平分占着的几个名次的分")},
        "scale_centre": {"median": _("中位数"), "mean": _("平均分")},
        "scale_spread": {"sd": _("按标准差"), "none": _("按分数，差 1 分是 1")},
    }


def _team_ties(rules: Event, chosen: Sequence[str]) -> Mapping[str, str]:
    texts = {
        "": _("不再比"),
        "best": _("队里最高总成绩高的队在前"),
        "best_rank": _("队里最好名次靠前的队在前"),
    }
    for stage in rules.stages:
        for module in stage.modules:
            texts[f"module:{module.code}"] = _("%(name)s成绩之和高的在前", name=module.name)
            texts |= _time_words(
                [module], lambda name: _("%(name)s用时之和短的在前", name=name), chosen
            )
    for key in chosen:
        texts.setdefault(key, key)
    return texts


_CONDITIONS = ("scope", "round", "at_least", "min_total", "within", "min_scaled", "pass_modules")
_AWARD = re.compile(r"awards\[\d+\](?:\.(\w+))?")


def item_words(rules: Event, items: Sequence[ItemDraft]) -> Mapping[str, str]:
    """Parts and modules of the last stage in force, and whatever the `items` are of."""
    last = rules.stages[-1]
    words = {"": _("没选")}
    words |= {part.code: part.name for part in last.parts}
    words |= {module.code: module.name for module in last.modules}
    for item in items:
        words.setdefault(item.of, item.of)
    return words


def item_views(items: Sequence[ItemDraft], blank: int, *, adds: bool) -> list[dict[str, Any]]:
    """List the rows, and `blank` new ones; if it `adds`, each with one more tie."""
    return [
        {"path": f"items[{n}]", "draft": item, "ties": [*item.ties, *([""] if adds else [])]}
        for n, item in enumerate((*items, *[ItemDraft()] * blank))
    ]


def award_words(*, newest: bool) -> Words:
    """Return the choices for a prize, as the version of the file has them."""
    passing = {"": _("不看"), "all": _("有合格线的都要合格")}
    if newest:
        passing = {
            "": _("不看"),
            "all": _("每个赛段有合格线的都要合格"),
            "taken": _("到过的赛段里有合格线的都要合格"),
        }
    return {
        "scope": {"entrants": _("个人"), "teams": _("代表队"), "items": _("每个单项")},
        "round": {"half_up": _("四舍五入"), "floor": _("舍去小数"), "ceil": _("有小数就进一")},
        "passing": passing,
    }


def award_views(
    awards: Sequence[AwardDraft], faults: Mapping[str, str], blank: int, *, newest: bool
) -> list[dict[str, Any]]:
    """List the rows, and `blank` new ones; `told` are sentences beside fields.

    `newest`: with what the newest version of the file has.
    """
    words = award_words(newest=True)
    return [
        {
            "path": path,
            "draft": award,
            "asks": (keys := in_award_fold(award, newest=newest)),
            "more": said(award, keys, words),
            "opens": _opens(path, faults),
        }
        for path, award in (
            (f"awards[{n}]", award) for n, award in enumerate((*awards, *[AwardDraft()] * blank))
        )
    ]


def award_fault(path: str) -> str | None:
    """Explain a fault at this place of a file in the form's words; None for other places."""
    match = _AWARD.fullmatch(path)
    if match is None:
        return None
    return {
        None: _("人数和百分比写一样，也只写一样"),
        "pass_modules": _("给单项的奖不看模块合格不合格，这里不要勾"),
        "scope": _("还没有单项，不能给单项发奖"),
    }.get(match[1])


def _opens(path: str, faults: Mapping[str, str]) -> bool:
    return any(f"{path}.{key}" in faults for key in _CONDITIONS)


_GRANT = re.compile(r"grades\[\d+\]\.grant")
_SOME = re.compile(r"grades\[\d+\]\.when\.pass_modules")
_UNDER = re.compile(r"grades\[\d+\]\.when\.under\[\d+\]")
_PRIZES = re.compile(r"grades\[\d+\]\.when\.awards\[\d+\]")


def grade_words(
    rules: Event, competition: Competition, grades: Sequence[GradeDraft], ladder: Ladder
) -> Words:
    """Return the possible choices, and whatever the drafts of `grades` choose besides.

    Grades are those of the `ladder`, and what it has no name for only where it was chosen.
    """
    newest = is_newest(competition)
    prizes = {it.code: it.name for it in rules.awards if it.scope == "entrants"}
    items = {item.code: item.name for item in rules.items}
    passing: dict[str, str] = {}
    for stage in rules.stages:
        passing |= {part.code: part.name for part in stage.parts if part.pass_ is not None}
        passing |= {it.code: it.name for it in stage.modules if it.pass_ is not None}
    for rule in grades:
        prizes |= {code: code for code in rule.awards if code not in prizes}
        passing |= {code: code for code in rule.passed if code not in passing}
        if rule.item not in ("", "any"):
            items.setdefault(rule.item, rule.item)
    return {
        "levels": {level.value: level_word(level) for level in Level},
        "groups": _groups(),
        "roles": {"main": _("主选手"), "assistant": _("辅助选手")},
        "awards": prizes,
        "items": {"": _("不看"), "any": _("任一单项")} | items,
        "passing": {
            "": _("不看"),
            "all": _("每个赛段有合格线的都合格，没进的不算合格")
            if newest
            else _("有合格线的都合格"),
            **({"taken": _("到过的赛段里有合格线的都合格")} if newest else {}),
            "some": _("下面勾的都参加过、都合格"),
        },
        "passed": passing,
        "grades": {"": _("不写")}
        | {
            str(n): say(grade_label(n, ladder))
            for n in GRADES
            if ladder.of_grade(n) is not None or str(n) in _grade_texts(grades)
        },
        "units": {unit.code: unit.name for unit in competition.units},
    }


def _groups() -> dict[str, str]:
    return {"worker": _("职工组"), "teacher": _("教师组"), "student": _("学生组")}


def _grade_texts(grades: Sequence[GradeDraft]) -> set[str]:
    return {
        text
        for rule in grades
        for text in (rule.to, rule.floor, rule.ceiling, rule.at_least, rule.at_most)
    }


def rank_starts(grades: Sequence[GradeDraft]) -> list[int]:
    """Return the rank from which each rule adds to like rules above that give no less.

    0 where it is of no range of ranks.
    """
    above: dict[GradeDraft, tuple[int, int, int]] = {}
    starts = []
    for rule in grades:
        asks = replace(rule, was="", cite="", max_rank="", to="", floor="", ceiling="", titles="")
        given, ceiling = rule.floor if rule.up else rule.to, rule.ceiling or "1"
        start = 0
        # Of who may rise only so far, a lower rule may give what the higher one did not.
        whole = rule.max_rank.isdecimal() and given.isdecimal() and ceiling.isdecimal()
        if whole and not rule.max_step:
            end, least, most = above.get(asks, (0, 0, 0))
            start = end + 1 if least <= int(given) and most <= int(ceiling) else 1
            above[asks] = (max(end, int(rule.max_rank)), int(given), int(ceiling))
        starts.append(start)
    return starts


def grade_views(
    grades: Sequence[GradeDraft],
    faults: Mapping[str, str],
    blank: int,
    words: Words,
    *,
    adds: bool,
) -> list[dict[str, Any]]:
    """List the rules, and `blank` new ones; `told` are sentences beside fields."""
    every = (*grades, *[GradeDraft()] * blank)
    starts = rank_starts(every)
    return [
        {
            "path": path,
            "draft": rule,
            "start": starts[n],
            "asks": (keys := in_grade_fold(rule)),
            "more": said(rule, keys, words),
            "under": [*rule.under, *([""] if adds else [])],
            "opens": _grade_opens(path, rule, faults),
        }
        for n, rule in enumerate(every)
        for path in [f"grades[{n}]"]
    ]


def _grade_opens(path: str, rule: GradeDraft, faults: Mapping[str, str]) -> bool:
    """True if something is wrong that the rule's sentence has no field for."""
    rank = "top_percent" if rule.top_percent and not rule.max_rank else "max_rank"
    given = ("up", "floor") if rule.up and not rule.to else ("to",)
    shown = {f"{path}.when.{key}" for key in (rank, "pass_modules")}
    shown |= {f"{path}.grant.{key}" for key in given}
    return any(name.startswith(f"{path}.") and name not in shown for name in faults)


def grade_fault(path: str) -> str | None:
    """Explain a fault at this place of a file in the form's words; None for other places."""
    if _GRANT.fullmatch(path):
        return _("“升到”和“升几级”写一样，也只写一样；都不写，就要写荣誉称号")
    if _SOME.fullmatch(path):
        return _("至少勾一个")
    # A file calls these lists `units` and `awards`, which nobody sees who fills in the form.
    if _UNDER.fullmatch(path):
        return _("单位名单里没有这个编号")
    if _PRIZES.fullmatch(path):
        return _("勾的奖项里有一个不在上面了")
    return None
