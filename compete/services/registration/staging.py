"""A large workbook's preview: worked out by a job, kept row by row, so that a page is read at once.

What is kept is what pages show, and a mark of what each row would do. When it is written the
rows are read from the workbook and checked anew, and whose mark is another is not written.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, select

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ImportState
from compete.models import Account, Competition, Entrant, ImportBatch, ImportRow, Job, db
from compete.services.jobs.packed_sentences import packed, unpacked
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.registration.corrections import wants_reason
from compete.services.registration.known_layouts import (
    PREVIEW_IMPORT,
    WRITE_IMPORT,
    answered_file,
    answers_before,
    content_of,
    end_upload,
    forget_rows,
    keep_columns,
    opened_upload,
    require_waiting,
    rows_written,
    was_looked_through,
)
from compete.services.registration.people_seals import newest_seal
from compete.services.registration.preview import (
    absent_told,
    check_registration_open,
    desk_offer,
    id_key,
    known_people,
    rare_name_note,
)
from compete.services.registration.sheet_photos import offer_photos, pictures_in
from compete.services.registration.waiting_list import Places
from compete.services.registration.writing import (
    NO_REASON,
    grant_exemptions,
    record_import,
    write_rows,
)
from compete.sheets.photo_zip import PhotoZipError
from compete.sheets.reading.answers import Answers
from compete.sheets.registration.cells import RowProblem
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.packed_rows import numbered
from compete.sheets.registration.plan import Change, PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.planning import plan_in_pieces, plan_registration
from compete.sheets.registration.table import RawRow, RawSheet, RawTable
from compete.sheets.texts import as_typed, tidy_name
from compete.sheets.workbook.limits import LARGE_LIMITS

LAST_OF_ALL = 10_000_000
"""The number of the last rows: those with a reason alone are written after all others."""
_PIECE = 1000
_ORDER = {status: place for place, status in enumerate(RowStatus)}
_WRITES = (RowStatus.ADDED, RowStatus.CHANGED)


def ask_preview(batch: ImportBatch, by: Account) -> Job:
    """The job that works a large upload's preview out."""
    return ask_for(
        *(batch.competition, PREVIEW_IMPORT, by, str(batch.id), {"batch": batch.id}),
        still=lambda _competition: require_waiting(batch),
    )


def table_of(batch: ImportBatch) -> RawTable:
    """The cells of a large upload, read anew: they are not kept in memory."""
    book = opened_upload(content_of(batch.id), batch.competition, LARGE_LIMITS)
    return book.table(Answers.unpacked(batch.answers))


