"""Lives of links: for how long each kind of link lets somebody in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from compete.models import Competition, utc_now
from compete.services.kernel.clock import local_zone

INVITATION = timedelta(days=7)
"""For an invitation, or a password to be chosen anew."""
FIRST_ADMINISTRATOR = timedelta(hours=24)
AFTER_UNIT = timedelta(days=60)
"""For a unit's contact after the last day, or from now: what is published is appealed against."""
DRAW_PARTY = timedelta(days=30)
"""For a party in a drawing of lots, from when it was made."""
SMALL_CONTEST = timedelta(hours=12)
"""At least, for a judge of a small contest; else until the end of its day."""
DEMONSTRATION = timedelta(hours=12)
UNDATED_LABOUR = timedelta(days=366)
"""For who enters in a labour competition, if it has no last day."""
AFTER_LABOUR = timedelta(days=90)
"""And after its last day: the last period is entered when it is over."""


def end_of(day: date) -> datetime:
    """The moment at which a day ends in the hall."""
    return datetime.combine(day + timedelta(days=1), time(), local_zone())


def labour_link_life(competition: Competition) -> timedelta:
    """The life of a link from now on, for a department's recorder and a unit's contact alike."""
    last = competition.ends or competition.starts
    if last is None:
        return UNDATED_LABOUR
    until = datetime.combine(last, time(), local_zone()) + AFTER_LABOUR
    return max(until - utc_now(), AFTER_LABOUR)
