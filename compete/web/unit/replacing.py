"""Asking that somebody else comes for one of the unit's people."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, Entrant
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import HIDDEN, cells_of, offer_for
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.substitution.requests import (
    REPLACED_FIELDS,
    ask_replacement,
    reason_of,
    request_for,
    why_not_replaced,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.refusals import status_of
from compete.web.unit.blueprint import face, listed_entrant, own_unit
from compete.web.unit.people import person_field


@face.route("/<code>/listed/<who>/replace", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
@only_once
def replace(competition: Competition, who: str) -> ResponseReturnValue:
    """Ask who is to come instead, and why; an organiser decides."""
    entrant = listed_entrant(competition, who)
    application = request_for(entrant)
    if request.method == "GET":
        why = why_not_replaced(entrant)
        if application is not None and application.state is ApplicationState.SUBMITTED:
            flash(_("%(name)s 已经申请换人了，等组委会看", name=entrant.name), "info")
            return redirect(url_for("unit.home", code=competition.code))
        if why is not None:
            flash(_("%(name)s 不能申请换人：%(why)s", name=entrant.name, why=say(why)), "warn")
            return redirect(url_for("unit.home", code=competition.code))
        typed = cells_of(application) if application is not None else {}
        typed = {key: text for key, text in typed.items() if key not in HIDDEN}
        reason = reason_of(application) if application is not None else ""
        return _shown(entrant, application, typed, reason, {})
    typed = {key: request.form[key] for key in REPLACED_FIELDS if key in request.form}
    reason = request.form.get("reason", "")
    try:
        asked = ask_replacement(entrant, typed, reason, current_user)
    except WrongFieldsError as error:
        errors = {key: say(what) for key, what in error.problems.items()}
        return _shown(entrant, application, typed, reason, errors), 400
    except Refused as refused:
        problem = say(refused.message)
        return _shown(entrant, application, typed, reason, {}, problem), status_of(refused)
    told = _(
        "申请了：%(new)s 换下 %(old)s，等组委会看。收下以前还是 %(old)s",
        new=asked.name,
        old=entrant.name,
    )
    flash(told, "ok")
    return redirect(url_for("unit.home", code=competition.code))


def _shown(
    entrant: Entrant,
    application: Application | None,
    typed: Mapping[str, str],
    reason: str,
    errors: Mapping[str, str],
    problem: str | None = None,
) -> str:
    competition, unit = entrant.competition, own_unit()
    offer = offer_for(competition, unit)
    before = cells_of(application) if application is not None else {}
    return render_template(
        "unit/replace.html",
        competition=competition,
        unit=unit,
        entrant=entrant,
        fields=[
            person_field(offer, key, typed.get(key, ""), before, errors.get(key))
            for key in REPLACED_FIELDS
            if key not in offer.left_out
        ],
        reason=reason,
        problem=problem,
        returned=application.reason
        if application is not None and application.state is ApplicationState.RETURNED
        else None,
    )
