"""Known stations of a module."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from compete.domain.stations import station_order
from compete.domain.values.states import SheetState
from compete.models import Assignment, Entrant, Event, Sheet, Slot, db


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


def stations_of_sheets(event: Event, stage: str) -> dict[tuple[int, str], set[str]]:
    """The stations of the judges of their open sheets, by entrant and module."""
    rows = db.session.execute(
        select(Sheet.entrant_id, Sheet.module, Assignment.station)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Assignment, Assignment.judge_id == Sheet.judge_id)
        .where(
            Entrant.event_id == event.id,
            Sheet.stage == stage,
            Sheet.state != SheetState.WITHDRAWN,
            Assignment.event_id == event.id,
            Assignment.stage == stage,
            Assignment.module == Sheet.module,
            Assignment.station != "",
        )
    ).tuples()
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for entrant, module, station in rows:
        found[entrant, module].add(station)
    return found
