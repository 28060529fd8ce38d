"""What changed after a draw: who was moved to another place, or swapped with whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from compete.models import AuditEntry, DrawCeremony, db
from compete.services.kernel.event_rules import module_title


@dataclass(frozen=True, slots=True)
class DrawChange:
    """A move since the draw, by numbers; of a swap `partner` is the other of the two."""

    at: datetime
    code: str
    partner: str | None
    place: str | None
    """The new place in words."""
    reason: str
    """Empty for what was written before it was shown to all."""


def changes_since(ceremony: DrawCeremony) -> list[DrawChange]:
    """List the moves of the draw's module while it stood, in their order; a swap once."""
    if ceremony.drawn_at is None:
        return []
    event = ceremony.event
    until = [AuditEntry.at <= ceremony.ended_at] if ceremony.ended_at else []
    rows = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.competition_id == ceremony.competition_id,
            AuditEntry.action == "entrant.move",
            AuditEntry.at >= ceremony.drawn_at,
            *until,
        )
        .order_by(AuditEntry.seq)
    )
    own = [event.code, ceremony.stage, ceremony.module]
    title = module_title(event, ceremony.stage, ceremony.module)
    people = {person["code"] for person in ceremony.people}
    changes: list[DrawChange] = []
    swapped: tuple[str, str] | None = None
    for row in rows:
        after = row.after if isinstance(row.after, dict) else {}
        names_module = "of" in after
        known = after["of"] == own if names_module else after.get("module") == title
        if not known or (not names_module and row.subject not in people):
            continue
        partner = after.get("with")
        if partner is not None and swapped == (partner, row.subject):
            # The other half of the swap that stands there already.
            swapped = None
            continue
        swapped = (row.subject, partner) if partner is not None else None
        reason = (row.reason or "") if names_module else ""
        changes.append(DrawChange(row.at, row.subject, partner, after.get("place"), reason))
    return changes
