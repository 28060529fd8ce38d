"""Records of a day's floor: plan, progress of sheets, who is at work; columns and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Competition, Entrant, Event, Sheet, Slot, Unit, db
from compete.services.kernel.clock import local_time, local_zone
from compete.services.kernel.module_keys import EntrantModule
from compete.services.kernel.participants import takes_part
from compete.services.schedule.arrivals import OccasionKey


class PlannedPlace(NamedTuple):
    """A place in the plan of the day, and whose it is."""

    entrant_id: int
    code: str
    name: str
    unit: str
    event: str
    stage: str
    module: str
    session: str | None
    station: str | None
    check_in_at: datetime | None
    starts_at: datetime
    ends_at: datetime | None
    occasion: tuple[int, *OccasionKey]
    """The occasion that they check in for there."""

    @property
    def place(self) -> EntrantModule:
        """The place's entrant and module to be marked."""
        return self.entrant_id, self.stage, self.module


class SheetCounts(NamedTuple):
    """The counts of somebody's sheets in a module: all, handed in, begun."""

    all: int
    done: int
    begun: int


class BegunSheet(NamedTuple):
    """A sheet on which something was done, and whether it is in."""

    id: int
    handed_in: bool


def days_of(competition: Competition) -> list[date]:
    """List the days on which anybody is planned."""
    starts = db.session.scalars(
        select(Slot.starts_at)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.competition_id == competition.id, takes_part(), Slot.starts_at.is_not(None))
        .distinct()
    )
    return sorted({local_time(at).date() for at in starts if at is not None})


def _on(competition: Competition, day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a day's places in the plan."""
    begins, ends = (
        datetime.combine(at, time(), local_zone()) for at in (day, day + timedelta(days=1))
    )
    return (
        Entrant.competition_id == competition.id,
        takes_part(),
        Slot.starts_at >= begins,
        Slot.starts_at < ends,
    )


def planned_on(competition: Competition, day: date) -> Sequence[PlannedPlace]:
    """The plan of the day by time and number."""
    midnight = datetime.combine(day, time(), local_zone())

    def occasion(row: Any) -> tuple[int, *OccasionKey]:
        begins = row.check_in_at
        on = local_time(begins).date() if begins and begins < midnight else day
        return row.id, row.stage, row.session, None if row.session else row.module, on

    rows = db.session.execute(
        select(
            *(Entrant.id, Entrant.code, Entrant.name, Unit.name.label("unit")),
            *(Event.code.label("event"), Slot.stage, Slot.module, Slot.session, Slot.station),
            *(Slot.check_in_at, Slot.starts_at, Slot.ends_at),
        )
        .select_from(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(*_on(competition, day))
        .order_by(Slot.starts_at, Entrant.code, Slot.id)
    )
    return [PlannedPlace._make((*row, occasion(row))) for row in rows]


def _of_the_day(competition: Competition, day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a day's sheets, of events that are not blind."""
    return (
        *_on(competition, day),
        Slot.entrant_id == Entrant.id,
        Sheet.entrant_id == Entrant.id,
        Slot.stage == Sheet.stage,
        Slot.module == Sheet.module,
        Event.id == Entrant.event_id,
        Event.blind.is_(False),
        Sheet.state != SheetState.WITHDRAWN,
    )


def sheets_on(competition: Competition, day: date) -> Mapping[EntrantModule, SheetCounts]:
    """Count how far the sheets of the day are, by place, in the database."""
    place = Sheet.entrant_id, Sheet.stage, Sheet.module
    query = (
        select(
            *place,
            func.count(),
            func.count().filter(Sheet.state.in_(HANDED_IN)),
            func.count().filter(Sheet.state != SheetState.NOT_BEGUN),
        )
        .where(*_of_the_day(competition, day))
        .group_by(*place)
    )
    return {
        (entrant, stage, module): SheetCounts(*counts)
        for entrant, stage, module, *counts in db.session.execute(query)
    }


def at_work_on(competition: Competition, day: date) -> Mapping[EntrantModule, Sequence[BegunSheet]]:
    """The sheets, by place, on which something was done, where not all of them are in."""
    found: dict[EntrantModule, list[BegunSheet]] = defaultdict(list)
    other = aliased(Sheet)
    open_ = (
        select(other.id)
        .where(
            other.entrant_id == Sheet.entrant_id,
            other.stage == Sheet.stage,
            other.module == Sheet.module,
            other.state.not_in((*HANDED_IN, SheetState.WITHDRAWN)),
        )
        .exists()
    )
    query = (
        select(Sheet.entrant_id, Sheet.stage, Sheet.module, Sheet.id, Sheet.state)
        .where(*_of_the_day(competition, day), Sheet.version > 0, open_)
        .order_by(Sheet.id)
    )
    for entrant, stage, module, sheet, state in db.session.execute(query).tuples():
        found[entrant, stage, module].append(BegunSheet(sheet, state in HANDED_IN))
    return found
