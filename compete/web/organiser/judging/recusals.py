"""回避 on the desk: who has withdrawn, where too few are left, and who steps in."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import MARKING_ROLES, Role
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Judge, Recusal, Sheet
from compete.services.judging.recusal import (
    put_in_substitute,
    recusals_of,
    recuse_from_unit,
    reopen_recused,
    short_panels,
)
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import Refused
from compete.services.sheets.blind_codes import may_see_names
from compete.services.sheets.sheet_lookup import closed_sheets, judges_beside
from compete.sheets.workbook.tables import Table
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link
from compete.web.organiser.judging.sheets.views import sheet_of
from compete.web.organiser.list_book import send_list
from compete.web.pages import posted
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Choice
from compete.web.templating import moment


def _is_a_marker(judge: Judge) -> bool:
    """True if an official marks, and so may withdraw or step in."""
    return (judge.role or Role.JUDGE) in MARKING_ROLES


def _describe_choice(judge: Judge) -> Choice:
    """A judge as a choice of a form."""
    return Choice(value=judge.code, label=f"{judge.code} {judge.name}")


def _free_judges(competition: Competition, sheet: Sheet) -> list[Choice]:
    """Judges without a sheet for this entrant in this module."""
    taken = judges_beside(sheet)
    return [
        _describe_choice(judge)
        for judge in competition.judges
        if _is_a_marker(judge) and judge.id not in taken
    ]


def _recused_from(recusal: Recusal, named: bool) -> str:
    """From whom a judge withdrew; a unit's name only if the reader may see it."""
    if recusal.unit is None:
        return _("一名选手")
    return recusal.unit.name if named else _("一个单位")


def _recusals_page(competition: Competition, refused: Refused | None = None) -> ResponseReturnValue:
    judging = competition.state is CompetitionState.JUDGING
    # Beside the codes that closed, a unit's name would tell whose they are.
    named = may_see_names(competition, competition.events, current_user)
    page = render_template(
        "organiser/judging/recusals.html",
        short=[
            (short_panel, _free_judges(competition, short_panel.sheet))
            for short_panel in short_panels(competition)
        ]
        if judging
        else [],
        recusals=[(recusal, _recused_from(recusal, named)) for recusal in recusals_of(competition)],
        closed=closed_sheets(competition),
        judging=judging,
        judges=[_describe_choice(judge) for judge in competition.judges if _is_a_marker(judge)],
        units=[Choice(value=unit.code, label=unit.name) for unit in competition.units]
        if named
        else [],
        typed=request.form,
        problem=problem_of(refused),
        back=board_link(competition),
    )
    return page, 400 if refused else 200


@face.route("/<code>/recusals", methods=["GET", "POST"])
@guard.may(Right.LEAD)
@only_once
@refusal_on(_recusals_page)
def recusals(competition: Competition) -> ResponseReturnValue:
    """Show who has withdrawn from what; a POST takes a judge off all of a unit."""
    if request.method != "POST":
        return _recusals_page(competition)
    judge = posted(competition.judges, "judge")
    unit = posted(competition.units, "unit")
    made = recuse_from_unit(judge, unit, posted_reason(), current_user)
    flash(_("关了 %(n)s 张评分表", n=len(made.sheets)), "ok")
    return redirect(url_for("organiser.recusals"))


@face.get("/<code>/recusals/list.xlsx")
@guard.may(Right.LEAD)
def recusals_book(competition: Competition) -> Response:
    """Download who has withdrawn from what, and the sheets that this closed, as they are shown."""
    named = may_see_names(competition, competition.events, current_user)
    closed = Table(
        name=msg("停用的评分表"),
        title=msg("停用的评分表"),
        columns=[_("编号"), _("模块"), _("裁判")],
        rows=[
            [
                sheet.label,
                module_title(sheet.entrant.event, sheet.stage, sheet.module),
                f"{sheet.judge.code} {sheet.judge.name}",
            ]
            for sheet in closed_sheets(competition)
        ],
    )
    return send_list(
        competition,
        msg("回避记录"),
        [_("裁判"), _("回避谁"), _("评分表"), _("理由"), _("时间")],
        [
            [
                *(
                    f"{recusal.judge.code} {recusal.judge.name}",
                    _recused_from(recusal, named),
                    len(recusal.sheets),
                ),
                *(recusal.reason, moment(recusal.made_at)),
            ]
            for recusal in recusals_of(competition)
        ],
        closed,
    )


@face.post("/<code>/sheets/<public_id>/substitute")
@guard.may(Right.LEAD)
@only_once
def substitute_judge(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Let another judge step in for one who has withdrawn from this sheet."""
    sheet = sheet_of(competition, public_id)
    judge = posted(competition.judges, "judge")
    made = put_in_substitute(sheet, judge, current_user)
    flash(_("%(name)s 补上了 %(code)s", name=judge.name, code=made.label), "ok")
    return redirect(url_for("organiser.recusals"))


@face.post("/<code>/sheets/<public_id>/reopen")
@guard.may(Right.LEAD)
def reopen_sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Give a sheet closed by mistake back to its judge."""
    sheet = sheet_of(competition, public_id)
    reopen_recused(sheet, posted_reason(), current_user)
    flash(_("%(code)s 又开了，退回给了裁判", code=sheet.label), "ok")
    return redirect(url_for("organiser.recusals"))
