"""现场 by station, its parts that change; many people's times moved and back; 停机 of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.stations import station_order
from compete.domain.values.days import date_words
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Entrant, utc_now
from compete.services.hall.floor import floor_of
from compete.services.kernel.clock import local_time, local_today, local_zone
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.schedule.delays import (
    Batch,
    Shift,
    check_minutes,
    delay,
    find_stop,
    fingerprint,
    give_back,
    last_end,
    note_stop,
    put_last,
    shifts,
    stops_of,
    undo_delay,
    undo_stop,
    why_not_delayed,
    why_not_noted,
    why_not_undone,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.hall.floor.view_model import (
    asked_day,
    describe_floor,
    describe_live,
    station_rows,
)
from compete.web.organiser.list_book import send_list, sentences
from compete.web.organiser.live_parts import live_parts
from compete.web.organiser.registration.person.finding import find_entrant
from compete.web.organiser.registration.person.move_panel import asked_place
from compete.web.posted import posted_number, posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Choice
from compete.web.templating import clock, near_day
from compete.web.words import heads_in, length_words, stop_sentence

_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class AskedTimes:
    """The form's values: texts as they were written, and their meaning if they can be read."""

    batch: Batch
    since: str
    minutes: str
    number: int | None
    reason: str = ""


def _asked_times(competition: Competition) -> AskedTimes:
    """The form's fields; a time or number that can't be read counts as none."""
    form = request.form if request.method == "POST" else request.args
    day = asked_day() or floor_of(competition).day or local_today()
    since, minutes = form.get("since", "").strip(), form.get("minutes", "").strip()
    at = None
    try:
        if since:
            at = datetime.combine(day, time.fromisoformat(since), local_zone())
    except ValueError:
        since = ""
    number = int(minutes) if minutes.lstrip("-").isdecimal() and len(minutes) <= 5 else None
    batch = Batch(
        day=day,
        event=form.get("event", ""),
        station=form.get("station", ""),
        session=form.get("session", ""),
        since=at,
    )
    return AskedTimes(batch, since, minutes, number, posted_reason())


def _describe_times(competition: Competition, refused: Refused | None = None) -> str:
    """The page; without minutes that can be read it lists nobody yet."""
    asked = _asked_times(competition)
    batch = asked.batch
    everybody = shifts(competition, Batch(day=batch.day), 0)
    planned, why_not, wrong = _planned(competition, asked)
    events = {event.code: event.name for event in competition.events}
    return render_template(
        "organiser/hall/floor/times.html",
        day=batch.day.isoformat(),
        day_words=near_day(batch.day),
        blind=any(event.blind for event in competition.events),
        events=_choices(
            _("全部赛项"), dict.fromkeys(it.slot.entrant.event.code for it in everybody), events
        ),
        stations=_choices(
            _("全部工位"),
            sorted({it.slot.station or "" for it in everybody}, key=station_order),
        ),
        sessions=_choices(_("全部场次"), dict.fromkeys(it.slot.session or "" for it in everybody)),
        event=batch.event,
        station=batch.station,
        session=batch.session,
        since=asked.since,
        minutes=asked.minutes,
        reason=asked.reason,
        rows=planned[:_MOST_ROWS],
        more=max(0, len(planned) - _MOST_ROWS),
        count=len(planned),
        seen=fingerprint(planned),
        why_not=why_not,
        problem=problem_of(refused),
        minutes_problem=wrong,
    )


def _planned(competition: Competition, asked: AskedTimes) -> tuple[list[Shift], str, str]:
    """Plan the moves: who, why they can't, and the fault of the minutes."""
    if asked.number is None:
        return [], "", _("写整数分钟，提早写负数，如 -10") if asked.minutes else ""
    try:
        check_minutes(asked.number)
    except Refused as refused:
        return [], "", say(refused.message)
    planned = shifts(competition, asked.batch, asked.number)
    why = why_not_delayed(competition, planned)
    return planned, say(why) if why else "", ""


def _choices(whole: str, codes: Iterable[str], names: dict[str, str] | None = None) -> list[Choice]:
    """The first is all of them; none where there is one alone."""
    options = [Choice(value=code, label=(names or {}).get(code, code)) for code in codes if code]
    return [Choice(value="", label=whole), *options] if len(options) > 1 else []


_PARTS = ("counts", "hall")


@face.get("/<code>/floor")
@guard.may(Right.CHECK_IN)
def floor(competition: Competition) -> ResponseReturnValue:
    """Show who is at which station, who comes next, what needs somebody."""
    return describe_floor(competition, floor_of(competition, asked_day()))


@face.get("/<code>/floor/list.xlsx")
@guard.may(Right.CHECK_IN)
def floor_book(competition: Competition) -> Response:
    """Download everybody at each station as shown, of the day and the state asked for."""
    now = floor_of(competition, asked_day())
    heads = (_("工位"), _("赛项"), _("模块"), _("现在"), _("编号"), _("姓名"), _("单位"))
    rows = [
        [
            *(card["station"], event, module, card["word"]),
            *(card["who"].code, card["who"].name, card["who"].unit),
            *(clock(card["who"].starts_at), card["likely"]),
            sentences((card["note"], card["stopped"], card["given"])),
        ]
        for card, event, module in station_rows(competition, now)
    ]
    title = msg("现场 %(day)s", day=date_words(now.day)) if now.day else msg("现场")
    return send_list(competition, title, [*heads, _("计划"), _("预计"), _("说明")], rows)


