"""Bulk records: many of one chain at once, each as `audit.record` would write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from compete.models import AuditEntry, Competition, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.former_keys import form_now
from compete.services.kernel.numbering import reserve_ids


class Said(NamedTuple):
    """The content of one record: plain JSON in `after` and `before`, as for `audit.record`."""

    action: str
    subject: str
    after: Any
    before: Any = None
    reason: str | None = None


def record_many(
    competition: Competition | None, by: audit.Actor | None, said: Sequence[Said]
) -> None:
    """Add the next rows of a chain with one statement; must be called inside a unit of work."""
    if not said:
        return
    number = competition.id if competition else None
    audit.claim_chain(number)
    db.session.flush()
    seq, before = audit.chain_head(competition)
    connection = db.session.connection()
    ids = reserve_ids(connection, AuditEntry, len(said))
    form, actor, now = form_now(connection), audit.signer(by) if by else "系统", utc_now()
    entries = []
    for place, each in enumerate(said):
        entry = AuditEntry(
            competition_id=number,
            seq=seq + 1 + place,
            at=now,
            actor_id=by.id if by else None,
            actor=actor,
            action=each.action,
            subject=each.subject[: audit.LONGEST_SUBJECT],
            before=each.before,
            after=each.after,
            reason=each.reason,
            prev_hash=before,
            form=form,
        )
        if ids is not None:
            entry.id = ids[place]
        before = entry.hash = audit.row_hash(entry)
        entries.append(entry)
    db.session.add_all(entries)
    db.session.flush()
    db.session().info.setdefault(audit.LAST_ENTRIES, {})[number] = entries[-1]
