"""Rules of a labour competition, and a change to them, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle import Indicator, Labour
from compete.domain.values import Better, Missing, ScoringType, plain
from compete.models import LabourRuleChange
from compete.services.labour import rules_version
from compete.web.organiser.differing import ChangeLine, asked_chip, asked_words, replaced_chip
from compete.web.organiser.shapes import Chip


def kind_words(each: Indicator) -> str:
    """How a value becomes points."""
    scoring = each.scoring
    match scoring.type:
        case ScoringType.DEDUCTION:
            assert isinstance(scoring.points, Decimal)  # the reader makes sure
            return _("每处扣 %(points)s", points=plain(scoring.points))
        case ScoringType.COMPLETION:
            return _("按完成率，最多算 %(cap)s 倍", cap=plain(scoring.cap))
        case ScoringType.LINEAR:
            return _(
                "%(zero)s 得 0 分，%(full)s 得满分，中间按比例",
                zero=plain(scoring.zero_at or 0),
                full=plain(scoring.full_at or 0),
            )
        case ScoringType.RANK:
            assert isinstance(scoring.points, tuple)  # the reader makes sure
            points = _by_place(scoring.points)
            if scoring.better is Better.LOWER:
                return _("按名次得 %(points)s，数小的在前", points=points)
            return _("按名次得 %(points)s，数大的在前", points=points)
    return _("直接打分")


def _by_place(points: Sequence[Decimal]) -> str:
    """40、38、36; with long runs of the same, which places get it: 第 1 名 40、第 2–24 名 30."""
    runs, first = [], 1
    for worth, same in groupby(points):
        last = first + len(list(same)) - 1
        runs.append((first, last, plain(worth)))
        first = last + 1
    if max((last - first for first, last, _worth in runs), default=0) < _LONG_RUN:
        return _("、").join(map(plain, points))
    return _("、").join(
        _("第 %(first)s 名 %(points)s", first=first, points=worth)
        if first == last
        else _("第 %(first)s–%(last)s 名 %(points)s", first=first, last=last, points=worth)
        for first, last, worth in runs
    )


_LONG_RUN = 3


def fact_words(labour: Labour, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What holds for all indicators, each with its name; `names` are the periods' by code."""
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
    if labour.warn_below is not None:
        facts.append((_("低于多少黄牌"), plain(labour.warn_below)))
    missing = _("没有总分") if labour.missing is Missing.BLOCKS else _("按 0 分")
    facts.append((_("缺数"), missing))
    indicators = {each.code: each.name for each in labour.indicators}
    ties = [key.removeprefix("indicator:") for key in labour.ties]
    if ties:
        named = [indicators.get(code, code) for code in ties]
        said = _("、").join(dict.fromkeys(named))
        if len(set(named)) < len(named):
            # Scored otherwise from a period on: two indicators of one name, one after another.
            said = _("%(names)s（中间换过打分办法的，先比换以前各期的，再比换以后的）", names=said)
        facts.append((_("同分先比"), said))
    return facts


def change_title(change: LabourRuleChange) -> str:
    """Its version where it has one."""
    return _("第 %(n)s 版规则", n=change.number) if change.number else _("改规则")


def change_chip(change: LabourRuleChange) -> Chip:
    """Its state in a coloured frame."""
    now = rules_version(change.competition)
    if change.number is not None and change.number < now:
        return replaced_chip(now)
    return asked_chip(change.state, _("等第二个人同意"), change.ended_why)


def change_line(change: LabourRuleChange) -> ChangeLine:
    """One of the competition's changes, as a list has it."""
    return ChangeLine(
        title=change_title(change),
        url=url_for("organiser.rule_change", code=change.competition.code, number=change.id),
        state=change_chip(change),
        said=asked_words(change.asker.name, change.asked_at, change.reason),
    )
