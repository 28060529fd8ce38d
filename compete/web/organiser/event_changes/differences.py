"""An event's old rules beside new ones, item by item, in the words of the form of rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from flask_babel import gettext as _

from compete.domain.aspects.kinds import every_field
from compete.domain.bundle.event_types import Event
from compete.domain.grades.ladder import ladder_in
from compete.models import Competition
from compete.services.competitions.award_draft import AwardDraft
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.grade_draft import GradeDraft
from compete.services.competitions.item_draft import ItemDraft
from compete.services.competitions.module_draft import AspectDraft, ModuleDraft
from compete.services.competitions.rules_draft import RulesDraft, draft_of
from compete.services.competitions.stage_draft import PartDraft, StageDraft
from compete.services.kernel.event_rules import definition_of
from compete.web.language import say
from compete.web.organiser.differing import (
    DifferenceGroup,
    DifferenceRow,
    Said,
    difference_rows,
)
from compete.web.organiser.events.award_words import award_choices, item_choices
from compete.web.organiser.events.grade_words import grade_choices
from compete.web.organiser.events.ranking_words import ranking_choices
from compete.web.organiser.events.tie_words import tie_groups, tie_keys
from compete.web.organiser.events.view_model import type_choices
from compete.web.shapes import Choice


class _Known(Protocol):
    @property
    def was(self) -> str: ...


K = TypeVar("K", bound=_Known)
Sides = tuple["_Side", "_Side"]


def differences(competition: Competition, before: Event, after: Event) -> list[DifferenceGroup]:
    """Every difference, in the order of the form; groups without any are left out."""
    sides = _Side(competition, before), _Side(competition, after)
    groups = [
        DifferenceGroup(title=_("赛项和职业"), rows=_single(sides, _("赛项"), _Side.event)),
        *_stages(sides),
        DifferenceGroup(title=_("名次和同分"), rows=_single(sides, _("名次"), _Side.ranking)),
        DifferenceGroup(title=_("团体和单位"), rows=_single(sides, _("团体和单位"), _Side.teams)),
        DifferenceGroup(
            title=_("单项"), rows=_rows(sides, lambda side: side.draft.items, _Side.item)
        ),
        DifferenceGroup(
            title=_("奖项"), rows=_rows(sides, lambda side: side.draft.awards, _Side.award)
        ),
        DifferenceGroup(
            title=_("晋升规则"), rows=_rows(sides, lambda side: side.draft.grade_rules, _Side.grade)
        ),
    ]
    return [group for group in groups if group.rows]


def _stages(sides: Sides) -> list[DifferenceGroup]:
    """For each stage what it says of itself and its parts, then each module with its sheet."""
    old = {stage.was: stage for stage in sides[0].draft.stages}
    groups = []
    named = Counter(it.name for stage in sides[1].draft.stages for it in stage.modules)
    for stage in sides[1].draft.stages:
        was = old.get(stage.was, StageDraft())
        pair = was, stage
        rows = difference_rows(
            *({"": Said(it.name, side.stage(it))} for side, it in zip(sides, pair, strict=True))
        )
        rows += difference_rows(*(_by_code(it.parts, _part) for it in pair))
        groups.append(DifferenceGroup(title=stage.name, rows=rows))
        modules = {module.was: module for module in was.modules}
        for module in stage.modules:
            before = modules.get(module.was, ModuleDraft())
            both = before, module
            found = difference_rows(
                *(
                    {"": Said(it.name, side.module(it, home))}
                    for side, it, home in zip(sides, both, pair, strict=True)
                )
            )
            found += difference_rows(*(_by_code(it.aspects, _aspect) for it in both))
            title = f"{stage.name} {module.name}" if named[module.name] > 1 else module.name
            groups.append(DifferenceGroup(title=title, rows=found))
    return groups


class _Side:
    """One of the two: a draft of its rules, and what its choices are called."""

    def __init__(self, competition: Competition, rules: Event) -> None:
        self.draft: RulesDraft = draft_of(definition_of(rules)[0])
        draft = self.draft
        self.ties = {
            choice.value: choice.label
            for group in tie_groups(rules, tie_keys(draft))
            for choice in group.options
        }
        self.newest = is_newest(competition)
        self.choices = ranking_choices(rules, draft.ranking, newest=self.newest)
        self.items = _words(item_choices(rules, draft.items))
        self.grades = grade_choices(rules, competition, draft.grade_rules, ladder_in(rules))
        self.units = _words(self.grades.units)
        self.stages = [stage.name for stage in draft.stages]

    def event(self) -> Mapping[str, str]:
        """Name and occupation."""
        draft = self.draft
        return {
            _("赛项名称"): draft.name,
            _("职业"): draft.occupation_name,
            _("职业编码"): draft.occupation_code,
            _("工种"): draft.occupation_track,
            _("盲评"): _yes(draft.blind),
            _("等级体系"): draft.ladder_name,
            _("每一级叫什么"): draft.ladder,
        }

    def stage(self, stage: StageDraft) -> Mapping[str, str]:
        """Who goes on, what is carried along."""
        start = stage.carry_from
        return {
            _("赛段名称"): stage.name,
            _("前几名进下一赛段"): stage.top,
            _("每个单位最多进几名"): stage.per_unit,
            _("末位同名次的"): _("都进") if stage.advance_ties == "include" else _("按编号取满"),
            _("带上哪个赛段的总成绩"): "" if start is None else self.stages[start],
            _("那个赛段的乘多少"): stage.carry_weight,
            _("本赛段的乘多少"): stage.carry_own,
        }

    def module(self, module: ModuleDraft, stage: StageDraft) -> Mapping[str, str]:
        """A module without its sheet."""
        choices = self.choices
        return {
            _("模块"): module.name,
            _("属于哪个部分"): "" if module.part is None else stage.parts[module.part].name,
            _("权重"): _percent(module.weight),
            _("满分"): module.full,
            _("合格线"): module.pass_,
            _("每名选手几名裁判"): module.size,
            _("去掉几个最高分"): module.drop_high,
            _("去掉几个最低分"): module.drop_low,
            _("裁判最多差几分"): module.max_spread,
            _("怎么合"): _of(choices.combine, module.combine or "mean"),
            _("在哪里合"): _of(choices.at, module.at or "sheet"),
            _("至少几张评分表"): module.min or "",
            _("评分表少于人数时"): _of(choices.reduced, module.reduced or "same"),
        }

    def ranking(self) -> Mapping[str, str]:
        """How people are ranked, and how points are rounded."""
        ranking = self.draft.ranking
        return {
            _("同分先比什么"): self._chain(self.draft.ties),
            _("名次看什么"): _of(self.choices.on, ranking.on or "rounded"),
            _("同名次以后怎么数"): _of(self.choices.style, ranking.style or "competition"),
            _("评分点几位小数"): ranking.aspect,
            _("模块成绩几位小数"): ranking.module,
            _("总成绩几位小数"): ranking.total,
            _("多出的小数"): _of(self.choices.mode, ranking.mode or "half_up")
            if self.choices.mode
            else "",
        }

    def teams(self) -> Mapping[str, str]:
        """How teams and units are ranked."""
        ranking, choices = self.draft.ranking, self.choices
        ranked = bool(ranking.best)
        ties = (_of(choices.team_ties, key) for key in ranking.team_ties)
        return {
            _("取成绩最好的几名队员"): ranking.best,
            _("几名队员的成绩"): _of(choices.method, ranking.method) if ranked else "",
            _("至少报名几人才排"): ranking.min_members,
            _("有名次的队员不够数就不排"): _yes(ranking.require_full) if ranked else "",
            _("团体同分先比什么"): _chained(ties),
            _("单位排名"): _of(choices.units_by, ranking.units_by),
            _("名次积分"): _lines(ranking.points),
        }

    def item(self, item: ItemDraft) -> Said:
        """A single item."""
        parts = {
            _("单项"): item.name,
            _("比什么"): self.items.get(item.of, item.of),
            _("同分先比什么"): self._chain(item.ties),
        }
        return Said(item.name, parts)

    def award(self, award: AwardDraft) -> Said:
        """A prize."""
        choices = award_choices((award,), newest=self.newest)
        parts = {
            _("奖项"): award.name,
            _("几个"): award.top,
            _("百分之几"): award.percent,
            _("给谁"): _of(choices.scope, award.scope),
            _("小数怎么取整"): _of(choices.round, award.round) if award.percent else "",
            _("至少几个"): award.at_least,
            _("成绩至少多少分"): award.min_total,
            _("和最后一个相差几分以内的也给"): award.within,
            _("模块合格"): _of(choices.passing, award.pass_modules) if award.pass_modules else "",
        }
        return Said(award.name, parts)

    def grade(self, rule: GradeDraft) -> Said:
        """A grade rule."""
        words = self.grades
        place = next(n for n, known in enumerate(self.draft.grade_rules, 1) if known is rule)
        parts = {
            _("依据哪一条文件"): rule.cite,
            _("升到"): _of(words.grades, rule.to) if rule.to else "",
            _("升几级"): rule.up,
            _("升几级的，至少到"): _of(words.grades, rule.floor) if rule.floor else "",
            _("升几级的，最高到"): _of(words.grades, rule.ceiling) if rule.ceiling else "",
            _("最多比现在高几级"): rule.max_step,
            _("荣誉称号"): _lines(rule.titles),
            _("前几名"): rule.max_rank,
            _("名次在前百分之几"): rule.top_percent,
            _("总成绩至少多少分"): rule.min_total,
            _("有名次的至少几人"): rule.min_ranked,
            _("看哪个单项的名次"): _of(words.items, rule.item) if rule.item else "",
            _("这个单项前几名"): rule.item_rank,
            _("现在至少是"): _of(words.grades, rule.at_least) if rule.at_least else "",
            _("现在最高是"): _of(words.grades, rule.at_most) if rule.at_most else "",
            _("合格"): _of(words.passing, rule.passing) if rule.passing else "",
            _("要合格的模块和部分"): _ticked(words.passed, rule.passed),
            _("竞赛级别"): _ticked(words.levels, rule.levels),
            _("组别"): _ticked(words.groups, rule.groups),
            _("得了哪个个人奖"): _ticked(words.awards, rule.awards),
            _("组合里给谁"): _ticked(words.roles, rule.roles),
            _("本年度没有因竞赛晋升过"): _yes(rule.once_a_year) if rule.once_a_year else "",
            _("单位"): _("、").join(self.units.get(code, code) for code in rule.under),
        }
        return Said(_("第 %(n)s 条", n=place), parts)

    def _chain(self, keys: Iterable[str]) -> str:
        return _chained(self.ties.get(key, key) for key in keys)


def _part(part: PartDraft) -> Said:
    parts = {
        _("部分"): part.name,
        _("权重"): _percent(part.weight),
        _("满分"): part.full,
        _("合格线"): part.pass_,
    }
    return Said(part.name, parts)


def _aspect(row: AspectDraft) -> Said:
    parts = {
        _("项目"): row.criterion,
        _("考核要点"): row.name,
        _("类型"): _of(type_choices(), row.type),
        _("配分"): row.max,
        _("得分再乘的系数"): "" if row.factor == "1" else row.factor,
        **dict(_own(row)),
        _("单位"): row.unit,
        _("评分标准"): row.hint,
        _("职业标准哪一节"): row.standard,
    }
    return Said(row.name, parts)


def _own(row: AspectDraft) -> Iterator[tuple[str, str]]:
    """What stands in the fields of its type."""
    for field in every_field():
        text = row.own.get(field.key, "")
        words = dict(field.choices).get(text)
        yield say(field.short or field.label), say(words) if words else _lines(text)


def _single(
    sides: Sides, name: str, said: Callable[[_Side], Mapping[str, str]]
) -> list[DifferenceRow]:
    """What differs of a thing that there is once."""
    return difference_rows(*({"": Said(name, said(side))} for side in sides))


def _rows(
    sides: Sides,
    of: Callable[[_Side], Sequence[K]],
    said: Callable[[_Side, K], Said],
) -> list[DifferenceRow]:
    """What differs of a list."""
    return difference_rows(*({row.was: said(side, row) for row in of(side)} for side in sides))


def _by_code(rows: Sequence[K], said: Callable[[K], Said]) -> dict[str, Said]:
    return {row.was: said(row) for row in rows}


def _words(choices: Iterable[Choice]) -> dict[str, str]:
    return {choice.value: choice.label for choice in choices}


def _of(choices: Iterable[Choice], value: str) -> str:
    return _words(choices).get(value, value)


def _ticked(choices: Iterable[Choice], values: Iterable[str]) -> str:
    return _("、").join(_of(choices, value) for value in values)


def _chained(words: Iterable[str]) -> str:
    return _("，再比").join(words)


def _lines(text: str) -> str:
    return _("；").join(text.splitlines())


def _percent(text: str) -> str:
    return f"{text}%" if text else ""


def _yes(said: bool) -> str:
    return _("是") if said else _("否")