@work_for(PREVIEW_IMPORT)
def _preview(run: Run) -> None:
    number = run.arguments["batch"]
    run.step(msg("打开报名表"), 0, 0)
    batch = db.session.get_one(ImportBatch, number)
    require_waiting(batch)
    check_registration_open(batch.competition)
    book = opened_upload(content_of(number), run.competition, LARGE_LIMITS)
    columns = book.columns()
    with run.writing() as session:
        batch = session.get_one(ImportBatch, number)
        # Of a try before this one, which was broken off.
        forget_rows(batch)
        _drop_rows(batch)
        keep_columns(batch, columns, book.left_out)
        if batch.heads is None:
            batch.heads, remembered = answers_before(columns)
            batch.answers = remembered.packed()
        answers = Answers.unpacked(batch.answers)
        if answered_file(columns, answers, run.competition).is_open:
            run.finish(batch=number)
            return
    table = book.table(answers)
    total = len(table.people.rows)
    run.step(msg("读出现在的名单"), 0, total)
    with run.writing() as session:
        known, offer = known_people(run.competition), desk_offer(run.competition)
        list_mark = newest_seal(run.competition)
        places = Places(run.competition)
    words = msg("逐行核对")
    counts: Counter[str] = Counter()
    alike: Counter[tuple[str, str]] = Counter()
    unknown_units: dict[str, None] = {}
    touched: set[str] = set()
    changed: set[str] = set()
    done = place = unfit = 0
    last: RegistrationPlan | None = None
    for plan in plan_in_pieces(
        table, offer, known, today=local_today(), name_note=rare_name_note, size=_PIECE
    ):
        run.step(words, done, total)
        piece = places.hold(plan)
        rows = []
        for row in piece.rows:
            counts[row.status.value] += 1
            changes = {change.column for change in row.changes}
            touched |= row.bad_columns | changes
            alike.update(alike_cells(row))
            changed |= changes
            where = None
            if row.status in _WRITES:
                place += 1
                where = place
            elif row.unfit:
                unfit += 1
                where = LAST_OF_ALL + unfit
            rows.append(_stored_row(number, row, where))
        unknown_units.update(dict.fromkeys(piece.unknown_units))
        done += len(piece.rows)
        with run.writing() as session:
            if rows:
                session.execute(insert(ImportRow), rows)
            run.keep(done)
        last = piece
    assert last is not None
    with run.writing() as session:
        batch = session.get_one(ImportBatch, number, with_for_update=True)
        require_waiting(batch)
        batch.summary = {
            "sheet": last.people.name,
            "sheets": list(last.people.sheets),
            "rows": total,
            "counts": dict(counts),
            "unfit": unfit,
            "touched": sorted(touched),
            "changed": sorted(changed),
            "units": [unit.name for unit in last.new_units],
            "notices": [packed(notice) for notice in last.notices]
            + [
                packed(it)
                for it in (*(it.problem.message for it in last.unit_problems), *absent_told(last))
            ],
            "crews": any("crew" in row.cells for row in table.people.rows),
            "list": list_mark,
            "photos": len(table.pictures),
            "alike": [[*cell, n] for cell, n in alike.items() if n > 1],
            "unknown_units": [*unknown_units],
            "answers": short_mark(batch.answers or ""),
            "before": rows_written(batch),
        }
        run.finish(batch=number)


TWINS = ("", "")
"""The key that counts the rows that say the same as one further up."""
OWN_KEYS = frozenset({"name", "id_number", "phone", "birth"})
"""What is each person's own: it is never the same in several rows."""


def alike_cells(row: PlannedRow) -> list[tuple[str, str]]:
    """The wrong cells of a row by column and text, of what may be the same in several; `TWINS`."""
    cells = [(key, str(row.raw.cells.get(key, "")).strip()) for key in row.bad_columns]
    alike = [(key, text) for key, text in cells if key not in OWN_KEYS or not text]
    return [*alike, TWINS] if any(it.twin for it in row.problems) else alike


def row_marks(row: PlannedRow) -> tuple[str, str]:
    """The mark of what a row would do, 16 hex digits; and the mark as it was told first.

    A workbook that an earlier program looked through is written as it was shown.
    """
    content = _row_record(row)
    earlier = json.dumps(content, ensure_ascii=False).encode()
    return short_mark(content), hashlib.sha256(earlier).hexdigest()[:16]


def _row_record(row: PlannedRow) -> list[Any]:
    data = row.registration
    return [
        row.status.value,
        row.existing.code if row.existing else None,
        [data.code, data.crew_code, data.event, data.unit, data.id_number] if data else None,
        [(change.column, str(change.old), str(change.new)) for change in row.changes],
    ]


def _stored_row(batch: int, row: PlannedRow, place: int | None) -> dict[str, Any]:
    content = {
        "shown": {key: _packed_value(value) for key, value in row.shown.items()},
        "problems": [
            [it.column, it.cell, packed(it.what), it.best, it.same, it.twin, it.needed]
            for it in row.problems
        ],
        "changes": [
            [change.column, _packed_value(change.old), _packed_value(change.new)]
            for change in row.changes
        ],
        "notes": [packed(note) for note in row.notes],
    }
    data = row.registration
    return {
        "batch_id": batch,
        "number": row.number,
        "status": row.status.value,
        "rank": _ORDER[row.status],
        "place": place,
        "code": data.code if data is not None and row.status is RowStatus.ADDED else None,
        "id_key": id_key(data.paper, data.id_number)
        if data is not None and data.id_number is not None
        else None,
        "mark": row_marks(row)[0],
        "content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
    }


