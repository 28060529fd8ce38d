"""Judges judged: the page of details. It reads and advises, and changes nothing."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.bundle.event_types import Module, Stage
from compete.domain.values.rights import Right
from compete.models import Competition, Event
from compete.services.kernel.event_rules import module_key, module_title, rules_of
from compete.services.panels.judge_analysis import analyse
from compete.web import guard
from compete.web.organiser.analysis.view_model import describe_analysis
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of

Place = tuple[Event, Stage, Module]


@face.get("/<code>/analysis")
@guard.may(Right.SEE)
def analysis(competition: Competition) -> ResponseReturnValue:
    """How each judge of one module judges, and how well panels agree."""
    places = [
        (event, stage, module)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    ]
    if not places:
        abort(404)
    event, stage, module = _chosen(places)
    found = analyse(event, stage.code, module)
    return render_template(
        "organiser/analysis/analysis.html",
        module=module_title(event, stage.code, module.code),
        views=[
            View(
                label=module_title(place[0], place[1].code, place[2].code),
                url=url_for("organiser.analysis", module=_key(place)),
                current=place[2] is module,
            )
            for place in places
        ]
        if len(places) > 1
        else [],
        progress=board_link(competition, _key((event, stage, module))),
        label=_("每位裁判和同组裁判均值之差"),
        **fields_of(describe_analysis(found)),
    )


def _chosen(places: list[Place]) -> Place:
    """The module that the address names; without a name the first that has a panel."""
    wanted = request.args.get("module")
    if wanted is None:
        return next((place for place in places if place[2].panel.size > 1), places[0])
    found = next((place for place in places if _key(place) == wanted), None)
    if found is None:
        abort(404)
    return found


def _key(place: Place) -> str:
    event, stage, module = place
    return module_key(event, stage.code, module.code)
