"""Notice term: begin and end of a notice, in whole working days, as offices count them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from compete.models import Competition
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.working_calendar import WorkingDays, working_days

END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Term:
    """The first working day of a notice, and the moment at which the last one closes."""

    first_day: date
    until: datetime


def notice_term(
    published_at: datetime,
    days: int,
    zone: ZoneInfo,
    closes: time = END_OF_DAY,
    calendar: WorkingDays | None = None,
) -> Term:
    """The term of that many whole working days after the day of publication.

    The day itself doesn't count, since it isn't whole. Public holidays are no
    working days and Saturdays that are worked in their place are, as far as the
    State Council has announced them; in other years the week alone decides.
    With 0 days it ends at once.
    """
    day = published_at.astimezone(zone).date()
    if days <= 0:
        return Term(day, published_at)
    counted = list(islice((calendar or WorkingDays()).following(day), days))
    return Term(counted[0], datetime.combine(counted[-1], closes, zone))


def closing_time(text: str | None) -> time:
    """The setting `notice_closes`, such as `17:30`; the end of the day without one."""
    try:
        return time.fromisoformat(text) if text else END_OF_DAY
    except ValueError:
        return END_OF_DAY


def put_up_for(competition: Competition, days: int, at: datetime, zone: ZoneInfo) -> Term:
    """The notice of so many working days that begins at a moment, by the calendar entered here."""
    closes = closing_time(settings_of(competition).notice_closes)
    return notice_term(at, days, zone, closes, working_days())
