"""Series of numbers: each number once, in the transaction that uses it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from compete.models import NumberSeries, db


def next_number(series: str) -> int:
    """The next number of a series, from 1; inside the transaction that uses it."""
    known = select(NumberSeries.id).where(NumberSeries.series == series)
    if db.session.scalar(known) is None:
        # Two who begin a series at once must not both make its row.
        insert = postgresql.insert if _is_postgresql() else sqlite.insert
        db.session.execute(
            insert(NumberSeries).values(series=series, last=0).on_conflict_do_nothing()
        )
    return db.session.scalars(
        update(NumberSeries)
        .where(NumberSeries.series == series)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    ).one()


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
