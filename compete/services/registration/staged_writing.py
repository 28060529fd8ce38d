"""Writing a large upload: a job, a hundred rows at a time, each part whole or not at all.

Every part is checked anew against the list as it stands, by the same rules. Whatever comes
out otherwise than in the preview is left out and told. How far it is stands in the same
transaction as what was written, so whoever goes on after a break writes nobody twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.domain.values.states import ImportState
from compete.models import Account, Competition, Entrant, ImportBatch, ImportRow, Job, db
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.registration.event_capacity import Places
from compete.services.registration.known_layouts import end_upload, require_waiting
from compete.services.registration.people_seals import newest_seal
from compete.services.registration.preview import (
    check_registration_open,
    known_people,
    offer_of,
    rare_name_note,
)
from compete.services.registration.staging import (
    LAST_OF_ALL,
    drop_rows,
    row_marks,
    table_of,
)
from compete.services.registration.writing import exempt_written, record_import, write_rows
from compete.sheets.registration.packed_rows import numbered
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.table import RawRow, RawTable

WRITE_IMPORT = "import.write"
MOST_TOLD = 20


def ask_write(batch: ImportBatch, by: Account, exempted_for: str | None = None) -> Job:
    """The job that writes the upload, or goes on with it.

    Raises `Refused`: INVALID for exempting without a reason, CONFLICT where somebody changed
    the list since it was looked through.
    """
    reason = reason_text(exempted_for or "")
    if exempted_for is not None and not reason:
        raise invalid(msg("特准要写原因"))

    def still(competition: Competition) -> None:
        check_registration_open(competition)
        require_waiting(batch)
        _require_seen(batch)

    return ask_for(
        *(batch.competition, WRITE_IMPORT, by, str(batch.id)),
        {"batch": batch.id, "reason": reason},
        still=still,
    )


def list_was_changed(batch: ImportBatch) -> bool:
    """True if somebody changed the list after the upload was looked through, before it is begun."""
    seen = (batch.summary or {}).get("list")
    return not batch.written and newest_seal(batch.competition) != seen


def left_to_write(batch: ImportBatch) -> int:
    """Count the rows still to be written."""
    return _count_to_write(batch, "") - batch.written


def _require_seen(batch: ImportBatch) -> None:
    if batch.summary is None or list_was_changed(batch):
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
    raw = table.people.rows
    table = replace(table, people=replace(table.people, rows=()))
    written, others = batch.written, list(run.kept.get("others", ()))
    while True:
        run.step(msg("写入"), written, total)
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
                refused = _total_rows(batch) - written
                end_upload(batch, ImportState.WRITTEN)
                drop_rows(batch)
                run.finish(
                    written=written - len(others),
                    refused=refused,
                    others=others[:MOST_TOLD],
                    left=len(others),
                )
                return
        db.session.rollback()


def _total_rows(batch: ImportBatch) -> int:
    """Count the rows that change something or are refused."""
    counts = (batch.summary or {}).get("counts", {})
    return sum(counts.get(status.value, 0) for status in RowStatus if status in _OF_NOTE)


_OF_NOTE = (RowStatus.ADDED, RowStatus.CHANGED, RowStatus.REFUSED)


def _count_to_write(batch: ImportBatch, reason: str) -> int:
    summary = batch.summary or {}
    counts = summary.get("counts", {})
    plain = counts.get(RowStatus.ADDED.value, 0) + counts.get(RowStatus.CHANGED.value, 0)
    return int(plain + (summary.get("unfit", 0) if reason else 0))


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
        exempt_written(competition, part, reason, run.by)
    record_import(competition, part, batch.filename, run.by)
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
    # Whose number or code is not known beforehand is held against everybody.
    all_known = (batch.summary or {}).get("crews") or any(row.id_key is None for row in rows)
    known = known_people(competition, None if all_known else (keys, codes))
    if any(row.code is None for row in rows):
        known = replace(known, codes=_codes_of(competition, batch))
    there = numbered(raw, [row.number for row in rows])
    people = [_with_code(there[row.number], row.code) for row in rows if row.number in there]
    plan = plan_registration(
        replace(table, people=replace(table.people, rows=tuple(people))),
        offer_of(competition),
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
