"""回避 on the judge's tablet: from one entrant, or from everybody of a unit."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Judge, Sheet
from compete.services.judging.recusal import recuse_from_entrant, recuse_from_unit
from compete.services.judging.tablet_view import find_sheet
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import get_row
from compete.web import guard
from compete.web.guard import judge_mark
from compete.web.judge.views import face, this_judge
from compete.web.once import only_once
from compete.web.pages import or_404
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Choice

ENTRANT = "entrant"


def _page(public_id: str, refused: Refused | None = None) -> ResponseReturnValue:
    judge = this_judge()
    sheet = or_404(find_sheet(judge, public_id))
    page = render_template(
        "judge/recusal.html",
        judge_id=judge_mark(judge),
        sheet=sheet,
        choices=_choices(judge, sheet),
        chosen=request.form.get("whom", ENTRANT),
        reason=posted_reason(),
        problem=problem_of(refused),
    )
    return page, 400 if refused else 200


@face.route("/sheets/<public_id>/withdraw", methods=["GET", "POST"])
@guard.may(Right.MARK)
@only_once
@refusal_on(_page)
def recuse(public_id: str) -> ResponseReturnValue:
    """Recuse a judge with a reason: the sheet closes, and others go on without this judge."""
    if request.method != "POST":
        return _page(public_id)
    judge = this_judge()
    count = _recuse(judge, or_404(find_sheet(judge, public_id)))
    flash(_("你回避了，%(n)s 张评分表已停用", n=count), "ok")
    return redirect(url_for("judge.home"))


def _recuse(judge: Judge, sheet: Sheet) -> int:
    whom, reason = request.form.get("whom", ENTRANT), posted_reason()
    if whom == ENTRANT:
        return len(recuse_from_entrant(sheet, reason, current_user).sheets)
    competition = get_row(Competition, judge.competition_id)
    unit = next((known_unit for known_unit in competition.units if known_unit.code == whom), None)
    if unit is None:
        abort(400)
    return len(recuse_from_unit(judge, unit, reason, current_user).sheets)


def _choices(judge: Judge, sheet: Sheet) -> list[Choice]:
    """List the choices: this entrant; and, if no event is blind, the units."""
    choices = [Choice(value=ENTRANT, label=_("只回避 %(code)s", code=sheet.label))]
    competition = get_row(Competition, judge.competition_id)
    if any(event.blind for event in competition.events):
        return choices
    return choices + [
        Choice(value=unit.code, label=_("%(unit)s的全部选手", unit=unit.name))
        for unit in competition.units
    ]
