"""Kinds of files known again by their headings, and what of a file waits to be put right.

What was said of the columns is remembered for the competition and for whoever said it, until it
is forgotten.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import defer

from compete.domain.values import IMPORT_MOVES, ImportState, move
from compete.models import Account, Competition, ImportBatch, db, utc_now
from compete.services.kernel import audit, for_update, unit_of_work
from compete.sheets.registration import Answers

KEPT_DAYS = 30
"""So long wait the rows of a file that were not written yet."""


def remembered_for(competition: Competition, heads: str, by: Account) -> Answers:
    """What was said of the columns of the newest file with these headings."""
    found = db.session.scalar(
        select(ImportBatch)
        .where(
            ImportBatch.heads == heads,
            ImportBatch.answers.is_not(None),
            or_(ImportBatch.competition_id == competition.id, ImportBatch.made_by == by.id),
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    return Answers(Answers.unpacked(found.answers).columns) if found else Answers()


def forget_arrangement(batch: ImportBatch, by: Account) -> None:
    """Read files with these headings anew from now on, this one first."""
    with unit_of_work() as session:
        for_update(batch.competition)
        session.refresh(batch)
        for other in session.scalars(
            select(ImportBatch)
            .where(
                ImportBatch.heads == batch.heads,
                or_(
                    ImportBatch.competition_id == batch.competition_id,
                    ImportBatch.made_by == by.id,
                ),
            )
            .options(defer(ImportBatch.content))
        ):
            answers = Answers.unpacked(other.answers)
            other.answers = Answers(cells=answers.cells, units=answers.units).packed()
        audit.record(batch.competition, by, "entrants.forget_columns", batch.filename)


def drop_old_uploads(competition: Competition) -> None:
    """Throw away what waited for longer than it is kept. Within a unit of work."""
    for batch in db.session.scalars(
        select(ImportBatch)
        .where(
            ImportBatch.competition_id == competition.id,
            ImportBatch.state == ImportState.PREVIEWED,
            ImportBatch.written > 0,
            ImportBatch.large.is_(False),
            ImportBatch.made_at <= utc_now() - timedelta(days=KEPT_DAYS),
        )
        .options(defer(ImportBatch.content))
    ):
        batch.state = move(batch.state, ImportState.DISCARDED, IMPORT_MOVES)
        batch.done_at, batch.content = utc_now(), None
        batch.answers = columns_alone(batch.answers)


def columns_alone(packed: str | None) -> str | None:
    """What was said of a file without what stands in its cells, to be remembered."""
    columns = Answers.unpacked(packed).columns
    return Answers(columns).packed() if columns else None


def waiting_uploads(competition: Competition) -> list[ImportBatch]:
    """Files of the desk of which something was written and something waits, newest first."""
    return list(
        db.session.scalars(
            select(ImportBatch)
            .where(
                ImportBatch.competition_id == competition.id,
                ImportBatch.unit_id.is_(None),
                ImportBatch.large.is_(False),
                ImportBatch.state == ImportState.PREVIEWED,
                ImportBatch.written > 0,
                ImportBatch.made_at > utc_now() - timedelta(days=KEPT_DAYS),
            )
            .options(defer(ImportBatch.content))
            .order_by(ImportBatch.id.desc())
        )
    )
