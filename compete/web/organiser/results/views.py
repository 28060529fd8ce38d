"""The state of each event's results, and the moves from one to the next."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.states import MoveError
from compete.models import Competition, Event
from compete.services.closing.results_verification import check_event
from compete.services.kernel.refusal import Refused
from compete.services.results.result_moves import (
    WrongDaysError,
    agree_final,
    ask_final,
    drop_final,
    extend_notice,
    make_final,
    withdraw_notice,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.results.view_model import Problem, describe_results
from compete.web.pages import of_code
from compete.web.refusals import status_of
from compete.web.templating import day


@face.get("/<code>/results")
@guard.may(Right.SEE)
def results(competition: Competition) -> ResponseReturnValue:
    """Show the state of an event's results, what is missing, and what led here."""
    return describe_results(competition, _event(competition))


@face.post("/<code>/results/check")
@guard.may(Right.CHECK_RESULTS)
def check_results(competition: Competition) -> ResponseReturnValue:
    """Record that the results were checked."""
    return _do(competition, "check", lambda event: check_event(event, current_user), _("核对好了"))


@face.post("/<code>/results/final")
@guard.may(Right.PUBLISH)
def final_results(competition: Competition) -> ResponseReturnValue:
    """Make the results final: the notice has ended."""
    text = _("定为最终成绩了")
    return _do(competition, "final", lambda event: make_final(event, current_user), text)


@face.post("/<code>/results/early")
@guard.may(Right.PUBLISH)
def ask_final_results(competition: Competition) -> ResponseReturnValue:
    """Ask to make the results final before the notice has ended."""
    why = request.form.get("reason", "")
    text = _("提出了，等第二个人同意")
    return _do(competition, "early", lambda event: ask_final(event, why, current_user), text)


@face.post("/<code>/results/agree")
@guard.may(Right.AGREE)
def agree_final_results(competition: Competition) -> ResponseReturnValue:
    """Agree as the second person."""
    text, seen = _("同意了，定为最终成绩"), request.args.get("asked")
    return _do(
        competition, "agree", lambda event: agree_final(event, current_user, seen=seen), text
    )


@face.post("/<code>/results/drop")
@guard.may(Right.PUBLISH)
def drop_final_results(competition: Competition) -> ResponseReturnValue:
    """Drop the request: the notice runs to its end."""
    text = _("不提前了，公示到期满")
    return _do(competition, "drop", lambda event: drop_final(event, current_user), text)


@face.post("/<code>/results/extend")
@guard.may(Right.PUBLISH)
@only_once
def extend_notice_days(competition: Competition) -> ResponseReturnValue:
    """Extend the notice by so many working days."""
    days, why = whole_number(request.form.get("days", ""), 999), request.form.get("reason", "")

    def extend(event: Event) -> None:
        until = extend_notice(event, days or 0, why, current_user)
        flash(_("公示延长到 %(day)s", day=day(until)), "ok")

    return _do(competition, "extend", extend, None)


@face.post("/<code>/results/withdraw")
@guard.may(Right.PUBLISH)
def withdraw_results(competition: Competition) -> ResponseReturnValue:
    """Take the notice back."""
    why = request.form.get("reason", "")
    text = _("公示撤下了。改好以后重新公布，重新公示")
    return _do(
        competition, "withdraw", lambda event: withdraw_notice(event, why, current_user), text
    )


def _do(
    competition: Competition, act: str, move: Callable[[Event], None], message: str | None
) -> ResponseReturnValue:
    """Make the move; show a refusal on the page, beside what was typed."""
    event = _event(competition)
    try:
        move(event)
    except (Refused, MoveError) as refused:
        problem = Problem(
            act=act,
            why=say(refused.message),
            at="days" if isinstance(refused, WrongDaysError) else "reason",
        )
        status = status_of(refused) if isinstance(refused, Refused) else 409
        return describe_results(competition, event, problem), status
    if message:
        flash(message, "ok")
    return redirect(url_for("organiser.results", event=event.code))


def _event(competition: Competition) -> Event:
    """The event that the address or the form names, or the first."""
    first = next((event.code for event in competition.events), "")
    return of_code(competition.events, request.values.get("event") or first)
