"""Draws held on paper: entered, signed by a supervisor; and draws that wait for a second word."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, PaperDraw
from compete.services.closing.penalties_and_outcomes import photo_type
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find_own
from compete.services.schedule.double_bookings import ReasonWantedError
from compete.services.schedule.draw_lists import PlacesError
from compete.services.schedule.drawn_places import (
    enter_paper_draw,
    paper_draws,
    record_faults,
    sign_paper_draw,
)
from compete.services.schedule.paper_places import read_drawn, typed_places
from compete.services.schedule.slots import GivenPlace
from compete.services.schedule.timetables import places_of, timetable_of
from compete.web import guard
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.schedule.draws.draws_model import (
    PAPER,
    Entered,
    describe_draws,
    draws_url,
)
from compete.web.organiser.schedule.draws.view_model import asked_ends, paper_to_sign
from compete.web.organiser.schedule.draws.views import chosen_module
from compete.web.pages import own_row
from compete.web.words import heads_in


@face.post("/<code>/draws/paper")
@guard.may(Right.DRAW)
@only_once
def paper_draw(competition: Competition) -> ResponseReturnValue:
    """Put a draw on record that was held without the program, with the places where given."""
    form = request.form
    module = chosen_module(competition, form.get("module", ""))
    typed = {key: form.get(key, "") for key in ("drawn_on", "supervisor", "lines")}
    faults = record_faults(typed["drawn_on"], typed["supervisor"])
    plan = timetable_of(*module)
    places = places_of(plan) if plan else None
    given: list[GivenPlace] = []
    problem = why_error = ""
    if typed["lines"].strip():
        if places is None:
            faults["lines"] = msg("先排场次和工位")
        try:
            given = read_drawn(*module, places, typed["lines"])
        except PlacesError as error:
            faults |= error.faults
    if not faults:
        try:
            paper = enter_paper_draw(
                *module,
                drawn_on=typed["drawn_on"],
                supervisor=typed["supervisor"],
                by=current_user,
                given=given,
                photo=sent.read() if (sent := request.files.get("photo")) else b"",
                why=form.get("why", ""),
            )
        except ReasonWantedError as refused:
            why_error = say(refused.message)
        except Refused as refused:
            problem = say(refused.message)
    if faults or problem or why_error:
        errors = {name: say(fault) for name, fault in faults.items()}
        marks = typed_places(places, typed["lines"]) if places and "lines" in faults else None
        entered = Entered(
            errors=errors,
            way=PAPER,
            marks=marks,
            why=form.get("why", ""),
            why_error=why_error,
            problem=problem,
        )
        return describe_draws(competition, module, entered), 400
    people = heads_in(len(paper.codes), competition)
    flash(_("记下了：%(who)s的工位是抽签定的，请监督签名", who=people), "ok")
    return redirect(draws_url(module_key(*module)))


@face.get("/<code>/draws/paper/signing")
@guard.may(Right.AGREE)
def paper_signing(competition: Competition) -> ResponseReturnValue:
    """The draws that somebody wants to count no more; for a supervisor also those on paper with
    their places, to hold beside the signed record.
    """
    signs = may_do(Right.OVERSEE)
    papers = paper_draws(competition) if signs else ()
    return render_template(
        "organiser/schedule/draws/signing.html",
        signs=signs,
        papers=[paper_to_sign(paper) for paper in papers],
        asked=asked_ends(competition),
    )


@face.get("/<code>/draws/paper/<int:number>/photo")
@guard.may(Right.SEE)
def paper_photo(competition: Competition, number: int) -> Response:
    """The signed record as it was photographed."""
    paper = find_own(PaperDraw, competition, number)
    if paper is None or paper.photo is None:
        abort(404)
    return Response(paper.photo, mimetype=photo_type(paper.photo) or "image/jpeg")


@face.post("/<code>/draws/paper/<int:number>/sign")
@guard.may(Right.OVERSEE)
def sign_paper(competition: Competition, number: int) -> ResponseReturnValue:
    """Put the supervisor's name under it."""
    paper = own_row(PaperDraw, competition, number)
    sign_paper_draw(paper, current_user)
    flash(_("签了名"), "ok")
    return redirect(url_for("organiser.paper_signing"))
