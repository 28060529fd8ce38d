"""The hall of a day in words: stations, people there, the next ones, matters to see to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext as _

from compete.domain.bundle.attempts import waived_word
from compete.domain.values.messages import listed
from compete.domain.values.states import CompetitionState
from compete.models import AuditEntry, Competition, Event, Stoppage, utc_now
from compete.services.closing.penalties_and_outcomes import KIND_WORDS
from compete.services.hall.floor import SILENT_AFTER, AtOneStation, Floor, FloorState, OnFloor
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import module_title
from compete.services.schedule.delays import latest_delay, why_not_taken_back, why_times_stay
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.schedule.arrivals.view_model import (
    absence_form,
    state_counts,
)
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.shapes import Told
from compete.web.templating import clock, moment_in_sentence, near_day
from compete.web.words import heads_in, length_words, shift_words, stop_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFloor:
    """The parts that change while it is open."""

    counts: Sequence[Told]
    columns: Sequence[Told]
    as_rows: bool
    """True if the stations are too many to stand side by side."""
    chosen: Sequence[Told] | None
    """The first of one state, where one is asked for."""
    beyond: int
    """The number of further ones in it."""
    to_see: Sequence[Told]
    """The first matters that need somebody."""
    beyond_to_see: int
    waited: str
    ends: Sequence[Told]
    recorded: bool
    blind: bool
    updated: str
    taken: tuple[str, int] | None
    """The last batch that was moved and can be taken back: what it was, and its record."""


LATE = timedelta(minutes=5)
"""The delay from which the next ones should be told."""


def _to_see(
    competition: Competition, floor: Floor, now: datetime
) -> list[tuple[datetime, Callable[[], Told]]]:
    """List the matters that need somebody, longest wait first; worded only if they are shown."""
    matters: list[tuple[datetime, Callable[[], Told]]] = []
    today = floor.day == local_time(now).date()
    for station in floor.stations:
        matters += [
            (it.closes_at, partial(_missing, competition, station, it, now))
            for it in station.people
            if it.late and today
        ]
        matters += [
            (stop.stopped_at, partial(_stop, competition, floor, station, it, stop))
            for it in station.people
            if (stop := it.stopped_by) is not None
        ]
        behind = station.late_by
        if today and behind is not None and behind >= LATE and station.waiting:
            matters.append((now - behind, partial(_late, competition, floor, station, behind)))
    return sorted(matters, key=lambda matter: matter[0])


def _missing(competition: Competition, station: AtOneStation, it: OnFloor, now: datetime) -> Told:
    text = _(
        "%(at)s 停止检录，过了 %(n)s 分钟。%(unit)s",
        at=clock(it.closes_at),
        n=_whole_minutes(now - it.closes_at),
        unit=it.unit,
    )
    event, place = event_of(competition, station), (station.stage, station.module)
    return {
        "title": _("%(name)s 没检录", name=it.name),
        "where": station.station,
        "text": text,
        "icon": "dashed-circle",
        "acts": _links(
            (_("记缺考"), absence_form(competition, event, place, it.code, it.closes_at)),
            (_("去检录"), guard.allowed_url("check_in.page", code=competition.code)),
        ),
    }


def _stop(
    competition: Competition, floor: Floor, station: AtOneStation, it: OnFloor, stop: Stoppage
) -> Told:
    return {
        "title": _("%(name)s 的设备停了", name=it.name),
        "where": station.station,
        "text": _("%(at)s 停：%(why)s", at=moment_in_sentence(stop.stopped_at), why=stop.reason),
        "icon": "diamond-alert",
        "acts": _links((_("补时，或者换到最后一批"), _stop_url(competition, floor, station, it))),
    }


def _late(competition: Competition, floor: Floor, station: AtOneStation, behind: timedelta) -> Told:
    after = station.behind
    waiting = [it for it in station.waiting if after[it.code] >= LATE]
    sessions = {it.session for it in waiting}
    likely = [
        _("%(name)s %(at)s", name=it.name, at=clock(it.starts_at + after[it.code]))
        for it in waiting[:_MOST_NAMES]
    ]
    url = _times_url(
        competition,
        floor,
        event=station.event,
        station=station.station,
        # Whom a break lets begin as planned is left where they are.
        session=sessions.pop() or "" if len(sessions) == 1 else "",
        minutes=str(_whole_minutes(behind)),
    )
    return {
        "title": _("%(station)s晚 %(n)s 分钟", station=station.station, n=_whole_minutes(behind)),
        "where": _("后面 %(who)s", who=heads_in(len(waiting), competition)),
        "text": _("照现在算：%(names)s", names=say(listed(likely))),
        "icon": "clock",
        "acts": _links((_("改后面的时间"), url)),
    }


def _links(*offered: tuple[str, str | None]) -> list[Link]:
    return [Link(label=label, url=url) for label, url in offered if url]


def _times_url(competition: Competition, floor: Floor, **filled: str) -> str | None:
    """Address to move the times of many, the form filled in; None if nobody may."""
    if floor.day is None or why_times_stay(competition) is not None:
        return None
    kept = {key: value for key, value in filled.items() if value}
    return guard.allowed_url("organiser.floor_times", day=floor.day.isoformat(), **kept)


def waited(waits: Sequence[tuple[datetime, object]], now: datetime) -> str:
    """Say how long the first of them has waited."""
    if not waits:
        return ""
    return _("最早的等了 %(n)s 分钟", n=_whole_minutes(now - waits[0][0]))


def _stop_url(
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


def _whole_minutes(length: timedelta) -> int:
    """A length in minutes, 1 at least."""
    return max(1, round(abs(length.total_seconds()) / 60))


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
        times_url=_times_url(competition, floor),
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
    counts, day = floor.counts(), floor.day.isoformat() if floor.day else None
    waits = _to_see(competition, floor, now)
    return LiveFloor(
        counts=state_counts(
            {state: (icon, word(state, floor.recorded)) for state, icon in ICONS.items()},
            counts,
            wanted if wanted in set(_S) else "",
            lambda state: url_for("organiser.floor", day=day, state=state or None),
        ),
        columns=[_column(competition, floor, station, now) for station in floor.stations],
        as_rows=len(floor.stations) > SIDE_BY_SIDE,
        chosen=_chosen_cards(competition, floor, wanted, now) if wanted in set(_S) else None,
        beyond=max(0, counts[_S(wanted)] - MOST_CHOSEN) if wanted in set(_S) else 0,
        to_see=[tell() for _since, tell in waits[:_MOST_TO_SEE]],
        beyond_to_see=max(0, len(waits) - _MOST_TO_SEE),
        waited=waited(waits, now),
        ends=_ends(floor),
        recorded=floor.recorded,
        blind=bool(floor.blind),
        updated=clock(now),
        taken=_undoable_delay(competition),
    )


def station_rows(competition: Competition, floor: Floor) -> list[tuple[Told, str, str]]:
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


def _chosen_cards(competition: Competition, floor: Floor, wanted: str, now: datetime) -> list[Told]:
    """The first who are in a state, by station and time."""
    placed = (
        (station, it) for station in floor.stations for it in station.people if it.state == wanted
    )
    return [
        _card(competition, floor, station, it, now) for station, it in islice(placed, MOST_CHOSEN)
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


def _column(competition: Competition, floor: Floor, station: AtOneStation, now: datetime) -> Told:
    """Tell of one station.

    `at` are the last of those at work there who began, `coming` the next few, `more` those who come
    after; `marks` the state of each in the order of the plan, none where they are too many.
    """
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
    return {
        "title": station.station or _("没排工位"),
        "under": title,
        "chip": chip,
        "chip_kind": kind,
        "at": [_card(competition, floor, station, it, now) for it in at[:_MOST_AT]],
        "more_at": max(0, len(at) - _MOST_AT),
        "coming": [_card(competition, floor, station, it, now) for it in waiting[:_COMING]],
        "more": max(0, len(waiting) - _COMING),
        "done": states.count(_S.DONE),
        "all": len(states) - states.count(_S.OUT),
        "marks": [state.value for state in states] if len(states) <= _MOST_MARKS else [],
    }


def _chip(late_by: timedelta | None) -> tuple[str, str]:
    if late_by is None:
        return "", ""
    if abs(late_by) < _ON_TIME:
        return _("准点"), "ok"
    minutes = _whole_minutes(late_by)
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
) -> Told:
    """Tell of somebody at a station, or who comes there next.

    `likely` is when they will, going by how late the station is, empty where that is as planned;
    `since` when the clock that runs for them began, empty where none runs; `stopped` the thing that
    stopped and since when, while it is not settled; `given` the time given for what they lost.
    """
    starts = it.starts_at
    behind = station.behind.get(it.code)
    likely = starts + behind if behind and behind >= LATE else None
    note, bad = _note(it, now)
    silent = it.last_contact is not None and now - it.last_contact > SILENT_AFTER
    runs = it.state is _S.AT and it.since is not None and not silent and not it.stopped
    return {
        "who": it,
        "station": station.station or _("没排工位"),
        "word": say(waived_word(it.waives) if it.waives else KIND_WORDS[it.outcome])
        if it.state is _S.OUT and it.outcome in KIND_WORDS
        else word(it.state, floor.recorded),
        "icon": ICONS[it.state],
        "likely": clock(likely) if likely else "",
        "since": it.since.isoformat() if runs and it.since else "",
        "note": note,
        "note_bad": bad,
        "stopped": _stopped(it, now),
        "given": say(listed([stop_sentence(stop) for stop in it.stops if stop.settled_at])),
        "stop_url": _stop_url(competition, floor, station, it),
    }


def _stopped(it: OnFloor, now: datetime) -> str:
    stop = it.stopped_by
    if stop is None:
        return ""
    length = length_words(int((now - stop.stopped_at).total_seconds()))
    return _("停了 %(length)s：%(why)s", length=length, why=stop.reason)


def _note(it: OnFloor, now: datetime) -> tuple[str, bool]:
    if it.state is _S.AT and it.last_contact is not None and now - it.last_contact > SILENT_AFTER:
        return _("%(at)s 后没消息", at=moment_in_sentence(it.last_contact)), True
    if it.state is _S.AT and it.stopped:
        return _("停表了，还没交"), False
    if it.state in (_S.NEXT, _S.PRESENT):
        return _("%(at)s 检录", at=clock(it.came_at)), False
    if it.late:
        return _("%(at)s 停止检录", at=clock(it.closes_at)), True
    return "", False


def _ends(floor: Floor) -> list[Told]:
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
        {
            "name": name,
            "planned": clock(planned),
            "likely": clock(last) if last - planned >= _ON_TIME else "",
            "late": last - planned >= LATE,
        }
        for name, (planned, last) in ends.items()
    ]


def _undoable_delay(competition: Competition) -> tuple[str, int] | None:
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
    delay = record.after if isinstance(record.after, dict) else {}
    return _(
        "%(at)s %(who)s：%(people)s%(what)s（%(why)s）",
        at=moment_in_sentence(record.at),
        who=say(signer_words(record.actor)),
        people=heads_in(len(delay.get("moved", ())), competition),
        what=shift_words(delay.get("minutes")),
        why=record.reason or "",
    )
