"""The chief judge's acts at the console: re-marks, reminders, locks; and the live board."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.models import Competition, Event, Job, LockEntry, Sheet
from compete.services.closing.attempt_waivers import waive_attempt
from compete.services.closing.competition_lock import lock_module_or_ask
from compete.services.closing.module_locks import (
    ask_unlock,
    confirm_unlock,
    drop_unlock,
    set_must_sign,
)
from compete.services.judging.accepted_doubts import doubt_again, find_right
from compete.services.judging.disputes import send_panel_back
from compete.services.judging.sent_back_sheets import remind, send_sheet_back
from compete.services.kernel.event_rules import module_title
from compete.services.sheets.sheet_lookup import sheet_by_id
from compete.sheets.workbook.tables import Table, Value
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_url
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.judging.progress.view_model import (
    board_lists,
    describe_board,
    describe_live,
)
from compete.web.organiser.judging.sheets.views import sheet_of
from compete.web.organiser.list_book import send_list
from compete.web.organiser.live_parts import live_parts
from compete.web.organiser.places import chosen_place, places_of
from compete.web.pages import or_404, own_row
from compete.web.posted import posted_reason, posted_text

_PARTS = ("ticks", "first", "stations", "right", "lacking", "locks", "lock_button")


@face.get("/<code>/progress")
@guard.may(Right.SEE)
def progress(competition: Competition) -> ResponseReturnValue:
    """Show which sheets are missing, by judge and contestant; without an event there are none."""
    if not competition.events:
        flash(_("还没有赛项，没有评分表"), "info")
        return redirect(url_for("organiser.judges", people=1))
    return describe_board(competition)


@face.get("/<code>/progress/list.xlsx")
@guard.may(Right.SEE)
def progress_book(competition: Competition) -> Response:
    """A module's sheets by station and judge; on a second sheet everybody who lacks some."""
    stations, lacking = board_lists(competition, chosen_place(places_of(competition)))
    rows: list[list[Value]] = [
        [station.name, cell.judge, cell.done, cell.all, cell.seen]
        for station in stations
        for cell in station.cells
    ]
    title = msg("谁还缺评分表")
    left = Table(
        name=title,
        title=title,
        columns=(_("编号"), _("姓名"), _("缺谁的")),
        rows=[[row.number, row.name or "—", say(listed(row.missing))] for row in lacking],
        frozen=1,
    )
    heads = (_("工位"), _("裁判"), _("已提交"), _("一共"), _("平板"))
    return send_list(competition, msg("评分进度"), heads, rows, left)


@face.get("/<code>/progress/live")
@guard.only_watches
@guard.may(Right.SEE)
def progress_live(competition: Competition) -> ResponseReturnValue:
    """The parts of the board that change."""
    return live_parts(
        competition,
        "organiser/judging/progress",
        _PARTS,
        lambda: describe_live(competition, chosen_place(places_of(competition))),
    )


