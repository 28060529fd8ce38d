"""The next step between two stages: what the later one waits for, then its beginning."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.competitions.overview import Standing
from compete.services.schedule.next_stage import next_stages
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.board_link import stage_board_url
from compete.web.organiser.overview.entering_step import go_to
from compete.web.organiser.overview.shapes import NextStep
from compete.web.words import heads_in


def stage_step(competition: Competition, seen: Standing) -> NextStep | None:
    """To lock the stage before, or to begin this one, as soon as nothing else is open."""
    waiting = [blocker for blocker in seen.blockers if blocker.kind == "stage"]
    if not waiting:
        return None
    stages = next_stages(competition)
    # While wrong people are judged nothing else is more urgent; a stage that has not begun waits,
    # but not for codes, which are opened after the last stage.
    moved = next((it for it in stages if it.begun and not it.why_not), None)
    if moved is None and any(it.kind not in ("stage", "coded") for it in seen.blockers):
        return None
    ready = next((it for it in stages if not it.why_not), None)
    stage = moved or ready or stages[0]
    names = {"before": stage.before, "stage": stage.name}
    if stage.unlocked:
        return go_to(
            _("“%(before)s”评完了，锁定了再评“%(stage)s”", **names),
            say(stage.why_not) if stage.why_not else "",
            _("去锁定"),
            stage_board_url(competition, stage.event, stage.before_code, stage.unlocked_code),
        )
    if stage.begun:
        return go_to(
            _("进“%(stage)s”的人变了，先办这件", **names),
            say(stage.why_not)
            if stage.why_not
            else _("看清谁新进、谁不再进。办了以后，评的才是该评的人。"),
            _("去看"),
            allowed_url("organiser.confirm_stage", code=competition.code, event=stage.event),
        )
    who = heads_in(len(stage.people), competition)
    return go_to(
        _("“%(before)s”评完了，%(who)s进“%(stage)s”", who=who, **names),
        _("看清进的是谁，再生成“%(stage)s”的评分表。要抽签的，先抽。", **names),
        _("开始评“%(stage)s”", **names),
        allowed_url("organiser.confirm_stage", code=competition.code, event=stage.event),
    )
