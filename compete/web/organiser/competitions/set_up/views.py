"""The checklist of a set-up: seen, parts taken over, registration opened and shut.

Places of an event, in all and for each unit, are set on its card."""

from __future__ import annotations

import msgspec
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.eligibility import Conditions
from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.set_up import (
    Part,
    choose_edition,
    editions_to_choose,
    keep_part,
    open_registration,
    shut_registration,
)
from compete.services.kernel.refusal import Refused, invalid
from compete.services.registration.eligibility import change_conditions, conditions_of
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import part_words
from compete.web.organiser.competitions.set_up.view_model import TypedPlaces, set_up_page
from compete.web.organiser.earlier import earlier_of
from compete.web.pages import of_code, posted
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on


@face.get("/<code>/set-up")
@guard.may(Right.SET_UP, of=guard.SKILLS)
def set_up(competition: Competition) -> ResponseReturnValue:
    """The eight parts, one of them open, and what registration waits for."""
    asked = request.args.get("part")
    if asked is not None and asked not in list(Part):
        abort(404)
    return set_up_page(competition, Part(asked) if asked else None)


@face.post("/<code>/set-up/keep")
@guard.may(Right.SET_UP, of=guard.SKILLS)
def keep_set_up(competition: Competition) -> ResponseReturnValue:
    """Keep a part as it was earlier (照旧)."""
    form = request.form
    if form.get("part") not in list(Part):
        abort(400)
    part = Part(form["part"])
    kept = keep_part(
        competition,
        part,
        posted_text("event"),
        posted_text("seen"),
        earlier_of(competition),
        current_user,
    )
    if kept:
        flash(_("%(part)s照旧，记下了", part=part_words()[part]), "ok")
    else:
        flash(_("公示、申诉变短的要第二个人同意，其余照旧了；同意了再点一次"), "warn")
    return redirect(url_for("organiser.set_up", code=competition.code, part=part.value))


@face.post("/<code>/set-up/edition")
@guard.may(Right.SET_UP, of=guard.SKILLS)
@only_once
def set_up_edition(competition: Competition) -> ResponseReturnValue:
    """Choose the edition from which parts are taken over."""
    old = posted(editions_to_choose(competition, current_user), "of")
    name = old.name
    choose_edition(competition, old, current_user)
    flash(_("以后照“%(name)s”的来，还什么都没带过来", name=name), "ok")
    return redirect(url_for("organiser.set_up", code=competition.code))


@face.post("/<code>/set-up/open")
@guard.may(Right.SET_UP)
def open_registration_now(competition: Competition) -> ResponseReturnValue:
    """Open registration: units and people themselves may enter."""
    open_registration(competition, current_user)
    flash(_("报名开放了，拿到链接的单位就能报"), "ok")
    return redirect(url_for("organiser.set_up", code=competition.code))


@face.post("/<code>/set-up/shut")
@guard.may(Right.SET_UP)
def shut_registration_again(competition: Competition) -> ResponseReturnValue:
    """Take the opening back while nobody was entered."""
    shut_registration(competition, current_user)
    flash(_("收回了，单位现在报不了"), "ok")
    return redirect(url_for("organiser.set_up", code=competition.code))


_MOST_PLACES = 9999


def _typed_places(refused: Refused | None = None) -> TypedPlaces:
    return TypedPlaces(
        event=request.args.get("event", ""),
        of_unit=request.form.get("most_of_unit", "").strip(),
        most=request.form.get("most", "").strip(),
        problem=problem_of(refused) or "",
    )


def _places_again(competition: Competition, refused: Refused) -> str:
    return set_up_page(competition, Part.EVENTS, _typed_places(refused))


@face.post("/<code>/set-up/places")
@guard.may(Right.SET_UP)
@refusal_on(_places_again)
def set_places(competition: Competition) -> ResponseReturnValue:
    """Set how many the event of the address takes; nobody is dropped by it."""
    typed = _typed_places()
    event = of_code(competition.events, typed.event)
    wanted = msgspec.structs.replace(
        conditions_of(competition).get(typed.event, Conditions()),
        most_of_unit=_number(typed.of_unit),
        most=_number(typed.most),
    )
    changed = change_conditions(event, wanted, posted_text("seen"), current_user)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.set_up", code=competition.code, part=Part.EVENTS.value))


def _number(text: str) -> int | None:
    number = whole_number(text, _MOST_PLACES)
    if text and number is None:
        raise invalid(msg("名额写整数；不限就空着"))
    return number
