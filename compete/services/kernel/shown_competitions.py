"""Which competitions are shown: all but those of which not every part is loaded."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from compete.models import Competition, db


def is_shown() -> ColumnElement[bool]:
    """The condition that a competition is there for everybody; for queries that list some."""
    return Competition.loading.is_(None)


def competitions_not_shown() -> tuple[int, ...]:
    """The numbers of those that nobody is shown yet; mostly none."""
    query = select(Competition.id).where(~is_shown())
    return tuple(db.session.scalars(query.order_by(Competition.id)))
