"""Draws held on paper: entered with what was drawn, and signed by a supervisor."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import Message, Right
from compete.models import Competition, Event, PaperDraw
from compete.services.kernel import Refused, find_own
from compete.services.schedule import (
    GivenPlace,
    PlacesError,
    enter_paper_draw,
    read_drawn,
    read_places,
    record_faults,
    sign_paper_draw,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.draws.paper_model import signing_page
from compete.web.organiser.draws.shapes import PaperForm
from compete.web.organiser.draws.views import chosen_module, list_page, suggested_form
from compete.web.pages import fields_of
from compete.web.words import heads_in

_PLACES = ("stations", "sessions", "check_in", "lines")


@face.post("/<code>/draws/paper")
@guard.may(Right.DRAW)
@only_once
def paper_draw(competition: Competition) -> ResponseReturnValue:
    """Put a draw on record that was held without the program, with the places where given."""
    form = request.form
    module = chosen_module(competition, form.get("module", ""))
    typed = {key: form.get(key, "") for key in ("drawn_on", "supervisor", *_PLACES)}
    given, errors = _read(module, typed)
    if errors:
        return _again(competition, typed, errors)
    try:
        paper = enter_paper_draw(
            *module,
            drawn_on=typed["drawn_on"],
            supervisor=typed["supervisor"],
            by=current_user,
            given=given,
        )
    except Refused as refused:
        return _again(competition, typed, {"drawn_on": refused.message})
    people = heads_in(len(paper.codes), competition)
    flash(_("记下了：%(who)s的工位是抽签定的，请监督签名", who=people), "ok")
    return redirect(url_for("organiser.draws", code=competition.code))


def _read(
    module: tuple[Event, str, str], typed: Mapping[str, str]
) -> tuple[list[GivenPlace], dict[str, Message]]:
    """What everybody drew, where that is typed, and all that is wrong in the form, by field."""
    faults = record_faults(typed["drawn_on"], typed["supervisor"])
    if not any(typed[key].strip() for key in ("stations", "sessions", "lines")):
        return [], faults
    places, given = None, []
    try:
        places = read_places(typed["stations"], typed["sessions"], typed["check_in"])
    except PlacesError as error:
        faults |= error.faults
    try:
        given = read_drawn(*module, places, typed["lines"])
    except PlacesError as error:
        faults |= error.faults
    return given, faults


def _again(
    competition: Competition, typed: Mapping[str, str], faults: Mapping[str, Message]
) -> ResponseReturnValue:
    errors = {name: say(fault) for name, fault in faults.items()}
    again = PaperForm(module=request.form.get("module", ""), **typed, errors=errors)
    return list_page(competition, suggested_form(competition), again), 400


@face.get("/<code>/draws/paper/signing")
@guard.may(Right.OVERSEE)
def paper_signing(competition: Competition) -> ResponseReturnValue:
    """The draws on paper with their places, to hold beside the signed record."""
    return render_template("organiser/draws/signing.html", **fields_of(signing_page(competition)))


@face.post("/<code>/draws/paper/<int:number>/sign")
@guard.may(Right.OVERSEE)
def sign_paper(competition: Competition, number: int) -> ResponseReturnValue:
    """The supervisor's name under it."""
    paper = find_own(PaperDraw, competition, number)
    if paper is None:
        abort(404)
    sign_paper_draw(paper, current_user)
    flash(_("签了名"), "ok")
    return redirect(url_for("organiser.paper_signing", code=competition.code))
