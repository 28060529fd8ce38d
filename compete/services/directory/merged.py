"""Mergers: a record that was merged into another stands for that one; what was decided of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import select

from compete.models import AuditEntry, Organisation, Person, db
from compete.services.directory.circles import circle_refusal
from compete.services.kernel.chunks import tuples_among

Row = TypeVar("Row", Organisation, Person)


def standing(row: Row) -> Row:
    """The record that stands for this one: itself, or what it was merged into.

    Raises `Refused` (CONFLICT) for a merger that leads back to itself.
    """
    seen = set()
    while row.merged_into_id is not None:
        if row.id in seen:
            raise circle_refusal(row.name)
        seen.add(row.id)
        row = db.session.get_one(type(row), row.merged_into_id)
    return row


def with_merged(table: type[Organisation | Person], numbers: Collection[int]) -> dict[int, int]:
    """The record of `numbers` for which each record counts, by number; itself among them."""
    counts_for = {number: number for number in numbers}
    waiting = list(counts_for)
    while waiting:
        following: dict[int, list[int]] = defaultdict(list)
        query = select(table.id, table.merged_into_id)
        for number, into in tuples_among(query, table.merged_into_id, waiting):
            if number not in counts_for and into is not None:
                following[into].append(number)
        waiting = []
        for into, merged in following.items():
            for number in merged:
                counts_for[number] = counts_for[into]
                waiting.append(number)
    return counts_for


def records_about(row: Organisation | Person) -> Sequence[AuditEntry]:
    """List the records of what was decided about it, newest first."""
    query = select(AuditEntry).where(
        AuditEntry.competition_id.is_(None),
        AuditEntry.action.like(f"{row.__tablename__}.%"),
        AuditEntry.subject == str(row.id),
    )
    return db.session.scalars(query.order_by(AuditEntry.seq.desc())).all()


def same_people(numbers: Collection[int]) -> dict[int, int]:
    """The number that all records of one person share, by record, for these people's records."""
    rows = db.session.scalars(select(Person).where(Person.id.in_(list(numbers))))
    return with_merged(Person, {standing(row).id for row in rows})
