"""The year on one page, and the six pages of figures, each as a workbook too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.services.directory.loop_stages import stages_for
from compete.services.figures.year import YearFigures, figures_of_year, practised
from compete.services.figures.years import SeenYear, year_seen
from compete.sheets.workbook.tables import Table, Value
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.desk.home.order import due_words, urgency
from compete.web.organiser.desk.home.waiting import what_waits
from compete.web.organiser.figures import skills
from compete.web.organiser.figures.pages import PAGES, PageOfFigures, month_bars
from compete.web.organiser.figures.shapes import FigurePage, FigureTable
from compete.web.organiser.list_book import send_list
from compete.web.pages import or_404
from compete.web.paging import asked_number

LOOKS = 1
"""So many competitions are looked through anew; the home goes on with the others."""
FIRST = 5
"""So many things that wait stand on the page of the year."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of the year, and what it counts."""

    number: str
    what: str


def _asked_year() -> SeenYear:
    return year_seen(current_user, whole_number(request.args.get("year", "")) or 0)


@face.get("/figures")
@guard.may(Right.OPEN_DESK)
def year_figures() -> ResponseReturnValue:
    """Show the year over all kinds, what waits first; it prints on one sheet."""
    seen = _asked_year()
    figures = figures_of_year(seen)
    tasks = what_waits(seen.everything, LOOKS)
    lines = sorted(tasks.waiting, key=urgency)
    return render_template(
        "organiser/figures/year.html",
        years=seen.years,
        year=seen.year,
        sentence=_sentence(seen.year, figures),
        waiting=lines[:FIRST],
        count=len(lines),
        unseen=tasks.unseen,
        due_words=due_words,
        counts=_counts(figures),
        stages=_stages(seen, figures),
        charts=month_bars(figures.months),
        pages=[
            *((key, say(page.title), say(page.what)) for key, page in PAGES.items()),
            ("skills", say(skills.TITLE), say(skills.WHAT)),
        ],
    )


@face.get("/figures/<page>")
@guard.may(Right.OPEN_DESK)
def figures(page: str) -> ResponseReturnValue:
    """Show one of the six pages: each chart with its table."""
    described, seen = or_404(PAGES.get(page)), _asked_year()
    shown = described.make(seen, asked_number("of"))
    return render_template(
        "organiser/figures/page.html",
        page=page,
        title=say(described.title),
        what=say(described.what),
        years=seen.years,
        year=seen.year,
        shown=shown,
    )


@face.get("/figures/<page>/list.xlsx")
@guard.may(Right.OPEN_DESK)
def figures_book(page: str) -> Response:
    """The same tables as a workbook, a sheet each."""
    described, seen = or_404(PAGES.get(page)), _asked_year()
    shown = described.make(seen, asked_number("of"))
    return _book(described, seen.year, shown)


def _book(described: PageOfFigures, year: int, shown: FigurePage) -> Response:
    title = msg("%(year)s 年%(figures)s", year=year, figures=described.title)
    if not shown.tables:
        return send_list(None, title, [say(described.title)], [[shown.lack]])
    first, *others = shown.tables
    sheets = [
        Table(
            name=msg("%(title)s", title=table.title),
            title=msg("%(title)s", title=table.title),
            columns=table.heads,
            rows=_lines(table),
            frozen=1,
        )
        for table in others
    ]
    return send_list(None, title, first.heads, _lines(first), *sheets)


def _lines(table: FigureTable) -> list[Sequence[Value]]:
    rows = [*table.rows, table.whole] if table.whole is not None else table.rows
    lines: list[Sequence[Value]] = [[row.name, *row.cells] for row in rows]
    return [*lines, [table.note]] if table.note else lines


def _counts(figures: YearFigures) -> list[Count]:
    """The numbers of the year that are not nothing; those that would tell of a few without it."""
    numbers = (
        (figures.kinds[Kind.SKILLS], _("技能竞赛")),
        (figures.kinds[Kind.EVALUATION], _("等级认定")),
        (figures.kinds[Kind.LABOUR], _("劳动竞赛")),
        (figures.labour_months, _("结了账的期次")),
        (figures.exams, _("理论考试")),
        (figures.people, _("参赛人次")),
        (figures.units, _("参赛单位，按场数")),
        (figures.promotions, _("晋升")),
        (figures.awards, _("奖项证书")),
    )
    return [
        Count("—" if number is None else f"{number:,}", what)
        for number, what in numbers
        if number != 0
    ]


def _stages(seen: SeenYear, figures: YearFigures) -> list[Count]:
    """The stages of the loop that an organisation has named, with what each has this year."""
    named = stages_for(seen.here)
    if named is None:
        return []
    _organisation, names = named
    practice = practised(current_user, seen.year) if names.practice else 0
    contests = figures.kinds[Kind.SKILLS] + figures.kinds[Kind.LABOUR]
    batches, risen = figures.kinds[Kind.EVALUATION], figures.promotions
    stages = (
        (names.practice, ngettext("%(num)s 次练习", "%(num)s 次练习", practice)),
        (names.contest, ngettext("%(num)s 场竞赛", "%(num)s 场竞赛", contests)),
        (names.exam, ngettext("%(num)s 场理论考试", "%(num)s 场理论考试", figures.exams)),
        (names.evaluation, ngettext("%(num)s 批等级认定", "%(num)s 批等级认定", batches)),
        (
            names.promotion,
            ngettext("%(num)s 人晋升", "%(num)s 人晋升", risen) if risen is not None else "—",
        ),
    )
    return [Count(number, name) for name, number in stages if name]


def _sentence(year: int, figures: YearFigures) -> str:
    """The year in one sentence: what there was, who took part, who rose."""
    skills, batches, labour = (
        figures.kinds[kind] for kind in (Kind.SKILLS, Kind.EVALUATION, Kind.LABOUR)
    )
    there = [
        ngettext("%(num)s 场技能竞赛", "%(num)s 场技能竞赛", skills) if skills else "",
        ngettext("%(num)s 批等级认定", "%(num)s 批等级认定", batches) if batches else "",
        ngettext("%(num)s 个劳动竞赛", "%(num)s 个劳动竞赛", labour) if labour else "",
    ]
    clauses = [_("、").join(part for part in there if part)]
    if figures.people:
        clauses.append(ngettext("%(num)s 人次参加", "%(num)s 人次参加", figures.people))
    if figures.promotions:
        clauses.append(ngettext("%(num)s 人晋升", "%(num)s 人晋升", figures.promotions))
    text = _("，").join(clause for clause in clauses if clause)
    return _("%(year)s 年：%(what)s", year=year, what=text) if text else _("%(year)s 年", year=year)
