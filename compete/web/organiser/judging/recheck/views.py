"""复核: what is left, entering a sheet again without seeing its marks, what came of it."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.recheck import Ruling
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Event, RecheckEntry
from compete.services.closing.recheck import (
    LookAgainError,
    add_moved,
    correct_ruling,
    draw_recheck,
    enter_recheck,
    may_enter_recheck,
    overseer_by_pin,
    rule_difference,
    why_not_recheck,
)
from compete.services.closing.recheck_scope import recheck_settings
from compete.services.closing.recheck_state import (
    RecheckStanding,
    is_listed,
    recheck_round,
    recheck_state_of,
)
from compete.services.competitions.details import change_recheck
from compete.services.kernel.event_rules import module_of_sheet, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.judging.recheck.entry_form import describe_sheet, read_fields
from compete.web.organiser.judging.recheck.view_model import (
    RecheckForm,
    describe_queue,
    describe_result,
    rounds_of,
)
from compete.web.organiser.list_book import send_list
from compete.web.pages import of_code, or_404
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import refusal_on
from compete.web.words import heads_in


@face.get("/<code>/recheck")
@guard.may(Right.FOLLOW_PAPER)
def recheck(competition: Competition) -> ResponseReturnValue:
    """Every stage's round: what is left, and the rule by which it was drawn."""
    return describe_queue(competition)


@face.get("/<code>/recheck/list.xlsx")
@guard.may(Right.FOLLOW_PAPER)
def recheck_book(competition: Competition) -> Response:
    """The sheets of every stage's round, as they are shown."""
    rows = [
        [round.title, line.label, line.module, line.judge, line.why, line.word, line.who]
        for round in rounds_of(competition)
        for line in round.lines
    ]
    heads = (_("赛项"), _("编号"), _("模块"), _("裁判"), _("为什么"), _("状态"), _("谁录的"))
    return send_list(competition, msg("复核"), heads, rows)


def _refused_rule(competition: Competition, refused: Refused) -> str:
    form = RecheckForm()
    if problem := form.shown_again(refused):
        flash(problem, "bad")
    return describe_queue(competition, rule=form)


@face.post("/<code>/recheck/settings")
@guard.may(Right.SET_UP)
@refusal_on(_refused_rule)
def recheck_rules(competition: Competition) -> ResponseReturnValue:
    """Set whether re-checking is required, and how much of it."""
    form = RecheckForm()
    wanted = form.taken(recheck_settings(competition))
    waits = change_recheck(competition, wanted, by=current_user, why=form.why.data or "")
    flash(_("提出了，等第二个人同意") if waits else _("复核规则改好了"), "ok")
    return _to_recheck()


def _refused_draw(competition: Competition, event: str, stage: str, refused: Refused) -> str:
    typed = {name: request.form.get(name, "") for name in ("said", "overseer")}
    return describe_queue(
        competition, {"event": event, "stage": stage, **typed, "error": say(refused.message)}
    )


@face.post("/<code>/recheck/draw/<event>/<stage>")
@guard.may(Right.RECHECK)
@only_once
@refusal_on(_refused_draw)
def recheck_draw(competition: Competition, event: str, stage: str) -> ResponseReturnValue:
    """Draw a stage, once; where it can't be, what the supervisor said stays in its field."""
    event_row = _stage(competition, event, stage)
    words, number = request.form.get("said", ""), posted_text("overseer")
    pin = request.form.get("pin", "")
    beside = overseer_by_pin(competition, number, pin) if words.strip() and number else None
    round = draw_recheck(event_row, stage, current_user, words, overseer=beside)
    flash(_("抽好了，要复核 %(n)s 张", n=len(round.entries)), "ok")
    return _to_recheck()


@face.post("/<code>/recheck/add/<event>/<stage>")
@guard.may(Right.RECHECK)
@only_once
def recheck_add(competition: Competition, event: str, stage: str) -> ResponseReturnValue:
    """Add who has come into the top since the draw."""
    round = or_404(recheck_round(_stage(competition, event, stage), stage))
    moved = add_moved(round, current_user)
    flash(_("补进 %(who)s", who=heads_in(len(moved), competition)), "ok")
    return _to_recheck()


