"""加一个人: one person put on the list by hand, such as one who comes late or alone."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.preview import check_registration_open, offer_of
from compete.services.registration.single_entry import ADD_FIELDS, UnfitPersonError, add_person
from compete.services.schedule.station_moves import rule_for_late
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.people import RegistrationOffer
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.fields import PersonField, choices_of, hint_of
from compete.web.organiser.registration.places import tell_places
from compete.web.refusals import status_of

_NEEDED = frozenset({"unit", "name", "id_number", "event"})


@face.route("/<code>/entrants/new", methods=["GET", "POST"])
@guard.may(Right.REGISTER)
@only_once
def new_entrant(competition: Competition) -> ResponseReturnValue:
    """The form, and putting the person on the list."""
    if request.method == "GET":
        # Several of one unit come one after another.
        return _shown(competition, {"unit": request.args.get("unit", "")})
    typed = {key: request.form[key] for key in ADD_FIELDS if key in request.form}
    reason = request.form.get("exempted_for", "")
    try:
        entrant = add_person(competition, typed, current_user, exempted_for=reason)
    except WrongFieldsError as error:
        wrong = {key: say(what) for key, what in error.problems.items()}
        unfit = isinstance(error, UnfitPersonError)
        return _shown(competition, typed, wrong, unfit=unfit or bool(reason)), 400
    except Refused as refused:
        return _shown(competition, typed, problem=say(refused.message)), status_of(refused)
    flash(_("%(name)s 在名单里了，编号 %(code)s", name=entrant.name, code=entrant.code), "ok")
    tell_places(competition, [entrant.code])
    code = competition.code
    if "another" in request.form:
        return redirect(url_for("organiser.new_entrant", code=code, unit=entrant.unit.code))
    return redirect(url_for("organiser.person", code=code, who=entrant.code))


def _shown(
    competition: Competition,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    *,
    problem: str | None = None,
    unfit: bool = False,
) -> str:
    offer = offer_of(competition)
    late = rule_for_late(competition)
    shut = registration_closed(competition)
    keys = [
        key
        for key in ADD_FIELDS
        if key not in offer.left_out and (key != "event" or len(offer.events) > 1)
    ]
    return render_template(
        "organiser/registration/add.html",
        fields=[_field(offer, key, typed.get(key, ""), (wrong or {}).get(key)) for key in keys],
        problem=problem,
        # What was typed before it closed is given back all the same.
        closed=None if request.method == "POST" else shut,
        late=late if not shut else None,
        unfit=unfit,
        reason=request.form.get("exempted_for", ""),
    )


def registration_closed(competition: Competition) -> str | None:
    """Say why nobody can be registered any more, or None."""
    try:
        check_registration_open(competition)
    except Refused as error:
        return say(error.message)
    return None


def _field(offer: RegistrationOffer, key: str, value: str, error: str | None) -> PersonField:
    return PersonField(
        name=key,
        label=say(PEOPLE_BY_KEY[key].title),
        value=value,
        choices=choices_of(key, offer),
        hint=_hint(key),
        error=error,
        required=key in _NEEDED,
    )


def _hint(key: str) -> str | None:
    if key == "code":
        return _("空着由系统编")
    if key == "crew":
        return _("写名单里已有的组合，就加进这个组合；新的组合用报名表")
    if key == "role":
        return _("空着就是辅助选手")
    return hint_of(key)
