"""How many a unit may send, in all and to each event, and how many of those it has used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from compete.models import Application, Competition, Unit, db
from compete.services.registration.applications import SEATED, is_seated
from compete.services.registration.waiting import bounds_of_units, people_there, places_taken
from compete.services.registration.window import window_of


class EventQuota(NamedTuple):
    """What an event takes from the unit, people or crews, and what of that the unit has used."""

    event: str
    used: int
    most: int


@dataclass(frozen=True, slots=True)
class Quota:
    """How many a unit may send and has handed in or on the list; `most` None: no bound."""

    used: int
    most: int | None
    events: tuple[EventQuota, ...] = ()
    """Of those events that take so many from each unit."""

    @property
    def left(self) -> int | None:
        """How many more."""
        return None if self.most is None else max(0, self.most - self.used)


def quota_of(unit: Unit, competition: Competition, instead: Collection[int] = ()) -> Quota:
    """Of those who take part, those who wait for the organiser, and those given back.

    Whom the unit entered keeps the place when given back, until the unit takes it back.
    `instead` are the numbers of applications for who comes for another and takes no place.
    """
    query = select(Application).where(
        Application.unit_id == unit.id, Application.state.in_(SEATED), is_seated()
    )
    handed_in = [each for each in db.session.scalars(query) if each.id not in instead]
    used = people_there(competition, unit)[unit.id] + len(handed_in)
    bounds = bounds_of_units(competition)
    taken = places_taken(competition, handed_in, unit) if bounds else Counter()
    events = [
        EventQuota(event.name, taken[unit.id, event.id], bounds[event.id])
        for event in competition.events
        if event.id in bounds
    ]
    return Quota(used, window_of(competition).quota, tuple(events))
