"""A person is given another place before judging, or swaps with somebody."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import listed
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.schedule.station_moves import give_own_time, move_person, undo_move
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.person.finding import find_entrant
from compete.web.organiser.registration.person.move_panel import OWN_TIME, asked_place, typed_time
from compete.web.organiser.registration.person.views import refused_page
from compete.web.pages import or_404


@face.post("/<code>/entrants/<who>/move")
@guard.may(Right.REGISTER)
def move(competition: Competition, who: str) -> ResponseReturnValue:
    """Move a person to another place for one module; whom one swaps with is named."""
    entrant = find_entrant(competition, who)
    place = or_404(asked_place(entrant, request.form.get("place")))
    key, reason = request.form.get("to", ""), request.form.get("reason", "")
    moved = None
    try:
        if key == OWN_TIME:
            at, station = typed_time(request.form.get("at", "")), request.form.get("station", "")
            give_own_time(entrant, *place, at, station, reason, current_user)
        else:
            moved = move_person(entrant, *place, key, reason, current_user)
    except Refused as refused:
        return refused_page(entrant, refused, "#move", place)
    if moved is not None and moved.other is not None:
        flash(
            _(
                "%(name)s 和 %(other)s 对换了，告诉他们两个人",
                name=entrant.name,
                other=f"{moved.other.name} {moved.other.code}",
            ),
            "ok",
        )
    else:
        flash(_("%(name)s 挪好了，告诉他", name=entrant.name), "ok")
    return redirect(url_for("organiser.person", code=competition.code, who=who))


@face.post("/<code>/entrants/<who>/move-undo")
@guard.may(Right.REGISTER)
@only_once
def undo_last_move(competition: Competition, who: str) -> ResponseReturnValue:
    """Back to the place before the last move."""
    entrant = find_entrant(competition, who)
    moved = undo_move(entrant, request.form.get("change", ""), _("撤销上一次挪动"), current_user)
    names = [entrant.name] + ([moved.other.name] if moved.other is not None else [])
    flash(_("%(names)s 回到了原来的位置，告诉他们", names=say(listed(names))), "ok")
    return redirect(url_for("organiser.person", code=competition.code, who=who))