@face.get("/<code>/recheck/<int:entry_id>")
@guard.may(Right.FOLLOW_PAPER)
def recheck_sheet(competition: Competition, entry_id: int) -> ResponseReturnValue:
    """The empty sheet for a second person; the marks it holds are not on the page."""
    entry = _entry(competition, entry_id)
    if not may_enter_recheck(entry, current_user):
        abort(403)
    standing = recheck_state_of(entry.round).line_of(entry).standing
    if standing is not RecheckStanding.WAITING:
        flash(_("%(code)s 这一张已经录过了", code=entry.sheet.label), "warn")
        return _to_recheck()
    if why_not_recheck(competition, current_user) is not None:
        # The list says why, and who can.
        return _to_recheck()
    return describe_sheet(entry)


@face.post("/<code>/recheck/<int:entry_id>")
@guard.may(Right.FOLLOW_PAPER)
@only_once
def recheck_enter(competition: Competition, entry_id: int) -> ResponseReturnValue:
    """Take what was entered; show each fault beside its field."""
    entry = _entry(competition, entry_id)
    typed = request.form.to_dict()
    values, faults = read_fields(module_of_sheet(entry.sheet), typed)
    looked_again = typed.get("looked_again") == "1"
    doubts: list[str] = []
    if not faults:
        try:
            standing = enter_recheck(entry, values, current_user, looked_again=looked_again)
        except LookAgainError as asked:
            doubts = asked.aspects
        else:
            return _next(entry, standing)
    page = describe_sheet(entry, typed, faults, doubts, looked_again=looked_again or bool(doubts))
    return page, 400 if faults else 200


@face.get("/<code>/recheck/<int:entry_id>/result")
@guard.may(Right.RECHECK)
def recheck_result(competition: Competition, entry_id: int) -> ResponseReturnValue:
    """Show the sheet and the second person's reading, side by side."""
    entry = _entry(competition, entry_id)
    if entry.entered is None:
        abort(404)
    return describe_result(competition, entry)


@face.post("/<code>/recheck/<int:entry_id>/rule")
@guard.may(Right.RECHECK)
def recheck_rule(competition: Competition, entry_id: int) -> ResponseReturnValue:
    """Say which of the two was wrong."""
    entry = _entry(competition, entry_id)
    rule_difference(entry, _sent_ruling(), posted_reason(), current_user)
    if entry.round.forced_at:
        flash(_("错误率超过上限，全部评分表都要复核"), "warn")
    else:
        flash(_("%(code)s 裁定好了", code=entry.sheet.label), "ok")
    return _to_recheck()


@face.post("/<code>/recheck/<int:entry_id>/correct")
@guard.may(Right.RULE)
def recheck_correct(competition: Competition, entry_id: int) -> ResponseReturnValue:
    """Rule otherwise as the chief judge; both rulings stay."""
    entry = _entry(competition, entry_id)
    correct_ruling(entry, _sent_ruling(), posted_reason(), current_user)
    flash(_("%(code)s 的裁定更正了，原来的也留着", code=entry.sheet.label), "ok")
    return redirect(url_for("organiser.recheck_result", entry_id=entry.id))


def _sent_ruling() -> Ruling:
    try:
        return Ruling(request.form.get("ruling", ""))
    except ValueError:
        abort(400)


def _next(entry: RecheckEntry, standing: RecheckStanding) -> ResponseReturnValue:
    """Go to the next sheet that this person may enter, or back to the list."""
    code = entry.sheet.label
    if standing is RecheckStanding.SAME:
        flash(_("%(code)s 一致", code=code), "ok")
    else:
        flash(_("%(code)s 有出入，等裁判长裁定", code=code), "warn")
    for line in recheck_state_of(entry.round).lines:
        if line.standing is RecheckStanding.WAITING and may_enter_recheck(line.entry, current_user):
            return redirect(url_for("organiser.recheck_sheet", entry_id=line.entry.id))
    return _to_recheck()


def _entry(competition: Competition, entry_id: int) -> RecheckEntry:
    entry = find(RecheckEntry, entry_id)
    if entry is None or entry.sheet.competition_id != competition.id or not is_listed(entry):
        abort(404)
    return entry


def _stage(competition: Competition, event: str, stage: str) -> Event:
    event_row = of_code(competition.events, event)
    of_code(rules_of(event_row).stages, stage)
    return event_row


def _to_recheck() -> ResponseReturnValue:
    return redirect(url_for("organiser.recheck"))
