"""Slots: who is expected when and where, and who judges there, by the competition's plan.

A bundle's plan stands under `competition.extra.schedule`: a list of sessions,
each of one module, with times in the hall's own clock, a station, judges and
entrants (docs/bundle.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from compete.domain.ceremonies.types import DrawFile
from compete.domain.ceremonies.units_then_people import final_places
from compete.domain.values.messages import Translate, msg
from compete.models import Assignment, Competition, DrawCeremony, Entrant, Event, Slot, db
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.clock import local_time, local_zone
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.slot_order import slot_order


@dataclass(frozen=True, slots=True)
class SlotPlace:
    """A time and place for somebody in a module; `seat` within a station that is a `room`."""

    session: str | None
    station: str | None
    check_in_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    room: int | None = None
    """Its number."""
    seat: int | None = None


def place_of(slot: Slot) -> SlotPlace:
    """The place of a slot."""
    times = slot.check_in_at, slot.starts_at, slot.ends_at
    return SlotPlace(slot.session, slot.station, *times, room=slot.room_id, seat=slot.seat)


def station_words(place: SlotPlace | Slot, translate: Translate | None = None) -> str:
    """The station, with the seat where it is a room: 201教室 17 座; empty for none."""
    station = place.station or ""
    if place.seat is None:
        return station
    return msg("%(room)s %(seat)s 座", room=station, seat=place.seat).render(translate)


def take_place(slot: Slot, place: SlotPlace) -> None:
    """Let a slot be at a place."""
    slot.session, slot.station, slot.check_in_at = place.session, place.station, place.check_in_at
    slot.starts_at, slot.ends_at = place.starts_at, place.ends_at
    slot.room_id, slot.seat = place.room, place.seat


def _place_at(session: str | None, station: str | None, times: Mapping[str, Any]) -> SlotPlace:
    """The place at times as the plan or a draw writes them."""
    check_in, starts, ends = (_instant(times.get(name)) for name in _TIMES)
    return SlotPlace(session, station, check_in, starts, ends)


def own_slot(entrant: Entrant, stage: str, module: str) -> Slot | None:
    """The place of somebody in the plan of a module, or None."""
    return db.session.scalar(
        select(Slot).where(
            Slot.entrant_id == entrant.id, Slot.stage == stage, Slot.module == module
        )
    )


def planned_sessions(competition: Competition) -> list[dict[str, Any]]:
    """The sessions of the plan, or none."""
    extra = (competition.extra or {}).get("competition") or {}
    sessions = extra.get("schedule")
    return (
        [session for session in sessions if isinstance(session, dict)]
        if isinstance(sessions, list)
        else []
    )


def put_plan(competition: Competition, sessions: Sequence[dict[str, Any]]) -> None:
    """Make these the sessions of the plan; inside a unit of work."""
    extra = dict(competition.extra or {})
    extra["competition"] = dict(extra.get("competition") or {}) | {"schedule": list(sessions)}
    competition.extra = extra
    db.session.flush()


def shift_slot(slot: Slot, by: timedelta) -> None:
    """Shift a slot's times by as much, later or (negative) earlier; those that there are."""
    slot.check_in_at = slot.check_in_at + by if slot.check_in_at else None
    slot.starts_at = slot.starts_at + by if slot.starts_at else None
    slot.ends_at = slot.ends_at + by if slot.ends_at else None


def place_entrants(
    competition: Competition, entrants: Iterable[Entrant]
) -> dict[str, dict[str, str]]:
    """Give these entrants the times and stations that the plan has for them.

    Inside a unit of work; who has a slot for a module keeps it. Returns by entrant and module
    where each was put.
    """
    people = {entrant.code: entrant for entrant in entrants}
    taken = set(
        db.session.execute(
            select(Slot.entrant_id, Slot.stage, Slot.module).where(
                Slot.entrant_id.in_([entrant.id for entrant in people.values()])
            )
        ).tuples()
    )
    placed: dict[str, dict[str, str]] = {}
    for session in planned_sessions(competition):
        where = " ".join(filter(None, (session.get("session"), session.get("station"))))
        for code in session.get("entrants", ()):
            person = people.get(code)
            if person is None:
                continue
            key = person.id, session["stage"], session["module"]
            if key in taken:
                continue
            taken.add(key)
            slot = Slot(entrant_id=person.id, stage=session["stage"], module=session["module"])
            take_place(slot, _place_at(session.get("session"), session.get("station"), session))
            db.session.add(slot)
            placed.setdefault(code, {})[session["module"]] = where
    db.session.flush()
    return placed


