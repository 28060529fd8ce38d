"""Remembered columns of uploaded files: kept by their headings until somebody forgets them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from compete.models import Account, RememberedColumns, db, utc_now
from compete.services.kernel.transactions import unit_of_work


def remembered_columns(kind: str, heads: str) -> RememberedColumns | None:
    """The columns said last of files of this kind with these headings, or None."""
    query = select(RememberedColumns).where(
        RememberedColumns.kind == kind, RememberedColumns.heads == heads
    )
    return db.session.scalar(query)


def remember_columns(kind: str, heads: str, columns: Mapping[str, str], by: Account) -> None:
    """Read files with these headings so from now on; nothing said forgets them."""
    with unit_of_work() as session:
        session.execute(
            delete(RememberedColumns).where(
                RememberedColumns.kind == kind, RememberedColumns.heads == heads
            )
        )
        if columns:
            remembered = RememberedColumns(
                kind=kind, heads=heads, columns=dict(columns), made_by=by.id, made_at=utc_now()
            )
            session.add(remembered)
