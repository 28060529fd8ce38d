"""The module that a page of panels is asked about."""

from __future__ import annotations

from typing import TypeAlias

from flask import abort, request

from compete.models import Competition, Event
from compete.web.organiser.progress.places import place_key, places_of

ModulePlace: TypeAlias = tuple[Event, str, str]


def posted_module(competition: Competition) -> ModulePlace:
    return module_of_page(competition, request.form.get("module", ""))


def module_of_page(competition: Competition, wanted: str | None) -> ModulePlace:
    """The one that is named, or the first; 404 where there is none."""
    for place in places_of(competition):
        if wanted in (None, place_key(place)):
            return place.codes
    abort(404)
