"""Which judges sit in another module at a time at which people come to a station of this one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from compete.domain.seating import Seat
from compete.models import Assignment, Competition, Entrant, Event, Slot, db
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.taking_part import takes_part
from compete.services.schedule.two_places import OtherTime, overlap

_Post = tuple[int, str, str]


def seats_elsewhere(
    event: Event, stage: str, module: str, stations: Sequence[str]
) -> dict[Seat, OtherTime]:
    """By judge and station where the judge sits in another module at a time of the station."""
    competition = event.competition
    times = _times(competition)
    own = times.get((event.id, stage, module), {})
    if not own:
        return {}
    found: dict[Seat, OtherTime] = {}
    seats = select(Assignment).where(
        Assignment.event_id.in_([each.id for each in competition.events])
    )
    for row in db.session.scalars(seats.order_by(Assignment.id)):
        key = row.event_id, row.stage, row.module
        if key == (event.id, stage, module):
            continue
        theirs = _at(times.get(key, {}), row.station)
        for station in stations:
            here = _at(own, station)
            met = next(
                (it for it in theirs if any(overlap(it, at.starts_at, at.ends_at) for at in here)),
                None,
            )
            if met is not None:
                found.setdefault((row.judge_id, station), met)
    return found


def _at(times: dict[str, list[OtherTime]], station: str) -> list[OtherTime]:
    """Those of a station; "" is all of them."""
    if station:
        return times.get(station, [])
    return [each for spans in times.values() for each in spans]


def _times(competition: Competition) -> dict[_Post, dict[str, list[OtherTime]]]:
    """By module and station when people are expected there."""
    found: dict[_Post, dict[str, list[OtherTime]]] = defaultdict(lambda: defaultdict(list))
    events = {event.id: event for event in competition.events}
    rows = (
        select(
            *(Entrant.event_id, Slot.stage, Slot.module, Slot.station),
            *(Slot.starts_at, Slot.ends_at),
        )
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.competition_id == competition.id, takes_part())
        .where(Slot.starts_at.is_not(None))
        .distinct()
        .order_by(Slot.starts_at)
    )
    for number, stage, module, station, starts, ends in db.session.execute(rows).tuples():
        if starts is not None:
            title = module_title(events[number], stage, module)
            found[number, stage, module][station or ""].append(OtherTime(starts, ends, title))
    return found
