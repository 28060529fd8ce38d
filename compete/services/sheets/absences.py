"""Absences: people who need not be waited for."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from compete.models import Competition, Entrant, Event, OutcomeEntry, Sheet, db
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part


def excused(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that an outcome (that fits) stands for the sheet's module or whole stage."""
    return (
        select(OutcomeEntry.id)
        .where(
            OutcomeEntry.entrant_id == Sheet.entrant_id,
            OutcomeEntry.stage == Sheet.stage,
            or_(OutcomeEntry.module.is_(None), OutcomeEntry.module == Sheet.module),
            OutcomeEntry.withdrawn_at.is_(None),
            *which,
        )
        .exists()
    )


def excused_among(sheets: Iterable[Sheet]) -> set[int]:
    """The ids of those sheets for which nobody waits."""
    ids = [sheet.id for sheet in sheets]
    return set(db.session.scalars(select(Sheet.id).where(Sheet.id.in_(ids), excused())))


def excused_sheets(competition: Competition) -> set[int]:
    """The ids of the competition's sheets of who is absent, withdrawn or disqualified."""
    query = select(Sheet.id).where(Sheet.competition_id == competition.id, excused())
    return set(db.session.scalars(query))


def brought_along(event: Event) -> set[tuple[int, str]]:
    """The people and modules not to be marked, since the mark comes from an earlier sitting."""
    if rules_of(event).verdict is None:
        return set()
    query = select(Entrant.id, Entrant.carried).where(
        Entrant.event_id == event.id, Entrant.carried.is_not(None), takes_part()
    )
    modules = [it for stage in rules_of(event).stages for it in stage.modules]
    return {
        (entrant, module.code)
        for entrant, carried in db.session.execute(query).tuples()
        for brought in carried or ()
        if "void" not in brought
        for module in modules
        if brought["of"] in (module.code, module.part)
    }
