"""An earlier edition's published marks by the form's rules: who would stand elsewhere, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from compete.models import Account, Competition
from compete.services.competitions.worked_example import earlier_editions
from compete.services.kernel.event_rules import rules_of
from compete.services.schedule.allocation import assign_judges, open_judging
from tests.support.announced import announce
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.web.organiser.rules.test_event_pages import fields


def turned_round() -> list[dict[str, Any]]:
    """Who drives best is slowest: 82, 80, 78 and 76 points at 60 to 40 per cent."""
    marks = all_marks()
    for place, mark in enumerate(it for it in marks if it["aspect"] == "s"):
        mark["value"] = str(90 - 10 * place)
    return marks


def test_who_would_move_is_shown_until_judging_begins(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    old = small(turned_round())
    old["competition"] |= {"code": "OLD", "name": "去年的赛"}
    announce(load(old), organiser)
    competition = load(small())
    (event,) = competition.events
    desk = signed_in(app, organiser)
    place = f"/desk/X/events/rules?event={event.code}"
    page = desk.get(place).text
    assert "拿往届公布的分" in page
    ((edition, *_more),) = [(str(it.publication), it.name) for it in earlier_editions(event)]
    form = fields(page) | {"act": "moved", "edition": edition}
    same = desk.post(place, data=form).text
    assert "去年的赛 4 人，照这样重排" in same
    assert "<b>0</b> 人名次变" in same
    weights = {"stages[0].modules[0].weight": "40", "stages[0].modules[1].weight": "60"}
    turned = desk.post(place, data=form | weights).text
    assert "<b>4</b> 人名次变" in turned
    moved = turned.split('class="card moved"')[1].split("</section>")[0]
    assert moved.index("第 4 → 第 1") < moved.index("第 1 → 第 4")
    assert "赵启明" not in moved  # as masked as it was published
    assert 'value="40"' in turned
    # More judges than there were, an aspect that is gone, a mark that no longer fits.
    more = desk.post(place, data=form | {"stages[0].modules[0].panel.size": "3"}).text
    assert "有 4 人算不出总成绩" in more
    gone = {"stages[0].modules[0].aspects[2].gone": "1", "stages[0].modules[0].full": "90"}
    assert "有 8 个分的评分点新规则里没有" in desk.post(place, data=form | gone).text
    less = {"stages[0].modules[0].aspects[0].max": "40", "stages[0].modules[0].full": "80"}
    assert "填不了，如" in desk.post(place, data=form | less).text
    wrong = desk.post(place, data=form | {"stages[0].modules[0].weight": "很多"}).text
    assert "改好了才能排" in wrong
    for none in ("", "0", "9" * 30, "abc"):
        assert "不能拿来排了" in desk.post(place, data=form | {"edition": none}).text
    for module, codes in (("m", ("J1", "J2")), ("t", ("J3",))):
        seats = [(judge, "") for judge in competition.judges if judge.code in codes]
        assign_judges(event, rules_of(event).stages[0].code, module, seats, organiser)
    open_judging(competition, organiser)
    assert "拿往届公布的分" not in desk.get(place).text
    late = desk.post(place, data=form | weights).text
    assert "人名次变" not in late
