"""Moments as signed texts write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.values.instants import instant_text, read_instant

BEIJING = timezone(timedelta(hours=8))


def test_a_moment_is_written_in_utc_to_the_second() -> None:
    text = "2022-09-16T06:00:00Z"
    assert instant_text(datetime(2022, 9, 16, 14, 0, 0, 999_999, tzinfo=BEIJING)) == text
    assert instant_text(datetime(2022, 9, 16, 6, tzinfo=UTC)) == text
    assert read_instant(text) == datetime(2022, 9, 16, 6, tzinfo=UTC)
    assert read_instant("2022-09-16T14:00:00.5+08:00") == datetime(
        2022, 9, 16, 14, 0, 0, 500_000, tzinfo=BEIJING
    )
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2022, 9, 16, 6))


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year >= 1000))
def test_what_is_written_is_read_again(moment: datetime) -> None:
    assert read_instant(instant_text(moment)) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        "", "2022-09-16", "2022-09-16T06:00:00", "2022-09-16 06:00:00Z", "2022-13-16T06:00:00Z",
        "2022-09-16T06:00:00Z\n", "２022-09-16T06:00:00Z", 0, None, ["2022-09-16T06:00:00Z"],
    ],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: object) -> None:
    assert read_instant(text) is None
