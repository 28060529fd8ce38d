"""Whom a change moved, with names, once it is in force and for who may see names."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.models import Account, Entrant, RuleChange, db
from compete.services.amending.in_force import Moved, moved_by
from compete.services.sheets import may_see_names


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """One entrant in one stage, as called now."""

    moved: Moved
    name: str
    unit: str


def moved_people(change: RuleChange, by: Account) -> list[MovedPerson] | None:
    """Those who moved most places first; None for who may not see names of a blind event yet."""
    if not may_see_names(change.competition, [change.event], by):
        return None
    people = db.session.scalars(
        select(Entrant).where(Entrant.event_id == change.event_id).options(joinedload(Entrant.unit))
    )
    called = {row.code: (row.name, row.unit.name) for row in people}
    return [
        MovedPerson(each, *called.get(each.entrant, (each.entrant, "")))
        for each in sorted(moved_by(change), key=_step)
    ]


def _step(moved: Moved) -> tuple[bool, int, int]:
    was, now = moved.ranks
    return was == now, -abs((was or 0) - (now or 0)), now or 10**9
