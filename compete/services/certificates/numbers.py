"""Counting numbers of certificates: each number of a series once, as it is used."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from compete.models import NumberSeries, db
from compete.services.kernel.row_seals import note


def grade_series(body: int, year: int, grade: int | str) -> str:
    """The series of an issuing body, by its id, of a year and a grade."""
    return f"grade/{body}/{year}/{grade}"


def award_series(year: int) -> str:
    """The series of a year's award certificates."""
    return f"award/{year}"


def next_number(series: str) -> int:
    """The next number of a series, from 1; inside the transaction that uses it."""
    return next_numbers(series, 1)[0]


def next_numbers(series: str, many: int) -> range:
    """The next so many numbers of a series, as `next_number` gives one."""
    known = select(NumberSeries.id).where(NumberSeries.series == series)
    if db.session.scalar(known) is None:
        # Two who begin a series at once must not both make its row.
        insert = postgresql.insert if _is_postgresql() else sqlite.insert
        db.session.execute(
            insert(NumberSeries).values(series=series, last=0).on_conflict_do_nothing(),
            execution_options={"noted": True},
        )
    row, number = db.session.execute(
        update(NumberSeries)
        .where(NumberSeries.series == series)
        .values(last=NumberSeries.last + many)
        .returning(NumberSeries.id, NumberSeries.last)
        .execution_options(synchronize_session=False, noted=True)
    ).one()
    # Whoever takes the first number has made the row.
    note(NumberSeries.__tablename__, row, *(() if number == many else ("last",)))
    return range(int(number) - many + 1, int(number) + 1)


def number_after(series: str) -> int:
    """The number that would come next, without taking it."""
    last = db.session.scalar(select(NumberSeries.last).where(NumberSeries.series == series))
    return (last or 0) + 1


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
