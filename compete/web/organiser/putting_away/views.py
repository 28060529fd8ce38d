"""Putting a competition away with its name typed, and bringing it back."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.putting_away import bring_back, put_away
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.putting_away.view_model import put_away_page
from compete.web.refusals import status_of


@face.route("/<code>/put-away", methods=["GET", "POST"])
@guard.of_any_kind
@guard.may(Right.SET_UP)
def put_competition_away(competition: Competition) -> ResponseReturnValue:
    """What will be; then out of the lists. A wrong name stays in its field."""
    if request.method == "GET":
        return put_away_page(competition)
    typed = request.form.get("name", "")
    try:
        put_away(competition, typed, current_user)
    except Refused as refused:
        return put_away_page(competition, typed, say(refused.message)), status_of(refused)
    flash(_("收起了 %(name)s", name=competition.name), "ok")
    return redirect(url_for("organiser.competitions"))


@face.post("/<code>/bring-back")
@guard.of_any_kind
@guard.may(Right.SET_UP)
def bring_competition_back(competition: Competition) -> ResponseReturnValue:
    """Into the lists again."""
    bring_back(competition, current_user)
    flash(_("拿回来了：%(name)s", name=competition.name), "ok")
    return redirect(url_for("organiser.competitions"))
