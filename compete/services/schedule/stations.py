"""Stations of a module as they are known, and for those whom the plan has nowhere.

Who comes late is marked like the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select

from compete.domain.bundle.event_types import Stage
from compete.domain.stations import station_order
from compete.domain.values.states import SheetState
from compete.models import Account, Assignment, Competition, Entrant, Event, Sheet, Slot, db
from compete.services.kernel import audit
from compete.services.kernel.event_rules import attempt_of, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.schedule.slots import follow_in_plan
from compete.services.sheets.absences import brought_along


def place_the_rest(
    event: Event, stage: Stage, people: Iterable[Entrant], by: Account | None
) -> None:
    """Give these people a station where all the judges of a module sit at stations.

    Without one nobody would mark them. Each goes where the fewest are, and to a further attempt
    where the one before was. Inside a unit of work; who has a station keeps it.
    """
    rows = db.session.scalars(select(Slot).where(of_event(Slot, event, stage.code), takes_part()))
    slots = {(slot.entrant_id, slot.module): slot for slot in rows}
    own, brought = stations_of_sheets(event, stage.code), brought_along(event)
    placed: dict[str, dict[str, str]] = defaultdict(dict)
    for module in stage.modules:
        seated = stations_judged(event, stage.code, module.code)
        if not seated:
            continue
        here = {
            entrant_id: slot for (entrant_id, code), slot in slots.items() if code == module.code
        }
        load = Counter(slot.station for slot in here.values())
        attempt = attempt_of(rules_of(event), stage.code, module.code)
        before = attempt.before if attempt is not None else ()
        for person in people:
            slot = here.get(person.id)
            if (slot is not None and slot.station) or (person.id, module.code) in brought:
                continue
            if slot is None:
                slot = Slot(entrant_id=person.id, stage=stage.code, module=module.code)
                db.session.add(slot)
                slots[person.id, module.code] = slot
            # Who comes back to a stage is judged by those whose sheets are opened again.
            where = seated & own.get((person.id, module.code), set()) or seated
            earlier = [slots.get((person.id, code)) for code in before]
            where = where & {it.station for it in earlier[-1:] if it and it.station} or where
            slot.station = min(where, key=lambda name: (load[name], station_order(name)))
            load[slot.station] += 1
            placed[person.code][module.code] = slot.station
    if placed:
        db.session.flush()
        for module_code in sorted({code for stations in placed.values() for code in stations}):
            follow_in_plan(event, stage.code, module_code)
        after = {"stage": stage.code, "stations": dict(placed)}
        audit.record(event.competition, by, "entrants.place", event.code, after=after)


def stations_judged(event: Event, stage: str, module: str) -> set[str]:
    """The stations at which a module's judges sit; none where one of them judges everywhere."""
    seated = set(
        db.session.scalars(
            select(Assignment.station).where(of_event(Assignment, event, stage, module))
        )
    )
    return set() if "" in seated else seated


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
    stations: dict[tuple[int, str], set[str]] = defaultdict(set)
    for entrant, module, station in rows:
        stations[entrant, module].add(station)
    return stations


def stations_of_entrants(competition: Competition, codes: Collection[str]) -> dict[str, list[str]]:
    """The stations that these entrants have, by code; nothing for who has none."""
    stations: dict[str, list[str]] = {code: [] for code in sorted(codes)}
    rows = db.session.execute(
        select(Entrant.code, Slot.station)
        .outerjoin(Slot, Slot.entrant_id == Entrant.id)
        .where(Entrant.competition_id == competition.id, Entrant.code.in_(codes))
        .order_by(Entrant.code, Slot.id)
    ).tuples()
    for code, station in rows:
        if station and station not in stations[code]:
            stations[code].append(station)
    return stations
