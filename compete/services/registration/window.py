"""Window: the time in which units enter their people themselves, and their quotas."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Event, utc_now
from compete.services.kernel import audit
from compete.services.kernel.clock import moment_words
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.edit_conflicts import merged
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing

MOST_OF_A_UNIT = 9999
WINDOW_SET = "units.window"
"""The record of setting it."""


@dataclass(frozen=True, slots=True)
class Window:
    """The window in which units enter people; None: no bound. `quota` is for each unit."""

    opens: datetime | None = None
    closes: datetime | None = None
    quota: int | None = None


def window_of(competition: Competition, event: Event | None = None) -> Window:
    """The window as the organiser has set it; of an event its own days where it has some."""
    settings = settings_of(competition)
    window = Window(settings.units_from, settings.units_until, settings.unit_quota)
    own = settings.conditions.get(event.code) if event is not None else None
    if own is None or not (own.opens or own.closes):
        return window
    return replace(window, opens=own.opens or window.opens, closes=own.closes or window.closes)


def change_window(
    competition: Competition, wanted: Window, by: Account, was: Window | None = None
) -> bool:
    """Set it; whether that changed anything. `was` is what the page showed.

    What somebody else changed since stays. Raises `BothChangedError` where both changed the
    same, `Refused` (INVALID) for an end before the beginning, or a quota that is none.
    """
    _check(wanted)
    with changing(competition) as competition:
        now = window_of(competition)
        if was is not None:
            wanted = merged(was, wanted, now)
            _check(wanted)
        if now == wanted:
            return False
        change_settings(
            competition,
            units_from=wanted.opens,
            units_until=wanted.closes,
            unit_quota=wanted.quota,
        )
        before = _window_record(now)
        after = _window_record(wanted)
        audit.record(competition, by, WINDOW_SET, competition.code, before=before, after=after)
    return True


def _check(wanted: Window) -> None:
    if wanted.opens and wanted.closes and wanted.opens >= wanted.closes:
        raise invalid(msg("截止要晚于开始"))
    if wanted.quota is not None and not 1 <= wanted.quota <= MOST_OF_A_UNIT:
        raise invalid(msg("名额写 1 到 %(most)s，不限就空着", most=MOST_OF_A_UNIT))


def why_units_cannot_enter(competition: Competition, event: str = "") -> Message | None:
    """Say why no unit can enter or hand in people now, for any event or for one; None: they can."""
    if event and (closed := closed_event(competition, event)):
        return closed
    if settings_of(competition).put_away is not None:
        return msg("组委会把这个竞赛收起来了，报名停了")
    if not competition.events:
        return msg("组委会还没有设好赛项，过几天再来")
    if competition.state is not CompetitionState.REGISTERING:
        return msg("比赛已经开始评分，报名结束了，要换人找组委会")
    if settings_of(competition).waits_to_open:
        return msg("组委会还没有开放报名，过几天再来")
    windows, now = [window_of(competition, event) for event in competition.events], utc_now()
    if any(_is_open(window, now) for window in windows):
        return None
    return _why_closed(windows, now)


def open_until(competition: Competition) -> datetime | None:
    """The end of the time for units and people to enter; None: no end is set, or they may not."""
    if why_units_cannot_enter(competition) is not None:
        return None
    ends = (window_of(competition, event).closes for event in competition.events)
    return max(filter(None, ends), default=None)


def why_event_closed(event: Event) -> Message | None:
    """Say why nobody can enter for this event now, though they may for others; None: they can."""
    window, now = window_of(event.competition, event), utc_now()
    if _is_open(window, now):
        return None
    return msg("“%(event)s”：%(why)s", event=event.name, why=_why_closed([window], now))


def closed_event(competition: Competition, code: str | None) -> Message | None:
    """Say why nobody can be entered for the event of that code now; None: they can, or none is."""
    events = (event for event in competition.events if event.code == code)
    return next((why_event_closed(event) for event in events), None)


def _is_open(window: Window, now: datetime) -> bool:
    return not ((window.opens and now < window.opens) or (window.closes and now >= window.closes))


def _why_closed(windows: Collection[Window], now: datetime) -> Message:
    """Say of closed windows when the next one opens, else when the last one closed."""
    if to_come := [window.opens for window in windows if window.opens and now < window.opens]:
        return msg("还没到报名时间：%(at)s 开始", at=moment_words(min(to_come)))
    last = max(window.closes for window in windows if window.closes)
    return msg("报名已经在 %(at)s 截止，要换人由单位申请", at=moment_words(last))


def require_units_open(competition: Competition) -> None:
    """Raise `Refused` with why, when no unit can enter people."""
    why = why_units_cannot_enter(competition)
    if why is not None:
        raise Refused(why)


def _window_record(window: Window) -> dict[str, str | int | None]:
    return {
        "opens": window.opens.isoformat() if window.opens else None,
        "closes": window.closes.isoformat() if window.closes else None,
        "quota": window.quota,
    }
