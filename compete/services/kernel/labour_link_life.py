"""Labour link life: the time for which links let in who enters in a labour competition."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from compete.models import Competition, utc_now
from compete.services.kernel.clock import local_zone

UNDATED = timedelta(days=366)
"""The time that a link is good if no last day is known."""
AFTER = timedelta(days=90)
"""And after the last day: the last period is entered when it is over."""


def link_good_for(competition: Competition) -> timedelta:
    """The life of a link from now on, for a department's recorder and a unit's contact alike."""
    last = competition.ends or competition.starts
    if last is None:
        return UNDATED
    until = datetime.combine(last, time(), local_zone()) + AFTER
    return max(until - utc_now(), AFTER)
