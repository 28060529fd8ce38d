"""Taking effect of other rules: a version of their own, sheets follow, moves are kept."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select, update

from compete.domain.bundle import event_types
from compete.domain.bundle.results import EventResults
from compete.domain.values.messages import msg
from compete.domain.values.states import SHEET_MOVES, SheetState, move
from compete.models import Account, Entrant, Event, RuleChange, Sheet, db
from compete.services.competitions.rules_saving import put_rules
from compete.services.judging.signing import supersede_signature
from compete.services.kernel.row_seals import note
from compete.services.registration.people_seals import seal_people
from compete.services.rule_changes.impact_on_awards import MovedBesides, moved_besides
from compete.services.rule_changes.impact_on_scores import aspects_worth_otherwise, sheets_changed
from compete.services.scoring.live import Standing, live_by_new_rules, live_results
from compete.services.scoring.stages_to_come import without_promises


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
