"""Holidays and make-up days: brought along, or entered by an administrator."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from compete.models import AuditEntry, db
from compete.services.accounts.accounts import create_account
from compete.services.kernel.clock import local_zone
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.working_calendar import (
    WorkingDays,
    days_text,
    enter_year,
    entered_years,
    read_days,
    working_days,
)

# Nobody has announced anything for 2031: made up.
LINES = """
2031-01-01 休 元旦
2031年1月22日 至 2031年1月28日 休（春节）
2031-10-1 到 2031-10-7 off
2031-01-19 班
2031/10/11 work
"""


def test_days_are_read_as_people_write_them() -> None:
    days = read_days(2031, LINES)
    assert len(days.off) == 15
    assert days.worked == {date(2031, 1, 19), date(2031, 10, 11)}
    assert read_days(2031, days_text(days)) == days


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2031-10-01 至 2031-10-07", "第 1 行读不懂"),
        ("2031-01-01 休\n国庆 休", "第 2 行读不懂"),
        ("2031-02-30 休", "第 1 行读不懂"),
        ("2030-10-01 休", "第 1 行读不懂"),
        ("2031-10-07 至 2031-10-01 休", "第 1 行读不懂"),
        ("2031-01-01 休班", "第 1 行读不懂"),
        ("2031-01-04 休\n2031-01-04 班", "又写休又写班"),
        ("2031-01-01 休\n2031-01-02 班", "不是周六周日"),
        ("2031-01-04 班", "一天休假都没写"),
        ("", "一天休假都没写"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        read_days(2031, text)
    assert refused.value.kind is Refusal.INVALID


def test_a_year_that_is_not_known_goes_by_the_week_and_says_so(here: Flask) -> None:
    calendar = working_days()
    assert calendar.unknown_years(date(2026, 12, 25), date(2031, 1, 5))[-1] == 2031
    assert calendar.unknown_years(date(2024, 1, 1), date(2026, 12, 31)) == []
    assert working_days().works(date(2031, 1, 1))


def test_an_entered_year_goes_before_what_the_program_brings(here: Flask) -> None:
    admin = create_account("管理员", is_admin=True)
    enter_year(2031, LINES, "国办发明电〔2030〕7 号", admin)
    assert not working_days().works(date(2031, 1, 1))
    assert working_days().works(date(2031, 1, 19))
    assert not working_days().works(date(2031, 1, 18))
    enter_year(2026, "2026-11-23 休", "本省另行通知", admin)
    assert not working_days().works(date(2026, 11, 23))
    assert working_days().works(date(2026, 10, 1))
    enter_year(2031, "2031-01-02 休", "更正", admin)
    assert working_days().works(date(2031, 1, 1))
    assert [row.year for row in entered_years()] == [2026, 2031]
    assert db.session.query(AuditEntry).filter_by(action="calendar.enter").count() == 3


def test_only_administrators_enter_a_year_and_they_say_from_where(here: Flask) -> None:
    with pytest.raises(Refused) as refused:
        enter_year(2031, LINES, "通知", create_account("吴敏"))
    assert refused.value.kind is Refusal.FORBIDDEN
    admin = create_account("管理员", is_admin=True)
    for year, source, why in ((1999, "通知", "年份要在"), (2031, " ", "写明出处")):
        with pytest.raises(Refused, match=why):
            enter_year(year, LINES, source, admin)
    assert entered_years() == []


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_the_years_brought_along_have_as_many_working_days_as_were_announced(
    year: int, days: int
) -> None:
    assert len(WorkingDays().between(date(year, 1, 1), date(year, 12, 31))) == days


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        # A Tuesday in an ordinary week; over a weekend; begun on a day off.
        ("2026-06-09T10:00", 24, "2026-06-10T10:00"),
        ("2026-06-12T10:00", 24, "2026-06-15T10:00"),
        ("2026-06-13T10:00", 2, "2026-06-15T02:00"),
        # 1 to 7 October are days off, and Saturday the 10th is worked.
        ("2026-09-30T12:00", 120, "2026-10-13T12:00"),
        ("2026-06-12T10:00", 14, "2026-06-13T00:00"),
    ],
)
def test_hours_of_days_off_do_not_count(app: Flask, start: str, hours: int, end: str) -> None:
    with app.app_context():
        zone = local_zone()
        begun = datetime.fromisoformat(start).replace(tzinfo=zone)
        ends = WorkingDays().hours_after(begun.astimezone(UTC), hours)
    assert ends == datetime.fromisoformat(end).replace(tzinfo=zone)
