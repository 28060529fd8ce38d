"""Matters on the floor that need somebody, longest wait first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from flask_babel import gettext as _

from compete.domain.values.messages import listed
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event, Stoppage
from compete.services.hall.floor import AtOneStation, Floor, FloorState, OnFloor
from compete.services.kernel.clock import local_time
from compete.services.schedule.delays import why_times_stay
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.hall.floor.shapes import ToSee
from compete.web.organiser.schedule.arrivals.view_model import absence_form
from compete.web.organiser.shapes import Link
from compete.web.templating import clock, moment_said
from compete.web.words import heads_in

LATE = timedelta(minutes=5)
"""The delay from which the next ones should be told."""
_MOST_NAMES = 4


def to_see(
    competition: Competition, floor: Floor, now: datetime
) -> list[tuple[datetime, Callable[[], ToSee]]]:
    """List the matters that need somebody, longest wait first; worded only if they are shown."""
    found: list[tuple[datetime, Callable[[], ToSee]]] = []
    today = floor.day == local_time(now).date()
    for station in floor.stations:
        found += [
            (it.closes_at, partial(_missing, competition, station, it, now))
            for it in station.people
            if it.late and today
        ]
        found += [
            (stop.stopped_at, partial(_stop, competition, floor, station, it, stop))
            for it in station.people
            if (stop := it.stopped_by) is not None
        ]
        behind = station.late_by
        if today and behind is not None and behind >= LATE and station.waiting:
            found.append((now - behind, partial(_late, competition, floor, station, behind)))
    return sorted(found, key=lambda each: each[0])


def _missing(competition: Competition, station: AtOneStation, it: OnFloor, now: datetime) -> ToSee:
    text = _(
        "%(at)s 停止检录，过了 %(n)s 分钟。%(unit)s",
        at=clock(it.closes_at),
        n=whole_minutes(now - it.closes_at),
        unit=it.unit,
    )
    event, place = event_of(competition, station), (station.stage, station.module)
    return ToSee(
        title=_("%(name)s 没检录", name=it.name),
        where=station.station,
        text=text,
        icon="dashed-circle",
        acts=_links(
            (_("记缺考"), absence_form(competition, event, place, it.code, it.closes_at)),
            (_("去检录"), guard.allowed_url("check_in.page", code=competition.code)),
        ),
    )


def _stop(
    competition: Competition, floor: Floor, station: AtOneStation, it: OnFloor, stop: Stoppage
) -> ToSee:
    return ToSee(
        title=_("%(name)s 的设备停了", name=it.name),
        where=station.station,
        text=_("%(at)s 停：%(why)s", at=moment_said(stop.stopped_at), why=stop.reason),
        icon="diamond-alert",
        acts=_links((_("补时，或者换到最后一批"), stop_url(competition, floor, station, it))),
    )


def _late(
    competition: Competition, floor: Floor, station: AtOneStation, behind: timedelta
) -> ToSee:
    after = station.behind
    waiting = [it for it in station.waiting if after[it.code] >= LATE]
    sessions = {it.session for it in waiting}
    likely = [
        _("%(name)s %(at)s", name=it.name, at=clock(it.starts_at + after[it.code]))
        for it in waiting[:_MOST_NAMES]
    ]
    url = times_url(
        competition,
        floor,
        event=station.event,
        station=station.station,
        # Whom a break lets begin as planned is left where they are.
        session=sessions.pop() or "" if len(sessions) == 1 else "",
        minutes=str(whole_minutes(behind)),
    )
    return ToSee(
        title=_("%(station)s晚 %(n)s 分钟", station=station.station, n=whole_minutes(behind)),
        where=_("后面 %(who)s", who=heads_in(len(waiting), competition)),
        text=_("照现在算：%(names)s", names=say(listed(likely))),
        icon="clock",
        acts=_links((_("改后面的时间"), url)),
    )


def _links(*offered: tuple[str, str | None]) -> list[Link]:
    return [Link(label=label, url=url) for label, url in offered if url]


def times_url(competition: Competition, floor: Floor, **filled: str) -> str | None:
    """Address to move the times of many, the form filled in; None if nobody may."""
    if floor.day is None or why_times_stay(competition) is not None:
        return None
    kept = {key: value for key, value in filled.items() if value}
    return guard.allowed_url("organiser.floor_times", day=floor.day.isoformat(), **kept)


def waited(waits: Sequence[tuple[datetime, object]], now: datetime) -> str:
    """Say how long the first of them has waited."""
    if not waits:
        return ""
    return _("最早的等了 %(n)s 分钟", n=whole_minutes(now - waits[0][0]))


def stop_url(
    competition: Competition, floor: Floor, station: AtOneStation, it: OnFloor
) -> str | None:
    """Address to record a stop: of whoever is at work or next, in a blind event of who came."""
    # Equipment may stop before the one who is next has begun.
    at_work = it.state in (FloorState.AT, FloorState.NEXT)
    if station.event in floor.blind:
        at_work = it.state in (FloorState.NEXT, FloorState.PRESENT)
    if not (at_work or it.stopped_by) or competition.state is not CompetitionState.JUDGING:
        return None
    place = f"{station.stage}/{station.module}"
    return guard.allowed_url("organiser.floor_stop", who=it.code, place=place)


def event_of(competition: Competition, station: AtOneStation) -> Event:
    """The event of a station."""
    return next(event for event in competition.events if event.code == station.event)


def whole_minutes(length: timedelta) -> int:
    """A length in minutes, 1 at least."""
    return max(1, round(abs(length.total_seconds()) / 60))
