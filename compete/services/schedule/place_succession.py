"""Place succession: who comes for somebody else stands where that one stood."""

from __future__ import annotations

from sqlalchemy import select

from compete.models import Entrant, Slot, db
from compete.services.schedule.draw_lists import refuse_while_drawing
from compete.services.schedule.slots import follow_in_plan
from compete.services.schedule.station_moves import place_words


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
