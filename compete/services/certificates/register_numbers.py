"""Register numbers: the series that are in use, and whether every number taken was given.

A series goes through all competitions, and numbers are only ever added to it. So what was found
is kept in this process, and asked is only what came since; now and then all is counted anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from compete.models import Certificate, Competition, db, utc_now
from compete.services.certificates.numbers import (
    Series,
    award_series,
    grade_series_of,
    number_after,
)
from compete.services.kernel.installation import memory_of

COUNTED_ANEW = timedelta(minutes=10)
"""So long a series that was found whole is looked at only from where it ended then."""

_ALIKE = 16
"""Of the 22 characters of a grade's number those that name body, year and grade."""
_LOOKED_UP = 500
"""So many new numbers are looked up one by one; more are counted with all others."""


@dataclass(slots=True)
class _Used:
    """The numbers that a register uses, as far as its certificates were read."""

    series: dict[str, Series] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    """Grades as certificates word them, and what stands for each in numbers."""
    upto: int = 0
    """The last certificate that was read."""


@dataclass(slots=True)
class _Whole:
    """The number up to which nothing of a series is missing, and when all of it was counted."""

    last: int = 0
    at: datetime | None = None


def is_whole(competition: Competition) -> bool:
    """True if every number was given once that was taken from the series used here."""
    return all(_is_whole(series) for series in _used(competition).series.values())


def years_of(competition: Competition) -> list[int]:
    """The years of its certificates, the latest first."""
    found = {series.year for series in _used(competition).series.values()}
    return sorted(found, reverse=True)


def levels_of(competition: Competition) -> list[str]:
    """The grades on its certificates in their words, the highest first."""
    levels = _used(competition).levels
    # Those above 1 bear a letter.
    return sorted(levels, key=lambda word: (levels[word].isdigit(), levels[word], word))


def _used(competition: Competition) -> _Used:
    used = memory_of(f"numbers of register {competition.id}", _Used)
    # Issuing locks the competition, so that none comes later with a lower number of its row.
    upto = db.session.scalar(
        select(func.max(Certificate.id)).where(
            Certificate.competition_id == competition.id, Certificate.id > used.upto
        )
    )
    if upto is None:
        return used
    first = func.substr(Certificate.number, 1, _ALIKE)
    level = Certificate.face["level"].as_string()
    grades = _new(competition, used, upto, "grade").with_only_columns(
        Certificate.body_id, first, level
    )
    for body, head, word in db.session.execute(grades.distinct()):
        if body is not None:
            series = grade_series_of(body, head)
            used.series.setdefault(series.name, series)
            used.levels[word] = head[-1]
    year = func.substr(Certificate.number, 2, 4)
    awards = _new(competition, used, upto, "award").with_only_columns(year)
    for each in db.session.scalars(awards.distinct()):
        if each.isdigit():
            series = award_series(int(each))
            used.series.setdefault(series.name, series)
    used.upto = upto
    return used


def _new(competition: Competition, used: _Used, upto: int, kind: str) -> Select[tuple[Certificate]]:
    return select(Certificate).where(
        Certificate.competition_id == competition.id,
        Certificate.id > used.upto,
        Certificate.id <= upto,
        Certificate.kind == kind,
    )


def _is_whole(series: Series) -> bool:
    """True if as many certificates bear a number of it as were taken, and no number twice."""
    kept = memory_of(f"numbers given {series.name}", _Whole)
    # Before they are counted: whatever was taken till then has its certificate by then.
    last, now = number_after(series.name) - 1, utc_now()
    known = kept.at is not None and now - kept.at < COUNTED_ANEW
    if known and 0 <= last - kept.last <= _LOOKED_UP:
        new = [series.text(number) for number in range(kept.last + 1, last + 1)]
        if new and _how_many(Certificate.number.in_(new)) != len(new):
            return False
    elif _how_many(Certificate.number.between(series.first, series.last)) == last:
        kept.at = now
    else:
        kept.at = None
        return False
    kept.last = last
    return True


def _how_many(alike: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(Certificate.number)).where(alike)) or 0
