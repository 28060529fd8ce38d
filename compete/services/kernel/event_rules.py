"""An event's rules: kept as the bundle writes them, read back as bundle types."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

import msgspec

from compete.domain import bundle as b
from compete.models import Competition, Event, RuleVersion


def definition_of(event: b.Event) -> tuple[dict[str, Any], str]:
    """The event as plain JSON values, and the SHA-256 of its canonical text."""
    definition = json.loads(msgspec.json.encode(event))
    return definition, canonical_hash(definition)


def canonical_hash(value: Any) -> str:
    """SHA-256 in hex of a JSON value with sorted keys and no spaces."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def rules_of(event: Event) -> b.Event:
    """The rules in force of an event."""
    return read_rules(event.rules)


def read_rules(version: RuleVersion) -> b.Event:
    """The rules of one version."""
    return _decode(version.sha256, json.dumps(version.definition))


@lru_cache(maxsize=256)
def _decode(_sha256: str, text: str) -> b.Event:
    return msgspec.json.decode(text, type=b.Event)


def labour_of(competition: Competition) -> b.Labour:
    """Periods, indicators, groups and the rest of a labour competition, without values."""
    return msgspec.json.decode(json.dumps(competition.labour), type=b.Labour)


def module_of(rules: b.Event, stage: str, module: str) -> b.Module:
    """The module of that code; `KeyError` when the rules have none."""
    for known_stage in rules.stages:
        if known_stage.code == stage:
            for candidate in known_stage.modules:
                if candidate.code == module:
                    return candidate
    raise KeyError(f"{stage}/{module}")
