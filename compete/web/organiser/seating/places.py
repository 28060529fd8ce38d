"""Which module a page of panels is asked about."""

from __future__ import annotations

from typing import TypeAlias

from flask import abort, request

from compete.models import Competition, Event
from compete.services.kernel.event_rules import module_key, rules_of

ModulePlace: TypeAlias = tuple[Event, str, str]


def posted_module(competition: Competition) -> ModulePlace:
    return module_of_page(competition, request.form.get("module", ""))


def module_of_page(competition: Competition, wanted: str | None) -> ModulePlace:
    """The one that is named, or the first; 404 where there is none."""
    for event in competition.events:
        for stage in rules_of(event).stages:
            for module in stage.modules:
                if wanted in (None, module_key(event, stage.code, module.code)):
                    return event, stage.code, module.code
    abort(404)