def _packed_value(value: str | Message) -> str | dict[str, Any]:
    return packed(value) if isinstance(value, Message) else value


def _read(value: Any) -> str | Message:
    return _message(value) if isinstance(value, dict) else str(value)


def staged_page(
    batch: ImportBatch, status: RowStatus | None, *, limit: int, offset: int
) -> list[PlannedRow]:
    """A page of the rows: refused first, then changed, added, unchanged; inside by row number.

    What they would write is not among it, only what is shown.
    """
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.number > 0)
    if status is not None:
        query = query.where(ImportRow.rank == _ORDER[status])
    rows = db.session.scalars(
        query.order_by(ImportRow.rank, ImportRow.number).limit(limit).offset(offset)
    )
    return [_planned(row) for row in rows]


def staged_refused(batch: ImportBatch) -> RegistrationPlan:
    """The refused rows with their reasons and as they stand in the workbook."""
    table = table_of(batch)
    rows = db.session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.rank == _ORDER[RowStatus.REFUSED])
        .order_by(ImportRow.number)
    ).all()
    raw = numbered(table.people.rows, [row.number for row in rows])
    return RegistrationPlan(
        offer=desk_offer(batch.competition),
        people=table.people,
        rows=tuple(_planned(row, raw[row.number]) for row in rows if row.number in raw),
        units=table.units,
    )


def staged_doubts(batch: ImportBatch) -> RegistrationPlan:
    """The refused rows as they were shown, each with what stands in its wrong cells alone."""
    query = select(ImportRow).where(
        ImportRow.batch_id == batch.id, ImportRow.rank == _ORDER[RowStatus.REFUSED]
    )
    rows = map(_planned, db.session.scalars(query.order_by(ImportRow.number)))
    offer = desk_offer(batch.competition)
    return RegistrationPlan(offer=offer, people=RawSheet(""), rows=tuple(rows))


def _planned(row: ImportRow, raw: RawRow | None = None) -> PlannedRow:
    """A row as it is shown; without the file it holds what stands in its wrong cells."""
    content = json.loads(row.content)
    shown = {key: _read(value) for key, value in content["shown"].items()}
    wrong = {column for column, *_more in content["problems"]}
    raw = raw or RawRow(row.number, {key: str(shown[key]) for key in wrong & shown.keys()})
    return PlannedRow(
        number=row.number,
        status=RowStatus(row.status),
        show=lambda: shown,
        raw=raw,
        problems=tuple(
            RowProblem(PEOPLE_BY_KEY[column], cell, _message(what), *more)
            for column, cell, what, *more in content["problems"]
        ),
        changes=tuple(
            Change(column, _read(old), _read(new)) for column, old, new in content["changes"]
        ),
        notes=tuple(_message(note) for note in content["notes"]),
    )


def _message(kept: Mapping[str, Any]) -> Message:
    message = unpacked(dict(kept))
    assert message is not None
    return message


def notices_of(batch: ImportBatch) -> Sequence[Message]:
    """List sentences about the workbook as a whole."""
    return [_message(notice) for notice in (batch.summary or {}).get("notices", ())]


def _drop_rows(batch: ImportBatch) -> None:
    """Drop what was shown of people, as soon as it is not needed; in a unit of work."""
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))


MOST_TOLD = 20


def staged_wants_reason(batch: ImportBatch) -> bool:
    """True if a large upload changes of people what wants a reason, as `wants_reason` says."""
    summary = batch.summary or {}
    changed = summary.get("changed", summary.get("touched", ()))
    if not summary.get("counts", {}).get(RowStatus.CHANGED.value):
        return False
    return wants_reason(batch.competition, frozenset(changed) - {"id_number"})


