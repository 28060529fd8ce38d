"""The unit's page, and handing people in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import find_application
from compete.services.registration.self_entry.confirmation import confirm_own, return_own
from compete.services.registration.submission import submit_people
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.registration.self_entry import give_new_link
from compete.web.organiser.shapes import Link
from compete.web.refusals import status_of
from compete.web.selection import seen_versions
from compete.web.unit.blueprint import face, own_unit
from compete.web.unit.view_model import home_html


@face.get("/<code>/")
@guard.may(Right.ENTER_OWN)
def home(competition: Competition) -> ResponseReturnValue:
    """Show the unit's own people, what became of them, and what is to be done."""
    return _shown(competition)


@face.post("/<code>/submit")
@guard.may(Right.ENTER_OWN)
def submit(competition: Competition) -> ResponseReturnValue:
    """Hand in those who were ticked."""
    chosen = request.form.getlist("who")
    try:
        people = [each for texts in chosen for each in texts.split()]
        done = submit_people(own_unit(), competition, people, current_user)
    except Refused as refused:
        return _shown(competition, say(refused.message), status_of(refused), chosen)
    flash(ngettext("提交了 %(num)s 人，等组委会看", "提交了 %(num)s 人，等组委会看", done), "ok")
    return redirect(url_for("unit.home", code=competition.code))


@face.post("/<code>/confirm")
@guard.may(Right.ENTER_OWN)
def confirm(competition: Competition) -> ResponseReturnValue:
    """Say that people who entered themselves are the unit's; they go on to the organiser."""
    try:
        done = confirm_own(own_unit(), competition, seen_versions("who"), current_user)
    except Refused as refused:
        return _shown(competition, say(refused.message), status_of(refused))
    flash(ngettext("确认了 %(num)s 人，等组委会看", "确认了 %(num)s 人，等组委会看", done), "ok")
    return redirect(url_for("unit.home", code=competition.code))


@face.post("/<code>/give-back")
@guard.may(Right.ENTER_OWN)
def give_back(competition: Competition) -> ResponseReturnValue:
    """Give entries back to the people who entered themselves, with a reason."""
    seen, reason = seen_versions("who"), request.form.get("reason", "")
    try:
        done = return_own(own_unit(), competition, seen, reason, current_user)
    except Refused as refused:
        sent = request.form.getlist("who")
        problem = say(refused.message)
        return _shown(competition, problem, status_of(refused), returning=sent, reason=reason)
    flash(ngettext("退回了 %(num)s 人", "退回了 %(num)s 人", done), "ok")
    return redirect(url_for("unit.home", code=competition.code))


@face.post("/<code>/people/<public_id>/link")
@guard.may(Right.ENTER_OWN)
@only_once
def new_own_link(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Make another link for one of the unit's who entered themselves and lost theirs."""
    unit = own_unit()
    application = find_application(unit, public_id)
    if application is None or not application.by_person:
        abort(404)
    back = Link(label=unit.name, url=url_for("unit.home", code=competition.code))
    try:
        return give_new_link(application, back, unit)
    except Refused as refused:
        return _shown(competition, say(refused.message), status_of(refused))


def _shown(
    competition: Competition,
    problem: str | None = None,
    status: int = 200,
    chosen: list[str] | None = None,
    returning: Sequence[str] = (),
    reason: str = "",
) -> ResponseReturnValue:
    html = home_html(
        own_unit(),
        competition,
        request.args.get("show", "all"),
        problem=problem,
        chosen=chosen,
        returning=returning,
        typed_reason=reason,
    )
    return html, status
