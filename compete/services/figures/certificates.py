"""Certificates in force of many competitions by month, and how long they took after the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from compete.models import CertificateSum, Competition, Publication
from compete.services.certificates.sums import AWARD, GRADE
from compete.services.figures.groups import Group, Grouped, grouped
from compete.services.kernel.chunks import tuples_among
from compete.services.kernel.clock import local_time

SPANS: tuple[tuple[int, int | None], ...] = ((0, 7), (8, 15), (16, 30), (31, 60), (61, None))
"""Days from the results to the certificate, from and to; None for no end."""
MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Months:
    """Grades and awards of a year by the month on the certificate.

    The key of a group is the first day of its month.
    """

    grades: Grouped
    awards: Grouped


@dataclass(frozen=True, slots=True)
class Delays:
    """How many days lie between results and certificate: by span, and the middle of all."""

    spans: Grouped
    median: int | None


def certificate_months(competitions: Collection[Competition], year: int) -> Months:
    """Count the certificates in force of these that bear a day of the year, by month."""
    grades = Counter({date(year, month, 1): 0 for month in MONTHS})
    awards = grades.copy()
    for _number, kind, day, n in _sums(competitions, year):
        (awards if kind == AWARD else grades)[day.replace(day=1)] += n
    return Months(_by_key(grades), _by_key(awards))


def certificate_delays(competitions: Collection[Competition], year: int) -> Delays:
    """Count the year's certificates in force that results gave, by days since these were published.

    The day is that of the first version; what bears an earlier one counts as on the day.
    """
    published = _first_days(competitions)
    days: Counter[int] = Counter()
    for number, kind, day, n in _sums(competitions, year):
        if kind in (GRADE, AWARD) and number in published:
            days[max((day - published[number]).days, 0)] += n
    spans = Counter(dict.fromkeys(SPANS, 0))
    for many, n in days.items():
        spans[_span_of(many)] += n
    counted = _by_key(spans)
    return Delays(counted, _median(days) if counted.whole is not None else None)


def _sums(competitions: Collection[Competition], year: int) -> Iterable[tuple[int, str, date, int]]:
    query = select(
        CertificateSum.competition_id, CertificateSum.kind, CertificateSum.day, CertificateSum.n
    ).where(CertificateSum.day.between(date(year, 1, 1), date(year, 12, 31)))
    return tuples_among(query, CertificateSum.competition_id, [it.id for it in competitions])


def _first_days(competitions: Collection[Competition]) -> dict[int, date]:
    query = select(Publication.competition_id, func.min(Publication.published_at)).group_by(
        Publication.competition_id
    )
    rows = tuples_among(query, Publication.competition_id, [it.id for it in competitions])
    return {number: local_time(at).date() for number, at in rows}


def _span_of(days: int) -> tuple[int, int | None]:
    return next(span for span in SPANS if span[1] is None or days <= span[1])


def _by_key(counts: Mapping[Any, int]) -> Grouped:
    return grouped(Group(key, (n,)) for key, n in counts.items())


def _median(days: Counter[int]) -> int | None:
    """The least number of days within which half of them were out; None without any."""
    half, passed = -(-days.total() // 2), 0
    for many, n in sorted(days.items()):
        passed += n
        if n and passed >= half:
            return many
    return None
