"""The plan moved along with the competition's days, and back."""

from __future__ import annotations

from functools import partial

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.shifted_plan import move_plan, undo_plan_move
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_act import undone


@face.post("/<code>/details/move-plan")
@guard.may(Right.SET_UP)
@only_once
def move_whole_plan(competition: Competition) -> ResponseReturnValue:
    """Move all sessions by the days that the page offered."""
    days = request.form.get("days", type=int)
    if not days:
        abort(400)
    move_plan(competition, days, current_user)
    flash(_("日程整个移好了，看一遍"), "ok")
    return redirect(url_for("organiser.details", code=competition.code))


@face.post("/<code>/details/move-plan/undo")
@guard.may(Right.SET_UP)
@only_once
def undo_whole_plan(competition: Competition) -> ResponseReturnValue:
    """Put all sessions back on their former days."""
    undo = partial(undo_plan_move, competition)
    return undone(undo, "organiser.details", code=competition.code)
