"""The page on which many people's times are moved: who, from when to when, what is against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from flask import render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from compete.domain.stations import station_order
from compete.models import Competition
from compete.services.kernel.clock import local_zone
from compete.services.kernel.refusal import Refused
from compete.services.schedule.delaying import (
    Batch,
    Shift,
    check_minutes,
    fingerprint,
    shifts,
    why_not_delayed,
)
from compete.web.language import say
from compete.web.shapes import Choice
from compete.web.templating import near_day

_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class AskedTimes:
    """What the form says: texts as they were written, and what they mean where they can be read."""

    batch: Batch
    since: str
    minutes: str
    number: int | None
    reason: str = ""


def read_times(form: MultiDict[str, str], day: date) -> AskedTimes:
    """The form's fields; a time or number that can't be read counts as none."""
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
    return AskedTimes(batch, since, minutes, number, form.get("reason", ""))


def describe_times(competition: Competition, asked: AskedTimes, problem: str = "") -> str:
    """The page; without minutes that can be read it lists nobody yet."""
    batch = asked.batch
    everybody = shifts(competition, Batch(day=batch.day), 0)
    planned, why_not, wrong = _planned(competition, asked)
    events = {event.code: event.name for event in competition.events}
    return render_template(
        "organiser/floor/times.html",
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
        problem=problem,
        minutes_problem=wrong,
    )


def _planned(competition: Competition, asked: AskedTimes) -> tuple[list[Shift], str, str]:
    """Who would move, why they can't, and what is wrong with the minutes."""
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
    found = [Choice(value=code, label=(names or {}).get(code, code)) for code in codes if code]
    return [Choice(value="", label=whole), *found] if len(found) > 1 else []
