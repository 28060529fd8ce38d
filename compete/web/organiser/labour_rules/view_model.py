"""A labour competition's rules in words, each indicator with an example by the rule itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle import Indicator, Labour
from compete.domain.labour import PLACES
from compete.domain.values import Better, Missing, ScoringType, plain, round_half_up, show
from compete.models import Competition
from compete.services.labour import (
    asked_in,
    labour_rules,
    leaves_of,
    why_labour_rules_stay,
    worked_example,
)
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.labour_rules.shapes import (
    BookFault,
    IndicatorRow,
    LabourRulesPage,
    PeriodLine,
)
from compete.web.organiser.shapes import competition_link
from compete.web.upload_limit import limit_words


def describe_rules(
    competition: Competition, problem: str | None = None, faults: Sequence[BookFault] = ()
) -> LabourRulesPage:
    """What is in force, and whether it may be changed."""
    rules = labour_rules(competition)
    labour = rules.labour
    why = why_labour_rules_stay(competition)
    whose = {code: name for name, codes in rules.departments.items() for code in codes}
    names = {each.code: each.name for each in labour.periods}
    first = asked_in(labour, leaves_of(labour)[0])
    groups = Counter((labour.groups or {}).values())
    code = competition.code
    return LabourRulesPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.labour", code=code),
        indicators=[_row(each, whose, names) for each in labour.indicators],
        most=plain(sum((each.max for each in first), Decimal(0))),
        periods=_periods(labour),
        facts=_facts(labour, names),
        groups=[
            (name, ngettext("%(num)s 家", "%(num)s 家", number))
            for name, number in sorted(groups.items())
        ],
        units=len(competition.units),
        book_url=url_for("organiser.labour_rules_book", code=code),
        upload_url=allowed_url("organiser.save_labour_rules_book", code=code)
        if why is None
        else None,
        why_not=say(why) if why is not None else None,
        problem=problem,
        faults=faults,
        departments_url=allowed_url("organiser.departments", code=code),
        units_url=allowed_url("organiser.units", code=code),
        limit=limit_words(),
    )


def _row(each: Indicator, whose: Mapping[str, str], names: Mapping[str, str]) -> IndicatorRow:
    return IndicatorRow(
        heading=each.heading or "",
        name=each.name,
        most=plain(each.max),
        kind=_kind(each),
        example=_example(each),
        department=whose.get(each.code, ""),
        asked=_("、").join(names.get(code, code) for code in each.periods),
    )


def _kind(each: Indicator) -> str:
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
            points = _("、").join(plain(number) for number in scoring.points)
            if scoring.better is Better.LOWER:
                return _("按名次得 %(points)s，数小的在前", points=points)
            return _("按名次得 %(points)s，数大的在前", points=points)
    return _("直接打分")


def _example(each: Indicator) -> str:
    found = worked_example(each)
    score = show(round_half_up(found.score, 1, PLACES), PLACES)
    value = plain(found.value)
    match each.scoring.type:
        case ScoringType.RANK:
            return _("组里第 1 名得 %(score)s", score=score)
        case ScoringType.COMPLETION:
            target = plain(found.target or 0)
            return _(
                "完成 %(value)s、目标 %(target)s，得 %(score)s",
                value=value,
                target=target,
                score=score,
            )
    return _("填 %(value)s，得 %(score)s", value=value, score=score)


def _periods(labour: Labour) -> list[PeriodLine]:
    """The tree, each whole before what it is made of."""
    parts: dict[str | None, list[str]] = {}
    for each in labour.periods:
        parts.setdefault(each.part_of, []).append(each.code)
    by_code = {each.code: each for each in labour.periods}
    lines: list[PeriodLine] = []
    waiting = [(code, 0) for code in reversed(parts.get(None, []))]
    while waiting:
        code, depth = waiting.pop()
        period = by_code[code]
        lines.append(
            PeriodLine(name=period.name, depth=depth, weight=plain(period.weight) if depth else "")
        )
        waiting += [(part, depth + 1) for part in reversed(parts.get(code, []))]
    return lines


def _facts(labour: Labour, names: Mapping[str, str]) -> list[tuple[str, str]]:
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
        facts.append((_("同分先比"), _("、").join(indicators.get(code, code) for code in ties)))
    return facts
