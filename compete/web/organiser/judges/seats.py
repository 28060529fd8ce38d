"""Seats in a list: who marks what at which station, and who takes the time."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event
from compete.services.judging.panels.judge_progress import assignments_of
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.schedule.allocation import assign_judges
from compete.services.schedule.settled_panels import panels_settled
from compete.services.schedule.timekeepers import name_timekeeper
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.judges.view_model import AssignmentForm, assignment_form, is_timed
from compete.web.organiser.shapes import competition_link
from compete.web.pages import or_404
from compete.web.refusals import status_of

_CLOSED = (CompetitionState.LOCKED, CompetitionState.NOTICE, CompetitionState.FINAL)


@face.route("/<code>/judges/assign", methods=["GET", "POST"])
@guard.may(Right.APPOINT)
@only_once
def assign(competition: Competition) -> ResponseReturnValue:
    """Assign judges: who marks what and who takes the time; at a module, a station or at all."""
    if request.method == "GET":
        return _shown(competition, assignment_form(competition, {}))
    typed = {key: request.form.get(key, "") for key in ("judge", "module", "station", "reason")}
    event, stage, module = _chosen_module(competition, typed["module"])
    judge = next((j for j in competition.judges if j.code == typed["judge"]), None)
    if judge is None:
        abort(400)
    seats = [
        (row.judge, row.station)
        for _event, row in assignments_of(competition)
        if (row.event_id, row.stage, row.module) == (event.id, stage, module)
    ]
    try:
        assign_judges(
            event,
            stage,
            module,
            [*seats, (judge, typed["station"])],
            current_user,
            reason=typed["reason"],
        )
    except Refused as refused:
        if competition.state in _CLOSED:
            # The form stands on the page no more.
            raise
        form = assignment_form(competition, typed, say(refused.message))
        return _shown(competition, form), status_of(refused)
    return redirect(url_for("organiser.assign", code=competition.code))


@face.post("/<code>/judges/assign/<int:row_id>/remove")
@guard.may(Right.APPOINT)
def unassign(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Take one judge off one module; refused once that judge has begun."""
    rows = assignments_of(competition)
    gone = or_404(next(((event, row) for event, row in rows if row.id == row_id), None))
    event, row = gone
    seats = [
        (other.judge, other.station)
        for _event, other in rows
        if (other.event_id, other.stage, other.module) == (event.id, row.stage, row.module)
        and other.id != row_id
    ]
    assign_judges(event, row.stage, row.module, seats, current_user)
    return redirect(url_for("organiser.assign", code=competition.code))


@face.post("/<code>/judges/assign/<int:row_id>/time")
@guard.may(Right.APPOINT)
def keep_time(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Name the judge who takes the time there, or let everybody's readings count again."""
    seat = or_404(
        next((row for _event, row in assignments_of(competition) if row.id == row_id), None)
    )
    name_timekeeper(seat, not seat.timekeeper, current_user)
    return redirect(url_for("organiser.assign", code=competition.code))


def _shown(competition: Competition, form: AssignmentForm) -> str:
    """The page, with the form as it was filled in where that was refused."""
    editable = competition.state not in _CLOSED
    return render_template(
        "organiser/judges/seats.html",
        competition=competition_link(competition),
        code=competition.code,
        assignments=[
            (
                row,
                module_title(event, row.stage, row.module),
                editable and is_timed(event, row.stage, row.module),
                editable and panels_settled(event, row.stage, row.module) is None,
            )
            for event, row in assignments_of(competition)
        ],
        form=form if editable and competition.judges and competition.events else None,
        may_seat=bool(competition.events) and guard.may_open("organiser.seating"),
    )


def _chosen_module(competition: Competition, text: str) -> tuple[Event, str, str]:
    parts = text.split("|")
    event = next((e for e in competition.events if e.code == parts[0]), None)
    if event is None or len(parts) != 3 or not _has_module(event, parts[1], parts[2]):
        abort(400)
    return event, parts[1], parts[2]


def _has_module(event: Event, stage: str, module: str) -> bool:
    return any(
        (known_stage.code, candidate.code) == (stage, module)
        for known_stage in rules_of(event).stages
        for candidate in known_stage.modules
    )