def ask_write(
    batch: ImportBatch, by: Account, exempted_for: str | None = None, changed_for: str = ""
) -> Job:
    """The job that writes the upload, or goes on with it.

    Raises `Refused`: INVALID for exempting, or changing people, without a reason, CONFLICT where
    somebody changed the list since it was looked through.
    """
    reason = reason_text(exempted_for or "")
    if exempted_for is not None and not reason:
        raise invalid(msg("特准要写原因"))
    why = reason_text(changed_for) or reason
    if not why and staged_wants_reason(batch):
        raise invalid(NO_REASON)

    def still(competition: Competition) -> None:
        check_registration_open(competition)
        require_waiting(batch)
        _require_seen(batch)

    return ask_for(
        *(batch.competition, WRITE_IMPORT, by, str(batch.id)),
        {"batch": batch.id, "reason": reason, "why": why},
        still=still,
    )


def list_was_changed(batch: ImportBatch) -> bool:
    """True if somebody changed the list after the upload was looked through, before it is begun."""
    seen = (batch.summary or {}).get("list")
    return not batch.written and newest_seal(batch.competition) != seen


def answers_changed(batch: ImportBatch) -> bool:
    """True if cells were put right after the upload was looked through."""
    seen = (batch.summary or {}).get("answers")
    return seen is not None and seen != short_mark(batch.answers or "")


def left_to_write(batch: ImportBatch) -> int:
    """Count the rows still to be written."""
    return _count_to_write(batch, "") - batch.written


def _require_seen(batch: ImportBatch) -> None:
    if answers_changed(batch):
        raise Refused(msg("改了的还没核对，再核对一遍，这次没有写入"))
    if not was_looked_through(batch) or list_was_changed(batch):
        raise Refused(msg("名单刚被别人改过，请再核对一遍，这次没有写入"))


@work_for(WRITE_IMPORT)
def _write(run: Run) -> None:
    number, reason = run.arguments["batch"], run.arguments["reason"]
    run.step(msg("打开报名表"), 0, 0)
    batch = db.session.get_one(ImportBatch, number)
    require_waiting(batch)
    _require_seen(batch)
    total = _count_to_write(batch, reason)
    table = table_of(batch)
    pictures = pictures_in(content_of(number), table.pictures)
    raw = table.people.rows
    table = replace(table, people=replace(table.people, rows=()))
    written, others = batch.written, list(run.kept.get("others", ()))
    offered: dict[str, Any] = {}
    while True:
        run.step(msg("写入"), written, total)
        if written >= total and pictures:
            # Cleaned where nobody's mark waits for it.
            offered, pictures = _offered(run, batch, pictures, others), {}
        with run.writing() as session:
            batch = session.get_one(ImportBatch, number, populate_existing=True)
            require_waiting(batch)
            check_registration_open(run.competition)
            rows = _next_rows(batch, reason, run.portion)
            if rows:
                others += _write_part(run, batch, rows, table, raw, reason)
                written = batch.written = batch.written + len(rows)
                batch.place = rows[-1].place or 0
                run.keep(written, others=others)
            else:
                refused = _counted(batch, *_WRITES, RowStatus.REFUSED) - written
                if refused or others:
                    # They wait to be put right, as those of a small file do.
                    forget_rows(batch)
                else:
                    end_upload(batch, ImportState.WRITTEN)
                    _drop_rows(batch)
                run.finish(
                    written=written - len(others),
                    refused=refused,
                    others=others[:MOST_TOLD],
                    left=len(others),
                    **offered,
                )
                return
        db.session.rollback()


def _offered(
    run: Run, batch: ImportBatch, pictures: Mapping[int, bytes], others: Sequence[int]
) -> dict[str, Any]:
    """What the job's result says of photos: the upload that waits for a word, or why there is none.

    Nothing where no picture lies beside anybody who was written.
    """
    query = select(ImportRow).where(
        ImportRow.batch_id == batch.id,
        ImportRow.number.in_(pictures.keys() - set(others)),
        ImportRow.rank != _ORDER[RowStatus.REFUSED],
    )
    shown = [
        (row.number, _planned(row).shown)
        for row in db.session.scalars(query.order_by(ImportRow.number))
    ]
    people = [(row, str(it["code"]), str(it["name"])) for row, it in shown]
    try:
        upload = offer_photos(run.competition, pictures, people, run.by)
    except (Refused, PhotoZipError) as error:
        return {"why_no_photos": packed(error.message)}
    return {"photos": upload.id} if upload is not None else {}


