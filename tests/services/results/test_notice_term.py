"""A notice ends with the last of its whole working days."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from compete.services.kernel.working_calendar import WorkingDays
from compete.services.results.notice_term import closing_time, notice_term

SHANGHAI = ZoneInfo("Asia/Shanghai")


def ends(published: datetime, days: int, **keys: time) -> str:
    return f"{notice_term(published, days, SHANGHAI, **keys).until:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("days", "end"),
    [
        (1, "2026-09-14 23:59"),
        (5, "2026-09-18 23:59"),
        (6, "2026-09-20 23:59"),
        (11, "2026-09-28 23:59"),
    ],
)
def test_the_day_of_publication_does_not_count_nor_do_weekends_and_holidays(
    days: int, end: str
) -> None:
    """Friday the 11th; Sunday the 20th is worked, and the 25th is the Mid-Autumn Festival."""
    late_on_friday = datetime(2026, 9, 11, 22, 37, tzinfo=SHANGHAI)
    assert ends(late_on_friday, days) == end


def test_a_saturday_worked_for_a_holiday_counts() -> None:
    assert WorkingDays().works(date(2026, 10, 10))
    assert not WorkingDays().works(date(2026, 10, 5))


def test_of_years_not_announced_yet_the_week_alone_decides() -> None:
    assert not WorkingDays().works(date(2099, 1, 3))
    assert WorkingDays().works(date(2099, 1, 1))


def test_the_day_is_that_of_the_competition_and_not_of_the_server() -> None:
    after_midnight_in_china = datetime(2026, 9, 10, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert ends(after_midnight_in_china, 1) == "2026-09-14 23:59"


def test_an_office_may_close_earlier_and_no_days_end_at_once() -> None:
    friday = datetime(2026, 9, 11, 9, 0, tzinfo=SHANGHAI)
    assert ends(friday, 1, closes=closing_time("17:30")) == "2026-09-14 17:30"
    assert closing_time("half past five") == closing_time(None) == time(23, 59, 59)
    assert notice_term(friday, 0, SHANGHAI).until == friday
