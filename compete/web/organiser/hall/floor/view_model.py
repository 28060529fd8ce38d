"""The hall of a day in words: stations, people there, the next ones, matters to see to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext as _

from compete.domain.values.messages import listed
from compete.models import AuditEntry, Competition, utc_now
from compete.services.closing.penalties_and_outcomes import KIND_WORDS
from compete.services.hall.floor import SILENT_AFTER, AtOneStation, Floor, FloorState, OnFloor
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.event_rules import module_title
from compete.services.schedule.delays import latest_delay, why_not_taken_back
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.hall.floor.shapes import EndOfSession, FloorCard, FloorColumn, LiveFloor
from compete.web.organiser.hall.floor.waiting import (
    LATE,
    event_of,
    stop_url,
    times_url,
    to_see,
    waited,
    whole_minutes,
)
from compete.web.organiser.schedule.arrivals.view_model import StateCount
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.templating import clock, moment_said, near_day
from compete.web.words import heads_in, length_words, shift_words, stop_said

_S = FloorState
ICONS = {
    _S.MISSING: "dashed-circle",
    _S.PRESENT: "check-circle",
    _S.NEXT: "clock",
    _S.AT: "half-circle",
    _S.DONE: "check",
    _S.OUT: "ban",
}
SIDE_BY_SIDE = 8
MOST_CHOSEN = 200
_COMING, _MOST_AT, _MOST_MARKS, _MOST_TO_SEE, _MOST_NAMES = 2, 6, 60, 20, 4
_ON_TIME = timedelta(minutes=2)


def asked_day() -> date | None:
    """The day in the address or the form, if it is one."""
    try:
        return date.fromisoformat(request.values.get("day", ""))
    except ValueError:
        return None


def describe_floor(competition: Competition, floor: Floor) -> str:
    """Render `organiser/hall/floor/floor.html`."""
    days = [
        View(
            label=near_day(day),
            url=url_for("organiser.floor", day=day.isoformat()),
            current=day == floor.day,
        )
        for day in floor.days
    ]
    asked = urlencode({key: value for key, value in request.args.items() if value})
    return render_template(
        "organiser/hall/floor/floor.html",
        days=days if len(days) > 1 else [],
        times_url=times_url(competition, floor),
        book_url=url_for("organiser.floor_book") + (f"?{asked}" if asked else "")
        if floor.stations
        else None,
        live_url=f"{url_for('organiser.floor_live')}?{asked}",
        **fields_of(describe_live(competition, floor)),
    )


def describe_live(competition: Competition, floor: Floor) -> LiveFloor:
    """Build the parts that follow the records."""
    now = utc_now()
    wanted = request.args.get("state", "")
    counts = floor.counts()
    waits = to_see(competition, floor, now)
    return LiveFloor(
        counts=[
            _count(floor, "", counts.total(), wanted),
            *(_count(floor, state, counts[state], wanted) for state in ICONS),
        ],
        columns=[_column(competition, floor, station, now) for station in floor.stations],
        as_rows=len(floor.stations) > SIDE_BY_SIDE,
        chosen=_chosen(competition, floor, wanted, now) if wanted in set(_S) else None,
        beyond=max(0, counts[_S(wanted)] - MOST_CHOSEN) if wanted in set(_S) else 0,
        to_see=[tell() for _since, tell in waits[:_MOST_TO_SEE]],
        beyond_to_see=max(0, len(waits) - _MOST_TO_SEE),
        waited=waited(waits, now),
        ends=_ends(floor),
        recorded=floor.recorded,
        blind=bool(floor.blind),
        updated=clock(now),
        taken=_taken(competition),
    )


def station_rows(competition: Competition, floor: Floor) -> list[tuple[FloorCard, str, str]]:
    """List everybody at each station in the plan's order, or those of the state asked for; each
    with event and module."""
    now, wanted = utc_now(), request.args.get("state", "")
    rows = []
    for station in floor.stations:
        event = event_of(competition, station)
        title = module_title(event, station.stage, station.module)
        for it in station.people:
            if wanted not in set(_S) or it.state == wanted:
                card = _card(competition, floor, station, it, now)
                rows.append((card, event.name, title))
    return rows


def _chosen(competition: Competition, floor: Floor, wanted: str, now: datetime) -> list[FloorCard]:
    """The first who are in a state, by station and time."""
    found = (
        (station, it) for station in floor.stations for it in station.people if it.state == wanted
    )
    return [
        _card(competition, floor, station, it, now) for station, it in islice(found, MOST_CHOSEN)
    ]


def word(state: FloorState, recorded: bool) -> str:
    """Put a state into a word; a missing check-in is known only if check-ins are recorded."""
    words = {
        _S.MISSING: _("没检录") if recorded else _("没开始"),
        _S.PRESENT: _("已检录"),
        _S.NEXT: _("候考"),
        _S.AT: _("在工位"),
        _S.DONE: _("已完成"),
        _S.OUT: _("缺考、退出"),
    }
    return words[state]


def _count(floor: Floor, state: str, number: int, wanted: str) -> StateCount:
    return StateCount(
        key=state or "all",
        icon=ICONS[_S(state)] if state else "equals",
        label=word(_S(state), floor.recorded) if state else _("全部"),
        count=number,
        url=url_for(
            "organiser.floor", day=floor.day.isoformat() if floor.day else None, state=state or None
        ),
        current=state == (wanted if wanted in set(_S) else ""),
    )


def _column(
    competition: Competition, floor: Floor, station: AtOneStation, now: datetime
) -> FloorColumn:
    event = event_of(competition, station)
    title = module_title(event, station.stage, station.module)
    waiting = station.waiting
    chip, kind = _chip(station.late_by)
    states = [it.state for it in station.people]
    at = sorted(
        (it for it in station.people if it.state is _S.AT),
        key=lambda it: it.since or it.starts_at,
        reverse=True,
    )
    return FloorColumn(
        title=station.station or _("没排工位"),
        under=title,
        chip=chip,
        chip_kind=kind,
        at=[_card(competition, floor, station, it, now) for it in at[:_MOST_AT]],
        more_at=max(0, len(at) - _MOST_AT),
        coming=[_card(competition, floor, station, it, now) for it in waiting[:_COMING]],
        more=max(0, len(waiting) - _COMING),
        done=states.count(_S.DONE),
        all=len(states) - states.count(_S.OUT),
        marks=[state.value for state in states] if len(states) <= _MOST_MARKS else [],
    )


def _chip(late_by: timedelta | None) -> tuple[str, str]:
    if late_by is None:
        return "", ""
    if abs(late_by) < _ON_TIME:
        return _("准点"), "ok"
    minutes = whole_minutes(late_by)
    return (
        (_("晚 %(n)s 分", n=minutes), "warn")
        if late_by.total_seconds() > 0
        else (
            _("早 %(n)s 分", n=minutes),
            "ok",
        )
    )


def _card(
    competition: Competition,
    floor: Floor,
    station: AtOneStation,
    it: OnFloor,
    now: datetime,
) -> FloorCard:
    starts = it.starts_at
    behind = station.behind.get(it.code)
    likely = starts + behind if behind and behind >= LATE else None
    note, bad = _note(it, now)
    silent = it.heard is not None and now - it.heard > SILENT_AFTER
    runs = it.state is _S.AT and it.since is not None and not silent and not it.stopped
    return FloorCard(
        who=it,
        station=station.station or _("没排工位"),
        word=say(KIND_WORDS[it.outcome])
        if it.state is _S.OUT and it.outcome in KIND_WORDS
        else word(it.state, floor.recorded),
        icon=ICONS[it.state],
        likely=clock(likely) if likely else "",
        since=it.since.isoformat() if runs and it.since else "",
        note=note,
        note_bad=bad,
        stopped=_stopped(it, now),
        given=say(listed([stop_said(stop) for stop in it.stops if stop.settled_at])),
        stop_url=stop_url(competition, floor, station, it),
    )


def _stopped(it: OnFloor, now: datetime) -> str:
    stop = it.stopped_by
    if stop is None:
        return ""
    length = length_words(int((now - stop.stopped_at).total_seconds()))
    return _("停了 %(length)s：%(why)s", length=length, why=stop.reason)


def _note(it: OnFloor, now: datetime) -> tuple[str, bool]:
    if it.state is _S.AT and it.heard is not None and now - it.heard > SILENT_AFTER:
        return _("%(at)s 后没消息", at=moment_said(it.heard)), True
    if it.state is _S.AT and it.stopped:
        return _("停表了，还没交"), False
    if it.state in (_S.NEXT, _S.PRESENT):
        return _("%(at)s 检录", at=clock(it.came_at)), False
    if it.late:
        return _("%(at)s 停止检录", at=clock(it.closes_at)), True
    return "", False


def _ends(floor: Floor) -> list[EndOfSession]:
    """Sessions that are going on or still to come, where an end is planned."""
    ends: dict[str, tuple[datetime, datetime]] = {}
    for station in floor.stations:
        behind, at_work = station.behind, station.late_by or timedelta(0)
        for it in station.people:
            if it.ends_at is None or it.state in (_S.DONE, _S.OUT) or not it.session:
                continue
            likely = it.ends_at + max(behind.get(it.code, at_work), timedelta(0))
            planned, last = ends.get(it.session, (it.ends_at, likely))
            ends[it.session] = max(planned, it.ends_at), max(last, likely)
    return [
        EndOfSession(
            name=name,
            planned=clock(planned),
            likely=clock(last) if last - planned >= _ON_TIME else "",
            late=last - planned >= LATE,
        )
        for name, (planned, last) in ends.items()
    ]


def _taken(competition: Competition) -> tuple[str, int] | None:
    last = latest_delay(competition)
    if (
        last is None
        or not guard.may_open("organiser.undo_floor_times")
        or why_not_taken_back(competition, last) is not None
    ):
        return None
    return _delay_words(competition, last), last.seq


def _delay_words(competition: Competition, record: AuditEntry) -> str:
    """`10:31 吴敏：2 人推迟 12 分钟（叉车液压漏油）`."""
    told = record.after if isinstance(record.after, dict) else {}
    return _(
        "%(at)s %(who)s：%(people)s%(what)s（%(why)s）",
        at=moment_said(record.at),
        who=say(signer_words(record.actor)),
        people=heads_in(len(told.get("moved", ())), competition),
        what=shift_words(told.get("minutes")),
        why=record.reason or "",
    )