def _counted(batch: ImportBatch, *statuses: RowStatus) -> int:
    """Count the rows of these statuses, as they were looked through."""
    counts = (batch.summary or {}).get("counts", {})
    return sum(counts.get(status.value, 0) for status in statuses)


def _count_to_write(batch: ImportBatch, reason: str) -> int:
    unfit = (batch.summary or {}).get("unfit", 0) if reason else 0
    return int(_counted(batch, *_WRITES) + unfit)


def _next_rows(batch: ImportBatch, reason: str, most: int) -> Sequence[ImportRow]:
    """The next part; a workbook with crews, of which a row may stand anywhere, is one part."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.place > batch.place)
    if not reason:
        query = query.where(ImportRow.place < LAST_OF_ALL)
    if not (batch.summary or {}).get("crews"):
        query = query.limit(most)
    return db.session.scalars(query.order_by(ImportRow.place)).all()


def _write_part(
    run: Run,
    batch: ImportBatch,
    rows: Sequence[ImportRow],
    table: RawTable,
    raw: Sequence[RawRow],
    reason: str,
) -> list[int]:
    """Write a part; the numbers of the rows that would do something else now than was shown."""
    competition = run.competition
    plan = _plan(competition, batch, rows, table, raw, reason)
    staged = {row.number: row for row in rows}
    good = [row for row in plan.rows if _is_as_seen(row, staged[row.number])]
    part = replace(plan, rows=tuple(good))
    write_rows(competition, part, run.by)
    if reason:
        grant_exemptions(competition, part, reason, run.by)
    record_import(competition, part, batch.filename, run.by, run.arguments.get("why", reason))
    written = {row.number for row in good}
    return [row.number for row in plan.rows if row.number not in written]


def _is_as_seen(row: PlannedRow, seen: ImportRow) -> bool:
    """True if a row does what was shown; who is taken by a reason was shown as refused."""
    if seen.status == RowStatus.REFUSED.value:
        return bool(row.unfit) and row.registration is not None
    return seen.mark in row_marks(row)


def _plan(
    competition: Competition,
    batch: ImportBatch,
    rows: Sequence[ImportRow],
    table: RawTable,
    raw: Sequence[RawRow],
    reason: str,
) -> RegistrationPlan:
    """Plan what these rows would do to the list as it stands."""
    keys = [row.id_key for row in rows if row.id_key]
    codes = [row.code for row in rows if row.code]
    there = numbered(raw, [row.number for row in rows])
    # Who belongs to which crew is held against everybody.
    crews = (batch.summary or {}).get("crews")
    names = [tidy_name(as_typed(it.cells.get("name") or ""))[0] for it in there.values()]
    known = known_people(competition, None if crews else (keys, codes), names)
    if any(row.code is None for row in rows):
        known = replace(known, codes=_codes_of(competition, batch))
    people = [_with_code(there[row.number], row.code) for row in rows if row.number in there]
    plan = plan_registration(
        replace(table, people=replace(table.people, rows=tuple(people))),
        desk_offer(competition),
        known,
        today=local_today(),
        name_note=rare_name_note,
        lenient=bool(reason),
    )
    return Places(competition).hold(plan)


def _with_code(row: RawRow, code: str | None) -> RawRow:
    """The row with the code that the preview promised."""
    return row if code is None else replace(row, cells={**row.cells, "code": code})


def _codes_of(competition: Competition, batch: ImportBatch) -> list[str]:
    """List every code that is taken, and those that were promised."""
    here = select(Entrant.code).where(Entrant.competition_id == competition.id)
    promised = select(ImportRow.code).where(
        ImportRow.batch_id == batch.id, ImportRow.code.is_not(None)
    )
    return [*db.session.scalars(here), *(code for code in db.session.scalars(promised) if code)]
