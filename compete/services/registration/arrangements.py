"""Kinds of files known again by their headings, and what of a file waits to be put right.

What was said of the columns is remembered until it is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import defer

from compete.domain.values.states import IMPORT_MOVES, ImportState, move
from compete.models import Account, Competition, ImportBatch, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.remembered_columns import remember_columns, remembered_columns
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.sheets.reading.answers import Answers, arrangement
from compete.sheets.registration.reading import read_registration, registration_columns

_KIND = "people"
KEPT_DAYS = 30
"""So long wait the rows of a file that were not written yet."""


def event_names(competition: Competition) -> tuple[str, ...]:
    """What the events are called, to be known in a file."""
    return tuple(event.name for event in competition.events)


def columns_read_before(content: bytes, events: Sequence[str]) -> tuple[str, Answers]:
    """The short mark of a file's headings, and what was said of a file like it.

    Raises `WorkbookError` for a file that cannot be read as it was said.
    """
    columns = registration_columns(content, events=events)
    heads = arrangement(columns)
    said = remembered_columns(_KIND, heads)
    answers = Answers(said.columns) if said else Answers()
    if answers.columns or not any(it.asked for it in columns):
        read_registration(content, answers=answers, events=events)
    return heads, answers


def remember_answers(batch: ImportBatch, by: Account) -> None:
    """Read the next file with these headings as it was said of this; of the desk's files only."""
    if batch.unit_id is None and batch.heads is not None:
        remember_columns(_KIND, batch.heads, Answers.unpacked(batch.answers).columns, by)


def forget_arrangement(batch: ImportBatch, by: Account) -> None:
    """Read files with these headings anew from now on, this one first."""
    with unit_of_work() as session:
        for_update(batch.competition)
        session.refresh(batch)
        answers = Answers.unpacked(batch.answers)
        batch.answers = Answers(cells=answers.cells, units=answers.units).packed()
        audit.record(batch.competition, by, "entrants.forget_columns", batch.filename)
    remember_answers(batch, by)


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
        batch.done_at, batch.content, batch.answers = utc_now(), None, None


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
