"""Taking away what a load has written that cannot or shall not be gone on with.

The competition's own row stays, shown to nobody, under a code that nobody asks for: its chain
tells what was written and taken away, and a chain is never taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from compete.models import (
    Act,
    AdjustmentEntry,
    Assignment,
    BlindCode,
    Competition,
    DifficultyEntry,
    Entrant,
    Event,
    Judge,
    LabourValueEntry,
    Member,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    Slot,
    Team,
    TimeEntry,
    Unit,
    VetoEntry,
    db,
)
from compete.services.directory.person_records import let_go
from compete.services.kernel import audit
from compete.services.kernel.portions import Portion
from compete.services.kernel.row_seals import delete_noted
from compete.services.kernel.transactions import for_update, unit_of_work

UNDONE = "undone"
"""In `Competition.loading`: what was loaded is taken away, nothing more will come."""

_MOST = 60


def take_away(number: int) -> None:
    """Take away what was loaded of a competition that nobody is shown, part by part."""
    for table, here in _tables(number):
        portion = Portion()
        query = select(table.id).where(here).order_by(table.id.desc())
        while rows := list(db.session.scalars(query.limit(portion.size)).all()):
            db.session.rollback()
            with unit_of_work():
                competition = for_update(db.session.get_one(Competition, number))
                _delete(competition, table, rows)
    with unit_of_work():
        competition = for_update(db.session.get_one(Competition, number))
        code = competition.code
        competition.code, competition.loading = f"{code[:_MOST]}~{number}", UNDONE
        audit.record(competition, None, "competition.load_undone", code)


def _tables(number: int) -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """What is taken away, what hangs on another first."""
    sheets = select(Sheet.id).where(Sheet.competition_id == number)
    people = select(Entrant.id).where(Entrant.competition_id == number)
    events = select(Event.id).where(Event.competition_id == number)
    units = select(Unit.id).where(Unit.competition_id == number)
    yield Act, Act.sheet_id.in_(sheets)
    yield Sheet, Sheet.competition_id == number
    for table in (DifficultyEntry, OutcomeEntry, PenaltyEntry, TimeEntry, BlindCode, Slot):
        yield table, table.entrant_id.in_(people)
    yield Assignment, Assignment.event_id.in_(events)
    for of_unit in (LabourValueEntry, AdjustmentEntry, VetoEntry):
        yield of_unit, of_unit.unit_id.in_(units)
    for own in (Member, Entrant, Team, Judge):
        yield own, own.competition_id == number


def _delete(competition: Competition, table: Any, rows: Sequence[int]) -> None:
    """Take these rows away, and whoever nobody points to any more."""
    if table is Act:
        db.session.execute(delete(Act).where(Act.id.in_(rows)))
        return
    persons: set[int] = set()
    if "person_id" in table.__table__.columns:
        query = select(table.person_id).where(table.id.in_(rows), table.person_id.is_not(None))
        persons = set(db.session.scalars(query))
    delete_noted(table, rows)
    let_go(competition, persons, None)