@face.get("/<code>/floor/live")
@guard.only_watches
@guard.may(Right.CHECK_IN)
def floor_live(competition: Competition) -> ResponseReturnValue:
    """The parts that change."""
    return live_parts(
        competition,
        "organiser/hall/floor",
        _PARTS,
        lambda: describe_live(competition, floor_of(competition, asked_day())),
    )


@face.route("/<code>/floor/times", methods=["GET", "POST"])
@guard.may(Right.RUN_HALL)
@only_once
@refusal_on(_describe_times)
def floor_times(competition: Competition) -> ResponseReturnValue:
    """Show who would be moved, then move them with a reason; the typed text stays."""
    if request.method != "POST":
        return _describe_times(competition)
    asked = _asked_times(competition)
    done = delay(
        *(competition, asked.batch, asked.number or 0),
        *(asked.reason, posted_text("seen"), current_user),
    )
    moved = len((done.after or {})["moved"])
    flash(
        _(
            "改了 %(who)s的时间，他们参赛证的页面和平板上已经是新的",
            who=heads_in(moved, competition),
        ),
        "ok",
    )
    return redirect(url_for("organiser.floor", day=asked.batch.day.isoformat()))


@face.post("/<code>/floor/times/undo")
@guard.may(Right.RUN_HALL)
@only_once
def undo_floor_times(competition: Competition) -> ResponseReturnValue:
    """Take the last batch back, within ten minutes."""
    done = undo_delay(competition, posted_number("seq"), current_user)
    shift = done.after or {}
    flash(_("撤销了，%(who)s回到原来的时间", who=heads_in(len(shift["moved"]), competition)), "ok")
    return redirect(url_for("organiser.floor", day=shift["day"]))


_LENGTH = re.compile(r"(\d{1,3}):([0-5]\d)")


def _asked_stops(competition: Competition, who: str) -> tuple[Entrant, tuple[str, str]]:
    """The entrant, and the module that is asked for, or else the first."""
    entrant = find_entrant(competition, who)
    first = rules_of(entrant.event).stages[0]
    place = asked_place(entrant, request.values.get("place"))
    return entrant, place or (first.code, first.modules[0].code)


def _describe_stops(competition: Competition, who: str, refused: Refused | None = None) -> str:
    entrant, place = _asked_stops(competition, who)
    stops, form, now = stops_of(entrant, *place), request.form, utc_now()
    open_ = next((stop for stop in stops if stop.settled_at is None), None)
    after = last_end(open_) if open_ else None
    slot = next((it for it in entrant.slots if (it.stage, it.module) == place), None)
    lost = int((now - open_.stopped_at).total_seconds()) if open_ else 0
    return render_template(
        "organiser/hall/floor/stop.html",
        self_url=url_for("organiser.floor_stop", who=entrant.code),
        place="/".join(place),
        who=f"{entrant.name} {entrant.code}",
        where=[
            *([slot.station] if slot and slot.station else []),
            module_title(entrant.event, *place),
            entrant.unit.name,
        ],
        blind=entrant.event.blind,
        stops=[(stop, stop_sentence(stop), why_not_undone(stop) is None) for stop in stops],
        open=open_.id if open_ else None,
        length=form.get("length") or f"{lost // 60}:{lost % 60:02}",
        last_at=clock(after) if after else "",
        at=form.get("at") or clock(now),
        reason=posted_reason(),
        act=posted_text("act"),
        problem=problem_of(refused),
        why_not=_why_not(entrant, place) if form.get("act") != "note" else "",
    )


def _why_not(entrant: Entrant, place: tuple[str, str]) -> str:
    why = why_not_noted(entrant, *place)
    return say(why) if why is not None else ""


@face.route("/<code>/entrants/<who>/stop", methods=["GET", "POST"])
@guard.may(Right.RUN_HALL)
@only_once
@refusal_on(_describe_stops)
def floor_stop(competition: Competition, who: str) -> ResponseReturnValue:
    """The stops of one person in a module, the first unless told; what was typed stays."""
    if request.method != "POST":
        return _describe_stops(competition, who)
    flash(_do(competition, *_asked_stops(competition, who)), "ok")
    return redirect(url_for("organiser.floor"))


def _do(competition: Competition, entrant: Entrant, place: tuple[str, str]) -> str:
    """Do what the form asks for; return the message."""
    form, name = request.form, entrant.name
    act = posted_text("act")
    if act == "note":
        at = _typed_time(request.form.get("at", ""))
        note_stop(entrant, *place, at, posted_reason(), current_user)
        return _("记下了%(name)s 的停机，设备好了来定怎么补", name=name)
    stop = find_stop(competition, posted_number("stop"))
    if stop is None or stop.entrant_id != entrant.id:
        abort(404)
    if act == "give":
        seconds = _typed_length(form.get("length", ""))
        give_back(stop, seconds, current_user)
        return _("给%(name)s 补时 %(length)s", name=name, length=length_words(seconds))
    if act == "last":
        put_last(stop, current_user)
        return _("%(name)s 换到最后一批了，告诉他", name=name)
    if act == "undo":
        undo_stop(stop, current_user)
        return _("撤销了")
    abort(404)


def _typed_time(text: str) -> datetime | None:
    """Today at that time of the hall's clock, this minute as now; None for what is none."""
    now = utc_now()
    if text == clock(now):
        return now
    try:
        at = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return datetime.combine(local_time(now).date(), at, local_zone())


def _typed_length(text: str) -> int:
    """Seconds of `11:20`; 0 for what is none."""
    match = _LENGTH.fullmatch(text.strip())
    return int(match[1]) * 60 + int(match[2]) if match else 0
