"""Affected people: those a change moved, named once it is in force, for who may see names."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.models import Account, Entrant, Member, RuleChange, Team, Unit, db
from compete.services.rule_changes.impact_on_awards import MovedBesides, What
from compete.services.rule_changes.taking_effect import Moved, besides_of, moved_by
from compete.services.sheets.blind_codes import may_see_names


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """The moves of one entrant in one stage, as called now."""

    moved: Moved
    name: str
    unit: str


def moved_people(change: RuleChange, by: Account) -> list[MovedPerson] | None:
    """List who moved most places first; None for who may not see a blind event's names yet."""
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


@dataclass(frozen=True, slots=True)
class NamedBesides:
    """A further change of a person, team or unit, as called now."""

    moved: MovedBesides
    name: str


def moved_besides_named(change: RuleChange, by: Account) -> list[NamedBesides]:
    """List awards, grades, items, teams, units that moved; none for who may not see names yet."""
    if not may_see_names(change.competition, [change.event], by):
        return []
    of = change.competition_id
    people, members, teams, units = (
        {
            row.code: row.name
            for row in db.session.execute(
                select(table.code, table.name).where(table.competition_id == of)
            )
        }
        for table in (Entrant, Member, Team, Unit)
    )
    named = {What.TEAM: teams, What.TEAM_AWARDS: teams, What.UNIT: units}
    found = []
    for each in besides_of(change):
        name = named.get(each.what, people).get(each.holder, each.holder)
        if each.what in (What.AWARDS, What.GRADE) and each.of:
            name = members.get(each.of, name)
        found.append(NamedBesides(each, name))
    return found
