"""The years that figures are of, and the competitions that somebody sees in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from compete.models import Account, CertificateSum, Competition
from compete.services.accounts.access import competitions_for
from compete.services.kernel.chunks import tuples_among
from compete.services.kernel.clock import local_today
from compete.services.registration.batch_years import year_of


@dataclass(frozen=True, slots=True)
class SeenYear:
    """A year as somebody sees it: its competitions in the order of their days, and all there are.

    `years` are those in which there is anything, the newest first.
    """

    years: Sequence[int]
    year: int
    here: Sequence[Competition]
    everything: Sequence[Competition]


def year_seen(by: Account, asked: int) -> SeenYear:
    """The year asked for, else the newest in which a competition was or a certificate was dated."""
    seen = competitions_for(by)
    days = select(CertificateSum.day).distinct()
    dated = tuples_among(days, CertificateSum.competition_id, [it.id for it in seen])
    years = {year for it in seen if (year := year_of(it))} | {day.year for (day,) in dated}
    today = local_today().year
    past = max((it for it in years if it <= today), default=max(years, default=today))
    year = asked if asked in years else past
    here = sorted(
        (it for it in seen if year_of(it) == year), key=lambda it: (it.starts or date.max, it.id)
    )
    return SeenYear(sorted(years, reverse=True), year, here, seen)
