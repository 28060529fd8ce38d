"""An event's rules: kept as the bundle writes them, read back as bundle types."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

import msgspec

from compete.domain.bundle import event_types
from compete.domain.bundle.attempts import Attempt, attempt_in
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.naming import module_name
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_face, ladder_in
from compete.domain.values.canonical import SEALED_TEXTS, sealed_text
from compete.models import Competition, Event, RuleVersion, Sheet


def definition_of(event: event_types.Event) -> tuple[dict[str, Any], str]:
    """The event as plain JSON values, and the SHA-256 of its canonical text."""
    definition = json.loads(msgspec.json.encode(event))
    return definition, hashlib.sha256(sealed_text(definition)).hexdigest()


def still_says(version: RuleVersion) -> bool:
    """True if a version's rules are what its hash was made of."""
    texts = (text(version.definition) for text in SEALED_TEXTS)
    return any(hashlib.sha256(text).hexdigest() == version.sha256 for text in texts)


def rules_of(event: Event) -> event_types.Event:
    """The rules in force of an event."""
    return read_rules(event.rules)


def read_rules(version: RuleVersion) -> event_types.Event:
    """The rules of one version."""
    return rules_of_definition(version.definition, version.sha256)


def rules_of_definition(definition: dict[str, Any], sha256: str) -> event_types.Event:
    """The rules that `definition_of` gave."""
    return _decode(sha256, msgspec.json.encode(definition))


@lru_cache(maxsize=256)
def _decode(_sha256: str, text: bytes) -> event_types.Event:
    return msgspec.json.decode(text, type=event_types.Event)


def labour_of(competition: Competition) -> Labour:
    """The labour part: periods, indicators, groups and the rest of it, without values."""
    return msgspec.json.decode(msgspec.json.encode(competition.labour), type=Labour)


def module_key(event: Event, stage: str, module: str) -> str:
    """The key of an event's module in addresses, forms and settings."""
    return f"{event.code}|{stage}|{module}"


def module_title(event: Event, stage: str, module: str) -> str:
    """The title of a module: with its event's name where the competition has several.

    As `module_name` has it; its code where the rules know it no more.
    """
    try:
        name = own_module_name(rules_of(event), stage, module)
    except KeyError:
        return module
    return f"{event.name} {name}" if len(event.competition.events) > 1 else name


def own_module_name(rules: event_types.Event, stage: str, module: str) -> str:
    """The name of the module of that code; `KeyError` when the rules have none."""
    own = module_of(rules, stage, module)
    return next(module_name(rules, it, own) for it in rules.stages if it.code == stage)


def stage_apart(event: Event, stage: str) -> str:
    """A stage's name, which tells it from the others; nothing in an event of one stage."""
    stages = rules_of(event).stages
    return next((it.name for it in stages if len(stages) > 1 and it.code == stage), "")


def module_of(rules: event_types.Event, stage: str, module: str) -> event_types.Module:
    """The module of that code; `KeyError` when the rules have none."""
    for known_stage in rules.stages:
        if known_stage.code == stage:
            for candidate in known_stage.modules:
                if candidate.code == module:
                    return candidate
    raise KeyError(f"{stage}/{module}")


def attempt_of(rules: event_types.Event, stage: str, module: str) -> Attempt | None:
    """The place of that module among its part's attempts; None where it is no attempt."""
    return next((attempt_in(it, module) for it in rules.stages if it.code == stage), None)


def module_of_sheet(sheet: Sheet) -> event_types.Module:
    """The rules of a sheet's module."""
    return module_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)


def modules_in(competition: Competition) -> list[tuple[Event, str, str]]:
    """Every module of a competition in order: its event, and the codes of stage and module."""
    return [
        (event, stage.code, module.code)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    ]


def ladder_of(event: Event) -> Ladder:
    """The ladder of an event's grades: its own, else the national one."""
    return ladder_in(rules_of(event))


def own_name(grade: int, event: Event) -> dict[str, str]:
    """The grade's name for a record, under `called`, if the event has a ladder of its own."""
    ladder = ladder_of(event)
    return {} if ladder is NATIONAL else {"called": grade_face(grade, ladder)}
