"""Calendars to subscribe to, as iCalendar (RFC 5545): a competition's, and everybody's own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response, abort, request

from compete.models import Member
from compete.services.competitions.set_up import is_shut
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.registration.badges import holder_of
from compete.services.schedule.calendars import (
    GivenDate,
    OwnCalendar,
    competition_calendar,
    entrant_calendar,
    member_by_calendar_key,
    member_calendar,
)
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.public.blueprint import allow_search_engines, face

if TYPE_CHECKING:
    from icalendar import Event as CalendarEvent

_PRODUCT = "-//compete//compete//ZH"
_FETCHED_AGAIN = timedelta(hours=1)


@face.get("/p/<code>/schedule.ics")
@guard.public
@limiter.limit("60 per minute")
def schedule(code: str) -> Response:
    """All sessions of a competition."""
    competition = competition_by_code(code)
    # Before people can be entered a draft is nobody's business.
    if competition is None or is_shut(competition):
        abort(404)
    allow_search_engines(competition)
    return _sent(competition_calendar(competition))


@face.get("/c/<token>/schedule.ics")
@guard.public
@limiter.limit("60 per minute")
def badge_schedule(token: str) -> Response:
    """A contestant's own sessions, by the badge's code."""
    holder = holder_of(token)
    if holder is None:
        abort(404)
    return _sent(entrant_calendar(holder.entrant if isinstance(holder, Member) else holder))


@face.get("/calendar/<key>.ics")
@guard.public
@limiter.limit("60 per minute")
def member_schedule(key: str) -> Response:
    """A judge's own sessions, or those of a unit's people, by a link that signs nobody in."""
    member = member_by_calendar_key(key)
    if member is None:
        abort(404)
    return _sent(member_calendar(member))


def _sent(own: OwnCalendar) -> Response:
    # Takes as long to read in as a dozen files of ours, and few ask for it.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", own.competition.name)
    calendar.add("refresh-interval", _FETCHED_AGAIN, parameters={"VALUE": "DURATION"})
    for given in own.dates:
        calendar.add_component(_event(given))
    calendar.add_missing_timezones()
    response = Response(calendar.to_ical(), mimetype="text/calendar")
    response.add_etag()
    response.make_conditional(request)
    return response


def _event(given: GivenDate) -> CalendarEvent:
    from icalendar import Event as CalendarEvent

    starts, ends = given.date.starts, given.date.ends
    changed = given.changed_at.astimezone(UTC)
    event = CalendarEvent()
    event.add("uid", given.uid)
    event.add("sequence", given.sequence)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("status", "CANCELLED" if given.cancelled else "CONFIRMED")
    event.add("summary", given.date.title)
    event.add("dtstart", starts)
    if (ends is not None and ends != starts) or not isinstance(starts, datetime):
        event.add("dtend", _end(ends or starts))
    if given.date.place:
        event.add("location", given.date.place)
    return event


def _end(last: datetime | date) -> datetime | date:
    """The end as iCalendar counts it: of whole days the day after the last."""
    return last if isinstance(last, datetime) else last + timedelta(days=1)
