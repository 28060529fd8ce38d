"""The rows of a competition's audit chain as a list: all of them, a part at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.models import AuditEntry, Competition, db


def record_numbers(competition: Competition) -> Sequence[int]:
    """List every row's number, the newest first."""
    query = select(AuditEntry.id).where(AuditEntry.competition_id == competition.id)
    return db.session.scalars(query.order_by(AuditEntry.seq.desc())).all()


def records_of_numbers(numbers: Sequence[int]) -> list[AuditEntry]:
    """List the records of these numbers, in this order."""
    query = select(AuditEntry).where(AuditEntry.id.in_(numbers))
    known = {row.id: row for row in db.session.scalars(query)}
    return [known[number] for number in numbers]
