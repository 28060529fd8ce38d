"""The desk's page of a labour period for who has a minute: figures that agree with the results."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape

from flask import Flask

from compete.domain.bundle.results import LabourRow
from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.labour.entry import CellAct
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.web.organiser.labour.cards import development
from compete.web.organiser.labour.leading import FIRST, HEAT_FIRST, HEAT_LAST, Leading
from tests.services.labour.made_up import act, everything, made_up
from tests.support.competitions import sample
from tests.support.signing_in import signed_in


def _rows(live: LabourLive, period: str, group: str | None) -> list[LabourRow]:
    return [row for row in live.standings[period] if row.group == group]


def filled(units: str) -> list[CellAct]:
    """All of 工程部's February, for these units."""
    return [
        act(unit, "产值", text, kind=kind)
        for unit in units
        for kind, text in (("target", "100"), ("value", "90"))
    ]


def test_figures_agree_with_the_results(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    live = labour_live(load(json.loads(write_bundle(sample("key-projects-labour")))))
    groups = sorted({row.group for row in live.standings["Q3"] if row.group})
    with app.test_request_context():
        leading = Leading(
            live, "Q3", lambda unit, **asked: f"#{unit}{asked}", {"safety": "安全部"}, 70
        )
        cards = leading.leaders(groups, groups[0], lambda group: f"#{group}")
        for group, card in zip(groups, cards, strict=True):
            rows = _rows(live, "Q3", group)
            assert card.name.startswith(group)
            assert [row.total for row in card.rows] == [row.total for row in rows[:FIRST]]
            holders = [live.units[row.unit] for row in rows if row.flag]
            assert (card.given, card.flag) == (bool(holders), "、".join(holders) or "红旗空缺")
            heat = leading.heat(rows)
            assert heat is not None
            assert len(heat.first) + heat.middle + len(heat.last) == len(
                [row for row in rows if row.total is not None]
            )
            assert (len(heat.first), len(heat.last) >= HEAT_LAST) == (HEAT_FIRST, True)
            for row in (*heat.first, *heat.last):
                assert all(
                    cell.low == (cell.share < 70) for cell in row.cells if cell.share is not None
                )
                assert abs(Decimal(row.share) - Decimal(row.row.total or 0)) < Decimal("0.02")
            led = development(live, "Q3")
            for mover in leading.movers(rows, led):
                assert 1 <= len(mover.rows) <= 3
                assert all(moved_row.cause for moved_row in mover.rows)


def test_what_is_to_be_set_up_stands_below_once_there_are_ranks(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(json.loads(write_bundle(sample("key-projects-labour"))))
    page = signed_in(app, organiser).get("/desk/LB-2022/labour?period=Q3").text
    assert page.index("各项得分率") < page.index('id="ranks"') < page.index("还差什么")


def test_a_cell_opens_what_was_lost_there_and_why(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    contest.enter(*everything("乙丙"), act("甲", "安全", "28"))
    contest.enter(act("甲", "隐患", "6", reason="临边没有护栏"))
    works = contest.writer(contest.works)
    contest.enter(*filled("甲乙丙"), by=works)
    desk = signed_in(app, organiser)
    page = desk.get("/desk/L/labour?period=二月").text
    assert ">结果</th>" not in page, "the period is open: no row has a result"
    cell = re.search(r'href="([^"]*units/[^"]*heading=[^"]*)#lost">▾40<', page)
    assert cell is not None
    page_text = desk.get(unescape(cell[1])).text
    lost = page_text[page_text.index('id="lost"') : page_text.index("看全部")]
    assert "隐患丢分在哪里" in lost
    assert "二月：临边没有护栏" in lost
    assert "安全" not in lost
    whole = desk.get("/desk/L/labour/units/甲?period=二月").text
    assert "安全" in whole[whole.index('id="lost"') :]
    none = desk.get("/desk/L/labour/units/乙?period=二月&heading=隐患").text
    assert "一分没丢" in none


def test_period_and_group_are_remembered_until_others_are_chosen(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(json.loads(write_bundle(sample("key-projects-labour"))))
    desk = signed_in(app, organiser)
    assert "<h1>2022 年排名</h1>" in desk.get("/desk/LB-2022/labour").text
    desk.get("/desk/LB-2022/labour?period=Q3&group=机电")
    again = desk.get("/desk/LB-2022/labour").text
    assert "<h1>三季度排名</h1>" in again
    assert "机电各项得分率" in again
    assert "<h1>一季度排名</h1>" in desk.get("/desk/LB-2022/labour?period=Q1").text


def test_without_ranks_stands_who_is_complete_and_with_some_who_is_not(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    desk = signed_in(app, organiser)
    empty = desk.get("/desk/L/labour?period=二月").text
    assert "交齐了没有" in empty
    contest.enter(*everything())
    contest.enter(
        *filled("甲乙"),
        by=contest.writer(contest.works),
    )
    page = desk.get("/desk/L/labour?period=二月").text
    assert "交齐了没有" not in page
    assert "1 家没填齐，没有名次：丙" in page
