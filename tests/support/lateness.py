"""Cases of lateness, which the server and a clerk's device have to tell alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from compete.services.schedule.arrivals import ArrivalState

_S = ArrivalState
CLOSES = datetime(2022, 9, 8, 0, 50, tzinfo=UTC)
_MOMENT = timedelta(milliseconds=1)


class Case(NamedTuple):
    """A case: if somebody was let in, their outcome, the latest time to come, and the moment."""

    passed: bool
    outcome: str | None
    closes: datetime | None
    now: datetime
    state: ArrivalState


CASES = (
    Case(False, None, CLOSES, CLOSES - timedelta(hours=1), _S.EXPECTED),
    Case(False, None, CLOSES, CLOSES, _S.EXPECTED),
    Case(False, None, CLOSES, CLOSES + _MOMENT, _S.LATE),
    Case(False, None, CLOSES, CLOSES + timedelta(days=1), _S.LATE),
    Case(False, None, None, CLOSES, _S.UNTIMED),
    Case(True, None, CLOSES, CLOSES + _MOMENT, _S.PRESENT),
    Case(True, None, None, CLOSES, _S.PRESENT),
    Case(False, "dns", CLOSES, CLOSES + _MOMENT, _S.ABSENT),
    Case(True, "dns", CLOSES, CLOSES, _S.ABSENT),
    Case(False, "dnf", None, CLOSES, _S.ABSENT),
    Case(True, "dnf", CLOSES, CLOSES + _MOMENT, _S.PRESENT),
    Case(False, "dsq", CLOSES, CLOSES - _MOMENT, _S.ABSENT),
)
