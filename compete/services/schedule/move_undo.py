"""Moves back (挪工位): the place before the last move, or the swap the other way round."""

from __future__ import annotations

from dataclasses import dataclass

from compete.models import Account, AuditEntry, Entrant, Slot
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.last_records import LastDone, last_record, require_seen
from compete.services.schedule.station_moves import (
    Move,
    move_person,
    place_words,
    possible_moves,
    why_not_moved,
)

_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMove(LastDone):
    """The last move of somebody: from where, and the way back."""

    stage: str
    module: str
    was: str
    """The place before, in words."""
    back: Move


def last_move(entrant: Entrant) -> LastMove | None:
    """The last move; None where there is none, they stand elsewhere by now, or cannot go back."""
    entry = _last_entry(entrant)
    if entry is None or why_not_moved(entrant) is not None:
        return None
    if not isinstance(entry.after, dict) or not isinstance(entry.before, dict):
        return None
    was, slot = entry.before.get("place"), _moved(entrant, entry.after)
    if not was or slot is None:
        return None
    ways = [
        move
        for move in possible_moves(entrant, slot.stage, slot.module)
        if place_words(move.place) == was and _came_with(move.other, entry)
    ]
    if len(ways) != 1 or ways[0].why_not is not None:
        return None
    return LastMove(entry=entry, stage=slot.stage, module=slot.module, was=was, back=ways[0])


def undo_move(entrant: Entrant, seen: str, reason: str, by: Account) -> Move:
    """Put somebody back to the place before the last move; whom they swapped with goes back, too.

    `seen` is the mark that the page showed, `reason` is recorded. Raises `Refused` (CONFLICT)
    where they were moved since, and as `move_person` does.
    """
    last = require_seen(last_move(entrant), seen)
    return move_person(entrant, last.stage, last.module, last.back.key, reason[:_LONGEST], by)


def _moved(entrant: Entrant, after: dict[str, object]) -> Slot | None:
    """The slot that a record left, where it still is so."""
    return next(
        (
            slot
            for slot in entrant.slots
            if place_words(slot) == after.get("place")
            and module_title(entrant.event, slot.stage, slot.module) == after.get("module")
        ),
        None,
    )


def _last_entry(entrant: Entrant) -> AuditEntry | None:
    return last_record(entrant.competition, ["entrant.move"], entrant.code)


def _came_with(other: Entrant | None, entry: AuditEntry) -> bool:
    """True if nobody stands there, or whom they swapped with: nobody else gives way."""
    if other is None:
        return True
    theirs = _last_entry(other)
    return theirs is not None and abs(theirs.seq - entry.seq) == 1
