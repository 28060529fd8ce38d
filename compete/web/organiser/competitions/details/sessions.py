"""日程: the plan's sessions, each moved to another time, and the last one moved back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.refusal import Refused, invalid
from compete.services.schedule.session_plan import (
    last_session_move,
    move_session,
    sessions_in_plan,
    undo_session_move,
    why_plan_stays,
)
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import module_names
from compete.web.organiser.last_act import LastAct, last_act, undone, when_and_who
from compete.web.organiser.shapes import competition_link
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import clock, day
from compete.web.words import moved_session_words


def _sessions_page(competition: Competition, refused: Refused | None = None) -> str:
    return render_template(
        "organiser/competitions/details/sessions.html",
        competition=competition_link(competition),
        code=competition.code,
        rows=_rows(competition, refused),
        why_not=why_plan_stays(competition),
        last=_last(competition),
    )


@face.get("/<code>/sessions")
@guard.may(Right.SET_UP)
def sessions(competition: Competition) -> ResponseReturnValue:
    """The sessions of the plan."""
    return _sessions_page(competition)


@face.post("/<code>/sessions")
@guard.may(Right.SET_UP)
@only_once
@refusal_on(_sessions_page)
def move_one_session(competition: Competition) -> ResponseReturnValue:
    """Move one session to another time, with its turns and people."""
    at = read_wall_clock(request.form.get("at", "").strip())
    if at is None:
        raise invalid(msg("日期和时间看不懂，写成 2026-09-16T08:40 这样"))
    move_session(competition, posted_text("session"), at, current_user)
    flash(_("移好了，这一场的人和检录时间一起移"), "ok")
    return redirect(url_for("organiser.sessions", code=competition.code))


@face.post("/<code>/sessions/undo")
@guard.may(Right.SET_UP)
@only_once
def undo_moved_session(competition: Competition) -> ResponseReturnValue:
    """Put the last moved session back to its former time."""
    undo = partial(undo_session_move, competition)
    return undone(undo, "organiser.sessions", code=competition.code)


def _rows(competition: Competition, refused: Refused | None) -> list[dict[str, Any]]:
    mark, typed = posted_text("session"), request.form.get("at", "").strip()
    names = module_names(competition)
    first = competition.starts
    last = competition.ends or first
    rows = []
    for it in sessions_in_plan(competition):
        key = f"{it.event}/{it.stage}/{it.module}"
        on = it.starts.date() if it.starts else None
        own = problem_of(refused) if it.mark == mark else ""
        rows.append(
            {
                "module": names.get(key, key),
                "name": it.name,
                "when": _when(it.starts, it.last),
                "outside": bool(on and first and last and not first <= on <= last),
                "mark": it.mark,
                "at": typed if own else f"{it.starts:%Y-%m-%dT%H:%M}" if it.starts else "",
                "problem": own,
            }
        )
    return rows


def _when(starts: datetime | None, last: datetime | None) -> str:
    if starts is None or last is None:
        return _("没有时间")
    at = f"{day(starts, with_year=True)} {clock(starts)}"
    return at if last == starts else _("%(at)s，最后一轮 %(last)s", at=at, last=clock(last))


def _last(competition: Competition) -> LastAct | None:
    last = last_session_move(competition)
    if last is None:
        return None
    what = moved_session_words(last.name, last.module, last.before, last.after)
    text = _("%(at)s %(who)s：%(what)s", **when_and_who(last), what=what)
    return last_act(last, text, url_for("organiser.undo_moved_session", code=competition.code))
