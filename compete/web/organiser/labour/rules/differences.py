"""Old rules beside new ones, in words: what is added, gone, or other than before."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.labour.kept_flags import says_flag_keep, with_flag_keep
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.labour.stored_rules import LabourRules
from compete.services.scoring.journeys import kept_after
from compete.web.labour_words import periods_words, scoring_words
from compete.web.organiser.labour.rules.words import fact_words
from compete.web.organiser.rules.rule_differences import (
    DifferenceGroup,
    DifferenceRow,
    Said,
    difference_rows,
)


def differences(
    competition: Competition, before: LabourRules, after: LabourRules
) -> list[DifferenceGroup]:
    """Every difference, in the order of the workbook's sheets; groups without any are left out."""
    keep = kept_after(competition, before.labour)
    was, now = with_flag_keep(before.labour, keep), after.labour
    if not says_flag_keep(now):
        # A workbook has no place for it: it stays.
        now = with_flag_keep(now, keep)
    groups = [
        DifferenceGroup(title=_("指标"), rows=_indicators(before, after)),
        DifferenceGroup(title=_("期次"), rows=_periods(before.labour, after.labour)),
        DifferenceGroup(title=_("规则"), rows=_settings(was, now)),
        DifferenceGroup(title=_("单位和分组"), rows=_units(before, after)),
    ]
    return [group for group in groups if group.rows]


def _indicators(before: LabourRules, after: LabourRules) -> list[DifferenceRow]:
    was, now = (
        {each.code: Said(each.name, _said(each, rules)) for each in rules.labour.indicators}
        for rules in (before, after)
    )
    return difference_rows(was, now)


def _said(each: Indicator, rules: LabourRules) -> dict[str, str]:
    """An indicator part by part."""
    asked = periods_words(PeriodTree(rules.labour.periods), each.periods)
    whose = {code: name for name, codes in rules.departments.items() for code in codes}
    return {
        _("指标"): each.name,
        _("比什么"): each.heading or "",
        _("满分"): plain(each.max),
        _("打分办法"): scoring_words(each),
        _("打分部门"): whose.get(each.code, ""),
        _("单位自评"): _("是") if self_assessed(each) else _("否"),
        _("哪些期"): _("、").join(asked) or _("每一期"),
    }


def _periods(before: Labour, after: Labour) -> list[DifferenceRow]:
    was = {each.code: each for each in before.periods}
    now = {each.code: each for each in after.periods}
    rows = []
    for code, each in now.items():
        old = was.get(code)
        whole = now[each.part_of].name if each.part_of else ""
        if old is None:
            words = _("属于%(whole)s，权重 %(weight)s", whole=whole, weight=plain(each.weight))
            rows.append(DifferenceRow(each.name, _("新加的"), "", words))
            continue
        stood = was[old.part_of].name if old.part_of else ""
        for part, first, then in (
            (_("期次"), old.name, each.name),
            (_("属于"), stood, whole),
            (_("权重"), plain(old.weight), plain(each.weight)),
        ):
            if first != then:
                rows.append(DifferenceRow(each.name, part, first, then))
    rows += [
        DifferenceRow(old.name, _("去掉的"), old.name, "")
        for code, old in was.items()
        if code not in now
    ]
    return rows


def _settings(before: Labour, after: Labour) -> list[DifferenceRow]:
    was, now = (
        dict(fact_words(rules, {each.code: each.name for each in rules.periods}))
        for rules in (before, after)
    )
    return [
        DifferenceRow(name, "", was.get(name, ""), now.get(name, ""))
        for name in [*now, *(name for name in was if name not in now)]
        if was.get(name) != now.get(name)
    ]


def _units(before: LabourRules, after: LabourRules) -> list[DifferenceRow]:
    was, now = dict(before.units), dict(after.units)
    return [
        DifferenceRow(name, _("组"), was[name], group)
        if name in was
        else DifferenceRow(name, _("新加的单位"), "", group or _("没有组"))
        for name, group in now.items()
        if was.get(name) != group
    ]
