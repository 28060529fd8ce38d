"""Changes that one person typed within some minutes, told as one from old value to new.

The chain has every step of it, as the workbook of all records does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from compete.models import AuditEntry

TYPED = frozenset(
    {
        "competition.change",
        "units.window",
        "event.rules",
        "event.conditions",
        "entrants.fields",
        "erasure.months",
        "labour.look.rules",
        "recheck.settings",
        "appeal.rules",
        "clashes.rules",
        "award.money",
        "claim.grounds",
    }
)
"""Records of forms that are saved as they are typed."""

REST = timedelta(minutes=10)
"""The rest after which a person has begun another change."""


def joined_steps(entries: Iterable[AuditEntry]) -> Iterator[AuditEntry]:
    """List the records, the newest first, with consecutive steps as one of them."""
    newest: AuditEntry | None = None
    last: AuditEntry | None = None
    for entry in entries:
        if newest is not None and last is not None and _goes_on(newest, last, entry):
            newest = _together(entry, newest)
        else:
            if newest is not None:
                yield newest
            newest = entry
        last = entry
    if newest is not None:
        yield newest


def _goes_on(newest: AuditEntry, last: AuditEntry, entry: AuditEntry) -> bool:
    """Say whether `entry` is the step before `last`, of the change of which `newest` is the end."""
    return (
        entry.action in TYPED
        and (entry.action, entry.subject, entry.actor_id, entry.reason)
        == (newest.action, newest.subject, newest.actor_id, newest.reason)
        and last.at - entry.at <= REST
    )


def _together(earlier: AuditEntry, later: AuditEntry) -> AuditEntry:
    """Return both as one, which is no row of any table."""
    before: Any = earlier.before
    after: Any = later.after
    between: tuple[Any, Any] = (earlier.after, later.before)
    if all(isinstance(it, dict) for it in (before, after, *between)):
        began: dict[str, Any] = between[1] | before
        ended: dict[str, Any] = between[0] | after
        names = [name for name in ended if began.get(name) != ended[name]]
        before = {name: began.get(name) for name in names}
        after = {name: ended[name] for name in names}
    return AuditEntry(
        seq=later.seq,
        at=later.at,
        actor_id=later.actor_id,
        actor=later.actor,
        action=later.action,
        subject=later.subject,
        before=before,
        after=after,
        reason=later.reason,
    )
