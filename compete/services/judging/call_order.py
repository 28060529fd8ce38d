"""Who is called up before whom: so that a judge does not mark the wrong contestant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.domain.values.states import SheetState
from compete.models import Sheet, Slot, db


def called_before(sheet: Sheet, mine: Sequence[Sheet]) -> Sheet | None:
    """Of the judge's sheets, in calling order, the first that ought to be begun before this one.

    It is of the same module at the same station, and not begun. None where
    there is none, where this one is begun already, and where nobody knows who
    is called up when (in a blind event).
    """
    if sheet.state is not SheetState.NOT_BEGUN or sheet.entrant.event.blind:
        return None
    near = [other for other in mine if (other.stage, other.module) == (sheet.stage, sheet.module)]
    rows = db.session.execute(
        select(Slot.entrant_id, Slot.station).where(
            Slot.stage == sheet.stage,
            Slot.module == sheet.module,
            Slot.entrant_id.in_([other.entrant_id for other in near]),
            Slot.starts_at.is_not(None),
        )
    )
    stations = dict(rows.tuples().all())
    if sheet.entrant_id not in stations:
        return None
    for other in near:
        if other.id == sheet.id:
            return None
        known = other.entrant_id in stations
        here = known and stations[other.entrant_id] == stations[sheet.entrant_id]
        if here and other.state is SheetState.NOT_BEGUN:
            return other
    return None
