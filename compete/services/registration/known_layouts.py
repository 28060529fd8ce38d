"""Known layouts: an uploaded file's columns, cells and new units; what of it waits.

What was said of the columns is remembered for files with the same headings until it is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import defer

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import IMPORT_MOVES, ImportState, move
from compete.models import Account, Competition, ImportBatch, ImportRow, Job, Unit, db, utc_now
from compete.services.jobs.packed_sentences import packed, unpacked
from compete.services.jobs.queue import open_job
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.remembered_columns import remember_columns, remembered_columns
from compete.services.kernel.transactions import changing
from compete.services.registration.eligibility import unnumbered_events
from compete.sheets.reading.answers import Answers, ColumnRead, answered_columns, arrangement
from compete.sheets.reading.kinds import CANDIDATES, PEOPLE
from compete.sheets.reading.kinds import Kind as ListKind
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.reading import RegistrationBook
from compete.sheets.workbook.limits import AT_ONCE_LIMITS, DEFAULT_LIMITS, Limits

_KIND = "people"
_DONE = msg("这份报名表已经处理过了，请重新上传")
_BEGUN = msg("这份报名表正在核对、正在写，或者写了一部分，不能再改：不写的丢掉，再传一次")
PREVIEW_IMPORT = "import.preview"
WRITE_IMPORT = "import.write"
KEPT_DAYS = 30
"""So long wait the rows of a file that were not written yet."""


def event_names(competition: Competition) -> tuple[str, ...]:
    """The names of the events, to be known in a file."""
    return tuple(event.name for event in competition.events)


def unit_names(competition: Competition) -> tuple[str, ...]:
    """The names of the units, to be known in a file."""
    return tuple(unit.name for unit in competition.units)


def people_in(competition: Competition) -> ListKind:
    """The reader's kind of its lists."""
    return CANDIDATES if competition_kind(competition).gives_verdicts else PEOPLE


def opened_upload(
    content: bytes, competition: Competition, limits: Limits = DEFAULT_LIMITS
) -> RegistrationBook:
    """The file, opened to read its people; raises as that does."""
    return RegistrationBook(
        content,
        limits=limits,
        events=event_names(competition),
        units=unit_names(competition),
        of=people_in(competition),
    )


def answers_before(columns: Sequence[ColumnRead]) -> tuple[str, Answers]:
    """The short mark of a file's headings, and what was said of a file like it."""
    heads = arrangement(columns)
    remembered = remembered_columns(_KIND, heads)
    return heads, Answers(remembered.columns) if remembered else Answers()


def columns_read_before(
    content: bytes, competition: Competition, *, of_unit: bool = False
) -> tuple[str, str | None]:
    """The same of a file that is brought, what was said of it packed.

    Raises `WorkbookError` for a file that cannot be read as it was said.
    """
    book = opened_upload(content, competition, AT_ONCE_LIMITS if of_unit else DEFAULT_LIMITS)
    columns = book.columns()
    heads, answers = answers_before(columns)
    if not answered_file(columns, answers, competition, of_unit=of_unit).is_open:
        book.table(answers)
    return heads, answers.packed() if answers.columns else None


