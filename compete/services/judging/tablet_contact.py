"""Tablet contact: the time each judge's tablet was last heard of; its marks are safe on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from compete.models import Competition, Contact, Judge, db, utc_now
from compete.services.kernel.transactions import unit_of_work

EVERY = timedelta(seconds=30)
"""A tablet that asks often is written down no more often than this."""

OUT_OF_TOUCH = timedelta(minutes=3)
_FORGOTTEN = timedelta(hours=16)


def note_contact(judge: Judge, waiting: int | None) -> None:
    """The judge's tablet has just asked for something, with so many acts not yet sent."""
    number, now = judge.id, utc_now()
    last = db.session.execute(
        select(Contact.heard_at, Contact.waiting).where(Contact.judge_id == number)
    ).first()
    if last is not None and now - last.heard_at < EVERY and last.waiting == waiting:
        return
    with unit_of_work() as session:
        row = session.scalar(select(Contact).where(Contact.judge_id == number).limit(1))
        if row is None:
            session.add(Contact(judge_id=number, heard_at=now, waiting=waiting))
        else:
            row.heard_at, row.waiting = now, waiting


def contacts_of(competition: Competition) -> dict[int, tuple[datetime, int]]:
    """The time each judge was last heard of today, and how many acts waited then."""
    rows = db.session.execute(
        select(Contact.judge_id, func.max(Contact.heard_at), func.max(Contact.waiting))
        .join(Judge, Judge.id == Contact.judge_id)
        .where(
            Judge.competition_id == competition.id,
            Contact.heard_at > utc_now() - _FORGOTTEN,
        )
        .group_by(Contact.judge_id)
    ).tuples()
    return {judge: (at, waiting or 0) for judge, at, waiting in rows}
