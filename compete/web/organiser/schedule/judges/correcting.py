"""更正工作人员, the page: the right name and unit of an official."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Judge, Unit
from compete.services.competitions.officials_upload import remove_official, why_official_stays
from compete.services.kernel.refusal import Refused
from compete.services.registration.officials import correct_official as write_right
from compete.services.registration.units.unit_list import LONGEST_UNIT
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.schedule.judges.view_model import find_official, unit_choices
from compete.web.organiser.shapes import competition_link
from compete.web.pages import of_code
from compete.web.refusals import status_of


def chosen_unit(competition: Competition, code: str) -> Unit | None:
    """The unit of a code that was chosen; None for none. Another code gives a 400."""
    return of_code(competition.units, code, 400) if code else None


@face.route("/<code>/judges/<judge_code>/correct", methods=["GET", "POST"])
@guard.may(Right.APPOINT)
def correct_official(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """The name and the unit as they are, to be put right."""
    judge = find_official(competition, judge_code)
    if competition.state is CompetitionState.FINAL:
        abort(404)
    if request.method == "GET":
        listed = judge.unit.code if judge.unit else ""
        elsewhere = "" if judge.unit else judge.unit_name
        return _page(competition, judge, judge.name, listed, elsewhere)
    name, chosen = request.form.get("name", ""), request.form.get("unit", "")
    unit, other = chosen_unit(competition, chosen), request.form.get("other")
    home = judge.unit, judge.unit_name
    try:
        changed = write_right(
            judge, name, unit, request.form.get("reason", ""), current_user, other=other
        )
    except Refused as refused:
        problem = say(refused.message)
        page = _page(competition, judge, name, chosen, other or "", problem)
        return page, status_of(refused)
    if changed:
        told = {"code": judge.code, "name": judge.name}
        if home == (judge.unit, judge.unit_name):
            flash(_("更正了 %(code)s %(name)s", **told), "ok")
        else:
            said = _(
                "更正了 %(code)s %(name)s。单位变了，回避跟着变，在“裁判分工”里再看一遍", **told
            )
            flash(said, "ok")
    else:
        flash(_("没有要改的"), "info")
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


@face.post("/<code>/judges/<judge_code>/remove")
@guard.may(Right.APPOINT)
def drop_official(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Take somebody off the list who was added by mistake."""
    judge = find_official(competition, judge_code)
    name = judge.name
    remove_official(judge, current_user)
    flash(_("%(name)s 不在名单里了", name=name), "ok")
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


def _page(
    competition: Competition,
    judge: Judge,
    name: str,
    unit: str,
    other: str,
    problem: str | None = None,
) -> str:
    return render_template(
        "organiser/schedule/judges/correct.html",
        competition=competition_link(competition),
        code=competition.code,
        judge=judge,
        name=name,
        unit=unit,
        units=unit_choices(competition),
        other=other,
        longest=LONGEST_UNIT,
        reason=request.form.get("reason", ""),
        asks_reason=competition.state is not CompetitionState.REGISTERING,
        problem=problem,
        stays=why_official_stays(judge),
    )
