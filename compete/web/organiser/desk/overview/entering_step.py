"""The next step before judging: events, registration opened, people, judges, judging opened."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition
from compete.services.competitions.overview import CompetitionProgress
from compete.services.competitions.set_up import count_set_up_to_do, is_shut
from compete.services.kernel.event_rules import module_key
from compete.services.registration.window import open_until
from compete.web.guard import allowed_url
from compete.web.organiser.competition_words import without_place
from compete.web.organiser.desk.overview.shapes import NextStep
from compete.web.templating import moment
from compete.web.words import heads_in


def entering_step(competition: Competition, seen: CompetitionProgress) -> NextStep | None:
    """Return the next step while people are registered."""
    if not competition.events:
        return go_to(
            _("先加赛项"),
            _("赛项有了规则和配分，才能报名。"),
            _("加赛项"),
            allowed_url("organiser.events"),
        )
    if not seen.entrants:
        return _opening_step(competition) if is_shut(competition) else _people_step()
    if seen.blockers:
        seating = allowed_url("organiser.seating") if competition.judges else None
        return go_to(
            _("安排裁判"),
            _("每个模块都要有裁判，才能开始评分。"),
            _("去安排"),
            seating or url_for("organiser.judges"),
        )
    opening = allowed_url("organiser.confirm_open")
    if seen.draws.arranged and seen.draws.without_place:
        without = without_place(competition, seen.draws)
        step = go_to(
            _("还有 %(who)s没有工位", who=without),
            _judging_words(competition, seen),
            _("去抽签"),
            _draws_url(competition, seen),
        )
        return replace(step, besides=opening) if step is not None else None
    return go_to(
        _opening_title(competition, seen),
        _judging_words(competition, seen),
        _("开始评分"),
        opening,
    )


def _opening_title(competition: Competition, seen: CompetitionProgress) -> str:
    if not seen.draws.arranged:
        return _("裁判齐了，还没抽签")
    if open_until(competition) is None:
        return _("报名齐了，开始评分")
    return _("裁判齐了，可以开始评分")


def _draws_url(competition: Competition, seen: CompetitionProgress) -> str | None:
    """The page of the first module in which somebody lacks a place; the plan of an evaluation."""
    if competition_kind(competition).has_conditions:
        return allowed_url("organiser.day_plan")
    events = {event.id: event for event in competition.events}
    at = next(iter(seen.draws.unplaced), None)
    key = module_key(events[at[0]], *at[1:]) if at else None
    return allowed_url("organiser.draws", module=key)


def _opening_step(competition: Competition) -> NextStep | None:
    """Return the step that opens registration: units and people enter nobody before it."""
    left = count_set_up_to_do(competition)
    lacks = (
        ngettext(
            "筹备清单里还差 %(num)s 样，补齐了就能开放，单位才能报。",
            "筹备清单里还差 %(num)s 样，补齐了就能开放，单位才能报。",
            left,
        )
        if left
        else _("都齐了，开放以后单位才能报。")
    )
    return go_to(
        _("先开放报名"),
        lacks + _("报名表也能由组委会自己上传。"),
        _("开放报名") if not left else _("筹备清单"),
        allowed_url("organiser.set_up"),
    )


def _people_step() -> NextStep | None:
    return go_to(
        _("先把选手报进来"),
        _("下载报名表，填好再传上来。"),
        _("上传报名表"),
        allowed_url("organiser.upload"),
    )


def _judging_words(competition: Competition, seen: CompetitionProgress) -> str:
    """Say what opening does, and who stays without a place: then it is too late to move."""
    everybody = heads_in(seen.draws.expected, competition)
    text = _("给 %(who)s生成评分表，裁判扫码就能评。", who=everybody)
    if until := open_until(competition):
        text += _("报名 %(at)s 才截止，开始以后单位和本人不能再报。", at=moment(until))
    if not seen.draws.placed and seen.draws.last_on is None:
        return text + _("还没有抽签，开始以后不能再抽。")
    if not seen.draws.without_place:
        return text
    without = without_place(competition, seen.draws)
    return text + _("还有 %(who)s没有工位，开始以后不能再抽签、不能再挪工位。", who=without)


def go_to(title: str, text: str, label: str, url: str | None) -> NextStep | None:
    """The next step, for whoever may take it."""
    if url is None:
        return None
    return NextStep(title=title, text=text, label=label, url=url)
