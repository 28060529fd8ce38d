"""The desk's home: the viewer's tasks, then the competitions, also as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.bundle.crews import heads
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.accounts.access import competitions_for, may_anywhere, where_may
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.overview import briefs_of
from compete.services.kernel.clock import local_today
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import level_word, state_chips_of, with_text
from compete.web.organiser.desk.home.order import day_of, due_words, urgency
from compete.web.organiser.desk.home.shapes import Coming, CompetitionRow, Waiting
from compete.web.organiser.desk.home.waiting import AT_A_TIME, AT_ONCE, what_waits
from compete.web.organiser.list_book import send_list
from compete.web.paging import asked_text, part_of
from compete.web.templating import day, near_day

BY_COMPETITION = "competition"


LINES, ROWS = 40, 20
"""So many tasks and so many competitions stand on a page."""


def _describe_home(competitions: Sequence[Competition], order: str) -> str:
    """Render `organiser/desk/home.html`; `order` is by urgency unless by competition."""
    tasks = what_waits(competitions, AT_A_TIME if "on" in request.args else AT_ONCE)
    together, query = order == BY_COMPETITION, asked_text()
    lines = sorted(tasks.waiting, key=urgency)
    if together:
        lines = _by_competition(lines)
    kept: dict[str, Any] = {"by": order if together else None, "q": query}
    away = [it for it in competitions if is_put_away(it)]
    under_way = [it for it in competitions if not is_put_away(it)]
    home = "organiser.competitions"
    shown, line_page = part_of(lines, LINES, home, key="tasks", **kept)
    rows, row_page = part_of(with_text(under_way, query), ROWS, home, **kept)
    gone, gone_page = part_of(with_text(away, query), ROWS, home, key="away", **kept)
    return render_template(
        "organiser/desk/home.html",
        count=len(lines),
        tasks=tasks,
        due_words=due_words,
        groups=_grouped(shown) if together else _by_urgency(shown, lines),
        line_page=line_page,
        together=together,
        next=_coming(tasks.coming),
        query=query,
        total=len(under_way),
        any=bool(competitions),
        searched=len(competitions) > ROWS,
        competitions=_competition_rows(rows),
        row_page=row_page,
        put_away=_competition_rows(gone),
        gone_page=gone_page,
        makes=may_anywhere(current_user, Right.MAKE),
    )


def _competition_rows(competitions: Sequence[Competition]) -> list[CompetitionRow]:
    """The competitions as lines, in a few statements whatever their number."""
    briefs, chips = briefs_of(competitions), state_chips_of(competitions)
    away = [it for it in competitions if is_put_away(it)]
    theirs = where_may(current_user, away, Right.SET_UP) if away else frozenset()
    return [
        CompetitionRow(
            competition=it,
            level=level_word(it.level),
            state=chips[it.id],
            entrants=say(heads(briefs[it.id].entrants, briefs[it.id].crewed))
            if briefs[it.id].entrants
            else "",
            units=briefs[it.id].units,
            may_bring=it.id in theirs,
        )
        for it in competitions
    ]


def _by_urgency(
    shown: Sequence[Waiting], lines: Sequence[Waiting]
) -> list[tuple[str, Sequence[Waiting]]]:
    """The lines of the page in groups; those of all pages are counted."""
    week = local_today() + timedelta(days=7)
    urgent = sum(line.urgent for line in lines)
    rest = [line for line in shown if not line.urgent]
    groups = (
        (
            ngettext("先办这 %(num)s 件", "先办这 %(num)s 件", urgent),
            [line for line in shown if line.urgent],
        ),
        (_("这周"), [line for line in rest if day_of(line) <= week]),
        (_("以后"), [line for line in rest if day_of(line) > week]),
    )
    return [(title, rows) for title, rows in groups if rows]


def _by_competition(lines: Sequence[Waiting]) -> list[Waiting]:
    """Sort competitions by the most urgent task in each."""
    places = {name: at for at, name in enumerate(dict.fromkeys(it.competition for it in lines))}
    return sorted(lines, key=lambda line: places[line.competition])


def _grouped(lines: Sequence[Waiting]) -> list[tuple[str, Sequence[Waiting]]]:
    groups = groupby(lines, key=lambda line: line.competition)
    return [(name, list(group)) for name, group in groups]


def _coming(coming: Iterable[Coming]) -> str:
    """The next that is to come, and when."""
    first = min(coming, key=lambda ahead: ahead.on, default=None)
    if first is None:
        return _("有要你办的事，列在这里。")
    return _(
        "接下来：%(day)s %(competition)s %(what)s",
        day=near_day(first.on),
        competition=first.competition,
        what=first.what,
    )


@face.get("/")
@guard.may(Right.OPEN_DESK)
def competitions() -> ResponseReturnValue:
    """Show what waits for this account in all its competitions, and their list."""
    return _describe_home(competitions_for(current_user), request.args.get("by", ""))


@face.get("/list.xlsx")
@guard.may(Right.OPEN_DESK)
def competitions_book() -> Response:
    """Every competition this account has a part in, those that were put away last."""
    rows = _competition_rows(sorted(competitions_for(current_user), key=is_put_away))
    lines = [
        [
            *(row.competition.name, row.competition.code, row.level or "—"),
            *(day(row.competition.starts, with_year=True), row.competition.venue or "—"),
            *(row.entrants or "—", row.units or "—", row.state.text),
        ]
        for row in rows
    ]
    heads = (_("竞赛"), _("竞赛编号"), _("级别"), _("日期"), _("地点"), _("参赛"), _("单位"))
    return send_list(None, msg("竞赛名单"), [*heads, _("状态")], lines)
