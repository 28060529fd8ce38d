"""Rounds and the clock: whom a kind of messages is for is worked out by who knows the people.

`@tells_of(kind)` names who answers for a kind: from the records of a round the next slice of its
messages. `@by_clock` what is looked at every minute, whatever anybody did.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from compete.models import AuditEntry, Competition, Delivery, db
from compete.services.kernel.installation import memory_of
from compete.services.outbox.messages import (
    Draft,
    due_rounds,
    go_round,
    is_on,
    leave_round,
    plan_of,
    records_of,
)

Slice = tuple[Sequence[Draft], int | None]
"""Messages, and after whom the next slice begins; None where nobody is left."""

Teller = Callable[[Competition, Sequence[AuditEntry], int], Slice]
_TELLERS: dict[str, Teller] = {}
_CLOCK: list[Callable[[], None]] = []
_EVERY = 60.0
_log = logging.getLogger("compete.outbox")


def tells_of(key: str) -> Callable[[Teller], Teller]:
    """Register who works out the messages of a kind."""

    def register(teller: Teller) -> Teller:
        _TELLERS[key] = teller
        return teller

    return register


def by_clock(look: Callable[[], None]) -> Callable[[], None]:
    """Register what is looked at every minute."""
    _CLOCK.append(look)
    return look


def write_due_slice() -> bool:
    """Write the next slice of a round that is due; True if there was one."""
    due = due_rounds()
    if not due:
        db.session.rollback()
        return False
    row = db.session.get_one(Delivery, due[0])
    competition = db.session.get_one(Competition, row.competition_id)
    if not is_on(plan_of(competition), row.kind):
        go_round(due[0], (), None)
        return True
    try:
        drafts, after = _TELLERS[row.kind](
            competition, records_of(row), row.content.get("after", 0)
        )
    except Exception:
        # What one round cannot say holds up no other.
        _log.exception("round %s was left", due[0])
        db.session.rollback()
        leave_round(due[0])
        return True
    go_round(due[0], drafts, after)
    return True


def look_at_clock() -> None:
    """Look at what hangs on the clock, at most once a minute."""
    last = memory_of("compete.message clock", lambda: [float("-inf")])
    if time.monotonic() - last[0] < _EVERY:
        return
    last[0] = time.monotonic()
    for look in _CLOCK:
        try:
            look()
        except Exception:
            _log.exception("%s was left", look.__name__)
        finally:
            db.session.rollback()
