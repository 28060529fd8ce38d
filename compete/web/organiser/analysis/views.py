"""Judges judged: the page of details. It reads and advises, and changes nothing."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.panels.judge_analysis import analyse
from compete.web import guard
from compete.web.organiser.analysis.view_model import describe_analysis
from compete.web.organiser.blueprint import face
from compete.web.organiser.progress.places import Place, place_key, places_of


@face.get("/<code>/analysis")
@guard.may(Right.SEE)
def analysis(competition: Competition) -> ResponseReturnValue:
    """How each judge of one module judges, and how well panels agree."""
    places = places_of(competition)
    if not places:
        abort(404)
    place = _chosen(places)
    return describe_analysis(
        competition, places, place, analyse(place.event, place.stage.code, place.module)
    )


def _chosen(places: list[Place]) -> Place:
    """The module that the address names; without a name the first that has a panel."""
    wanted = request.args.get("module")
    if wanted is None:
        return next((place for place in places if place.module.panel.size > 1), places[0])
    return next((place for place in places if place_key(place) == wanted), None) or abort(404)
