"""Known stations of a module."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from compete.domain.stations import station_order
from compete.domain.values.states import SheetState
from compete.models import Assignment, Event, Sheet, Slot, db
from compete.services.kernel.module_keys import of_event


def stations_of(event: Event, stage: str, module: str) -> list[str]:
    """The stations at which judges sit, or else people are expected, in their order."""
    seated = db.session.scalars(
        select(Assignment.station)
        .where(of_event(Assignment, event, stage, module), Assignment.station != "")
        .distinct()
    ).all()
    if seated:
        return sorted(seated, key=station_order)
    expected = db.session.scalars(
        select(Slot.station)
        .where(of_event(Slot, event, stage, module), Slot.station.is_not(None))
        .distinct()
    )
    return sorted((station for station in expected if station), key=station_order)


def stations_of_sheets(event: Event, stage: str) -> dict[tuple[int, str], set[str]]:
    """The stations of the judges of their open sheets, by entrant and module."""
    rows = db.session.execute(
        select(Sheet.entrant_id, Sheet.module, Assignment.station)
        .join(Assignment, Assignment.judge_id == Sheet.judge_id)
        .where(
            of_event(Sheet, event, stage),
            Sheet.state != SheetState.WITHDRAWN,
            of_event(Assignment, event, stage),
            Assignment.module == Sheet.module,
            Assignment.station != "",
        )
    ).tuples()
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for entrant, module, station in rows:
        found[entrant, module].add(station)
    return found
