"""Comments and files of evidence on a square: its department and its unit see them, with the desk.

Notes are added while the period is open; what was added by mistake is taken back with a reason
and stays on record. Values do not depend on them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import msg
from compete.models import Competition, LabourNote, Unit, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import kept_text, reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.entry import Writer
from compete.services.labour.period_progress import require_open_period
from compete.services.labour.squares import Square, asked_in, require_leaf
from compete.services.sheets.act_rules import is_uuid
from compete.services.sheets.sent_documents import SentDocument, read_document

LONGEST_COMMENT = 500
LONGEST_FILENAME = 120
MOST_NOTES = 60
"""Of one square."""
_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg"}


def add_note(
    writer: Writer,
    period: str,
    square: tuple[str, str],
    *,
    uuid: str,
    text: str = "",
    filename: str = "",
    content: bytes = b"",
) -> LabourNote:
    """Keep a comment or a file on a square, given by the codes of its unit and indicator.

    One whose uuid is known already changes nothing. Raises `Refused`: UNKNOWN for a square that
    is not asked, FORBIDDEN for another's, INVALID for neither text nor file or too long a text,
    TOO_LARGE and WRONG_FORMAT for the file as `read_document` does, CONFLICT once the period is
    closed or the square has too many.
    """
    text = kept_text(text, LONGEST_COMMENT)
    if not is_uuid(uuid):
        raise invalid(msg("这一条的编号不对"))
    if not text and not content:
        raise invalid(msg("写一句话，或者选一个文件"))
    unit = _unit_of(writer, period, square)
    # Looked at before the database is claimed: drawing a photo anew takes a while.
    document = read_document(content) if content else None
    number, by = unit.id, writer.account
    with unit_of_work() as session:
        competition = for_update(writer.competition)
        known = session.scalar(select(LabourNote).where(LabourNote.uuid == uuid))
        if known is not None:
            if (known.unit_id, known.period, known.indicator, known.made_by) != (
                *(number, period, square[1]),
                by.id,
            ):
                raise Refused(msg("这一条的编号已经用过了"))
            return known
        require_open_period(competition, period)
        unit = session.get_one(Unit, number)
        if len(notes_of(unit, period, square[1])) >= MOST_NOTES:
            raise Refused(msg("一格最多 %(most)s 条证据和意见", most=MOST_NOTES))
        note = LabourNote(
            unit_id=number,
            period=period,
            indicator=square[1],
            uuid=uuid,
            own=writer.unit is not None,
            text=text or None,
            **columns_of_file(filename, document),
            made_by=by.id,
        )
        session.add(note)
        session.flush()
        audit.record(
            competition, by, "labour.note", unit.name, after=_note_record(competition, note)
        )
    return note


def withdraw_note(writer: Writer, note: LabourNote, reason: str) -> LabourNote:
    """Take one's own back: it is shown as taken back, its file no longer handed out.

    Raises `Refused`: FORBIDDEN for another's, INVALID without a reason, CONFLICT where it is
    taken back already or the period is closed.
    """
    reason = reason_text(reason, msg("收回要写理由"))
    if note.made_by != writer.account.id:
        raise Refused(msg("只能收回自己的"), kind=Refusal.FORBIDDEN)
    number = note.id
    with unit_of_work() as session:
        competition = for_update(writer.competition)
        note = session.get_one(LabourNote, number, populate_existing=True)
        require_open_period(competition, note.period)
        if note.withdrawn_at is not None:
            raise Refused(msg("已经收回了"))
        note.withdrawn_by, note.withdrawn_at = writer.account.id, utc_now()
        note.withdrawn_why = reason
        session.flush()
        audit.record(
            competition,
            writer.account,
            "labour.note.withdraw",
            note.unit.name,
            before=_note_record(competition, note),
            reason=reason,
        )
    return note


def notes_of(unit: Unit, period: str, indicator: str) -> Sequence[LabourNote]:
    """List notes of one square, those taken back too, oldest first."""
    return _notes(unit, LabourNote.period == period, LabourNote.indicator == indicator)


def notes_of_unit(unit: Unit, periods: Collection[str]) -> Sequence[LabourNote]:
    """List notes of a unit's squares in these leaf periods, those taken back too, oldest first."""
    return _notes(unit, LabourNote.period.in_(periods))


def _notes(unit: Unit, *where: ColumnElement[bool]) -> Sequence[LabourNote]:
    return db.session.scalars(
        select(LabourNote)
        .where(LabourNote.unit_id == unit.id, *where)
        .options(joinedload(LabourNote.maker))
        .order_by(LabourNote.id)
    ).all()


def note_counts(competition: Competition, period: str, codes: Collection[str]) -> dict[Square, int]:
    """Count the notes on each square of a leaf period that has any."""
    rows = db.session.execute(
        select(LabourNote.unit_id, LabourNote.indicator, func.count())
        .join(Unit, Unit.id == LabourNote.unit_id)
        .where(
            Unit.competition_id == competition.id,
            LabourNote.period == period,
            LabourNote.indicator.in_(codes),
            LabourNote.withdrawn_at.is_(None),
        )
        .group_by(LabourNote.unit_id, LabourNote.indicator)
    ).tuples()
    return {(unit, code): count for unit, code, count in rows}


def find_note(competition: Competition, uuid: str) -> LabourNote | None:
    """Find one of the competition's notes by its uuid, or None."""
    return db.session.scalar(
        select(LabourNote)
        .join(Unit, Unit.id == LabourNote.unit_id)
        .where(Unit.competition_id == competition.id, LabourNote.uuid == uuid)
    )


def may_read(writer: Writer, note: LabourNote) -> bool:
    """True if it is of the department's indicators, or of the own unit."""
    return writer.may(note.indicator) and (writer.unit is None or writer.unit.id == note.unit_id)


def _unit_of(writer: Writer, period: str, square: tuple[str, str]) -> Unit:
    """The square's unit, where the writer has something to say about it."""
    code, indicator = square
    competition = writer.competition
    labour = labour_of(competition)
    require_leaf(labour, period)
    unit = next((unit for unit in competition.units if unit.code == code), None)
    takes_part = labour.groups is None or code in labour.groups
    asked = any(row.code == indicator for row in asked_in(labour, period))
    if unit is None or not takes_part or not asked:
        raise Refused(msg("没有这一格"), kind=Refusal.UNKNOWN)
    if not writer.may(indicator) or writer.unit not in (None, unit):
        raise Refused(msg("这一格不归你们填"), kind=Refusal.FORBIDDEN)
    return unit


def columns_of_file(filename: str, document: SentDocument | None) -> dict[str, Any]:
    """The columns of a row that keeps a file; nothing without one."""
    if document is None:
        return {}
    return {
        "filename": _file_name(filename, document),
        "document": document.content,
        "media": document.media,
        "sha256": document.sha256,
        "size": len(document.content),
    }


def _file_name(filename: str, document: SentDocument) -> str:
    """The name of the file, without folders and controls, with the ending of what is kept."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    name = "".join(sign for sign in name if not unicodedata.category(sign).startswith("C"))
    stem = name.rpartition(".")[0].strip() or name.strip() or "证据"
    ending = _ENDINGS[document.media]
    return stem[: LONGEST_FILENAME - len(ending)] + ending


def _note_record(competition: Competition, note: LabourNote) -> dict[str, str | int | None]:
    return {
        "note": note.id,
        "period": labour_of(competition).period_names.get(note.period, note.period),
        "indicator": note.indicator,
        "filename": note.filename,
        "sha256": note.sha256,
    }
