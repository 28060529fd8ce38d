"""What came of a draw, on the entrants' slots."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from compete.domain.ceremonies import DrawFile, final_places
from compete.models import DrawCeremony, Entrant, Slot, db
from compete.services.schedule.slots import follow_in_plan


def write_places(ceremony: DrawCeremony, file: DrawFile) -> int:
    """Give everybody who was drawn session, station and times; inside a unit of work.

    Returns how many were given theirs.
    """
    rows = final_places(file)
    codes = {row.code for row in rows}
    people = {
        entrant.code: entrant
        for entrant in db.session.scalars(
            select(Entrant).where(Entrant.event_id == ceremony.event_id)
        )
        if entrant.code in codes
    }
    slots = {
        slot.entrant_id: slot
        for slot in db.session.scalars(
            select(Slot)
            .join(Entrant, Entrant.id == Slot.entrant_id)
            .where(
                Entrant.event_id == ceremony.event_id,
                Slot.stage == ceremony.stage,
                Slot.module == ceremony.module,
            )
        )
    }
    for row in rows:
        entrant = people[row.code]
        slot = slots.get(entrant.id)
        if slot is None:
            slot = Slot(entrant_id=entrant.id, stage=ceremony.stage, module=ceremony.module)
            db.session.add(slot)
        times = ceremony.times.get(row.place.code, {})
        slot.session, slot.station = row.place.session, row.place.line
        slot.check_in_at = _instant(times.get("check_in"))
        slot.starts_at = _instant(times.get("starts"))
        slot.ends_at = _instant(times.get("ends"))
    db.session.flush()
    follow_in_plan(ceremony.event, ceremony.stage, ceremony.module)
    return len(rows)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