def follow_in_plan(event: Event, stage: str, module: str) -> None:
    """Make the plan say of a module what the slots say, so that the competition's file goes out so.

    Inside a unit of work. Whom the plan expects and who has no slot, as who is not registered
    yet, stay where they are.
    """
    there = _places_there(event, stage, module).values()
    put_plan(event.competition, _following(event, stage, module, there))


def _places_there(event: Event, stage: str, module: str) -> dict[int, tuple[str, SlotPlace]]:
    """Who has a place in the module, by their row's number: their code, and where."""
    columns = (
        *(Slot.session, Slot.station, Slot.check_in_at, Slot.starts_at, Slot.ends_at),
        *(Slot.room_id, Slot.seat),
    )
    query = select(Entrant.id, Entrant.code, *columns).join(Slot, Slot.entrant_id == Entrant.id)
    rows = db.session.execute(query.where(of_event(Slot, event, stage, module)))
    return {row[0]: (row[1], SlotPlace(*row[2:])) for row in rows.tuples()}


def _following(
    event: Event, stage: str, module: str, places: Iterable[tuple[str, SlotPlace]]
) -> list[dict[str, Any]]:
    """The plan with these people of a module where they are."""
    key = event.code, stage, module
    sessions = planned_sessions(event.competition)
    planned = [it | {"entrants": list(it.get("entrants", ()))} for it in sessions if _of(it) == key]
    # The file knows no rooms of an installation: it has who is at a station at a time.
    slots = sorted(
        ((replace(place, room=None, seat=None), code) for code, place in places),
        key=lambda row: (*slot_order(row[0]), row[1]),
    )
    placed = {code for _place, code in slots}
    judges: dict[str | None, list[str]] = {}
    at: dict[SlotPlace, dict[str, Any]] = {}
    for it in planned:
        it["entrants"] = [code for code in it["entrants"] if code not in placed]
        here = judges.setdefault(it.get("station"), [])
        here += [code for code in it.get("judges", ()) if code not in here]
        at.setdefault(_place_at(it.get("session"), it.get("station"), it), it)
    for place, code in slots:
        if place not in at:
            at[place] = _planned(key, place, judges.get(place.station, []))
            planned.append(at[place])
        at[place]["entrants"].append(code)
    used = {it.get("station") for it in planned if it["entrants"]}
    # Where nobody stands any more it goes, unless its judges would go with it.
    left = [it for it in planned if it["entrants"] or it.get("station") not in used]
    others = [it for it in sessions if _of(it) != key]
    return [*others, *left]


_TIMES = ("check_in", "starts", "ends")


def _of(planned: dict[str, Any]) -> tuple[Any, Any, Any]:
    return planned.get("event"), planned.get("stage"), planned.get("module")


def _planned(key: tuple[str, str, str], place: SlotPlace, judges: list[str]) -> dict[str, Any]:
    """A session of the plan at a place, with nobody in it yet."""
    times = dict(zip(_TIMES, (place.check_in_at, place.starts_at, place.ends_at), strict=True))
    texts = {"session": place.session, "station": place.station} | {
        name: f"{local_time(at):%Y-%m-%dT%H:%M}" if at else None for name, at in times.items()
    }
    return {
        **dict(zip(("event", "stage", "module"), key, strict=True)),
        **{name: text for name, text in texts.items() if text is not None},
        **{"judges": list(judges), "entrants": []},
    }


def seat_judges(competition: Competition, away: Iterable[str] = ()) -> set[tuple[str, str, str]]:
    """Assign the plan's judges to its stations; who is `away` sits nowhere.

    Returns the event, stage and module codes that the plan covers.
    """
    judges = {judge.code: judge for judge in competition.judges}
    events = {event.code: event for event in competition.events}
    missing = set(away)
    seats: dict[tuple[str, str, str, str, str], None] = {}
    for session in planned_sessions(competition):
        for code in session.get("judges", ()):
            if code in judges and code not in missing:
                station = session.get("station") or ""
                seats[session["event"], session["stage"], session["module"], code, station] = None
    for event, stage, module, code, station in seats:
        db.session.add(
            Assignment(
                event_id=events[event].id,
                stage=stage,
                module=module,
                judge_id=judges[code].id,
                station=station,
            )
        )
    db.session.flush()
    return {(event, stage, module) for event, stage, module, _code, _station in seats}


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=local_zone())


