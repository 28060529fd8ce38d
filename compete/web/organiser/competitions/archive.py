"""Putting a competition away with its name typed, and bringing it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.competitions.archive import bring_back, put_away, why_not_put_away
from compete.services.competitions.overview import brief_of
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_look import make_fact
from compete.web.refusals import problem_of, refusal_on


def _put_away_page(competition: Competition, refused: Refused | None = None) -> str:
    """Show what archiving will do, with the typed values."""
    why = why_not_put_away(competition)
    who = (
        _("%(n)s 名选手", n=brief_of(competition).entrants)
        if competition_kind(competition).of_people
        else _("%(n)s 个单位", n=len(competition.units))
    )
    facts = [
        make_fact(
            _("竞赛的列表里没有它了"), _("列表下面“收起的”里还找得到，随时能拿回来，谁都不通知。")
        ),
        make_fact(
            _("什么都不删"),
            _("%(who)s、规则、变更记录和核对词都原样留着，网址照样打得开。", who=who),
        ),
    ]
    if competition.state is CompetitionState.FINAL:
        facts.append(
            make_fact(_("公布的成绩和证书照样查得到"), _("参赛证、成绩页和证书查询都不变。"))
        )
    return render_template(
        "organiser/competitions/archive.html",
        competition=competition,
        why_not=why,
        facts=facts,
        typed=request.form.get("name", ""),
        problem=problem_of(refused),
    )


@face.route("/<code>/put-away", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.EVERY_KIND)
@refusal_on(_put_away_page)
def put_competition_away(competition: Competition) -> ResponseReturnValue:
    """Show what archiving does; then take it out of the lists. A wrong name stays in its field."""
    if request.method != "POST":
        return _put_away_page(competition)
    put_away(competition, request.form.get("name", ""), current_user)
    flash(_("收起了 %(name)s", name=competition.name), "ok")
    return redirect(url_for("organiser.competitions"))


@face.post("/<code>/bring-back")
@guard.may(Right.SET_UP, of=guard.EVERY_KIND)
def bring_competition_back(competition: Competition) -> ResponseReturnValue:
    """Into the lists again."""
    bring_back(competition, current_user)
    flash(_("拿回来了：%(name)s", name=competition.name), "ok")
    return redirect(url_for("organiser.competitions"))
