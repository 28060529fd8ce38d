"""What is said of an uploaded file on its page: its columns, its cells, and new units in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.domain.values.states import ImportState
from compete.models import Account, ImportBatch, db
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.arrangements import event_names, remember_answers
from compete.sheets.reading.answers import Answers, ColumnRead
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.reading import registration_columns

_ASKED = frozenset({"name", "id_number", "unit", "event", "grade", "code", "role"})
"""A wrong guess at one of these would hurt."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class FileColumns:
    """The columns of an upload, and those of them that somebody has to say."""

    columns: Sequence[ColumnRead]
    asked: Sequence[ColumnRead]
    remembered: bool
    """Whether they were read as an earlier file with the same headings."""


def columns_of(batch: ImportBatch) -> FileColumns:
    """The columns of an upload as they are understood. A large one is asked nothing."""
    answers = Answers.unpacked(batch.answers)
    content = db.session.scalar(select(ImportBatch.content).where(ImportBatch.id == batch.id))
    if content is None:
        raise Refused(msg("这份报名表已经处理过了，请重新上传"))
    found = registration_columns(content, answers, event_names(batch.competition))
    return FileColumns(found, _open_questions(found), bool(answers.columns))


def _open_questions(columns: Sequence[ColumnRead]) -> list[ColumnRead]:
    """Columns of which a wrong guess would hurt."""
    return [it for it in columns if it.asked and {it.field, it.other} & _ASKED]


def open_columns(batch: ImportBatch) -> bool:
    """Whether a column has to be said before the rows of the file can be read."""
    if batch.large or batch.heads is None:
        return False
    file = columns_of(batch)
    return bool(file.asked) or not {"name", "id_number"} <= {it.field for it in file.columns}


def say_column(batch: ImportBatch, key: str, field: str, by: Account) -> None:
    """Say which field a column is; an empty one leaves it unread."""
    if key not in {it.key for it in columns_of(batch).columns}:
        raise Refused(msg("这份报名表已经处理过了，请重新上传"), kind=Refusal.INVALID)
    _keep(batch, Answers.unpacked(batch.answers).with_column(key, field))
    remember_answers(batch, by)


def say_cell(batch: ImportBatch, rows: Sequence[int], key: str, text: str | None) -> int:
    """Say what stands in a column of these rows; how many. None takes it back.

    An empty text leaves the cells empty.
    """
    answers = Answers.unpacked(batch.answers)
    said = None if text is None else " ".join(text.split())[:_LONGEST]
    _keep(batch, answers.with_cells(rows, key, said))
    return len(rows)


def say_new_units(batch: ImportBatch, names: Sequence[str]) -> None:
    """Say that units are to be made with the rows that name them."""
    answers = Answers.unpacked(batch.answers)
    for name in names:
        answers = answers.with_unit(" ".join(name.split())[:_LONGEST])
    _keep(batch, answers)


def say_same_person(batch: ImportBatch, rows: Sequence[int], *, leave: bool) -> int:
    """Say that rows are of a person further up and not written, or are after all; how many."""
    _keep(batch, Answers.unpacked(batch.answers).with_left(rows, leave=leave))
    return len(rows)


def twin_rows(plan: RegistrationPlan) -> list[int]:
    """The numbers of the rows that say the same as one further up, cell by cell."""
    return [row.number for row in plan.rows if any(it.twin for it in row.problems)]


def rows_alike(plan: RegistrationPlan, number: int, key: str) -> list[int]:
    """The numbers of the refused rows in which the same stands in this column."""
    refused = [row for row in plan.rows if key in row.bad_columns]
    text = next((str(row.raw.cells.get(key, "")) for row in refused if row.number == number), "")
    return [row.number for row in refused if str(row.raw.cells.get(key, "")) == text]


def _keep(batch: ImportBatch, answers: Answers) -> None:
    """Answers are a draft, as the file is: what comes of them is recorded when it is written."""
    with unit_of_work() as session:
        for_update(batch.competition)
        session.refresh(batch)
        if batch.state is not ImportState.PREVIEWED:
            raise Refused(msg("这份报名表已经处理过了，请重新上传"))
        batch.answers = answers.packed()
