"""Terms of appeals: when so many hours end, as the rules of a competition count them."""

from __future__ import annotations

from datetime import datetime, timedelta

from compete.domain.values.messages import Message, msg
from compete.models import Competition
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.working_calendar import working_days


def term_end(competition: Competition, start: datetime, hours: int) -> datetime:
    """When a term of so many hours ends, as the rules of appeals count them."""
    if settings_of(competition).appeals.working:
        return working_days().hours_after(start, hours)
    return start + timedelta(hours=hours)


def term_words(competition: Competition, hours: int) -> Message:
    """A term of appeals in words."""
    if settings_of(competition).appeals.working:
        return msg("%(n)s 小时（只数工作日）", n=hours)
    return msg("%(n)s 小时", n=hours)
