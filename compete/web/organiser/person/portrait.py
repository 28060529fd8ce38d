"""One person's photo: shown, put, put in another's place, taken away."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.registration.portraits import portrait_of, put_portrait, remove_portrait
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.person.finding import find_entrant, find_holder, in_the_list
from compete.web.organiser.person.views import page_of
from compete.web.pages import fields_of
from compete.web.portraits import put_words, seen_mark, send_kept, sent_photo
from compete.web.refusals import status_of


@face.get("/<code>/entrants/<who>/photo.jpg")
@guard.may(Right.REGISTER)
def portrait(competition: Competition, who: str) -> Response:
    """The photo of a person or of a crew's member."""
    holder = find_holder(find_entrant(competition, who), request.args.get("of", who))
    return send_kept(portrait_of(holder))


@face.post("/<code>/entrants/<who>/photo")
@guard.may(Right.REGISTER)
def keep_portrait(competition: Competition, who: str) -> ResponseReturnValue:
    """Keep the photo that was sent; one that cannot be kept is said beside the field."""
    entrant = find_entrant(competition, who)
    holder = find_holder(entrant, request.form.get("of", who))
    try:
        put_portrait(holder, sent_photo(), seen_mark(), current_user)
    except Refused as refused:
        entrant = find_entrant(competition, who)
        page = page_of(entrant, asked=f"#photo-{holder.code}", problem=say(refused.message))
        shown = render_template("organiser/person/person.html", **fields_of(page))
        return shown, status_of(refused)
    flash(put_words(), "ok")
    return _back(competition, who)


@face.post("/<code>/entrants/<who>/photo/remove")
@guard.may(Right.REGISTER)
def drop_portrait(competition: Competition, who: str) -> ResponseReturnValue:
    """Take the photo away."""
    holder = find_holder(find_entrant(competition, who), request.form.get("of", who))
    remove_portrait(holder, seen_mark(), current_user)
    flash(_("照片删掉了"), "info")
    return _back(competition, who)


def _back(competition: Competition, who: str) -> ResponseReturnValue:
    return redirect(in_the_list(url_for("organiser.person", code=competition.code, who=who)))
