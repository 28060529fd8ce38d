"""Photos of the unit's own people, by phone or from a file."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Application, Competition, Entrant, Member
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import find_application
from compete.services.registration.portraits import (
    portrait_mark,
    portrait_of,
    put_unit_portrait,
    remove_unit_portrait,
    why_unit_cannot_change_photo,
)
from compete.web import guard
from compete.web.language import say
from compete.web.pages import of_code
from compete.web.portraits import PhotoCard, seen_mark, send_portrait_of, sent_photo
from compete.web.posted import posted_text
from compete.web.refusals import status_of
from compete.web.unit.blueprint import face, listed_entrant, own_unit, unit_application

Holder = Application | Entrant | Member


@face.route("/<code>/people/<public_id>/photo", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
def photo(competition: Competition, public_id: str) -> ResponseReturnValue:
    """The photo of somebody who is entered."""
    application = unit_application(public_id)
    return _answer(competition, [application], application.name)


@face.get("/<code>/people/<public_id>/photo.jpg")
@guard.may(Right.ENTER_OWN)
def picture(competition: Competition, public_id: str) -> Response:
    """The picture itself."""
    return send_portrait_of(portrait_of(unit_application(public_id)))


@face.route("/<code>/listed/<who>/photo", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
def listed_photo(competition: Competition, who: str) -> ResponseReturnValue:
    """The photo of somebody on the list; of a crew, those of its members."""
    entrant = listed_entrant(competition, who)
    return _answer(competition, entrant.members or [entrant], entrant.name)


@face.get("/<code>/listed/<who>/photo.jpg")
@guard.may(Right.ENTER_OWN)
def listed_picture(competition: Competition, who: str) -> Response:
    """The picture itself."""
    entrant = listed_entrant(competition, who)
    people: Sequence[Entrant | Member] = entrant.members or [entrant]
    return send_portrait_of(portrait_of(of_code(people, request.args.get("of", who))))


def _picture_url(code: str, holder: Holder, mark: str) -> str:
    """Address of a photo; `mark` so that another one has another address."""
    if isinstance(holder, Application):
        return url_for("unit.picture", code=code, public_id=holder.public_id, v=mark)
    who = holder.entrant.code if isinstance(holder, Member) else holder.code
    of = holder.code if isinstance(holder, Member) else None
    return url_for("unit.listed_picture", code=code, who=who, of=of, v=mark)


def _answer(competition: Competition, holders: Sequence[Holder], name: str) -> ResponseReturnValue:
    problem: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        of = posted_text("of")
        holder = next((known for known in holders if _code(known) == of), None)
        if holder is None:
            abort(404)
        try:
            if request.form.get("act") == "remove":
                remove_unit_portrait(holder, seen_mark(), current_user)
                flash(_("照片删掉了"), "info")
            else:
                put_unit_portrait(holder, sent_photo(), seen_mark(), current_user)
                flash(_("%(name)s 的照片存好了", name=holder.name), "ok")
            return redirect(url_for("unit.home", code=competition.code))
        except Refused as refused:
            if isinstance(holder, Application) and find_application(own_unit(), of) is None:
                flash(say(refused.message), "warn")
                return redirect(url_for("unit.home", code=competition.code))
            problem, status = {of: say(refused.message)}, status_of(refused)
    html = render_template(
        "unit/photo.html",
        competition=competition,
        unit=own_unit(),
        name=name,
        photos=[_card(competition, holder, problem.get(_code(holder))) for holder in holders],
    )
    return html, status


def _card(competition: Competition, holder: Holder, problem: str | None) -> PhotoCard:
    there, why = portrait_of(holder), why_unit_cannot_change_photo(holder)
    mark = portrait_mark(there)
    return PhotoCard(
        name=holder.name,
        of=_code(holder),
        picture=_picture_url(competition.code, holder, mark) if there is not None else None,
        mark=mark,
        put_url=request.path if why is None else None,
        remove_url=request.path if why is None and there is not None else None,
        why_not=say(why),
        problem=problem,
    )


def _code(holder: Holder) -> str:
    return holder.public_id if isinstance(holder, Application) else holder.code
