"""The judge's pages: what is left to do, and one sheet. Codes alone, never a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.typed_numbers import code_as_typed
from compete.domain.values.messages import some_of
from compete.domain.values.rights import Right
from compete.domain.values.states import SheetState
from compete.models import Entrant, Judge, utc_now
from compete.services.closing.attempt_waivers import is_waivable
from compete.services.examinations.essays import exams_to_mark
from compete.services.judging.field_records import standing_record
from compete.services.judging.recusal import closing_of
from compete.services.judging.tablet_view import find_sheet, home_data, sheets_of_entrant
from compete.services.results.contestants import find_by_badge
from compete.services.schedule.calendars import calendar_key
from compete.services.sheets.stage_closings import not_in_stage
from compete.web import guard
from compete.web.assets.packed import packed_page
from compete.web.guard import judge_mark
from compete.web.headers import with_camera
from compete.web.judge.sheet_json import whole_home, whole_sheet
from compete.web.language import say
from compete.web.pages import or_404
from compete.web.script_translations import tablet_words
from compete.web.templating import day_of_week, zone


def _closed_page(judge: Judge, public_id: str) -> ResponseReturnValue:
    """The page of a sheet that 回避 closed, GONE; any other's is not found."""
    closing = or_404(closing_of(judge, public_id))
    sheet, recusal, by = closing.sheet, closing.recusal, closing.by
    own = by is not None and by.id == current_user.id
    page = render_template(
        "judge/recused.html",
        judge_id=judge_mark(judge),
        code=sheet.label,
        passed_over=not_in_stage(sheet.label) if closing.passed_over else None,
        recusal=recusal if by is not None else None,
        by=by,
        own=own,
        # Another's reason may name the unit, which beside a blind code would tell whose it is.
        tells=own or not sheet.entrant.event.blind,
    )
    return page, 410


def where_words(places: Iterable[tuple[str, str | None]], now: datetime | None = None) -> list[str]:
    """Modules, stations and the day, as far as there are any; `places`: those of each sheet."""
    here = list(places)
    modules = list(dict.fromkeys(module for module, _station in here))
    stations = list(dict.fromkeys(station for _module, station in here if station))
    parts = [say(some_of(modules, 2)), say(some_of(stations, 2)), _today(now or utc_now())]
    return list(dict.fromkeys(part for part in parts if part))


def _today(now: datetime) -> str:
    return day_of_week(now.astimezone(zone()).date())


face = Blueprint("judge", __name__, url_prefix="/judge")


def this_judge() -> Judge:
    """The judge whose tablet this is."""
    judge = g.judging.judge
    if judge is None:
        abort(403)
    assert isinstance(judge, Judge)
    return judge


@face.get("/")
@guard.may(Right.MARK)
def home() -> ResponseReturnValue:
    """Show the judge the work that is left."""
    judge = this_judge()
    data = whole_home(judge)
    page = render_template(
        "judge/home.html",
        judge_id=judge_mark(judge),
        data=data,
        words=tablet_words(),
        calendar=url_for("public.member_schedule", key=calendar_key(g.judging)),
        competition=data["competition"],
        marks_essays=bool(exams_to_mark(judge)),
        where=where_words((row["module"], row["station"]) for row in data["sheets"]),
    )
    return with_camera(packed_page(page))


@face.get("/sign")
@guard.may(Right.MARK)
def sign() -> ResponseReturnValue:
    """The submitted sheets with their totals, to be signed with one PIN."""
    judge = this_judge()
    page = render_template(
        "judge/sign.html",
        judge_id=judge_mark(judge),
        data=whole_home(judge),
        has_pin=current_user.pin_hash is not None,
        words=tablet_words(),
    )
    return packed_page(page)


@face.get("/sheets/<public_id>")
@guard.may(Right.MARK)
def sheet(public_id: str) -> ResponseReturnValue:
    """Show one sheet of this judge."""
    judge = this_judge()
    own_sheet = find_sheet(judge, public_id)
    if own_sheet is None:
        return _closed_page(judge, public_id)
    data = whole_sheet(own_sheet, current_user)
    # A sample may call the session or the station by the module's name: said once.
    parts = (data["station"], data["session"], data["module"])
    where = list(dict.fromkeys(part for part in parts if part))
    page = render_template(
        "judge/sheet.html",
        judge_id=judge_mark(judge),
        where=where,
        data=data,
        words=tablet_words(),
        waives=is_waivable(own_sheet),
        # A contestant's own hand beside a blind code would tell who is who.
        field=None
        if own_sheet.entrant.event.blind
        else url_for("judge.field_record", public_id=public_id),
        # What the contestant has signed is shown once marks are locked.
        signed=standing_record(own_sheet) is not None,
    )
    return packed_page(page)


@face.get("/scan")
@guard.may(Right.MARK)
def scan() -> ResponseReturnValue:
    """Open a sheet by the code on it, or by a badge's QR code."""
    judge = this_judge()
    wanted = request.args.get("code", "").strip()
    target = _sheet_for(judge, wanted) if wanted else None
    if target is None:
        problem = _not_found(judge, wanted) if wanted else None
        page = render_template(
            "judge/scan.html", judge_id=judge_mark(judge), problem=problem, words=tablet_words()
        )
        return with_camera(page)
    return redirect(url_for("judge.sheet", public_id=target))


def _not_found(judge: Judge, wanted: str) -> str:
    """Say why nothing opens. A badge is called by its number: its address tells nobody anything."""
    entrant = _by_badge(judge, wanted)
    if entrant is not None and entrant.event.blind:
        return _("盲评不看参赛证，写加密号")
    if entrant is None and "/" in wanted:
        return _("这个码不是这场竞赛的参赛证，或者证已经换过码")
    return _("没有你的“%(code)s”评分表", code=entrant.code if entrant else wanted[-40:])


def _by_badge(judge: Judge, wanted: str) -> Entrant | None:
    """Find the contestant of this competition by a badge."""
    entrant = find_by_badge(wanted.rstrip("/").rsplit("/", 1)[-1])
    return entrant if entrant and entrant.competition_id == judge.competition_id else None


def _sheet_for(judge: Judge, wanted: str) -> str | None:
    rows = home_data(judge)["sheets"]
    mine = [row for row in rows if row["code"].casefold() == wanted.casefold()]
    if not mine:
        alike = [row for row in rows if code_as_typed(row["code"]) == code_as_typed(wanted)]
        # Where two codes differ in a dash alone, which of them is meant must be typed.
        mine = alike if len({row["code"] for row in alike}) == 1 else []
    if not mine:
        entrant = _by_badge(judge, wanted)
        if entrant is None or entrant.event.blind:
            return None
        sheets = sheets_of_entrant(judge, entrant)
        return sheets[0].public_id if sheets else None
    done = {SheetState.SUBMITTED.value, SheetState.SIGNED.value}
    mine.sort(key=lambda row: row["state"] in done)
    return mine[0]["id"]
