"""Fields of the form of rules before anything was typed, by names that outlive moved rows."""

from __future__ import annotations

import re

from compete.domain.aspects.kinds import every_field
from compete.models import Event
from compete.services.competitions.draft_fields import UnsaidField, rule_fields
from compete.services.competitions.ranking_draft import RankingDraft
from compete.services.competitions.rules_saving import draft_in_force
from compete.web.organiser.rules.events.reading import fields_of_draft, rows_of

_ROW = re.compile(r"(stages|modules|parts|aspects|items|awards|grades)\[(\d{1,9})\](?=\.)")
_USUAL = {
    each.place: each.usual or ""
    for each in rule_fields(RankingDraft).values()
    if isinstance(each, UnsaidField)
} | {f".{field.key}": field.usual for field in every_field() if field.choices}
"""The usual choice of each list, if nothing was said."""


def fields_in_force(event: Event) -> dict[str, str]:
    """Return the text of each field under the rules in force.

    Each row is named by its code, as `awards{w1}.name`.

    A field that points at another row (a module's part, the stage that is carried from) has its
    code; a row itself, as `awards{w1}`, its place, counted from 1. Empty fields are left out.
    """
    draft = draft_in_force(event)
    codes = {path: row.was for path, row in rows_of(draft)}
    found = {_named(f"{path}.", codes)[:-1]: str(_place(path)) for path in codes}
    for path, text in fields_of_draft(draft).items():
        name = _named(path, codes)
        if path.endswith(".part") and text:
            text = codes[f"{path.partition('.')[0]}.parts[{text}]"]
        elif path.endswith(".carry.from") and text:
            text = codes[f"stages[{text}]"]
        if text := text or _usual(path):
            found[name] = text
    return found


def _place(path: str) -> int:
    return int(path.rpartition("[")[2].rstrip("]")) + 1


def _usual(path: str) -> str:
    return _USUAL.get(path) or _USUAL.get(f".{path.rpartition('.')[2]}", "")


def _named(path: str, codes: dict[str, str]) -> str:
    return _ROW.sub(lambda row: f"{row[1]}{{{codes[path[: row.end()]]}}}", path)
