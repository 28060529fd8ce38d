"""Rooms of an examination as the plan has them: those that were opened, and those to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from compete.models import Entrant, Examination, ExamRoom, Slot, db
from compete.services.kernel.participants import takes_part
from compete.services.schedule.away import all_away
from compete.services.sheets.absences import brought_along

RoomKey = tuple[str, str]
"""Session and station, as the plan names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRoom:
    """A room in a session as the plan has it, and who sits there, by seat."""

    session: str
    station: str
    starts_at: datetime | None
    people: Sequence[tuple[Entrant, int | None]]

    @property
    def key(self) -> RoomKey:
        return self.session, self.station

    @property
    def name(self) -> str:
        """What people call it: session and station, as far as the plan names them."""
        return " ".join(filter(None, self.key))


def planned_rooms(examination: Examination, entrant: int | None = None) -> list[PlannedRoom]:
    """The rooms of the plan in the order of time; who has no place sits in one without a name.

    With an entrant's row that person's alone.
    """
    query = (
        select(Entrant, Slot)
        .outerjoin(
            Slot,
            and_(
                Slot.entrant_id == Entrant.id,
                Slot.stage == examination.stage,
                Slot.module == examination.module,
            ),
        )
        .where(Entrant.event_id == examination.event_id, takes_part())
        .options(joinedload(Entrant.unit))
        .order_by(Entrant.code)
    )
    if entrant is not None:
        query = query.where(Entrant.id == entrant)
    brought = {who for who, code in brought_along(examination.event) if code == examination.module}
    away = all_away(examination.competition) | brought
    groups: dict[RoomKey, list[tuple[Entrant, int | None]]] = {}
    begins: dict[RoomKey, datetime] = {}
    for person, slot in db.session.execute(query).tuples():
        if person.id in away:
            continue
        key = (slot.session or "", slot.station or "") if slot is not None else ("", "")
        seat = slot.seat if slot is not None else None
        groups.setdefault(key, []).append((person, seat))
        if slot is not None and slot.starts_at is not None:
            begins[key] = min(begins.get(key, slot.starts_at), slot.starts_at)
    rooms = [
        PlannedRoom(
            session=key[0],
            station=key[1],
            starts_at=begins.get(key),
            people=sorted(people, key=lambda it: (it[1] is None, it[1] or 0, it[0].code)),
        )
        for key, people in groups.items()
    ]
    return sorted(rooms, key=lambda it: (it.starts_at is None, str(it.starts_at), it.key))


def rooms_of(examination: Examination) -> dict[RoomKey, ExamRoom]:
    """The rooms that were opened, by session and station."""
    query = select(ExamRoom).where(ExamRoom.examination_id == examination.id)
    rows = db.session.scalars(query.order_by(ExamRoom.id))
    return {(room.session, room.station): room for room in rows}


def rooms_to_come(examination: Examination) -> list[PlannedRoom]:
    """The rooms of the plan in which nobody has begun yet, and that nobody closed."""
    opened = rooms_of(examination)
    over = {
        key for key, it in opened.items() if it.started_at is not None or it.closed_at is not None
    }
    return [it for it in planned_rooms(examination) if it.key not in over]
