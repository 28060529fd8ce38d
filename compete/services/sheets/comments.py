"""Comments of judges to the contestant: where they are written, what stands, how they go.

A module takes them where its rules say so. Each is an act of the judge's; its words stand in a row
of their own, so that they can be erased with the person they are about.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from compete.domain.bundle.event_types import Module
from compete.models import Act, Sheet, SheetComment, db
from compete.models.compiled_statements import Prepared, table_of
from compete.services.kernel.row_seals import seal_columns

COMMENTS = "comments"
"""The key of a module's `extra` that lets its judges write them."""
LONGEST_COMMENT = 500
_COLUMNS = ("act_uuid", "sheet_id", "text", "held_at", "erased_at")
_PUT = Prepared(insert(table_of(SheetComment)).returning(SheetComment.id), columns=_COLUMNS)
_TEXT = Prepared(
    select(SheetComment.text, SheetComment.erased_at).where(
        SheetComment.act_uuid == bindparam("uuid")
    )
)


def takes_comments(module: Module) -> bool:
    """True if judges may write a comment to the contestant in the module."""
    return (module.extra or {}).get(COMMENTS) is True


def put_comment(
    connection: Connection, competition: int, uuid: str, sheet: int, text: str, at: datetime
) -> dict[str, Any]:
    """Add the words of a comment; gives their seal, not yet put."""
    row = {"act_uuid": uuid, "sheet_id": sheet, "text": text, "held_at": at, "erased_at": None}
    number = int(_PUT.rows(connection, **row)[0][0])
    return seal_columns(competition, "sheet_comment", number, {"id": number, **row})


def says_comment(connection: Connection, uuid: str, text: str) -> bool:
    """True if the stored act of that UUID says the same words, or its words are erased."""
    row = _TEXT.first(connection, uuid=uuid)
    return row is not None and (row[1] is not None or row[0] == text)


def standing_comment(sheet: Sheet) -> str:
    """The comment that stands on a sheet; empty for none."""
    return standing_comments([sheet.id]).get(sheet.id, "")


def standing_comments(sheets: Collection[int], until: datetime | None = None) -> dict[int, str]:
    """The comments that stand on sheets, by sheet; as they stood at a time."""
    # In the order of the acts: of two tablets the later act stands.
    last = (
        select(func.max(Act.id))
        .join(SheetComment, SheetComment.act_uuid == Act.uuid)
        .where(Act.sheet_id.in_(sheets), *([Act.held_at <= until] if until else []))
        .group_by(Act.sheet_id)
    )
    rows = db.session.execute(
        select(Act.sheet_id, SheetComment.text)
        .join(SheetComment, SheetComment.act_uuid == Act.uuid)
        .where(Act.id.in_(last))
    )
    return {sheet: text for sheet, text in rows.tuples() if text}


def erase_comments(entrants: Collection[int], at: datetime) -> None:
    """Erase the words of all comments to these entrants; in a unit of work."""
    rows = db.session.scalars(
        select(SheetComment)
        .join(Sheet, Sheet.id == SheetComment.sheet_id)
        .where(Sheet.entrant_id.in_(entrants), SheetComment.erased_at.is_(None))
    )
    for row in rows:
        row.text, row.erased_at = None, at
    db.session.flush()
