"""The second look at a closed period: squares drawn by rule, held against their evidence."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, LabourLook
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.second_look import (
    add_finding,
    draw_look,
    look_file,
    look_of,
    looked_squares,
    set_look_rules,
)
from compete.services.labour.squares import leaves_of
from compete.services.sheets.act_rules import typed_number
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour.second_look.view_model import look_page, next_url, square_page
from compete.web.pages import or_404
from compete.web.refusals import status_of

_PLACE = "/<code>/labour/periods/<period>/second-look"


@face.get(_PLACE)
@guard.may(Right.SEE, of=guard.LABOUR)
def second_look(competition: Competition, period: str) -> ResponseReturnValue:
    """Show the squares drawn of a leaf period, and the findings."""
    _require_leaf(competition, period)
    return look_page(competition, period)


@face.get(f"{_PLACE}.json")
@guard.may(Right.SEE, of=guard.LABOUR)
def second_look_file(competition: Competition, period: str) -> Response:
    """Download all that is needed to draw it again."""
    return send_json(look_file(_look(competition, period)), f"{competition.code}_{period}.json")


@face.post(f"{_PLACE}/rules")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def save_look_rules(competition: Competition, period: str) -> ResponseReturnValue:
    """Set how many squares are drawn from now on."""
    _require_leaf(competition, period)
    form = request.form
    typed = {name: form.get(name, "") for name in ("share", "least", "why")}
    first = "first" in form
    try:
        number = typed_number(typed["share"])
        if number is None:
            raise ValueError
        set_look_rules(competition, number, int(typed["least"]), first, current_user, typed["why"])
    except (ValueError, Refused) as error:
        problem, status = _("抽的比例和至少几格写成数"), 400
        if isinstance(error, Refused):
            problem, status = say(error.message), status_of(error)
        page = look_page(competition, period, typed={**typed, "first": first, "problem": problem})
        return page, status
    flash(_("存下了，下一次抽照这个"), "ok")
    return redirect(url_for("organiser.second_look", code=competition.code, period=period))


@face.post(f"{_PLACE}/draw")
@guard.may(Right.RECHECK, of=guard.LABOUR)
@only_once
def draw_second_look(competition: Competition, period: str) -> ResponseReturnValue:
    """Draw."""
    _require_leaf(competition, period)
    said = request.form.get("said", "")
    try:
        look = draw_look(competition, period, said, current_user)
    except Refused as refused:
        page = look_page(competition, period, said=said, problem=say(refused.message))
        return page, status_of(refused)
    flash(_("抽好了，%(n)s 格", n=len(look.drawn)), "ok")
    return redirect(url_for("organiser.second_look", code=competition.code, period=period))


@face.get(f"{_PLACE}/<int:number>")
@guard.may(Right.SEE, of=guard.LABOUR)
def looked_square(competition: Competition, period: str, number: int) -> ResponseReturnValue:
    """Show one square that was drawn, with its evidence."""
    return or_404(square_page(competition, _look(competition, period), number - 1))


@face.post(f"{_PLACE}/<int:number>")
@guard.may(Right.RECHECK, of=guard.LABOUR)
@only_once
def add_look_finding(competition: Competition, period: str, number: int) -> ResponseReturnValue:
    """Record a finding; then show the next square that nobody looked at."""
    look = _look(competition, period)
    typed = {name: request.form.get(name, "") for name in ("result", "found", "target", "reason")}
    try:
        finding = add_finding(look, number - 1, by=current_user, **typed)
    except Refused as refused:
        if refused.kind is Refusal.FORBIDDEN:
            abort(404)
        problem = say(refused.message)
        page = square_page(competition, look, number - 1, typed=typed, problem=problem)
        return or_404(page), status_of(refused)
    flash(_("记下了，更正已经提出，等另一个人同意") if finding.correction_id else _("记下了"), "ok")
    squares = looked_squares(competition, look)
    whole = url_for("organiser.second_look", code=competition.code, period=period)
    return redirect(next_url(competition, period, squares, number - 1) or whole)


def _require_leaf(competition: Competition, period: str) -> None:
    if period not in leaves_of(labour_of(competition)):
        abort(404)


def _look(competition: Competition, period: str) -> LabourLook:
    _require_leaf(competition, period)
    return or_404(look_of(competition, period))
