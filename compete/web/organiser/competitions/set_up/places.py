"""Places of an event, in all and for each unit, set on its card of the checklist."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.eligibility import Conditions
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.set_up_parts import Part
from compete.services.kernel.refusal import Refused
from compete.services.registration.eligibility import change_conditions, conditions_of
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.set_up.view_model import TypedPlaces, set_up_page
from compete.web.pages import or_404
from compete.web.refusals import status_of

_MOST_DIGITS = 4


@face.post("/<code>/set-up/places")
@guard.may(Right.SET_UP)
def set_places(competition: Competition) -> ResponseReturnValue:
    """Set how many the event of the address takes; nobody is dropped by it."""
    code, form = request.args.get("event", ""), request.form
    event = or_404(next((each for each in competition.events if each.code == code), None))
    typed = TypedPlaces(
        event=code,
        of_unit=form.get("most_of_unit", "").strip(),
        most=form.get("most", "").strip(),
    )
    try:
        wanted = msgspec.structs.replace(
            conditions_of(competition).get(code, Conditions()),
            most_of_unit=_number(typed.of_unit),
            most=_number(typed.most),
        )
        changed = change_conditions(event, wanted, form.get("seen", ""), current_user)
    except ValueError:
        return _again(competition, typed, _("名额写整数；不限就空着"), 400)
    except Refused as refused:
        return _again(competition, typed, say(refused.message), status_of(refused))
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.set_up", code=competition.code, part=Part.EVENTS.value))


def _again(
    competition: Competition, typed: TypedPlaces, problem: str, status: int
) -> ResponseReturnValue:
    return set_up_page(competition, Part.EVENTS, replace(typed, problem=problem)), status


def _number(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ValueError
    return int(text) if text else None
