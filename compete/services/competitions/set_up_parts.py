"""The eight parts in which a competition is set up: what each says, here and in an earlier one.

What a part says is plain JSON without what every edition has of its own (code, name, level, year,
days), so that two of them can be held beside each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import msgspec

from compete.domain.eligibility import EDITION_OWN
from compete.domain.values.canonical import short_mark
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event
from compete.services.competitions.details import Details, details_of
from compete.services.competitions.shifted_days import moved_plan
from compete.services.kernel.competition_settings import SetUp, asked_fields, settings_of
from compete.services.schedule.slots import planned_sessions


class Part(StrEnum):
    """The parts, in the order in which they are gone through."""

    BASICS = "basics"
    EVENTS = "events"
    MODULES = "modules"
    PANELS = "panels"
    AWARDS = "awards"
    GRADES = "grades"
    ENTRY = "entry"
    SCHEDULE = "schedule"


OF_EVENTS = (Part.EVENTS, Part.MODULES, Part.PANELS, Part.AWARDS, Part.GRADES)
"""The parts that each event has for itself."""
OWN_DETAILS = ("name", "level", "year", "starts", "ends")
"""The details said of each edition when it is made."""
KEYS = {
    Part.EVENTS: ("name", "occupation", "extra"),
    Part.MODULES: ("rounding", "ranking", "team_ranking", "unit_ranking", "items"),
    Part.AWARDS: ("awards",),
    Part.GRADES: ("grades",),
}
"""Of an event's rules, by part; beside them modules have the stages, and panels their panels."""


