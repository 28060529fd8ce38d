"""Sheets by their address, their label, or what became of them."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values.states import SheetState
from compete.models import Competition, Entrant, Event, Sheet, db
from compete.services.kernel.module_keys import same_place
from compete.services.sheets.stage_closings import closed_by_stage


def sheet_by_id(competition: Competition, public_id: str) -> Sheet | None:
    """The competition's sheet of that public id, or None."""
    return db.session.scalar(
        select(Sheet).where(Sheet.public_id == public_id, Sheet.competition_id == competition.id)
    )


def is_allotted(event: Event) -> bool:
    """True if any judge has a sheet of the event."""
    query = (
        select(Sheet.id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id)
    )
    return db.session.scalar(query.limit(1)) is not None


def sheets_by_label(competition: Competition, label: str) -> list[Sheet]:
    """The sheets with this label, in the order of modules and judges."""
    if not label:
        return []
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.competition_id == competition.id, Sheet.label == label[:80])
            .order_by(Sheet.module, Sheet.judge_id)
        )
    )


def closed_sheets(competition: Competition) -> list[Sheet]:
    """The sheets that recusals have closed, without those of who no longer goes on."""
    rows = db.session.scalars(
        select(Sheet)
        .where(Sheet.competition_id == competition.id, Sheet.state == SheetState.WITHDRAWN)
        .order_by(Sheet.label, Sheet.judge_id)
    )
    others = closed_by_stage(competition)
    return [sheet for sheet in rows if sheet.public_id not in others]


def judges_beside(sheet: Sheet) -> set[int]:
    """The numbers of the judges with a sheet for this entrant in this module."""
    return set(db.session.scalars(select(Sheet.judge_id).where(*same_place(Sheet, sheet))))
