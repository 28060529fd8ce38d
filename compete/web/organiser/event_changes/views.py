"""A change of an event's rules: looked at, agreed to or refused by two, taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.period_states import CorrectionState
from compete.domain.values.rights import Right
from compete.models import Competition, RuleChange
from compete.services.amending.changes import (
    NoLongerFitsError,
    Seat,
    agree_change,
    refuse_change,
    withdraw_change,
)
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.event_changes.view_model import describe_event_change
from compete.web.own_rows import own_row
from compete.web.pages import fields_of
from compete.web.refusals import status_of

_PAGE = "organiser/event_changes/change.html"


@face.get("/<code>/events/changes/<int:number>")
@guard.of_contests
@guard.may(Right.SEE)
def event_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Old rules beside new ones; once they are in force, who moved."""
    page = describe_event_change(competition, own_row(RuleChange, competition, number))
    return render_template(_PAGE, **fields_of(page))


@face.post("/<code>/events/changes/<int:number>/chief")
@guard.of_contests
@guard.may(Right.RULE)
def event_change_chief(competition: Competition, number: int) -> ResponseReturnValue:
    """The chief judge agrees, or says no and why."""
    return _answered(competition, number, Seat.CHIEF)


@face.post("/<code>/events/changes/<int:number>/supervisor")
@guard.of_contests
@guard.may(Right.OVERSEE)
def event_change_supervisor(competition: Competition, number: int) -> ResponseReturnValue:
    """The supervisor agrees, or says no and why."""
    return _answered(competition, number, Seat.SUPERVISOR)


@face.post("/<code>/events/changes/<int:number>/withdraw")
@guard.of_contests
@guard.may(Right.SET_UP)
def withdraw_event_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Who asked takes it back."""
    change = withdraw_change(own_row(RuleChange, competition, number), current_user)
    flash(_("撤回了，规则不变"), "ok")
    return _back(competition, change)


def _answered(competition: Competition, number: int, seat: Seat) -> ResponseReturnValue:
    change, why = own_row(RuleChange, competition, number), request.form.get("reason", "")
    try:
        if request.form.get("act") == "refuse":
            refuse_change(change, seat, why, current_user)
            flash(_("没同意，规则不变"), "ok")
            return _back(competition, change)
        change = agree_change(change, seat, current_user)
    except Refused as refused:
        if refused.kind is not Refusal.INVALID and not isinstance(refused, NoLongerFitsError):
            raise
        page = describe_event_change(
            competition, change, problem=say(refused.message), typed=why, typed_in=seat.value
        )
        return render_template(_PAGE, **fields_of(page)), status_of(refused)
    if change.state is CorrectionState.AGREED:
        flash(_("两个人都同意了，第 %(n)s 版规则生效，都重新算过了", n=change.number), "ok")
    else:
        flash(_("同意了，还要另一个人同意才生效"), "ok")
    return _back(competition, change)


def _back(competition: Competition, change: RuleChange) -> ResponseReturnValue:
    return redirect(url_for("organiser.event_change", code=competition.code, number=change.id))
