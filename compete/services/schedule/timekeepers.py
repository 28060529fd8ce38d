"""Timekeepers: the judge at a station whose reading alone counts."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Assignment, Event, db
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.settled_panels import claim_seating
from compete.services.sheets.working_times import timed_aspects


def name_timekeeper(seat: Assignment, keeps: bool, by: Account) -> None:
    """Let this judge's reading be the working time at the seat's station, or no longer.

    Whoever kept the time there until now keeps it no more. Raises `Refused` where the
    module has no watch, and once marks are locked.
    """
    number = seat.id
    with unit_of_work() as session:
        seat = session.get_one(Assignment, number)
        event = session.get_one(Event, seat.event_id)
        competition = claim_seating(event.competition)
        module = module_of(rules_of(event), seat.stage, seat.module)
        if keeps and not timed_aspects(module):
            raise Refused(msg("“%(name)s”不计时", name=module.name))
        before = [other for other in _there(event, seat) if other.timekeeper]
        named = [other.judge.code for other in before]
        for other in before:
            other.timekeeper = False
        seat.timekeeper = keeps
        audit.record(
            competition,
            by,
            "judges.timekeeper",
            f"{event.code}/{seat.stage}/{seat.module}",
            before={"timekeeper": named, "station": seat.station},
            after={"timekeeper": [seat.judge.code] if keeps else [], "station": seat.station},
            bends=True,
        )


def _there(event: Event, seat: Assignment) -> list[Assignment]:
    return list(
        db.session.scalars(
            select(Assignment).where(
                of_event(Assignment, event, seat.stage, seat.module),
                Assignment.station == seat.station,
            )
        )
    )
