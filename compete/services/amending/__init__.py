"""Rules of an event changed once judging has begun: by three, without a look at who gains."""

from compete.services.amending.calling_up import Successor, ask_successor, successors
from compete.services.amending.changes import (
    SEAT_WORDS,
    NoLongerFitsError,
    Seat,
    agree_change,
    ask_change,
    both_rules,
    find_event_change,
    may_withdraw,
    refuse_change,
    rule_changes,
    touched_by,
    waiting_changes,
    why_no_change,
    why_not_fit,
    withdraw_change,
)
from compete.services.amending.in_force import Moved, besides_of, moved_by
from compete.services.amending.marks_so_far import Marked, marked_in
from compete.services.amending.moved_besides import MovedBesides, What
from compete.services.amending.scored_anew import Redone, Touched
from compete.services.amending.seats import SeatState, seats_of, vacant_seats
from compete.services.amending.told import (
    MovedPerson,
    NamedBesides,
    moved_besides_named,
    moved_people,
)

__all__ = [
    "SEAT_WORDS",
    "Marked",
    "Moved",
    "MovedBesides",
    "MovedPerson",
    "NamedBesides",
    "NoLongerFitsError",
    "Redone",
    "Seat",
    "SeatState",
    "Successor",
    "Touched",
    "What",
    "agree_change",
    "ask_change",
    "ask_successor",
    "besides_of",
    "both_rules",
    "find_event_change",
    "marked_in",
    "may_withdraw",
    "moved_besides_named",
    "moved_by",
    "moved_people",
    "refuse_change",
    "rule_changes",
    "seats_of",
    "successors",
    "touched_by",
    "vacant_seats",
    "waiting_changes",
    "why_no_change",
    "why_not_fit",
    "withdraw_change",
]
