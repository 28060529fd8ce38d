"""Counting numbers of certificates: each number of a series once, as it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from compete.domain.identity.award_number import award_number_head, award_number_text
from compete.domain.identity.certificate_number import CertificateNumber
from compete.models import IssuingBody, NumberSeries, db
from compete.services.kernel.clock import local_today
from compete.services.kernel.row_seals import note


@dataclass(frozen=True, slots=True)
class Series:
    """A series of numbers as certificates bear it; `first` and `last` bound all its numbers."""

    name: str
    year: int
    first: str
    last: str
    text: Callable[[int], str] = field(compare=False, repr=False)


def grade_series(body: IssuingBody, grade: int) -> Series:
    """The series of an issuing body, of this year and a grade."""
    parts = body.kind, body.body_code, body.province, body.site
    return grade_series_of(body.id, f"{''.join(parts)}{local_today():%y}{grade}")


def grade_series_of(body: int, head: str) -> Series:
    """The series whose numbers have this head: alike but for the last six digits."""
    year = 2000 + int(head[-3:-1])
    return Series(
        f"grade/{body}/{year}/{head[-1]}",
        year,
        f"{head}{0:06d}",
        f"{head}999999",
        lambda serial: str(CertificateNumber.of_head(head, serial)),
    )


def award_series(year: int) -> Series:
    """The series of a year's award certificates."""
    head = award_number_head(year)
    # Behind the head stand digits, and 号 comes after every digit in any order of characters.
    return Series(
        f"award/{year}",
        year,
        f"{head}0",
        f"{head}号",
        lambda number: award_number_text(year, number),
    )


def next_numbers(series: str, many: int) -> range:
    """The next so many numbers of a series, from 1; inside the transaction that uses them."""
    known = select(NumberSeries.id).where(NumberSeries.series == series)
    if db.session.scalar(known) is None:
        # Two who begin a series at once must not both make its row.
        on_postgresql = db.session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if on_postgresql else sqlite.insert
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
