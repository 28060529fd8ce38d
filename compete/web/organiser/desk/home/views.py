"""The desk's home: the viewer's tasks, then the competitions, also as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, utc_now
from compete.services.accounts.access import competitions_for, may, may_anywhere
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.overview import brief_of
from compete.services.kernel.clock import local_time, local_today
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import state_chip, subtitle_of
from compete.web.organiser.desk.home.shapes import Coming, CompetitionRow, Waiting
from compete.web.organiser.desk.home.waiting import what_waits
from compete.web.organiser.list_book import send_list
from compete.web.templating import day, moment_in_sentence, near_day
from compete.web.words import heads_in

BY_COMPETITION = "competition"


def _describe_home(competitions: Sequence[Competition], order: str) -> str:
    """Render `organiser/desk/home.html`; `order` is by urgency unless by competition."""
    tasks = what_waits(competitions)
    rows, gone = _competition_rows(competitions)
    lines = sorted(tasks.waiting, key=_urgency)
    together = order == BY_COMPETITION
    return render_template(
        "organiser/desk/home.html",
        count=len(lines),
        due_words=_due_words,
        groups=_by_competition(lines) if together else _by_urgency(lines),
        together=together,
        next=_coming(tasks.coming),
        competitions=rows,
        put_away=gone,
        makes=may_anywhere(current_user, Right.MAKE),
    )


def _competition_rows(
    competitions: Iterable[Competition],
) -> tuple[list[CompetitionRow], list[CompetitionRow]]:
    """List the competitions under way, and those that were put away."""
    rows: list[CompetitionRow] = []
    gone: list[CompetitionRow] = []
    for competition in competitions:
        brief = brief_of(competition)
        away = is_put_away(competition)
        (gone if away else rows).append(
            CompetitionRow(
                competition=competition,
                level=subtitle_of(competition)[0],
                state=state_chip(competition),
                entrants=heads_in(brief.entrants, competition) if brief.entrants else "",
                units=brief.units,
                may_bring=away and may(current_user, competition, Right.SET_UP),
            )
        )
    return rows, gone


def _due_words(waiting: Waiting) -> str:
    due = waiting.row.due
    if due is None:
        return near_day(waiting.day) if waiting.day is not None else ""
    left = due - utc_now()
    if left <= timedelta():
        return _("过了 %(at)s", at=moment_in_sentence(due))
    if left < timedelta(hours=1):
        minutes = int(left.total_seconds() // 60)
        return ngettext("还有 %(num)s 分", "还有 %(num)s 分", minutes)
    return moment_in_sentence(due)


def _day_of(waiting: Waiting) -> date:
    due = waiting.row.due
    return local_time(due).date() if due else waiting.day or date.max


def _urgency(waiting: Waiting) -> tuple[bool, date, float]:
    """Sort key: the urgent first, then by the day, and by the time of day if it has one."""
    due = waiting.row.due
    return not waiting.urgent, _day_of(waiting), due.timestamp() if due else float("inf")


def _by_urgency(lines: Sequence[Waiting]) -> list[tuple[str, Sequence[Waiting]]]:
    week = local_today() + timedelta(days=7)
    first = [line for line in lines if line.urgent]
    rest = [line for line in lines if not line.urgent]
    groups = (
        (ngettext("先办这 %(num)s 件", "先办这 %(num)s 件", len(first)), first),
        (_("这周"), [line for line in rest if _day_of(line) <= week]),
        (_("以后"), [line for line in rest if _day_of(line) > week]),
    )
    return [(title, rows) for title, rows in groups if rows]


def _by_competition(lines: Sequence[Waiting]) -> list[tuple[str, Sequence[Waiting]]]:
    """Sort competitions by the most urgent task in each."""
    order = list(dict.fromkeys(line.competition for line in lines))
    rows = sorted(lines, key=lambda line: order.index(line.competition))
    groups = groupby(rows, key=lambda line: line.competition)
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
    rows, gone = _competition_rows(competitions_for(current_user))
    lines = [
        [
            *(row.competition.name, row.competition.code, row.level or "—"),
            *(day(row.competition.starts, with_year=True), row.competition.venue or "—"),
            *(row.entrants or "—", row.units or "—", row.state.text),
        ]
        for row in (*rows, *gone)
    ]
    heads = (_("竞赛"), _("竞赛编号"), _("级别"), _("日期"), _("地点"), _("参赛"), _("单位"))
    return send_list(None, msg("竞赛名单"), [*heads, _("状态")], lines)