@dataclass(frozen=True, slots=True)
class GivenPlace:
    """A place that a draw gave somebody; `times` has its instants as ISO texts, room and seat."""

    code: str
    session: str | None
    station: str | None
    times: Mapping[str, str | None]


def places_given(ceremony: DrawCeremony, file: DrawFile) -> list[GivenPlace]:
    """The places that the file of a ceremony gives, with their times."""
    return [
        GivenPlace(
            row.code,
            row.place.session,
            row.place.line,
            ceremony.times.get(row.place.code, {}),
        )
        for row in final_places(file)
    ]


@dataclass(frozen=True, slots=True)
class Placing:
    """What gives people the places that were drawn: who moves where, and the plan thereafter."""

    people: int
    moved: Mapping[int, SlotPlace]
    """By their row's number."""
    plan: Sequence[dict[str, Any]]


def placing(event: Event, stage: str, module: str, given: Sequence[GivenPlace]) -> Placing:
    """Work out what gives people these places; whoever is there already does not move."""
    there = _places_there(event, stage, module)
    moved = _moved(event, given, there)
    after = dict(there.values()) | {
        row.code: drawn_place(row.session, row.station, row.times) for row in given
    }
    return Placing(len(given), moved, _following(event, stage, module, after.items()))


def place_all(event: Event, stage: str, module: str, worked_out: Placing) -> None:
    """Give the places, in slots and plan; inside a unit of work."""
    _move(event, stage, module, worked_out.moved)
    put_plan(event.competition, worked_out.plan)


def give_places(event: Event, stage: str, module: str, given: Sequence[GivenPlace]) -> int:
    """Give everybody who was drawn session, station and times; inside a unit of work.

    Returns how many were given theirs.
    """
    place_all(event, stage, module, placing(event, stage, module, given))
    return len(given)


def put_places(event: Event, stage: str, module: str, given: Sequence[GivenPlace]) -> None:
    """Put people at these places, whoever is there already apart; the plan follows later.

    Inside a unit of work.
    """
    moved = _moved(event, given, _places_there(event, stage, module))
    _move(event, stage, module, moved)


def _moved(
    event: Event, given: Sequence[GivenPlace], there: Mapping[int, tuple[str, SlotPlace]]
) -> dict[int, SlotPlace]:
    known = select(Entrant.code, Entrant.id).where(Entrant.event_id == event.id)
    people: dict[str, int] = dict(db.session.execute(known).tuples().all())
    places = {people[row.code]: drawn_place(row.session, row.station, row.times) for row in given}
    standing = {number: place for number, (_code, place) in there.items()}
    return {number: place for number, place in places.items() if standing.get(number) != place}


def _move(event: Event, stage: str, module: str, moved: Mapping[int, SlotPlace]) -> None:
    old = select(Slot).where(of_event(Slot, event, stage, module))
    slots = {slot.entrant_id: slot for slot in rows_among(old, Slot.entrant_id, moved)}
    for number, place in moved.items():
        slot = slots.get(number)
        if slot is None:
            slot = Slot(entrant_id=number, stage=stage, module=module)
            db.session.add(slot)
        take_place(slot, place)
    db.session.flush()


def drawn_place(
    session: str | None, station: str | None, times: Mapping[str, str | None]
) -> SlotPlace:
    """The place at times as draws have them: with the room and the seat, where they have one."""
    room, seat = (int(number) if (number := times.get(key)) else None for key in ("room", "seat"))
    return replace(_place_at(session, station, times), room=room, seat=seat)


def clear_places(event: Event, stage: str, module: str, kept: Collection[str] = ()) -> None:
    """Take everybody's place in the module away, as its draw counts no more; not those `kept`.

    Who came for somebody else has a place of the draw too. Inside a unit of work; the plan has
    them nowhere in the module either.
    """
    slots = [
        slot
        for slot in db.session.scalars(select(Slot).where(of_event(Slot, event, stage, module)))
        if slot.entrant.code not in kept
    ]
    gone = {slot.entrant.code for slot in slots}
    for slot in slots:
        db.session.delete(slot)
    db.session.flush()
    key = event.code, stage, module
    put_plan(
        event.competition,
        [
            it | {"entrants": [code for code in it.get("entrants", ()) if code not in gone]}
            if _of(it) == key
            else it
            for it in planned_sessions(event.competition)
        ],
    )
    follow_in_plan(event, stage, module)
