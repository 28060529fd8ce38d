"""Places handed on: in a later stage to who newly goes on, and to who comes for somebody else.

In a stage by one rule, which leaves nothing to choose: places in the order of their time and
station, people in the order of their numbers; each gets the first at which nothing stands against
them. Nobody gets one whose time is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Entrant, Event, Slot, db, utc_now
from compete.services.kernel.slot_order import slot_order
from compete.services.schedule.draw_lists import refuse_while_drawing
from compete.services.schedule.slots import follow_in_plan
from compete.services.schedule.stage_moves import vacated
from compete.services.schedule.station_moves import (
    Place,
    note_move,
    place_of,
    place_words,
    put_at,
    why_not_there,
)
from compete.services.schedule.stations import stations_of_sheets


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A place that goes from one to another."""

    module: str
    place: Place
    before: str
    """The code of who leaves it."""
    to: Entrant

    @property
    def words(self) -> str:
        """The words of the place: 第1场 1号工位 08:40."""
        return place_words(self.place)


def to_hand_on(
    event: Event, stage: str, inside: Collection[str], people: Sequence[Entrant]
) -> list[HandedOn]:
    """Give those people who newly go on the places of people not `inside` the stage."""
    now = utc_now()
    free: dict[str, list[Slot]] = defaultdict(list)
    for slot in sorted(vacated(event, stage, set(inside)), key=slot_order):
        if slot.starts_at is None or slot.starts_at > now:
            free[slot.module].append(slot)
    judged = stations_of_sheets(event, stage)
    found = []
    for module, slots in free.items():
        for person in sorted(people, key=lambda person: person.code):
            if any((it.stage, it.module) == (stage, module) for it in person.slots):
                continue
            # Who comes back is judged by those whose sheets are opened again, where they sit.
            own = judged.get((person.id, module))
            fit = next(
                (
                    it
                    for it in slots
                    if (not own or it.station in own)
                    and why_not_there(person, stage, module, place_of(it)) is None
                ),
                None,
            )
            if fit is not None:
                slots.remove(fit)
                found.append(HandedOn(module, place_of(fit), fit.entrant.code, person))
    return found


def hand_on(event: Event, stage: str, handed: Sequence[HandedOn], by: Account) -> None:
    """Give these places to who gets them; inside a unit of work, once nobody stands there."""
    for it in handed:
        put_at(it.to, stage, it.module, it.place)
    db.session.flush()
    for module in sorted({it.module for it in handed}):
        follow_in_plan(event, stage, module)
    for it in handed:
        why = msg("接 %(who)s 空出的位置", who=it.before).render()
        note_move(it.to, by, (stage, it.module), None, it.place, why)


def hand_over_places(old: Entrant, new: Entrant) -> dict[str, str]:
    """Give the new one all places of the old one, who has none then; by module which.

    What the plan had for the new one's number is given up. Inside a unit of work. Raises
    `Refused` (CONFLICT) while a draw of one of them is under way.
    """
    places = {old.id: _slots(old), new.id: _slots(new)}
    for stage in {slot.stage for slots in places.values() for slot in slots}:
        refuse_while_drawing(old.event, stage)
    for slot in places[new.id]:
        db.session.delete(slot)
    db.session.flush()
    told = {}
    for slot in places[old.id]:
        slot.entrant_id = new.id
        told[slot.module] = place_words(slot)
    db.session.flush()
    for who in (old, new):
        db.session.expire(who, ["slots"])
    for stage, module in sorted(
        {(slot.stage, slot.module) for slots in places.values() for slot in slots}
    ):
        follow_in_plan(old.event, stage, module)
    return told


def _slots(entrant: Entrant) -> list[Slot]:
    query = select(Slot).where(Slot.entrant_id == entrant.id).order_by(Slot.id)
    return list(db.session.scalars(query))
