"""The unit appeals for its contestants, and follows what became of it."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Appeal, Competition, Entrant
from compete.services.appeals.appeal_states import appeals_of_unit, is_open
from compete.services.kernel.participants import withdrawn_codes
from compete.services.registration.applications import entrants_of
from compete.web import guard
from compete.web.appeal_form.reading import ACTS, take_act, take_filing, typed
from compete.web.appeal_form.view_model import appeal_page, chip_of, outcome_text, what_of
from compete.web.once import only_once
from compete.web.pages import of_code
from compete.web.unit.blueprint import face, own_unit


@face.get("/<code>/appeals")
@guard.may(Right.ENTER_OWN)
def appeals(competition: Competition) -> ResponseReturnValue:
    """Show the unit's appeals, and the people it can appeal for."""
    unit, away = own_unit(), withdrawn_codes(competition)
    return render_template(
        "unit/appeals.html",
        competition=competition,
        unit=unit,
        rows=[
            (appeal, what_of(appeal), chip_of(appeal), outcome_text(appeal), is_open(appeal))
            for appeal in appeals_of_unit(unit)
        ],
        people=[entrant for entrant in entrants_of(unit) if entrant.code not in away],
    )


@face.route("/<code>/appeals/<who>", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
def appeal(competition: Competition, who: str) -> ResponseReturnValue:
    """Show one contestant's appeals; a POST files one."""
    entrant = _own(who)
    if request.method != "POST":
        return _appeal_view(competition, entrant)

    def page(problem: str, status: int) -> ResponseReturnValue:
        return _appeal_view(competition, entrant, problem, status)

    return take_filing(
        entrant,
        current_user,
        lambda filed: _appeal_url(competition, entrant, filed),
        lambda filed: _act_url(competition, entrant, "add", filed.public_id),
        page,
    )


@face.post("/<code>/appeals/<who>/<public_id>/<act>")
@guard.may(Right.ENTER_OWN)
@only_once
def appeal_act(competition: Competition, who: str, public_id: str, act: str) -> ResponseReturnValue:
    """Add to an appeal, withdraw it, take it further, or accept what was decided."""
    entrant = _own(who)
    appeal = next((a for a in appeals_of_unit(own_unit()) if a.public_id == public_id), None)
    if appeal is None or appeal.entrant_id != entrant.id or act not in ACTS:
        abort(404)

    def page(problem: str, status: int) -> ResponseReturnValue:
        return _appeal_view(competition, entrant, problem, status, f"{act}-{public_id}")

    return take_act(act, appeal, current_user, _appeal_url(competition, entrant), page)


def _own(who: str) -> Entrant:
    return of_code(entrants_of(own_unit()), who)


def _act_url(competition: Competition, entrant: Entrant, act: str, public_id: str) -> str:
    return url_for(
        "unit.appeal_act", code=competition.code, who=entrant.code, public_id=public_id, act=act
    )


def _appeal_url(competition: Competition, entrant: Entrant, filed: Appeal | None = None) -> str:
    got = filed.public_id if filed else None
    return url_for("unit.appeal", code=competition.code, who=entrant.code, got=got)


def _appeal_view(
    competition: Competition,
    entrant: Entrant,
    problem: str | None = None,
    status: int = 200,
    acting: str | None = None,
) -> ResponseReturnValue:
    code, who = competition.code, entrant.code
    page = appeal_page(
        entrant,
        file_url=url_for("unit.appeal", code=code, who=who),
        back_url=url_for("unit.appeals", code=code),
        act_url=lambda act, public_id: _act_url(competition, entrant, act, public_id),
        by=current_user,
        typed=typed(),
        received=request.args.get("got"),
        problem=problem,
        acting=acting,
    )
    return page, status
