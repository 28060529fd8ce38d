"""The last change of a competition's details taken back, while nothing else was set since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, get_type_hints

import msgspec

from compete.models import Account, Competition
from compete.services.competitions.details import (
    Details,
    change_details,
    details_of,
    plain_detail,
    why_not_details,
)
from compete.services.kernel.last_records import LastDone, last_record, require_seen

_TYPES = get_type_hints(Details)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange(LastDone):
    """The last change of details: `fields` by name; `before` is what stood."""

    fields: Sequence[str]
    before: Details


def last_change(competition: Competition) -> LastChange | None:
    """The last change of the details; None where there is none, or others stand there now."""
    entry = last_record(competition, ["competition.change"])
    if entry is None or not isinstance(entry.before, dict):
        return None
    now, said = details_of(competition), entry.after or {}
    before = {name: it for name, it in entry.before.items() if name in _TYPES}
    if not before or any(plain_detail(getattr(now, name)) != said.get(name) for name in before):
        return None
    wanted = replace(now, **{name: _read(name, value) for name, value in before.items()})
    why = why_not_details(competition, wanted)
    return LastChange(entry=entry, fields=list(before), before=wanted, why_not=why)


def undo_details(competition: Competition, seen: str, by: Account) -> Sequence[str]:
    """Set what stood before the last change again; the names of what changed.

    `seen` is the mark of the change that the page showed. Raises `Refused` where it is another,
    and for what can no longer be set.
    """
    last = require_seen(last_change(competition), seen)
    return change_details(competition, last.before, details_of(competition), by)


def _read(name: str, value: Any) -> Any:
    """A value of the record as the details have it."""
    if name == "check_in_items":
        return tuple(filter(None, str(value or "").split("、")))
    return msgspec.convert(value, _TYPES[name], strict=False)
