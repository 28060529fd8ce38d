"""Reported accidents: looked at, and settled by two."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, LabourAccident
from compete.services.kernel.refusal import Refused
from compete.services.labour.accidents import (
    agree_refusal,
    confirm_accident,
    drop_refusal,
    refuse_accident,
)
from compete.web import guard
from compete.web.labour_entry.notes import send_kept
from compete.web.organiser.accidents.view_model import accident_cards, accidents_page
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list, sentences
from compete.web.own_rows import own_row
from compete.web.refusals import problem_of, status_of
from compete.web.templating import state_word


@face.get("/<code>/labour/accidents")
@guard.of_labour
@guard.may(Right.SEE)
def accidents(competition: Competition) -> ResponseReturnValue:
    """What units reported, those that wait first."""
    return accidents_page(competition)


@face.get("/<code>/labour/accidents.xlsx")
@guard.of_labour
@guard.may(Right.SEE)
def accidents_book(competition: Competition) -> Response:
    """The reports in the order of the page."""
    rows = [
        [
            card.title,
            state_word(card.row.state),
            card.text,
            sentences(card.said),
            card.row.filename or None,
        ]
        for card in accident_cards(competition)
    ]
    heads = (_("哪一起"), _("状态"), _("经过"), _("说明"), _("文件"))
    return send_list(competition, msg("安全事故"), heads, rows)


@face.get("/<code>/labour/accidents/<int:number>/evidence")
@guard.of_labour
@guard.may(Right.SEE)
def accident_evidence(competition: Competition, number: int) -> Response:
    """The file that came with a report."""
    row = own_row(LabourAccident, competition, number)
    return send_kept(row.document, row.filename, row.media)


@face.post("/<code>/labour/accidents/<int:number>/confirm")
@guard.of_labour
@guard.may(Right.PUBLISH)
def confirm_accident_report(competition: Competition, number: int) -> ResponseReturnValue:
    """A veto or points are asked for because of it."""
    return _asked(
        competition,
        number,
        lambda row: confirm_accident(row, **_typed(), by=current_user),
        _("记下了，等另一个人同意后生效"),
    )


@face.post("/<code>/labour/accidents/<int:number>/refuse")
@guard.of_labour
@guard.may(Right.PUBLISH)
def refuse_accident_report(competition: Competition, number: int) -> ResponseReturnValue:
    """It is wanted refused."""
    return _asked(
        competition,
        number,
        lambda row: refuse_accident(row, _typed()["reason"], current_user),
        _("记下了，等另一个人同意"),
    )


@face.post("/<code>/labour/accidents/<int:number>/agree")
@guard.of_labour
@guard.may(Right.AGREE)
def agree_accident(competition: Competition, number: int) -> ResponseReturnValue:
    """The second person agrees that it does not count."""
    agree_refusal(own_row(LabourAccident, competition, number), current_user)
    return _done(competition, _("同意了，这一起不算"))


@face.post("/<code>/labour/accidents/<int:number>/drop")
@guard.of_labour
@guard.may(Right.PUBLISH)
def drop_accident(competition: Competition, number: int) -> ResponseReturnValue:
    """It is not wanted refused any more."""
    drop_refusal(own_row(LabourAccident, competition, number), current_user)
    return _done(competition, _("收回了，这一起还是待核"))


def _asked(
    competition: Competition, number: int, ask: Callable[[LabourAccident], object], told: str
) -> ResponseReturnValue:
    """Something is asked for; the page with what was typed where that is refused."""
    row = own_row(LabourAccident, competition, number)
    try:
        ask(row)
    except Refused as refused:
        page = accidents_page(competition, number, _typed(), problem_of(refused))
        return page, status_of(refused)
    return _done(competition, told)


def _done(competition: Competition, told: str) -> ResponseReturnValue:
    flash(told, "ok")
    return redirect(url_for("organiser.accidents", code=competition.code))


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("kind", "points", "reason")}
