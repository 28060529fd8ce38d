"""停机 of one person in a module: written down, given back or put last, and taken back."""

from __future__ import annotations

import re
from datetime import datetime, time

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Entrant, Stoppage, utc_now
from compete.services.kernel.clock import local_time, local_zone
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.schedule.lost_time import (
    find_stop,
    give_back,
    last_end,
    note_stop,
    put_last,
    stops_of,
    undo_stop,
    why_not_noted,
    why_not_undone,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.hall.floor.shapes import StopRow
from compete.web.organiser.registration.person.finding import find_entrant
from compete.web.organiser.registration.person.move_panel import asked_place
from compete.web.refusals import status_of
from compete.web.templating import clock, moment_said
from compete.web.words import length_words, stop_said

_LENGTH = re.compile(r"(\d{1,3}):([0-5]\d)")


@face.route("/<code>/entrants/<who>/stop", methods=["GET", "POST"])
@guard.may(Right.RUN_HALL)
@only_once
def floor_stop(competition: Competition, who: str) -> ResponseReturnValue:
    """The stops of one person in a module, the first unless told; what was typed stays."""
    entrant = find_entrant(competition, who)
    first = rules_of(entrant.event).stages[0]
    place = asked_place(entrant, request.values.get("place"))
    place = place or (first.code, first.modules[0].code)
    problem, status = "", 200
    if request.method == "POST":
        try:
            done = _do(competition, entrant, place)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
        else:
            flash(done, "ok")
            return redirect(url_for("organiser.floor"))
    return _describe(entrant, place, problem), status


def _do(competition: Competition, entrant: Entrant, place: tuple[str, str]) -> str:
    """Do what the form asks for; return the message."""
    form, name = request.form, entrant.name
    act = form.get("act", "")
    if act == "note":
        at = _typed_time(form.get("at", ""))
        note_stop(entrant, *place, at, form.get("reason", ""), current_user)
        return _("记下了%(name)s 的停机，设备好了来定怎么补", name=name)
    stop = find_stop(competition, form.get("stop", 0, type=int))
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
    found = _LENGTH.fullmatch(text.strip())
    return int(found[1]) * 60 + int(found[2]) if found else 0


def _describe(entrant: Entrant, place: tuple[str, str], problem: str) -> str:
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
        stops=[_row(stop) for stop in stops],
        open=open_.id if open_ else None,
        length=form.get("length") or f"{lost // 60}:{lost % 60:02}",
        last_at=clock(after) if after else "",
        at=form.get("at") or clock(now),
        reason=form.get("reason", ""),
        act=form.get("act", ""),
        problem=problem,
        why_not=_why_not(entrant, place) if form.get("act") != "note" else "",
    )


def _why_not(entrant: Entrant, place: tuple[str, str]) -> str:
    why = why_not_noted(entrant, *place)
    return say(why) if why is not None else ""


def _row(stop: Stoppage) -> StopRow:
    return StopRow(
        number=stop.id,
        text=_("%(at)s 停：%(why)s", at=moment_said(stop.stopped_at), why=stop.reason),
        said=stop_said(stop),
        by=_by(stop),
        can_undo=why_not_undone(stop) is None,
    )


def _by(stop: Stoppage) -> str:
    who = stop.settler or stop.noter
    return f"{moment_said(stop.settled_at or stop.noted_at)} {who.name}"
