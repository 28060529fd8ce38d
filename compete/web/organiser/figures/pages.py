"""The six pages of figures: what each is called, and its charts with their tables."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.exam.exam_words import KIND_WORDS
from compete.domain.exam.statistics import LEAST_SITTINGS
from compete.domain.explanation.labour_moves import percent
from compete.domain.figures.small_groups import LEAST
from compete.domain.grades.ladder import grade_label
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Examination
from compete.services.accounts.access import where_may
from compete.services.examinations.setting_up import place_of_exam
from compete.services.figures.certificates import (
    MONTHS,
    Months,
    certificate_delays,
    certificate_months,
)
from compete.services.figures.groups import Grouped
from compete.services.figures.papers import banks_of, exams_figured, items_of, sections_of, share_of
from compete.services.figures.participation import participation
from compete.services.figures.pass_rates import pass_rates
from compete.services.figures.years import SeenYear
from compete.web.language import say
from compete.web.organiser.figures.shapes import Choice, FigurePage, FigureRow, FigureTable


@dataclass(frozen=True, slots=True)
class PageOfFigures:
    """One of the pages: its title, what it says, and how it is made of a year and what is asked."""

    title: Message
    what: Message
    make: Callable[[SeenYear, int | None], FigurePage]


def _participation(seen: SeenYear, _asked: int | None) -> FigurePage:
    heads = [_("主办方"), _("人次"), _("竞赛场次"), _("单位")]
    counted = participation(seen.here)
    table = _table(
        *(_("各主办方的参赛人次"), _("人次"), heads, counted),
        name=lambda key: str(key) or _("没写主办方"),
        note=_("单位按场数，一家参加两场算两次；劳动竞赛的人数是各单位最后报的。"),
    )
    return _page([table] if counted.rows or counted.merged else [], _("这一年没有竞赛"))


def _pass_rates(seen: SeenYear, _asked: int | None) -> FigurePage:
    rates = pass_rates(seen.here)
    if not rates.is_told:
        return _page([], _("人太少，列出来会看出是谁"))
    if not rates.levels.whole:
        return _page([], _("这一年没有公布了结果的认定"))
    heads = [_("人次"), _("合格"), _("合格率")]
    return _page(
        [
            _rates(_("各等级的合格率"), [_("等级"), *heads], rates.levels, _level),
            _rates(_("各单位的合格率"), [_("单位"), *heads], rates.units, _unit),
        ],
        "",
    )


def _certificates(seen: SeenYear, _asked: int | None) -> FigurePage:
    months = certificate_months(seen.everything, seen.year)
    note = _("有效的证书，按证书上的日期；换发的算在新证书的日期。")
    tables = [
        _table(title, head, [_("月份"), head], counted, name=_month, note=note)
        for title, head, counted in (
            (_("每月晋升"), _("晋升"), months.grades),
            (_("每月奖项证书"), _("奖项证书"), months.awards),
        )
        if counted.merged or any(row.counts[0] for row in counted.rows)
    ]
    return _page(tables, _("这一年没有发证书"))


def _delays(seen: SeenYear, _asked: int | None) -> FigurePage:
    delays = certificate_delays(seen.everything, seen.year)
    counted, note = delays.spans, ""
    if delays.median is not None:
        note = ngettext(
            "一半的证书在 %(num)s 天内发出。", "一半的证书在 %(num)s 天内发出。", delays.median
        )
    table = _table(
        *(_("从第一次公布结果到发证"), _("证书"), [_("天数"), _("证书")], counted),
        name=_span,
        note=note,
    )
    there = counted.merged or any(row.counts[0] for row in counted.rows)
    return _page([table] if there else [], _("这一年没有按结果发的证书"))


def _items(seen: SeenYear, asked: int | None) -> FigurePage:
    leads = where_may(current_user, seen.here, Right.LEAD)
    exams = exams_figured([it for it in seen.here if it.id in leads])
    chosen = next((it for it in exams if it.id == asked), next(iter(exams), None))
    if chosen is None:
        return _page([], _("这一年没有出了成绩的理论考试"))
    heads = [_("题"), _("题型"), _("人数"), _("得分率"), _("区分度"), _("要看一下")]
    rows = []
    for item in items_of(chosen):
        share = share_of(item)
        flags = _("、").join(say(flag) for flag in item.flags) if share is not None else ""
        kind = say(KIND_WORDS[item.question.kind])
        parting = (item.correlation if share is not None else None) or "—"
        rows.append(
            _share_row(item.question.code, [kind, item.people], share, [parting, flags or "—"])
        )
    note = _("不到 %(n)s 人做过的题、作废的题不算得分率。", n=LEAST_SITTINGS)
    table = FigureTable(
        title=_exam_name(chosen), chart=_("得分率"), heads=heads, rows=rows, note=note
    )
    named = [(it.id, _exam_name(it)) for it in exams]
    return _page([table], "", _choices(seen, "items", named, chosen.id), chosen.id)


def _sections(seen: SeenYear, asked: int | None) -> FigurePage:
    exams = exams_figured(seen.here)
    banks = banks_of(exams)
    chosen = next((it for it in banks if it.id == asked), next(iter(banks), None))
    sections = sections_of(chosen, exams) if chosen is not None else []
    named = [(it.id, it.name) for it in banks]
    choices = _choices(seen, "sections", named, chosen.id) if chosen is not None else []
    if chosen is None or not sections:
        return _page([], _("这一年没有够 %(n)s 人的理论考试", n=LEAST_SITTINGS), choices)
    heads = [_("鉴定范围"), _("题数"), _("人次"), _("得分率")]
    rows = [_share_row(it.name, [it.questions, it.people], it.share, []) for it in sections]
    note = _("最弱的在最前；一道题按做的人数算。")
    table = FigureTable(title=chosen.name, chart=_("得分率"), heads=heads, rows=rows, note=note)
    return _page([table], "", choices, chosen.id)


PAGES: Mapping[str, PageOfFigures] = {
    "participation": PageOfFigures(
        msg("各主办方参赛"), msg("谁办了几场，多少人次参加"), _participation
    ),
    "pass-rates": PageOfFigures(msg("合格率"), msg("按等级、按单位"), _pass_rates),
    "certificates": PageOfFigures(msg("每月发证"), msg("晋升和奖项证书"), _certificates),
    "delays": PageOfFigures(msg("多久发证"), msg("从公布结果到证书的天数"), _delays),
    "items": PageOfFigures(msg("一份试卷的题"), msg("哪些题难，哪些有毛病"), _items),
    "sections": PageOfFigures(msg("最弱的鉴定范围"), msg("理论考试里丢分多的地方"), _sections),
}


def month_bars(months: Months) -> list[tuple[str, list[FigureRow]]]:
    """Promotions and award certificates month by month; one that shares a row has no number."""
    return [
        (title, _every_month(counted))
        for title, counted in (
            (_("每月晋升"), months.grades),
            (_("每月奖项证书"), months.awards),
        )
        if counted.merged or any(row.counts[0] for row in counted.rows)
    ]


def _every_month(counted: Grouped) -> list[FigureRow]:
    known = {row.key: row.counts[0] for row in counted.rows if isinstance(row.key, date)}
    largest = max(known.values(), default=0) or 1
    return [
        FigureRow(
            name=_("%(month)s 月", month=month),
            cells=[],
            bar=round(100 * n / largest, 2) if n is not None else None,
            value=str(n) if n is not None else "—",
        )
        for month, n in (
            (month, next((n for day, n in known.items() if day.month == month), None))
            for month in MONTHS
        )
    ]


def _page(
    tables: Sequence[FigureTable],
    lack: str,
    choices: Sequence[Choice] = (),
    asked: int | None = None,
) -> FigurePage:
    return FigurePage(
        tables=tables, lack=lack, choices=choices, asked=str(asked) if asked is not None else ""
    )


def _table(
    title: str,
    chart: str,
    heads: Sequence[str],
    counted: Grouped,
    *,
    name: Callable[[Hashable], str],
    note: str = "",
) -> FigureTable:
    """A table of counts, whose first column is drawn."""
    named = [(name(row.key), row.counts) for row in counted.rows]
    if counted.others is not None:
        named.append((_others(counted), counted.others))
    largest = max((counts[0] for _name, counts in named), default=0) or 1
    rows = [
        FigureRow(
            name=text,
            cells=counts,
            bar=round(100 * counts[0] / largest, 2),
            value=str(counts[0]),
        )
        for text, counts in named
    ]
    whole = FigureRow(name=_("合计"), cells=counted.whole) if counted.whole else None
    return FigureTable(
        title=title, chart=chart, heads=heads, rows=rows, whole=whole, note=note + _hidden(counted)
    )


def _rates(
    title: str, heads: Sequence[str], counted: Grouped, name: Callable[[Hashable], str]
) -> FigureTable:
    named = [(name(row.key), row.counts) for row in counted.rows]
    if counted.others is not None:
        named.append((_others(counted), counted.others))
    rows = [_share_row(text, [n, passed], Fraction(passed, n), []) for text, (n, passed) in named]
    n, passed = counted.whole or (0, 0)
    whole = FigureRow(name=_("合计"), cells=[n, passed, percent(Fraction(passed, n))])
    return FigureTable(
        title=title,
        chart=_("合格率"),
        heads=heads,
        rows=rows,
        whole=whole,
        note=_("人次是公布了结果的，缺考、取消成绩的也算没合格。") + _hidden(counted),
    )


def _share_row(
    name: str, before: Sequence[int | str], share: Fraction | None, after: Sequence[int | str]
) -> FigureRow:
    words = percent(share) if share is not None else "—"
    return FigureRow(
        name=name,
        cells=[*before, words, *after],
        bar=round(float(share) * 100, 2) if share is not None else None,
        value=words,
    )


def _others(counted: Grouped) -> str:
    return ngettext("其他 %(num)s 组", "其他 %(num)s 组", counted.merged)


def _hidden(counted: Grouped) -> str:
    """What is said of small groups, where there are any."""
    if not counted.merged:
        return ""
    if counted.others is None:
        return _("不到 %(n)s 人的不列，合计也不列，看不出是谁。", n=LEAST)
    return _("不到 %(n)s 人的和下一个小的合成一行，看不出是谁。", n=LEAST)


def _choices(
    seen: SeenYear,
    page: str,
    every: Sequence[tuple[int, str]],
    chosen: int,
) -> list[Choice]:
    """The ways to what else the page can be of; none where there is one alone."""
    if len(every) < 2:
        return []
    return [
        Choice(
            name=name,
            url=url_for("organiser.figures", page=page, year=seen.year, of=number),
            is_chosen=number == chosen,
        )
        for number, name in every
    ]


def _level(key: Hashable) -> str:
    return say(grade_label(key if isinstance(key, int) else None))


def _unit(key: Hashable) -> str:
    return str(key) or _("没有单位")


def _month(key: Hashable) -> str:
    assert isinstance(key, date)
    return _("%(month)s 月", month=key.month)


def _span(key: Hashable) -> str:
    assert isinstance(key, tuple)
    first, last = key
    if last is None:
        return ngettext("%(num)s 天以上", "%(num)s 天以上", first - 1)
    return _("%(first)s 到 %(last)s 天", first=first, last=last)


def _exam_name(exam: Examination) -> str:
    place = place_of_exam(exam)
    return _("%(competition)s %(place)s", competition=exam.competition.name, place=place.title)
