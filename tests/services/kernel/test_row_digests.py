"""What a digest is over never changes: databases keep the digests of earlier versions."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from compete.domain.values.states import CompetitionState
from compete.services.kernel import row_digests

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", "s"),
        ("孙䶮", "s孙䶮"),
        (CompetitionState.JUDGING, "sjudging"),
        (True, "b1"),
        (False, "b0"),
        (12, "i12"),
        (Decimal("30.50"), "d30.5"),
        (Decimal("3E+2"), "d300"),
        (datetime(2026, 9, 16, 1, 2, 3, 4, tzinfo=UTC), "t2026-09-16T01:02:03.000004+00:00"),
        (
            datetime(2026, 9, 16, 9, tzinfo=timezone(timedelta(hours=8))),
            "t2026-09-16T01:00:00.000000+00:00",
        ),
        (date(2026, 9, 16), "a2026-09-16"),
        (b"\x00\xff", "y00ff"),
        ({"b": [1, None], "a": "字"}, 'j{"a":"字","b":[1,null]}'),
    ],
)
def test_a_digest_is_over_the_place_and_the_value(
    monkeypatch: pytest.MonkeyPatch, value: Any, text: str
) -> None:
    monkeypatch.setattr(row_digests, "seal_key", lambda: KEY)
    data = f"unit\0{7}\0name\0{text}".encode()
    wanted = hashlib.blake2b(data, key=KEY, digest_size=8).hexdigest()
    assert row_digests.digests_of("unit", 7, {"name": value}) == {"name": wanted}
