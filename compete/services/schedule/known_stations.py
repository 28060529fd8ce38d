"""Which stations a module is known to have."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.stations import station_order
from compete.models import Assignment, Entrant, Event, Slot, db


def stations_of(event: Event, stage: str, module: str) -> list[str]:
    """The stations at which judges sit, or else people are expected, in their order."""
    seated = db.session.scalars(
        select(Assignment.station)
        .where(
            Assignment.event_id == event.id,
            Assignment.stage == stage,
            Assignment.module == module,
            Assignment.station != "",
        )
        .distinct()
    ).all()
    if seated:
        return sorted(seated, key=station_order)
    expected = db.session.scalars(
        select(Slot.station)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(
            Entrant.event_id == event.id,
            Slot.stage == stage,
            Slot.module == module,
            Slot.station.is_not(None),
        )
        .distinct()
    )
    return sorted((station for station in expected if station), key=station_order)
