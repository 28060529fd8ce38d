"""What the page says before a competition is put away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.competitions.overview import brief_of
from compete.services.competitions.putting_away import why_not_put_away
from compete.web.language import say
from compete.web.organiser.confirming.shapes import Fact
from compete.web.organiser.confirming.view_model import make_fact
from compete.web.organiser.shapes import CompetitionLink, competition_link


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAwayPage:
    """What `organiser/putting_away/put_away.html` wants."""

    competition: CompetitionLink
    why_not: str | None
    facts: Sequence[Fact]
    typed: str
    problem: str | None
    act_url: str
    back_url: str


def put_away_page(
    competition: Competition, typed: str = "", problem: str | None = None
) -> PutAwayPage:
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
    return PutAwayPage(
        competition=competition_link(competition),
        why_not=say(why) if why else None,
        facts=facts,
        typed=typed,
        problem=problem,
        act_url=url_for("organiser.put_competition_away", code=competition.code),
        back_url=url_for("organiser.details", code=competition.code),
    )
