"""Judges judged: the page of details. It reads and advises, and changes nothing."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from compete.domain.bundle.event_types import Module
from compete.domain.values.rights import Right
from compete.models import Competition, Event
from compete.services.judging.panels.judge_analysis import analyse
from compete.services.kernel.event_rules import module_key, rules_of
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.judging.analysis.view_model import describe_analysis

StageModule = tuple[Event, str, Module]


@face.get("/<code>/analysis")
@guard.may(Right.SEE)
def analysis(competition: Competition) -> ResponseReturnValue:
    """Show how each judge of one module judges, and how well panels agree."""
    places = [
        (event, stage.code, module)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    ]
    if not places:
        abort(404)
    place = _chosen_place(places)
    return describe_analysis(competition, _key(place), analyse(*place))


def _chosen_place(places: list[StageModule]) -> StageModule:
    """The module that the address names; without a name the first that has a panel."""
    wanted = request.args.get("module")
    if wanted is None:
        return next((place for place in places if place[2].panel.size > 1), places[0])
    return next((place for place in places if _key(place) == wanted), None) or abort(404)


def _key(place: StageModule) -> str:
    event, stage, module = place
    return module_key(event, stage, module.code)
