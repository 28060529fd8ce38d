"""Before the next stage begins: who goes on to it, who stays, and the act itself."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import Right
from compete.models import Competition
from compete.services.schedule import NextStage, going_on, next_stages, open_stage
from compete.services.scoring import live_results
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.confirming.shapes import Blocking
from compete.web.organiser.confirming.view_model import Facts, make_fact, some_names
from compete.web.organiser.confirming.views import last_look
from compete.web.organiser.progress.view_model import place_url, places_of
from compete.web.organiser.shapes import Link
from compete.web.words import heads_in


@face.get("/<code>/next-stage")
@guard.may(Right.OPEN_MARKING)
def confirm_stage(competition: Competition) -> ResponseReturnValue:
    """Who goes on, and what beginning the stage will do."""
    back = url_for("organiser.overview", code=competition.code)
    stages = next_stages(competition, live_results(competition).results)
    asked = request.args.get("event")
    stage = next((it for it in stages if asked in (None, it.event)), None)
    if stage is None:
        return redirect(back)
    return last_look(
        competition,
        _("开始评“%(stage)s”", stage=stage.name),
        _facts(competition, stage),
        _blocking(competition, stage),
        url_for("organiser.begin_stage", code=competition.code),
        back,
        fields={"event": stage.event, "stage": stage.code, "seen": stage.mark},
    )


@face.post("/<code>/next-stage")
@guard.may(Right.OPEN_MARKING)
def begin_stage(competition: Competition) -> ResponseReturnValue:
    """Sheets for whoever goes on."""
    form = request.form
    event, stage = form.get("event", ""), form.get("stage", "")
    made = open_stage(competition, event, stage, form.get("seen", ""), current_user)
    flash(_("开始评了，%(n)s 张评分表", n=made), "ok")
    place = next(
        (it for it in places_of(competition) if (it.event.code, it.stage.code) == (event, stage)),
        None,
    )
    overview = url_for("organiser.overview", code=competition.code)
    return redirect(place_url(competition, place) if place else overview)


def _facts(competition: Competition, stage: NextStage) -> Facts:
    names = [f"{code} {name}" for code, name in going_on(competition, stage)]
    facts = [
        make_fact(
            _(
                "%(who)s进“%(stage)s”，生成评分表",
                who=heads_in(len(stage.people), competition),
                stage=stage.name,
            ),
            some_names(names),
            Link(label=_("看成绩"), url=url_for("organiser.standings", code=competition.code)),
        )
    ]
    if stage.staying > 0:
        who = heads_in(stage.staying, competition)
        facts.append(make_fact(_("%(who)s止步“%(before)s”", who=who, before=stage.before), ""))
    draws = allowed_url("organiser.draws", code=competition.code)
    facts.append(
        make_fact(
            _("有评分表以后不能再抽签"),
            _("这个赛段的工位、次序要抽签的，先抽好再开始。"),
            Link(label=_("去抽签"), url=draws) if draws else None,
        )
    )
    return facts


def _blocking(competition: Competition, stage: NextStage) -> list[Blocking]:
    why = stage.why_not
    if why is None:
        return []
    if stage.unfinished or stage.unlocked:
        place = next(
            it
            for it in places_of(competition)
            if (it.event.code, it.stage.code) == (stage.event, stage.before_code)
            and stage.unlocked_code in ("", it.module.code)
        )
        link = Link(label=_("去看"), url=place_url(competition, place))
    else:
        link = Link(label=_("去补裁判"), url=url_for("organiser.judges", code=competition.code))
    return [Blocking(what=say(why), link=link)]
