"""Working calendar of offices in China: `chinesecalendar`'s or an admin's days, else the week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays, workdays
from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Competition, ResultStand, WorkingYear, db
from compete.services.kernel import audit
from compete.services.kernel.clock import local_zone
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import kept_text
from compete.services.kernel.transactions import for_update, unit_of_work

_SATURDAY = 5
_MOST_DAYS = 60
_LONGEST_SOURCE = 200
_FIRST_YEAR, _LAST_YEAR = 2004, 2100
_DATE = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?")
_OFF, _WORKED = ("休", "off"), ("班", "work")


@dataclass(frozen=True, slots=True)
class DaysOfYear:
    """The days off and the make-up days of a year."""

    off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A calendar; `entered` years go before those that the program brings along."""

    entered: Mapping[int, DaysOfYear] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """True if offices work; by the week alone where nothing was announced for the year."""
        year = self.entered.get(day.year)
        if year is not None:
            return day in year.worked or (day.weekday() < _SATURDAY and day not in year.off)
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < _SATURDAY

    def is_known(self, year: int) -> bool:
        """True if that year's holidays are known."""
        return year in self.entered or year in brought_years()

    def next_working_day(self, day: date) -> date:
        """The first one after that day."""
        return next(self.following(day))

    def following(self, day: date) -> Iterator[date]:
        """The working days after that day, without end."""
        while True:
            day += timedelta(days=1)
            if self.works(day):
                yield day

    def hours_after(self, start: datetime, hours: int) -> datetime:
        """The moment so many hours later, of which those of days off do not count."""
        left, moment, zone = timedelta(hours=hours), start.astimezone(local_zone()), local_zone()
        while True:
            ends = datetime.combine(moment.date() + timedelta(days=1), time(), zone)
            if self.works(moment.date()):
                if left <= ends - moment:
                    return (moment + left).astimezone(start.tzinfo)
                left -= ends - moment
            moment = ends

    def between(self, first: date, last: date) -> list[date]:
        """List working days from one to the other, both with it."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.works(day)]

    def unknown_years(self, first: date, last: date) -> list[int]:
        """List the years of the span for which the week alone decided."""
        return [year for year in range(first.year, last.year + 1) if not self.is_known(year)]


def brought_years() -> range:
    """The years that the program brings along."""
    return range(min(holidays).year, max(holidays).year + 1)


def brought_days(year: int) -> DaysOfYear:
    """The days of a year that the program brings along."""
    return DaysOfYear(
        frozenset(day for day in holidays if day.year == year),
        frozenset(day for day in workdays if day.year == year),
    )


def working_days() -> WorkingDays:
    """The installation's calendar: what was entered, and the rest as brought along."""
    return WorkingDays({row.year: _days_of(row) for row in entered_years()})


def entered_years() -> list[WorkingYear]:
    """List the years entered by hand, in order."""
    return list(db.session.scalars(select(WorkingYear).order_by(WorkingYear.year)))


def days_text(days: DaysOfYear) -> str:
    """The days as `read_days` reads them, one on a line."""
    lines = [(day, _OFF[0]) for day in days.off] + [(day, _WORKED[0]) for day in days.worked]
    return "\n".join(f"{day.isoformat()} {word}" for day, word in sorted(lines))


def read_days(year: int, text: str) -> DaysOfYear:
    """A year from lines such as `2027-10-01 至 2027-10-07 休` and `2027-10-09 班`.

    休 (off) are holidays with all days that are taken off with them, 班 (work) are
    Saturdays and Sundays that are worked. Raises `Refused` (INVALID) naming the
    line that cannot be read.
    """
    off: set[date] = set()
    worked: set[date] = set()
    for number, line in enumerate(text.splitlines(), 1):
        day_text = line.strip().strip("\ufeff")
        if not day_text:
            continue
        days = _days_in(number, day_text[:200], year)
        is_off = any(word in day_text.lower() for word in _OFF)
        is_worked = any(word in day_text.lower() for word in _WORKED)
        if is_off == is_worked:
            raise _wrong(number, day_text, year)
        (off if is_off else worked).update(days)
    both = sorted(off & worked)
    if both:
        raise invalid(msg("%(day)s 又写休又写班，留一个", day=both[0].isoformat()))
    odd = sorted(day for day in worked if day.weekday() < _SATURDAY)
    if odd:
        raise invalid(msg("%(day)s 不是周六周日，不用写班", day=odd[0].isoformat()))
    if not off:
        raise invalid(msg("一天休假都没写"))
    return DaysOfYear(frozenset(off), frozenset(worked))


def enter_year(year: int, text: str, source: str, by: Account) -> WorkingYear:
    """Keep a year's days, in place of what was entered before; notices that run keep theirs.

    Raises `Refused`: FORBIDDEN for all but administrators, INVALID for what cannot be read.
    """
    if not by.is_admin:
        raise Refused(msg("放假安排由管理员录入"), kind=Refusal.FORBIDDEN)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise invalid(msg("年份要在 %(first)s 到 %(last)s", first=_FIRST_YEAR, last=_LAST_YEAR))
    source = kept_text(" ".join(source.split()), _LONGEST_SOURCE, msg("写明出处，如文号"))
    days = read_days(year, text)
    with unit_of_work() as session:
        shown = [for_update(competition) for competition in _counted_by(year)]
        row = session.scalar(select(WorkingYear).where(WorkingYear.year == year).with_for_update())
        before = None
        if row is None:
            row = WorkingYear(year=year, off=[], worked=[], source=source)
            session.add(row)
        else:
            before = {"off": row.off, "worked": row.worked, "source": row.source}
        row.off, row.worked = _plain(days.off), _plain(days.worked)
        row.source, row.entered_by = source, by.id
        session.flush()
        after = {"off": row.off, "worked": row.worked, "source": source}
        audit.record(None, by, "calendar.enter", str(year), before=before, after=after)
        # Their public pages say how many working days it is.
        for competition in shown:
            audit.record(competition, by, "calendar.enter", str(year), after={"source": source})
    return row


def _counted_by(year: int) -> list[Competition]:
    """List the competitions with a notice in that year, by number."""
    notices = select(ResultStand.competition_id).where(
        ResultStand.notice_from <= date(year, 12, 31),
        ResultStand.notice_until >= datetime(year, 1, 1, tzinfo=local_zone()),
    )
    query = select(Competition).where(Competition.id.in_(notices)).order_by(Competition.id)
    return list(db.session.scalars(query))


def _days_in(number: int, day_text: str, year: int) -> list[date]:
    dates = []
    for match in _DATE.finditer(day_text):
        try:
            dates.append(date(*map(int, match.groups())))
        except ValueError:
            raise _wrong(number, day_text, year) from None
    if not 1 <= len(dates) <= 2 or any(day.year != year for day in dates):
        raise _wrong(number, day_text, year)
    first, last = dates[0], dates[-1]
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise _wrong(number, day_text, year)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _wrong(number: int, day_text: str, year: int) -> Refused:
    return invalid(
        msg(
            "第 %(n)s 行读不懂：%(said)s。要像“%(year)s-10-01 至 %(year)s-10-07 休”"
            "或“%(year)s-10-09 班”",
            n=number,
            said=day_text[:40],
            year=year,
        )
    )


def _days_of(row: WorkingYear) -> DaysOfYear:
    return DaysOfYear(
        frozenset(map(date.fromisoformat, row.off)), frozenset(map(date.fromisoformat, row.worked))
    )


def _plain(days: frozenset[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)
