"""Taking effect of other rules: a version of their own, sheets follow, moves are kept.

Those whom a change moved are named once it is in force, for who may see names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from compete.domain.bundle import event_types
from compete.domain.bundle.results import EventResults
from compete.domain.values.messages import msg
from compete.domain.values.states import SHEET_MOVES, SheetState, move
from compete.models import Account, Entrant, Event, Member, RuleChange, Sheet, Team, Unit, db
from compete.services.competitions.rules_saving import put_rules
from compete.services.judging.signing import supersede_signature
from compete.services.kernel.row_seals import note
from compete.services.registration.people_seals import seal_people
from compete.services.rule_changes.impact_on_scores import (
    MovedBesides,
    What,
    aspects_worth_otherwise,
    moved_besides,
    sheets_changed,
)
from compete.services.scoring.live import Standing, live_by_new_rules, live_results
from compete.services.scoring.stages_to_come import without_promises
from compete.services.sheets.blind_codes import may_see_names


class Moved(msgspec.Struct, frozen=True):
    """The move of one entrant in one stage, before and after; totals are published texts."""

    stage: str
    entrant: str
    ranks: tuple[int | None, int | None]
    totals: tuple[str | None, str | None]


def put_in_force(
    change: RuleChange,
    before: event_types.Event,
    after: event_types.Event,
    by: Account,
    standing: Standing | None,
) -> dict[str, Any]:
    """Make the wanted rules the event's next version, inside a unit of work; what is told of it.

    `standing` is what stood just before, if anybody has worked it out.

    What judges signed under marks that come out otherwise loses its signature: who signs says
    what a sheet comes to. Sheets that read otherwise get a new version, so that no tablet signs
    what it has not shown.
    """
    event = change.event
    was = live_results(change.competition).event(event.code)
    change.number = put_rules(event, after, change.reason)
    signed = _follow(event, before, after, change.number)
    db.session.flush()
    now = live_by_new_rules(change.competition, standing).event(event.code)
    moves = _moves_between(was, now)
    promised = (
        without_promises(change.competition, was),
        without_promises(change.competition, now),
    )
    besides = moved_besides((before, after), promised)
    change.moves = [msgspec.to_builtins(each) for each in (*moves, *besides)]
    return {
        "version": change.number,
        "moved": len({each.entrant for each in moves}),
        "signed": signed,
        "people": seal_people(change.competition, ()),
    }


def moved_by(change: RuleChange) -> list[Moved]:
    """List people moved as it took effect; nobody of one that is not in force."""
    return [msgspec.convert(each, Moved) for each in change.moves or [] if "kind" not in each]


def besides_of(change: RuleChange) -> list[MovedBesides]:
    """List other moves than totals and ranks; nothing of a change that was made before this."""
    return [msgspec.convert(each, MovedBesides) for each in change.moves or [] if "kind" in each]


def _moves_between(before: EventResults, after: EventResults) -> list[Moved]:
    """List those whose rank or total changed, stage by stage in the order of the new ranks."""
    found = []
    old = {
        (stage.code, row.entrant): (row.rank, row.total)
        for stage in before.stages
        for row in stage.standings
    }
    for stage in after.stages:
        for row in stage.standings:
            rank, total = old.pop((stage.code, row.entrant), (None, None))
            if (rank, total) != (row.rank, row.total):
                found.append(Moved(stage.code, row.entrant, (rank, row.rank), (total, row.total)))
    return found + [
        Moved(stage, entrant, (rank, None), (total, None))
        for (stage, entrant), (rank, total) in old.items()
        if rank is not None or total is not None
    ]


def _follow(event: Event, before: event_types.Event, after: event_types.Event, number: int) -> int:
    """Bring the event's sheets after the rules; how many signatures lapsed."""
    other = aspects_worth_otherwise(before, after)
    lapsed = 0
    for place in sheets_changed(before, after):
        stage, module = place
        entrants = select(Entrant.id).where(Entrant.event_id == event.id)
        here = Sheet.entrant_id.in_(entrants), Sheet.stage == stage, Sheet.module == module
        # One statement for all: there may be ten thousand, of which few are signed.
        for sheet in db.session.scalars(select(Sheet.id).where(*here)):
            note("sheet", sheet, "version")
        db.session.execute(
            update(Sheet)
            .where(*here)
            .values(version=Sheet.version + 1)
            .execution_options(noted=True, synchronize_session="fetch")
        )
        signed = select(Sheet).where(*here, Sheet.state == SheetState.SIGNED).order_by(Sheet.id)
        for row in db.session.scalars(signed).all() if place in other else ():
            supersede_signature(row, msg("规则换成了第 %(n)s 版", n=number).render())
            row.state = move(row.state, SheetState.SUBMITTED, SHEET_MOVES)
            lapsed += 1
    return lapsed


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
