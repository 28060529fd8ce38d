"""What the page says before a competition is put away."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.competitions.overview import brief_of
from compete.services.competitions.putting_away import why_not_put_away
from compete.web.organiser.confirming.view_model import make_fact


def put_away_page(competition: Competition, typed: str = "", problem: str | None = None) -> str:
    """What will be, with what was typed."""
    why, brief = why_not_put_away(competition), brief_of(competition)
    facts = [
        make_fact(
            _("竞赛的列表里没有它了"), _("列表下面“收起的”里还找得到，随时能拿回来，谁都不通知。")
        ),
        make_fact(
            _("什么都不删"),
            _("%(n)s 名选手、规则、变更记录和核对词都原样留着，网址照样打得开。", n=brief.entrants),
        ),
    ]
    if competition.state is CompetitionState.FINAL:
        facts.append(
            make_fact(_("公布的成绩和证书照样查得到"), _("参赛证、成绩页和证书查询都不变。"))
        )
    return render_template(
        "organiser/putting_away/put_away.html",
        competition=competition,
        why_not=why,
        facts=facts,
        typed=typed,
        problem=problem,
    )
