"""The field record on the judge's tablet: filled in by the judge, signed by the contestant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Judge, Sheet
from compete.services.judging.field_records import (
    field_facts,
    record_field,
    standing_record,
    stops_on,
)
from compete.services.judging.own_times import known_time
from compete.services.judging.tablet_view import find_sheet, sheet_data
from compete.services.kernel.refusal import Refused
from compete.services.kernel.untrusted_json import read_json
from compete.services.sheets.locks_in_force import is_locked
from compete.services.sheets.working_times import time_sentence
from compete.web import guard
from compete.web.guard import judge_mark
from compete.web.judge.sheet_json import stop_words
from compete.web.judge.views import face, this_judge
from compete.web.language import say
from compete.web.once import only_once
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import clock, moment_in_sentence
from compete.web.words import told_record

_FIELDS = ("started", "ended", "extra_minutes", "violations")


def _sheet(judge: Judge, public_id: str) -> Sheet:
    """The judge's sheet; 404 where there is none, or no record is written beside it."""
    sheet = or_404(find_sheet(judge, public_id))
    return abort(404) if sheet.entrant.event.blind else sheet


def _filled() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in _FIELDS}


def _page(public_id: str, refused: Refused | None = None) -> ResponseReturnValue:
    judge = this_judge()
    sheet = _sheet(judge, public_id)
    record = standing_record(sheet)
    locked = is_locked(sheet.entrant, sheet.stage, sheet.module)
    page = render_template(
        "judge/field.html",
        judge_id=judge_mark(judge),
        sheet=sheet,
        time=say(time_sentence(known_time(sheet))),
        stops=[stop_words(stop) for stop in stops_on(sheet)],
        values=_filled() if refused else _clock_times(sheet),
        signed=told_record(record) | {"at": moment_in_sentence(record.signed_at)}
        if record
        else None,
        problem=problem_of(refused),
        # What was drawn comes back with an error; never from what is stored.
        drawing=request.form.get("drawing", ""),
        writing=refused is not None or ("again" in request.args and not locked),
        locked=locked,
    )
    return page, 400 if refused else 200


@face.route("/sheets/<public_id>/field", methods=["GET", "POST"])
@guard.may(Right.MARK)
@only_once
@refusal_on(_page)
def field_record(public_id: str) -> ResponseReturnValue:
    """Write down times, extra time and violations; the contestant signs."""
    if request.method != "POST":
        return _page(public_id)
    judge = this_judge()
    sheet = _sheet(judge, public_id)
    drawing = read_json(request.form.get("drawing", ""), dict[str, Any])
    record_field(sheet, judge, drawing=drawing, by=current_user, **_filled())
    flash(_("现场记录签好了"), "ok")
    # The script opens the page itself: what it follows would use the message up.
    if request.headers.get("Prefer") == "return=minimal":
        return "", 204
    return redirect(url_for("judge.field_record", public_id=public_id))


def _clock_times(sheet: Sheet) -> dict[str, str]:
    """Times to begin with: those of the stop-watch."""
    record = standing_record(sheet)
    if record is not None:
        facts = field_facts(record)
        return {name: str(facts[name] or "") for name in _FIELDS} | _extra_time(
            facts["extra_minutes"] * 60 + facts.get("extra_seconds", 0)
        )
    times = {"started": "", "ended": ""}
    for act in sheet_data(sheet)["watch"]:
        if act["kind"] == "watch_start" and not times["started"]:
            times["started"] = _clock(act["at"])
        if act["kind"] == "watch_stop":
            times["ended"] = _clock(act["at"])
    given = sum(stop.seconds or 0 for stop in stops_on(sheet))
    return {**times, **_extra_time(given), "violations": ""}


def _extra_time(seconds: int) -> dict[str, str]:
    """Extra time as it is typed: `2`, `11:20`, or nothing."""
    minutes, rest = divmod(seconds, 60)
    typed = f"{minutes}:{rest:02}" if rest else str(minutes or "")
    return {"extra_minutes": typed}


def _clock(text: str | None) -> str:
    try:
        return clock(datetime.fromisoformat(text)) if text else ""
    except ValueError:
        return ""
