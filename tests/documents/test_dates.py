"""Dates on certificates stay Chinese; those on other papers follow the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

from compete.documents.dates import chinese_date, printed_date, printed_time
from compete.language import translator


def test_a_date_is_written_as_the_reader_reads() -> None:
    day, english = date(2022, 9, 16), translator("en")
    assert chinese_date(day) == printed_date(day, None) == "2022年9月16日"
    assert printed_date(day, english) == "16 Sep 2022"
    assert printed_time(datetime(2022, 9, 16, 18, 20, tzinfo=UTC), english) == "16 Sep 2022 18:20"
