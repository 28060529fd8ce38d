"""Draw outcome: the result of a draw, on the entrants' slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from compete.domain.ceremonies.types import DrawFile
from compete.domain.ceremonies.units_then_people import final_places
from compete.models import DrawCeremony, Entrant, Event, Slot, db
from compete.services.kernel.module_keys import of_event
from compete.services.schedule.slots import follow_in_plan


@dataclass(frozen=True, slots=True)
class GivenPlace:
    """A place that a draw gave somebody; `times` has its instants as ISO texts."""

    code: str
    session: str | None
    station: str | None
    times: Mapping[str, str | None]


def write_places(ceremony: DrawCeremony, file: DrawFile) -> int:
    """Give everybody who was drawn session, station and times; inside a unit of work.

    Returns how many were given theirs.
    """
    given = [
        GivenPlace(
            row.code,
            row.place.session,
            row.place.line,
            ceremony.times.get(row.place.code, {}),
        )
        for row in final_places(file)
    ]
    return give_places(ceremony.event, ceremony.stage, ceremony.module, given)


def give_places(event: Event, stage: str, module: str, given: Sequence[GivenPlace]) -> int:
    """The same for places that were drawn some other way; inside a unit of work."""
    codes = {row.code for row in given}
    people = {
        entrant.code: entrant
        for entrant in db.session.scalars(select(Entrant).where(Entrant.event_id == event.id))
        if entrant.code in codes
    }
    slots = {
        slot.entrant_id: slot
        for slot in db.session.scalars(select(Slot).where(of_event(Slot, event, stage, module)))
    }
    for row in given:
        entrant = people[row.code]
        slot = slots.get(entrant.id)
        if slot is None:
            slot = Slot(entrant_id=entrant.id, stage=stage, module=module)
            db.session.add(slot)
        slot.session, slot.station = row.session, row.station
        slot.check_in_at = _instant(row.times.get("check_in"))
        slot.starts_at = _instant(row.times.get("starts"))
        slot.ends_at = _instant(row.times.get("ends"))
    db.session.flush()
    follow_in_plan(event, stage, module)
    return len(given)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
