"""Correcting a person's fields: first what it changes and touches, then it is written."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Entrant
from compete.services.certificates.touched import touched_by
from compete.services.directory.connecting import others_under_number
from compete.services.kernel.refusal import Refused
from compete.services.publication.consequences import open_consequences
from compete.services.publication.publishing import publish_names
from compete.services.registration.correcting import (
    WrongFieldsError,
    correct_person,
    current_fields,
    plan_correction,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.person.correct_page import correct_html
from compete.web.organiser.person.finding import find_entrant, find_holder
from compete.web.refusals import status_of


@face.route("/<code>/entrants/<who>/identity", methods=["GET", "POST"])
@guard.may(Right.REGISTER)
def identity(competition: Competition, who: str) -> ResponseReturnValue:
    """The fields; once filled in, what they change and touch; and what still bears the old."""
    entrant = find_entrant(competition, who)
    holder = find_holder(entrant, request.values.get("of", who))
    if request.method == "GET":
        return _shown(correct_html(holder, current_fields(holder)))
    sent = {key: request.form[key] for key in current_fields(holder) if key in request.form}
    reason = request.form.get("reason", "")
    typed = current_fields(holder) | sent
    try:
        plan = plan_correction(holder, sent, reason.strip())
        if request.form.get("seen") != plan.mark:
            return _shown(correct_html(holder, typed, reason, plan))
        correct_person(holder, sent, reason, current_user, seen=plan.mark)
    except WrongFieldsError as error:
        problems = {key: say(what) for key, what in error.problems.items()}
        return _shown(correct_html(holder, typed, reason, problems=problems)), 400
    except Refused as refused:
        html = correct_html(holder, typed, reason, problem=say(refused.message))
        return _shown(html), status_of(refused)
    flash(_("更正了。下面是它碰到的") if _touches(entrant) else _("更正了"), "ok")
    if "id_number" in plan.values and others_under_number(holder):
        flash(_("名录里这个号码下还有另一个姓名，没有合并成一个人"), "info")
    page = "organiser.identity" if _touches(entrant) else "organiser.person"
    return redirect(url_for(page, code=competition.code, who=who))


def _touches(entrant: Entrant) -> bool:
    touched = touched_by(entrant)
    return bool(touched.certificates or touched.team_certificates or touched.publication)


def _shown(html: str) -> Response:
    """The page, which no cache keeps: a number that was typed stands in it."""
    answer = make_response(html)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@face.post("/<code>/publish/names")
@guard.may(Right.PUBLISH)
@only_once
def publish_corrected_names(competition: Competition) -> ResponseReturnValue:
    """A new version in which names alone are others."""
    publication = publish_names(competition, current_user, request.form.get("note", ""))
    flash(_("已公布第 %(n)s 版，成绩没变，只更正了姓名、名称", n=publication.version), "ok")
    page = "consequences" if open_consequences(competition) else "standings"
    return redirect(url_for(f"organiser.{page}", code=competition.code))
