"""The next step between two stages: what the later one waits for, then its beginning."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.competitions import Overview
from compete.services.schedule import next_stages
from compete.services.scoring import live_results
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.overview.entering_step import go_to
from compete.web.organiser.overview.shapes import NextStep
from compete.web.organiser.progress.view_model import place_url, places_of
from compete.web.words import heads_in


def stage_step(competition: Competition, seen: Overview) -> NextStep | None:
    """To lock the stage before, or to begin this one, as soon as nothing else is open."""
    if not seen.blockers or any(blocker.kind != "stage" for blocker in seen.blockers):
        return None
    stage = next_stages(competition, live_results(competition).results)[0]
    names = {"before": stage.before, "stage": stage.name}
    if stage.unlocked:
        place = next(
            it
            for it in places_of(competition)
            if (it.event.code, it.stage.code, it.module.code)
            == (stage.event, stage.before_code, stage.unlocked_code)
        )
        return go_to(
            _("“%(before)s”评完了，锁定了再评“%(stage)s”", **names),
            say(stage.why_not) if stage.why_not else "",
            _("去锁定"),
            place_url(competition, place),
        )
    who = heads_in(len(stage.people), competition)
    return go_to(
        _("“%(before)s”评完了，%(who)s进“%(stage)s”", who=who, **names),
        _("看清进的是谁，再生成“%(stage)s”的评分表。要抽签的，先抽。", **names),
        _("开始评“%(stage)s”", **names),
        allowed_url("organiser.confirm_stage", code=competition.code, event=stage.event),
    )
