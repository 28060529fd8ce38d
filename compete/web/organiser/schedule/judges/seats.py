"""Seats in a list: who marks what at which station, and who takes the time."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.roles import SCORING_ROLES, Role
from compete.domain.values.states import CompetitionState
from compete.models import Assignment, Competition, Event, Judge
from compete.services.judging.panels.judge_progress import assignments_of, stations_of
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.kernel.refusal import Refused
from compete.services.schedule.allocation import assign_judges
from compete.services.schedule.settled_panels import panels_settled
from compete.services.schedule.timekeepers import name_timekeeper
from compete.services.sheets.working_times import timed_aspects
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.places import place_key, places_of
from compete.web.organiser.schedule.judges.view_model import modules_to_seat
from compete.web.organiser.shapes import competition_link
from compete.web.pages import or_404, posted
from compete.web.refusals import status_of
from compete.web.shapes import choices

_CLOSED = (CompetitionState.LOCKED, CompetitionState.NOTICE, CompetitionState.FINAL)


@face.route("/<code>/judges/assign", methods=["GET", "POST"])
@guard.may(Right.APPOINT)
@only_once
def assign(competition: Competition) -> ResponseReturnValue:
    """Assign judges: who marks what and who takes the time; at a module, a station or at all."""
    if request.method == "GET":
        return _shown(competition)
    typed = {key: request.form.get(key, "") for key in ("judge", "module", "station", "reason")}
    places = {place_key(place): place.codes for place in places_of(competition)}
    module = places.get(typed["module"]) or abort(400)
    judge = posted(competition.judges, "judge")
    seats = [*_seats(competition, *module), (judge, typed["station"])]
    try:
        assign_judges(*module, seats, current_user, reason=typed["reason"])
    except Refused as refused:
        if competition.state in _CLOSED:
            # The form stands on the page no more.
            raise
        return _shown(competition, say(refused.message)), status_of(refused)
    return redirect(url_for("organiser.assign", code=competition.code))


@face.post("/<code>/judges/assign/<int:row_id>/remove")
@guard.may(Right.APPOINT)
def unassign(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Take one judge off one module; refused once that judge has begun."""
    event, row = _row(competition, row_id)
    seats = _seats(competition, event, row.stage, row.module)
    seats.remove((row.judge, row.station))
    assign_judges(event, row.stage, row.module, seats, current_user)
    return redirect(url_for("organiser.assign", code=competition.code))


@face.post("/<code>/judges/assign/<int:row_id>/time")
@guard.may(Right.APPOINT)
def keep_time(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Name the judge who takes the time there, or let everybody's readings count again."""
    _event, seat = _row(competition, row_id)
    name_timekeeper(seat, not seat.timekeeper, current_user)
    return redirect(url_for("organiser.assign", code=competition.code))


def _row(competition: Competition, number: int) -> tuple[Event, Assignment]:
    """The seat of that number; 404 if there is none."""
    rows = assignments_of(competition)
    return or_404(next((found for found in rows if found[1].id == number), None))


def _seats(
    competition: Competition, event: Event, stage: str, module: str
) -> list[tuple[Judge, str]]:
    """The seats of a module."""
    return [
        (row.judge, row.station)
        for _event, row in assignments_of(competition)
        if (row.event_id, row.stage, row.module) == (event.id, stage, module)
    ]


def _shown(competition: Competition, error: str | None = None) -> str:
    """The page, with the form as it was filled in where that was refused."""
    editable = competition.state not in _CLOSED
    timed = {place_key(it) for it in places_of(competition) if timed_aspects(it.module)}
    return render_template(
        "organiser/schedule/judges/seats.html",
        competition=competition_link(competition),
        code=competition.code,
        assignments=[
            (
                row,
                module_title(event, row.stage, row.module),
                editable and module_key(event, row.stage, row.module) in timed,
                editable and panels_settled(event, row.stage, row.module) is None,
            )
            for event, row in assignments_of(competition)
        ],
        may_assign=editable and competition.judges and competition.events,
        judges=choices(
            {
                judge.code: f"{judge.code} {judge.name}"
                for judge in competition.judges
                if (judge.role or Role.JUDGE) in SCORING_ROLES
            }
        ),
        modules=modules_to_seat(competition),
        stations=choices({"": _("不分工位"), **{it: it for it in stations_of(competition)}}),
        sent=request.form,
        error=error,
        may_seat=bool(competition.events) and guard.may_open("organiser.seating"),
    )
