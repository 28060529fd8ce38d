"""Who is expected when and where, and who judges there, as the competition's plan says.

A bundle's plan stands under `competition.extra.schedule`: a list of sessions,
each of one module, with times in the hall's own clock, a station, judges and
entrants (docs/bundle.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compete.models import Assignment, Competition, Entrant, Slot, db
from compete.services.kernel import local_zone


def planned_sessions(competition: Competition) -> list[dict[str, Any]]:
    """The sessions of the plan, or none."""
    extra = (competition.extra or {}).get("competition") or {}
    sessions = extra.get("schedule")
    return (
        [session for session in sessions if isinstance(session, dict)]
        if isinstance(sessions, list)
        else []
    )


def place_entrants(competition: Competition, entrants: Iterable[Entrant]) -> int:
    """Give these entrants the times and stations that the plan has for them.

    Inside a unit of work; who has a slot for a module keeps it. Returns how
    many slots were made.
    """
    people = {entrant.code: entrant for entrant in entrants}
    taken = set(
        db.session.execute(
            select(Slot.entrant_id, Slot.stage, Slot.module).where(
                Slot.entrant_id.in_([entrant.id for entrant in people.values()])
            )
        ).tuples()
    )
    made = 0
    for session in planned_sessions(competition):
        for code in session.get("entrants", ()):
            person = people.get(code)
            if person is None:
                continue
            key = person.id, session["stage"], session["module"]
            if key in taken:
                continue
            taken.add(key)
            db.session.add(
                Slot(
                    entrant_id=person.id,
                    stage=session["stage"],
                    module=session["module"],
                    session=session.get("session"),
                    station=session.get("station"),
                    check_in_at=_instant(session.get("check_in")),
                    starts_at=_instant(session.get("starts")),
                    ends_at=_instant(session.get("ends")),
                )
            )
            made += 1
    db.session.flush()
    return made


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