@face.post("/<code>/sheets/<public_id>/return")
@guard.may(Right.LEAD)
def send_back(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Send a sheet back to its judge, with a reason."""
    sheet = or_404(sheet_by_id(competition, public_id))
    send_sheet_back(sheet, posted_reason(), current_user)
    flash(_("已退回 %(label)s", label=sheet.label), "ok")
    return _to_board_of(sheet)


@face.post("/<code>/sheets/<public_id>/waive")
@guard.may(Right.LEAD)
@only_once
def waive(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Record with a reason that the sheet's contestant waives this attempt."""
    sheet = sheet_of(competition, public_id)
    label, event = sheet.label, sheet.entrant.event
    module = module_title(event, sheet.stage, sheet.module)
    waive_attempt(sheet, posted_reason(), current_user)
    flash(_("%(code)s 放弃了“%(module)s”", code=label, module=module), "ok")
    return _to_board_of(sheet_of(competition, public_id))


@face.post("/<code>/sheets/<public_id>/remark")
@guard.may(Right.RULE)
@only_once
def remark(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Send all sheets of the sheet's panel back; the named aspects are marked again."""
    sheet = sheet_of(competition, public_id)
    named = [code for code in request.form.get("aspects", "").split(",") if code]
    sent = send_panel_back(sheet, named, posted_reason(), current_user)
    flash(_("%(code)s 退回给 %(n)s 位裁判重评了", code=sent[0].label, n=len(sent)), "ok")
    return _to_board_of(sent[0])


@face.post("/<code>/sheets/<public_id>/remind", endpoint="remind")
@guard.may(Right.LEAD)
@only_once
def post_remind(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Remind the judge of a sheet that was sent back; the tablet says so."""
    sheet = sheet_of(competition, public_id)
    remind(sheet, current_user)
    flash(_("提醒了裁判 %(judge)s：%(code)s", judge=sheet.judge.code, code=sheet.label), "ok")
    return _to_board_of(sheet)


@face.post("/<code>/sheets/<public_id>/right", endpoint="find_right")
@guard.may(Right.RULE)
def post_right(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Mark a doubtful value as looked at and right: an aspect's, or the sheet's total."""
    sheet, form = sheet_of(competition, public_id), request.form
    find_right(sheet, form.get("aspect") or None, form.get("value", ""), current_user)
    flash(_("记下了：%(label)s 看过，没错", label=sheet.label), "ok")
    return _to_board_of(sheet)


@face.post("/<code>/sheets/<public_id>/doubt", endpoint="doubt_again")
@guard.may(Right.RULE)
def post_doubt(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Take back that a doubtful value is right."""
    sheet = sheet_of(competition, public_id)
    doubt_again(sheet, request.form.get("aspect") or None, current_user)
    flash(_("撤销了，%(label)s 又列在“先处理”里", label=sheet.label), "ok")
    return _to_board_of(sheet)


@face.post("/<code>/locks", endpoint="lock_module")
@guard.may(Right.LOCK)
def post_lock(competition: Competition) -> ResponseReturnValue:
    """Lock a module, or one session of it."""
    form = request.form
    event = next((it for it in competition.events if it.code == form.get("event")), None)
    if event is None:
        abort(400)
    try:
        lock = lock_module_or_ask(
            event,
            posted_text("stage"),
            posted_text("module"),
            current_user,
            form.get("session") or None,
        )
    except KeyError:
        abort(400)
    if isinstance(lock, Job):
        return redirect(job_url(lock))
    flash(_("锁定了，第 %(n)s 版", n=lock.version), "ok")
    return _to_board(lock.event, lock.stage, lock.module)


@face.post("/<code>/locks/<int:number>/ask", endpoint="ask_unlock")
@guard.may(Right.LOCK)
def post_ask(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask to open a lock, as the first of two, with a reason."""
    lock = own_row(LockEntry, competition, number)
    ask_unlock(lock, posted_reason(), current_user)
    flash(_("申请了。要另一个人在这里确认，才会解锁"), "ok")
    return _to_board(lock.event, lock.stage, lock.module)


@face.post("/<code>/locks/<int:number>/confirm", endpoint="confirm_unlock")
@guard.may(Right.AGREE)
def post_confirm(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree to open it, as the second of two; a supervisor may be that one."""
    lock = own_row(LockEntry, competition, number)
    confirm_unlock(lock, current_user)
    flash(_("解锁了，可以退回评分表。改完再锁定，就是新的一版"), "ok")
    return _to_board(lock.event, lock.stage, lock.module)


@face.post("/<code>/locks/<int:number>/keep", endpoint="keep_lock")
@guard.may(Right.LOCK)
def post_keep(competition: Competition, number: int) -> ResponseReturnValue:
    """Take back what was asked."""
    lock = own_row(LockEntry, competition, number)
    drop_unlock(lock, current_user)
    return _to_board(lock.event, lock.stage, lock.module)


@face.post("/<code>/must-sign")
@guard.may(Right.SET_UP)
def must_sign_setting(competition: Competition) -> ResponseReturnValue:
    """Set whether a module is locked only when every sheet is signed."""
    set_must_sign(competition, request.form.get("wanted") == "yes", current_user)
    return redirect(url_for("organiser.progress") + "#locks")


def _to_board_of(sheet: Sheet) -> ResponseReturnValue:
    return _to_board(sheet.entrant.event, sheet.stage, sheet.module)


def _to_board(event: Event, stage: str, module: str) -> ResponseReturnValue:
    return redirect(board_url(event, stage, module))
