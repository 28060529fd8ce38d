"""Times as the hall's clock shows them, whatever zone a tablet thinks it is in."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from compete.domain.values.days import date_words, day_words
from compete.domain.values.messages import Message, msg
from compete.services.kernel.installation import config_here


def local_zone() -> ZoneInfo:
    """The time zone of the competition's clocks."""
    return ZoneInfo(config_here().timezone)


def local_time(at: datetime) -> datetime:
    """A moment by the competition's clocks."""
    return at.astimezone(local_zone())


def clock_text(at: datetime | None) -> str | None:
    """The clock's text, `10:20`, or None for no time."""
    return local_time(at).strftime("%H:%M") if at else None


def span_text(starts: datetime | None, ends: datetime | None) -> str | None:
    """The text of a span, `10:20–11:00`; `10:20` if no end is known, or None for no time."""
    if starts is None:
        return None
    return f"{clock_text(starts)}–{clock_text(ends)}" if ends else clock_text(starts)


def date_text(at: datetime | None) -> str | None:
    """The text of a date, `2026-09-16`, the day in the hall, or None for no time."""
    return local_time(at).date().isoformat() if at else None


def moment_words(at: datetime) -> Message:
    """The words of a moment: `11月23日 04:30`; today by clock alone, another year by year too."""
    here, now = local_time(at), local_today()
    clock = f"{here:%H:%M}"
    if here.date() == now:
        return msg("%(at)s", at=clock)
    on = day_words(here) if here.year == now.year else date_words(here)
    return msg("%(day)s %(at)s", day=on, at=clock)


def local_today() -> date:
    """The date of today in the installation's time zone, as it stands on paper."""
    return datetime.now(local_zone()).date()


def read_wall_clock(text: str) -> datetime | None:
    """Read `2026-09-16T14:00` by the competition's clocks as a moment; None for what is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=local_zone())
    except ValueError:
        return None
