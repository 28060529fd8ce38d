"""回避 on the desk: who has withdrawn, where too few are left, and who steps in."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from compete.domain.values import MARKING_ROLES, CompetitionState, Role, SheetState
from compete.models import Competition, Judge, Recusal, Sheet, Unit, db
from compete.services.judging import recusals_of, recuse_from_unit, reopen, short_panels, substitute
from compete.services.kernel import Refused, module_of, rules_of
from compete.services.sheets import may_see_names
from compete.web import guard
from compete.web.language import say
from compete.web.organiser import face
from compete.web.organiser.sheets import sheet_of
from compete.web.templating import moment


@face.route("/<code>/recusals", methods=["GET", "POST"])
@guard.heads
def recusals(competition: Competition) -> ResponseReturnValue:
    """Who has withdrawn from what; a judge is taken off all of a unit by a POST."""
    problem = None
    if request.method == "POST":
        judge = _judge(competition, request.form.get("judge", ""))
        unit = _unit(competition, request.form.get("unit", ""))
        try:
            made = recuse_from_unit(judge, unit, request.form.get("reason", ""), current_user)
        except Refused as refused:
            problem = say(refused.message)
        else:
            flash(_("关了 %(n)s 张评分表", n=len(made.sheets)), "ok")
            return redirect(url_for("organiser.recusals", code=competition.code))
    judging = competition.state is CompetitionState.JUDGING
    # Beside the codes that closed, a unit's name would tell whose they are.
    named = may_see_names(competition, competition.events, current_user)
    code = competition.code
    page = render_template(
        "organiser/recusals.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        short=[
            {
                "code": one.sheet.label,
                "module": _module_name(one.sheet),
                "left": one.left,
                "least": one.least,
                "url": url_for(
                    "organiser.substitute_judge", code=code, public_id=one.sheet.public_id
                ),
                "judges": _free_judges(competition, one.sheet),
            }
            for one in short_panels(competition)
        ]
        if judging
        else [],
        recusals=[_row(one, named) for one in recusals_of(competition)],
        closed=[_closed(competition, one, judging) for one in _closed_sheets(competition)],
        form={
            "judges": [_choice(one) for one in competition.judges if _marks(one)],
            "units": [{"value": one.code, "label": one.name} for one in competition.units]
            if named
            else [],
            "values": request.form,
        }
        if judging
        else None,
        problem=problem,
        urls={"back": url_for("organiser.progress", code=code)},
    )
    return page, 400 if problem else 200


@face.post("/<code>/sheets/<public_id>/substitute")
@guard.heads
def substitute_judge(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Another judge steps in for one who has withdrawn from this sheet."""
    sheet = sheet_of(competition, public_id)
    judge = _judge(competition, request.form.get("judge", ""))
    made = substitute(sheet, judge, current_user)
    flash(_("%(name)s 补上了 %(code)s", name=judge.name, code=made.label), "ok")
    return redirect(url_for("organiser.recusals", code=competition.code))


@face.post("/<code>/sheets/<public_id>/reopen")
@guard.heads
def reopen_sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """A sheet closed by mistake goes back to its judge."""
    sheet = sheet_of(competition, public_id)
    reopen(sheet, request.form.get("reason", ""), current_user)
    flash(_("%(code)s 又开了，退回给了裁判", code=sheet.label), "ok")
    return redirect(url_for("organiser.recusals", code=competition.code))


def _judge(competition: Competition, code: str) -> Judge:
    judge = next((one for one in competition.judges if one.code == code), None)
    if judge is None:
        abort(400)
    return judge


def _unit(competition: Competition, code: str) -> Unit:
    unit = next((one for one in competition.units if one.code == code), None)
    if unit is None:
        abort(400)
    return unit


def _marks(judge: Judge) -> bool:
    return (judge.role or Role.JUDGE) in MARKING_ROLES


def _choice(judge: Judge) -> dict[str, str]:
    return {"value": judge.code, "label": f"{judge.code} {judge.name}"}


def _free_judges(competition: Competition, sheet: Sheet) -> list[dict[str, str]]:
    """Judges without a sheet for this entrant in this module."""
    taken = set(
        db.session.scalars(
            select(Sheet.judge_id).where(
                Sheet.entrant_id == sheet.entrant_id,
                Sheet.stage == sheet.stage,
                Sheet.module == sheet.module,
            )
        )
    )
    return [_choice(one) for one in competition.judges if _marks(one) and one.id not in taken]


def _module_name(sheet: Sheet) -> str:
    return module_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module).name


def _row(one: Recusal, named: bool) -> dict[str, Any]:
    unit = one.unit.name if one.unit and named else _("一个单位")
    return {
        "judge": f"{one.judge.code} {one.judge.name}",
        "whom": unit if one.unit else _("一名选手"),
        "count": len(one.sheets),
        "reason": one.reason,
        "at": moment(one.made_at),
    }


def _closed_sheets(competition: Competition) -> list[Sheet]:
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.competition_id == competition.id, Sheet.state == SheetState.WITHDRAWN)
            .order_by(Sheet.label, Sheet.judge_id)
        )
    )


def _closed(competition: Competition, sheet: Sheet, judging: bool) -> dict[str, Any]:
    return {
        "id": sheet.public_id,
        "code": sheet.label,
        "module": _module_name(sheet),
        "judge": f"{sheet.judge.code} {sheet.judge.name}",
        "url": url_for("organiser.reopen_sheet", code=competition.code, public_id=sheet.public_id)
        if judging
        else None,
    }
