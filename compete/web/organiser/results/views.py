"""The state of each event's results, and the moves from one to the next."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Event
from compete.services.closing.results_verification import check_event
from compete.services.kernel.refusal import Refused
from compete.services.results.result_moves import (
    Extension,
    agree_final,
    ask_final,
    drop_final,
    extend_notice,
    make_final,
    withdraw_notice,
)
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.results.view_model import describe_results
from compete.web.pages import of_code
from compete.web.posted import posted_reason
from compete.web.refusals import refusal_on
from compete.web.setting_forms import typed_act
from compete.web.templating import day


@face.get("/<code>/results")
@guard.may(Right.SEE)
def results(competition: Competition) -> ResponseReturnValue:
    """Show the state of an event's results, what is missing, and what led here."""
    return describe_results(competition, _event(competition))


def _page(competition: Competition, refused: Refused) -> str:
    return describe_results(competition, _event(competition), refused)


@face.post("/<code>/results/check")
@guard.may(Right.CHECK_RESULTS)
@refusal_on(_page)
def check_results(competition: Competition) -> ResponseReturnValue:
    """Record that the results were checked."""
    check_event(event := _event(competition), current_user)
    return _moved(event, _("核对好了"))


@face.post("/<code>/results/final")
@guard.may(Right.PUBLISH)
@refusal_on(_page)
def final_results(competition: Competition) -> ResponseReturnValue:
    """Make the results final: the notice has ended."""
    make_final(event := _event(competition), current_user)
    return _moved(event, _("定为最终成绩了"))


@face.post("/<code>/results/early")
@guard.may(Right.PUBLISH)
@refusal_on(_page)
def ask_final_results(competition: Competition) -> ResponseReturnValue:
    """Ask to make the results final before the notice has ended."""
    ask_final(event := _event(competition), posted_reason(), current_user)
    return _moved(event, _("提出了，等第二个人同意"))


@face.post("/<code>/results/agree")
@guard.may(Right.AGREE)
@refusal_on(_page)
def agree_final_results(competition: Competition) -> ResponseReturnValue:
    """Agree as the second person."""
    agree_final(event := _event(competition), current_user, seen=request.args.get("asked"))
    return _moved(event, _("同意了，定为最终成绩"))


@face.post("/<code>/results/drop")
@guard.may(Right.PUBLISH)
@refusal_on(_page)
def drop_final_results(competition: Competition) -> ResponseReturnValue:
    """Drop the request: the notice runs to its end."""
    drop_final(event := _event(competition), current_user)
    return _moved(event, _("不提前了，公示到期满"))


@face.post("/<code>/results/extend")
@guard.may(Right.PUBLISH)
@only_once
@refusal_on(_page)
def extend_notice_days(competition: Competition) -> ResponseReturnValue:
    """Extend the notice by so many working days."""
    event, typed = _event(competition), typed_act(Extension)
    until = extend_notice(event, typed.days, typed.reason, current_user)
    return _moved(event, _("公示延长到 %(day)s", day=day(until)))


@face.post("/<code>/results/withdraw")
@guard.may(Right.PUBLISH)
@refusal_on(_page)
def withdraw_results(competition: Competition) -> ResponseReturnValue:
    """Take the notice back."""
    withdraw_notice(event := _event(competition), posted_reason(), current_user)
    return _moved(event, _("公示撤下了。改好以后重新公布，重新公示"))


def _moved(event: Event, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("organiser.results", event=event.code))


def _event(competition: Competition) -> Event:
    """The event that the address or the form names, or the first."""
    first = next((event.code for event in competition.events), "")
    return of_code(competition.events, request.values.get("event") or first)
