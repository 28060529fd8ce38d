"""The last change of the conditions of entry, or of what is asked, taken back."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from compete.domain.eligibility import Conditions
from compete.domain.registration_columns import EntryField
from compete.models import Account, Competition, Event
from compete.services.kernel.competition_settings import asked_fields, settings_of
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.registration.eligibility import (
    change_conditions,
    change_entry_fields,
    mark_of,
)

_ACTIONS = ("event.conditions", "entrants.fields")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastConditions(LastDone):
    """The last change of an event's conditions, or without an event of the fields asked."""

    event: Event | None
    before: Conditions | tuple[EntryField, ...]


def last_conditions_change(competition: Competition) -> LastConditions | None:
    """The last change; None where there is none, or others stand there now."""
    entry = last_record(competition, _ACTIONS)
    if entry is None:
        return None
    event, settings = None, settings_of(competition)
    before: Conditions | tuple[EntryField, ...]
    if entry.action == "event.conditions":
        event = next((it for it in competition.events if it.code == entry.subject), None)
        now = settings.conditions.get(entry.subject, Conditions())
        if event is None or msgspec.to_builtins(now) != entry.after:
            return None
        before = msgspec.convert(entry.before, Conditions, strict=False)
    else:
        if entry.after != {"fields": list(asked_fields(competition))}:
            return None
        changed = entry.before["fields"] if isinstance(entry.before, dict) else ()
        before = tuple(field for field in EntryField if field.value in changed)
    return LastConditions(entry=entry, event=event, before=before)


def undo_conditions(competition: Competition, seen: str, by: Account) -> None:
    """Ask again what was asked before the last change.

    `seen` is the mark that the page showed. Raises `Refused` (CONFLICT) where another change was
    made since. It is a change like any other: taken back, it stands again.
    """
    last = require_last_shown(last_conditions_change(competition), seen)
    settings = settings_of(competition)
    if isinstance(last.before, Conditions):
        assert last.event is not None
        now = settings.conditions.get(last.event.code, Conditions())
        change_conditions(last.event, last.before, mark_of(now), by)
    else:
        change_entry_fields(competition, last.before, asked_fields(competition), by)
