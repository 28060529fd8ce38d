"""How many a unit may send, in all and to each event, and how many of those it has used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from compete.models import Application, Competition, Entrant, Member, Unit, db
from compete.services.kernel import takes_part
from compete.services.registration.applications import SEATED, is_seated
from compete.services.registration.eligibility import conditions_of
from compete.services.registration.waiting import party_of
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
    here = (Entrant.competition_id == competition.id, Entrant.unit_id == unit.id, takes_part())
    alone = db.session.scalar(select(func.count(Entrant.id)).where(*here, ~Entrant.members.any()))
    in_crews = db.session.scalar(
        select(func.count(Member.id)).join(Entrant, Entrant.id == Member.entrant_id).where(*here)
    )
    query = select(Application).where(
        Application.unit_id == unit.id, Application.state.in_(SEATED), is_seated()
    )
    handed_in = [each for each in db.session.scalars(query) if each.id not in instead]
    used = (alone or 0) + (in_crews or 0) + len(handed_in)
    events = _of_events(unit, competition, handed_in)
    return Quota(used, window_of(competition).quota, tuple(events))


def _of_events(
    unit: Unit, competition: Competition, handed_in: Collection[Application]
) -> Iterator[EventQuota]:
    asked = conditions_of(competition)
    bounded = {
        event.id: (event.name, each.most_of_unit)
        for event in competition.events
        if (each := asked.get(event.code)) and each.most_of_unit
    }
    if not bounded:
        return
    there = (
        select(Entrant.event_id, func.count(Entrant.id))
        .where(Entrant.unit_id == unit.id, Entrant.event_id.in_(bounded), takes_part())
        .group_by(Entrant.event_id)
    )
    used = Counter(dict(db.session.execute(there).tuples().all()))
    used.update(event for _unit, event, _who in {party_of(each) for each in handed_in})
    for number, (name, most) in bounded.items():
        yield EventQuota(name, used[number], most)