class Look(StrEnum):
    """The progress of the look at what came along."""

    OWN = "own"
    UNSEEN = "unseen"
    KEPT = "kept"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The source of parts: an earlier edition, or a template's events alone."""

    name: str
    events: Mapping[str, dict[str, Any]]
    """By code, as a file says them."""
    edition: Competition | None

    def tree_of(self, event: Event) -> dict[str, Any] | None:
        """The rules of the event of that name, else of the code under which it came along."""
        named = (it for it in self.events.values() if it["name"] == event.name)
        came_along = item_key(Part.EVENTS, event.code) in set_up_of(event.competition).begun
        return next(named, self.events.get(event.code) if came_along else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartItem:
    """A part, of those that events have for themselves each event's.

    `mark` tells what it says from anything else; `takes`: 照旧 is there to be said.
    """

    part: Part
    event: Event | None
    look: Look
    mark: str
    takes: bool

    @property
    def key(self) -> str:
        """The item's key in the settings."""
        return item_key(self.part, self.event.code if self.event else "")


def item_key(part: Part, event: str) -> str:
    return f"{part.value}/{event}" if event else part.value


def set_up_of(competition: Competition) -> SetUp:
    """The set-up: its source and what was looked at; empty if it was not made on the desk."""
    return settings_of(competition).set_up or SetUp()


def part_items(competition: Competition, earlier: Earlier | None) -> list[PartItem]:
    """List all that is set up, in order; the plan only where there is one, here or earlier."""
    told, found = set_up_of(competition), []
    changeable = competition.state is CompetitionState.REGISTERING
    for part, event in _places(competition, earlier):
        said = content_of(competition, part, event)
        before = earlier_content(competition, earlier, part, event) if earlier else None
        mark, key = short_mark(said), item_key(part, event.code if event else "")
        look = Look.OWN
        if told.kept.get(key) == mark:
            look = Look.KEPT
        elif told.begun.get(key) == mark:
            look = Look.UNSEEN
        elif key in told.begun or before is not None:
            look = Look.CHANGED
        takes = look is Look.UNSEEN or (before is not None and look in (Look.CHANGED, Look.OWN))
        found.append(
            PartItem(part=part, event=event, look=look, mark=mark, takes=takes and changeable)
        )
    return found


def marks_now(competition: Competition, *, whole: bool) -> dict[str, str]:
    """The marks of what stands, by key: all parts, or those of the events alone."""
    return {
        item_key(part, event.code if event else ""): short_mark(
            content_of(competition, part, event)
        )
        for part, event in _places(competition, None)
        if whole or part in OF_EVENTS
    }


def _places(
    competition: Competition, earlier: Earlier | None
) -> Iterator[tuple[Part, Event | None]]:
    for part in Part:
        if part in OF_EVENTS:
            yield from ((part, event) for event in competition.events)
        elif part is not Part.SCHEDULE or _has_plan(competition, earlier):
            yield part, None


def _has_plan(competition: Competition, earlier: Earlier | None) -> bool:
    old = earlier.edition if earlier else None
    return bool(planned_sessions(competition) or (old and earlier_plan(competition, old)))


def content_of(competition: Competition, part: Part, event: Event | None) -> Any:
    """The content of a part as it stands."""
    if event is not None:
        return _event_content(event.rules.definition, part)
    if part is Part.BASICS:
        return _basics(details_of(competition))
    if part is Part.ENTRY:
        return _entry(competition, competition)
    return _plan(planned_sessions(competition))


def earlier_content(
    competition: Competition, earlier: Earlier, part: Part, event: Event | None
) -> Any:
    """The part's earlier content, a plan's days moved to those of now; None for nothing."""
    if event is not None:
        tree = earlier.tree_of(event)
        return _event_content(tree, part) if tree is not None else None
    old = earlier.edition
    if old is None:
        return None
    if part is Part.BASICS:
        return _basics(details_of(old))
    if part is Part.ENTRY:
        return _entry(old, competition)
    return _plan(earlier_plan(competition, old)) or None


def earlier_plan(competition: Competition, old: Competition) -> list[dict[str, Any]]:
    """The sessions of its events there, on the days of now, with nobody in them."""
    codes = {event.code for event in competition.events}
    sessions, _moved = moved_plan(old, competition.starts)
    return [each for each in sessions if each.get("event") in codes]


def _event_content(tree: Mapping[str, Any], part: Part) -> dict[str, Any]:
    """The part of an event's rules; absent is what is not said."""
    if part is Part.PANELS:
        return {
            f"{stage['code']}/{module['code']}": module["panel"]
            for stage in tree["stages"]
            for module in stage["modules"]
            if module.get("panel")
        }
    said = {key: tree[key] for key in KEYS[part] if tree.get(key)}
    if part is Part.MODULES:
        said["stages"] = [_bare_stage(stage) for stage in tree["stages"]]
    return said


def _bare_stage(stage: Mapping[str, Any]) -> dict[str, Any]:
    modules = [
        {key: it for key, it in module.items() if key != "panel"} for module in stage["modules"]
    ]
    return {**stage, "modules": modules}


def _basics(details: Details) -> dict[str, Any]:
    own = {field.name for field in fields(Details)} - set(OWN_DETAILS)
    return {key: it for key, it in msgspec.to_builtins(details).items() if key in own}


def _entry(competition: Competition, other: Competition) -> dict[str, Any]:
    """The conditions of the events that `other` has, fields asked, quota, who enters themselves."""
    settings, codes = settings_of(competition), {event.code for event in other.events}
    conditions = {
        code: {key: it for key, it in msgspec.to_builtins(asked).items() if key not in EDITION_OWN}
        for code, asked in settings.conditions.items()
        if code in codes
    }
    return {
        "conditions": conditions,
        "fields": [field.value for field in asked_fields(competition)],
        "quota": settings.unit_quota,
        "self_entry": msgspec.to_builtins(settings.self_entry),
    }


def _plan(sessions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    people = ("entrants", "judges")
    return [{key: it for key, it in each.items() if key not in people} for each in sessions]


def taken_tree(now: Mapping[str, Any], before: Mapping[str, Any], part: Part) -> dict[str, Any]:
    """The rules of now with one part as it was before."""
    tree = dict(now)
    if part is Part.PANELS:
        panels = _event_content(before, part)
        tree["stages"] = [_with_panels(stage, panels) for stage in now["stages"]]
        return tree
    for key in KEYS[part]:
        tree.pop(key, None)
        if before.get(key):
            tree[key] = before[key]
    if part is Part.MODULES:
        # Panels are a part of their own: a module that stays keeps its own.
        own = _event_content(now, Part.PANELS)
        were = _event_content(before, Part.PANELS)
        places = set(_modules_in(now))
        panels = {key: it for key, it in were.items() if key not in places} | own
        tree["stages"] = [_with_panels(stage, panels) for stage in before["stages"]]
    return tree


def _modules_in(tree: Mapping[str, Any]) -> Iterator[str]:
    for stage in tree["stages"]:
        yield from (f"{stage['code']}/{module['code']}" for module in stage["modules"])


def _with_panels(stage: Mapping[str, Any], panels: Mapping[str, Any]) -> dict[str, Any]:
    modules = []
    for module in stage["modules"]:
        bare = {key: it for key, it in module.items() if key != "panel"}
        panel = panels.get(f"{stage['code']}/{module['code']}")
        modules.append(bare | ({"panel": panel} if panel else {}))
    return {**stage, "modules": modules}