def add_upload(
    competition: Competition,
    filename: str,
    content: bytes,
    by: Account,
    read: tuple[str | None, str | None],
    *,
    unit: Unit | None = None,
    large: bool = False,
) -> ImportBatch:
    """Keep an upload with its columns as they were `read`. Within a unit of work."""
    heads, answers = read
    batch = ImportBatch(
        competition_id=competition.id,
        unit_id=unit.id if unit is not None else None,
        filename="".join(character for character in filename if character.isprintable())[-200:],
        content=content,
        made_by=by.id,
        heads=heads,
        answers=answers,
        large=large,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def require_waiting(batch: ImportBatch) -> None:
    """Raise `Refused` where the upload was written or thrown away."""
    if batch.state is not ImportState.PREVIEWED:
        raise Refused(_DONE)


def content_of(batch_id: int) -> bytes:
    """The file itself. Raises `Refused` where it is kept no more."""
    content = db.session.scalar(select(ImportBatch.content).where(ImportBatch.id == batch_id))
    if content is None:
        raise Refused(_DONE)
    return content


def end_upload(batch: ImportBatch, state: ImportState) -> None:
    """Keep nothing of an upload that is written or thrown away. Within a unit of work."""
    batch.state = move(batch.state, state, IMPORT_MOVES)
    batch.done_at, batch.content, batch.answers = utc_now(), None, None


def count_upload_rows(
    batch: ImportBatch, plan: RegistrationPlan, *, ends: bool | None = None
) -> None:
    """Count what is written of an upload; it ends where nothing waits to be put right.

    Of a part `ends` says whether it is the last, and nothing waits.
    """
    batch.written += len(plan.to_write)
    if (ends if ends is not None else not plan.refused) or not batch.written:
        end_upload(batch, ImportState.WRITTEN)


def _remember_answers(batch: ImportBatch, by: Account) -> None:
    """Read the next file with these headings as it was said of this; of the desk's files only."""
    if batch.unit_id is None and batch.heads is not None:
        remember_columns(_KIND, batch.heads, Answers.unpacked(batch.answers).columns, by)


def forget_arrangement(batch: ImportBatch, by: Account) -> None:
    """Read files with these headings anew from now on, this one first."""
    answers = Answers.unpacked(batch.answers)
    with changing(batch.competition, batch):
        _keep(batch, Answers(cells=answers.cells, units=answers.units), of_columns=True)
        audit.record(batch.competition, by, "entrants.forget_columns", batch.filename)
    _remember_answers(batch, by)


def drop_old_uploads(competition: Competition) -> None:
    """Throw away what waited for longer than it is kept. Within a unit of work."""
    old = ImportBatch.made_at <= utc_now() - timedelta(days=KEPT_DAYS)
    for batch in db.session.scalars(_looked_at(competition).where(old)):
        if not batch.large or open_work(batch) is None:
            db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
            end_upload(batch, ImportState.DISCARDED)


def waiting_uploads(competition: Competition, unit: Unit | None = None) -> list[ImportBatch]:
    """List the files of the desk, or of a `unit`, in which something waits, newest first.

    Some of it was written already, or some was put right.
    """
    kept = ImportBatch.made_at > utc_now() - timedelta(days=KEPT_DAYS)
    whose = ImportBatch.unit_id == (unit.id if unit is not None else None)
    batches = db.session.scalars(
        _looked_at(competition).where(kept, whose).order_by(ImportBatch.id.desc())
    )
    return [it for it in batches if rows_written(it) or repairs_in(it)]


def rows_written(batch: ImportBatch) -> int:
    """Count the rows that were written: of a large upload also before it was looked at again."""
    return batch.written + int((batch.summary or {}).get(_BEFORE, 0))


def repairs_in(batch: ImportBatch) -> int:
    """Count what was put right on the page."""
    answers = Answers.unpacked(batch.answers)
    return len(answers.cells) + len(answers.units)


_BEFORE = "before"
"""The key of the rows of a large upload that were written before it was looked at again."""


def was_looked_through(batch: ImportBatch) -> bool:
    """True if a job left of a large upload what its page shows."""
    return "counts" in (batch.summary or {})


def forget_rows(batch: ImportBatch) -> None:
    """Keep nothing of what was shown of a large upload but its columns. Within a unit of work.

    What was written of it stays counted.
    """
    written = rows_written(batch)
    db.session.execute(
        delete(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.number > _ABOVE_ALL)
    )
    batch.summary = {_BEFORE: written} if written else None
    batch.written = batch.place = 0


def _looked_at(competition: Competition) -> Select[tuple[ImportBatch]]:
    """Select the files that were not written whole nor thrown away, without what they hold."""
    return (
        select(ImportBatch)
        .where(
            ImportBatch.competition_id == competition.id,
            ImportBatch.state == ImportState.PREVIEWED,
        )
        .options(defer(ImportBatch.content))
    )


_ASKED = frozenset({"name", "id_number", "unit", "event", "grade", "code", "role"})
"""A wrong guess at one of these would hurt."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class FileColumns:
    """The columns of an upload, and those of them that somebody has to say."""

    columns: Sequence[ColumnRead]
    asked: Sequence[ColumnRead]
    remembered: bool
    """True if they were read as an earlier file with the same headings."""

    lacking: Sequence[str]
    """Fields that every person has to have and no column is."""
    left_out: Sequence[Message]
    """What is not read, whatever the columns are."""
    asks_unnumbered: bool
    """True if it is to be said that people come without ID numbers."""

    @property
    def is_open(self) -> bool:
        """True if something has to be said before the rows can be read."""
        return bool(self.asked or self.lacking or self.asks_unnumbered)


def columns_of(batch: ImportBatch) -> FileColumns:
    """The columns of an upload as they are understood, and as they were answered."""
    left_out: Sequence[Message]
    if batch.large:
        columns, left_out = _columns_kept(batch)
    else:
        book = opened_upload(content_of(batch.id), batch.competition)
        columns, left_out = book.columns(), book.left_out
    answers, of_unit = Answers.unpacked(batch.answers), batch.unit_id is not None
    return answered_file(columns, answers, batch.competition, of_unit=of_unit, left_out=left_out)


def answered_file(
    columns: Sequence[ColumnRead],
    answers: Answers,
    competition: Competition,
    *,
    of_unit: bool = False,
    left_out: Sequence[Message] = (),
) -> FileColumns:
    """The columns of a file as they were answered, and those still to be said.

    A unit's people become drafts, whose numbers may come until they are handed in.
    """
    columns = answered_columns(columns, answers, people_in(competition))
    read = {it.field for it in columns}
    may_lack = "id_number" not in read and not of_unit and bool(unnumbered_events(competition))
    needed = ["name"] if may_lack or of_unit else ["name", "id_number"]
    return FileColumns(
        columns=columns,
        asked=_open_questions(columns),
        remembered=bool(answers.columns),
        lacking=[key for key in needed if key not in read],
        left_out=left_out,
        asks_unnumbered=may_lack and UNNUMBERED not in answers.columns,
    )


UNNUMBERED = "!id_number"
"""The key under which it is said that no column has ID numbers; no heading is reduced to it."""


_ABOVE_ALL = 0
"""The number of the row that holds a large upload's columns: no row of a sheet bears it."""


def keep_columns(
    batch: ImportBatch, columns: Sequence[ColumnRead], left_out: Sequence[Message]
) -> None:
    """Keep what a large upload asks, so that it is not opened again. Within a unit of work."""
    kept_columns = [
        {
            it.name: packed(value) if isinstance(value, Message) else value
            for it in fields(column)
            for value in [getattr(column, it.name)]
        }
        for column in columns
    ]
    row = ImportRow(batch_id=batch.id, number=_ABOVE_ALL, status="", rank=_ABOVE_ALL - 1, mark="")
    kept = {"columns": kept_columns, "left_out": [packed(it) for it in left_out]}
    row.content = json.dumps(kept, ensure_ascii=False)
    db.session.add(row)


def _columns_kept(batch: ImportBatch) -> tuple[list[ColumnRead], list[Message]]:
    """The columns of a large upload, and what is not read; none before a job has looked at it."""
    query = select(ImportRow.content).where(
        ImportRow.batch_id == batch.id, ImportRow.number == _ABOVE_ALL
    )
    kept: dict[str, list[dict[str, Any]]] = json.loads(db.session.scalar(query) or "{}")
    columns = [
        ColumnRead(**it | {key: unpacked(it[key]) for key in ("why", "asked")})
        for it in kept.get("columns", ())
    ]
    return columns, [it for it in map(unpacked, kept.get("left_out", ())) if it is not None]


def open_work(batch: ImportBatch) -> Job | None:
    """The job that looks through the upload or writes it now."""
    return open_job(batch.competition, PREVIEW_IMPORT, str(batch.id)) or open_job(
        batch.competition, WRITE_IMPORT, str(batch.id)
    )


def _open_questions(columns: Sequence[ColumnRead]) -> list[ColumnRead]:
    """List columns of which a wrong guess would hurt."""
    return [it for it in columns if it.asked and {it.field, it.other} & _ASKED]


def open_columns(batch: ImportBatch) -> bool:
    """True if a column has to be said before the rows of the file can be read."""
    return batch.heads is not None and columns_of(batch).is_open


def say_column(batch: ImportBatch, key: str, field: str, by: Account) -> None:
    """Say which field a column is; an empty one leaves it unread."""
    file = columns_of(batch)
    unnumbered = key == UNNUMBERED and file.asks_unnumbered and not field
    if not unnumbered and key not in {it.key for it in file.columns}:
        raise invalid(_DONE)
    _keep(batch, Answers.unpacked(batch.answers).with_column(key, field), of_columns=True)
    _remember_answers(batch, by)


def say_cell(batch: ImportBatch, rows: Sequence[int], key: str, text: str | None) -> int:
    """Say what stands in a column of these rows; how many. None takes it back.

    An empty text leaves the cells empty.
    """
    answers = Answers.unpacked(batch.answers)
    cell = None if text is None else " ".join(text.split())[:_LONGEST]
    _keep(batch, answers.with_cells(rows, key, cell))
    return len(rows)


def say_new_units(batch: ImportBatch, names: Sequence[str]) -> None:
    """Say that units are to be made with the rows that name them."""
    answers = Answers.unpacked(batch.answers)
    for name in names:
        answers = answers.with_unit(" ".join(name.split())[:_LONGEST])
    _keep(batch, answers)


def say_same_person(batch: ImportBatch, rows: Sequence[int], *, leave: bool) -> int:
    """Say that rows are of a person further up and not written, or are after all; how many."""
    _keep(batch, Answers.unpacked(batch.answers).with_left_rows(rows, leave=leave))
    return len(rows)


def twin_rows(plan: RegistrationPlan) -> list[int]:
    """The numbers of the rows that say the same as one further up, cell by cell."""
    return [row.number for row in plan.rows if any(it.twin for it in row.problems)]


def rows_alike(plan: RegistrationPlan, number: int, key: str) -> list[int]:
    """The numbers of the refused rows in which the same stands in this column."""
    refused = [row for row in plan.rows if key in row.bad_columns]
    text = next((str(row.raw.cells.get(key, "")) for row in refused if row.number == number), "")
    return [row.number for row in refused if str(row.raw.cells.get(key, "")) == text]


def _keep(batch: ImportBatch, answers: Answers, *, of_columns: bool = False) -> None:
    """Keep the answers as a draft: what comes of them is recorded when it is written.

    What a job made of a large upload does not follow from other answers.
    """
    with changing(batch.competition, batch):
        require_waiting(batch)
        if batch.large and (batch.written or open_work(batch) is not None):
            raise Refused(_BEGUN)
        if of_columns and batch.large:
            forget_rows(batch)
        batch.answers = answers.packed()
