"""Rules in words: those in force, and old ones beside new: what is added, gone, or other."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.labour.kept_flags import FlagKeep, flag_keep_of, says_flag_keep, with_flag_keep
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.tree import PeriodTree
from compete.domain.labour.unit_spans import span_words
from compete.domain.values.kinds import Missing, VetoRank
from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.labour.rule_words import VETO_WORDS
from compete.services.labour.rules import LabourRules
from compete.services.scoring.journeys import kept_after
from compete.web.labour_words import periods_words, scoring_words
from compete.web.language import say
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
        DifferenceGroup(
            title=_("单位和分组"), rows=[*_units(before, after), *_spans(before, after)]
        ),
    ]
    return [group for group in groups if group.rows]


def _indicators(before: LabourRules, after: LabourRules) -> list[DifferenceRow]:
    was, now = (
        {
            indicator.code: Said(indicator.name, _indicator_parts(indicator, rules))
            for indicator in rules.labour.indicators
        }
        for rules in (before, after)
    )
    return difference_rows(was, now)


def _indicator_parts(indicator: Indicator, rules: LabourRules) -> dict[str, str]:
    """An indicator part by part."""
    asked = periods_words(PeriodTree(rules.labour.periods), indicator.periods)
    return {
        _("指标"): indicator.name,
        _("比什么"): indicator.heading or "",
        _("满分"): plain(indicator.max),
        _("打分办法"): scoring_words(indicator),
        _("打分部门"): rules.whose.get(indicator.code, ""),
        _("单位自评"): _("是") if self_assessed(indicator) else _("否"),
        _("哪些期"): _("、").join(asked) or _("每一期"),
    }


def _periods(before: Labour, after: Labour) -> list[DifferenceRow]:
    was = {period.code: period for period in before.periods}
    now = {period.code: period for period in after.periods}
    rows = []
    for code, new in now.items():
        old = was.get(code)
        whole = now[new.part_of].name if new.part_of else ""
        if old is None:
            words = _("属于%(whole)s，权重 %(weight)s", whole=whole, weight=plain(new.weight))
            rows.append(DifferenceRow(new.name, _("新加的"), "", words))
            continue
        stood = was[old.part_of].name if old.part_of else ""
        for part, first, then in (
            (_("期次"), old.name, new.name),
            (_("属于"), stood, whole),
            (_("权重"), plain(old.weight), plain(new.weight)),
        ):
            if first != then:
                rows.append(DifferenceRow(new.name, part, first, then))
    rows += [
        DifferenceRow(old.name, _("去掉的"), old.name, "")
        for code, old in was.items()
        if code not in now
    ]
    return rows


def _settings(before: Labour, after: Labour) -> list[DifferenceRow]:
    was, now = (dict(fact_words(rules, rules.period_names)) for rules in (before, after))
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


def _spans(before: LabourRules, after: LabourRules) -> list[DifferenceRow]:
    """Units whose first or last period is another; nothing where the new rules are silent."""
    if after.spans is None:
        return []
    was, now = (
        {
            name: say(span_words(span, rules.labour.period_names, {})) or ""
            for name, span in (rules.spans or {}).items()
        }
        for rules in (before, after)
    )
    return [
        DifferenceRow(name, _("参加的期次"), was.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys([*was, *now])
        if was.get(name) != now.get(name)
    ]


def fact_words(
    labour: Labour, names: Mapping[str, str], vetoed: VetoRank | None = None
) -> list[tuple[str, str]]:
    """List the facts that hold for all indicators, each with its name; `names` are periods by code.

    `vetoed` is what becomes of a vetoed unit's rank where the file's version says another.
    """
    facts = []
    if labour.adjust_cap is not None:
        facts.append((_("加分最多"), plain(labour.adjust_cap)))
    flags = labour.flags
    if flags is not None:
        facts += [
            (_("流动红旗"), _("每组 %(n)s 面", n=flags.count)),
            (_("红旗最低分"), plain(flags.min)),
            (_("至少参加"), ngettext("%(num)s 期", "%(num)s 期", flags.min_leaves)),
            (
                _("哪些期发红旗"),
                _("、").join(names.get(code, code) for code in flags.periods) or _("每一期"),
            ),
        ]
    if says_flag_keep(labour):
        facts.append((_("红旗永久保留"), _keep_words(flag_keep_of(labour), names)))
    if labour.warn_below is not None:
        facts.append((_("低于多少黄牌"), plain(labour.warn_below)))
    missing = _("没有总分") if labour.missing is Missing.BLOCKS else _("按 0 分")
    facts.append((_("缺数"), missing))
    facts.append((_("一票否决的单位"), _(VETO_WORDS[vetoed or labour.veto_rank])))
    indicators = labour.indicator_names
    ties = [key.removeprefix("indicator:") for key in labour.ties]
    if ties:
        named = [indicators.get(code, code) for code in ties]
        text = _("、").join(dict.fromkeys(named))
        if len(set(named)) < len(named):
            # Scored otherwise from a period on: two indicators of one name, one after another.
            text = _("%(names)s（中间换过打分办法的，先比换以前各期的，再比换以后的）", names=text)
        facts.append((_("同分先比"), text))
    for prize in labour.prizes:
        of, _by, name = prize.by.partition(":")
        what = indicators.get(name, name) if of == "indicator" else name
        period = names.get(prize.period, prize.period) if prize.period else _("全部期次")
        words = _("%(period)s比%(named)s，每组前 %(n)s 名", period=period, named=what, n=prize.top)
        if prize.min is not None:
            words = _("%(said)s，至少 %(least)s 分", said=words, least=plain(prize.min))
        facts.append((prize.name, words))
    return facts


def _keep_words(keep: FlagKeep | None, names: Mapping[str, str]) -> str:
    """Say after how many in a row a flag may be kept."""
    if keep is None:
        return _("红旗一直流动，哪家都不永久保留")
    period = names.get(keep.of, keep.of)
    return _("%(period)s这样的期次，连续 %(n)s 期得旗的可以永久保留", period=period, n=keep.after)
