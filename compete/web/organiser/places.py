"""The modules of a competition, as addresses of the board name them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from compete.domain.bundle.event_types import Module, Stage
from compete.models import Competition, Event
from compete.services.closing.marks_lists import takes_list
from compete.services.kernel.event_rules import module_key, module_title, rules_of
from compete.services.sheets.difficulties import factored_aspects
from compete.web import guard
from compete.web.organiser.board_link import board_url
from compete.web.posted import posted_text


@dataclass(frozen=True)
class BoardModule:
    """The module that the board shows."""

    event: Event
    stage: Stage
    module: Module

    @property
    def codes(self) -> tuple[Event, str, str]:
        """The event, with stage and module by their codes."""
        return self.event, self.stage.code, self.module.code

    @property
    def row(self) -> tuple[int, str, str]:
        """The same as rows of tables have it: the event by its number."""
        return self.event.id, self.stage.code, self.module.code


def places_of(competition: Competition) -> list[BoardModule]:
    """Every module of the competition, in order."""
    return [
        BoardModule(event, stage, module)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    ]


def chosen_place(places: list[BoardModule]) -> BoardModule:
    """The module that the address asks for, or else the first. 404 where there is none such."""
    wanted = request.args.get("module") or None
    matching = (place for place in places if wanted in (None, place_key(place)))
    return next(matching, None) or abort(404)


def place_url(place: BoardModule) -> str:
    """The board of one module."""
    return board_url(*place.codes)


def marks_list_url(place: BoardModule) -> str | None:
    """Address to bring this module's list; None if it takes none, or if the viewer may not."""
    if not takes_list(place.module):
        return None
    return guard.allowed_url("organiser.upload_marks_list", module=place_key(place))


def difficulties_url(place: BoardModule) -> str | None:
    """Address of what people attempt here; None if nothing is, or if the viewer may not."""
    if not factored_aspects(place.module):
        return None
    return guard.allowed_url("organiser.difficulties", module=place_key(place))


def place_label(place: BoardModule) -> str:
    """Name the module, with its event if there are several."""
    return module_title(*place.codes)


def place_key(place: BoardModule) -> str:
    """Name of a module in addresses."""
    return module_key(*place.codes)


def module_of_page(competition: Competition, wanted: str | None) -> tuple[Event, str, str]:
    """The module of that name, or the first if none is asked for. 404 where there is none such."""
    codes = (place.codes for place in places_of(competition) if wanted in (None, place_key(place)))
    return next(codes, None) or abort(404)


def posted_module(competition: Competition) -> tuple[Event, str, str]:
    """The module that the form names. 404 where there is none such."""
    return module_of_page(competition, posted_text("module"))
