"""Beside an appeal: how like cases went, and which teams and grades the decision moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Appeal, Competition, Entrant, db
from compete.services.accounts.accounts import grant_role
from compete.services.appeals.filing import file_appeal
from compete.services.appeals.rules import set_appeal_rules
from compete.services.kernel.competition_settings import AppealRules
from compete.services.kernel.transactions import unit_of_work
from tests.support.announced import announce
from tests.support.appealing import appealed, decided, lodged, official
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/appeals"
Load = Callable[..., Competition]


def card(page: str, key: str) -> str:
    """The text of the card of that id."""
    hit = re.search(rf'<section class="card[^"]*" id="{key}">(.*?)</section>', page, re.DOTALL)
    assert hit is not None
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", hit[1])))


def arbiter_of(competition: Competition, organiser: Account) -> Account:
    """Whose word is enough."""
    set_appeal_rules(competition, AppealRules(arbiters=1), organiser)
    return official(competition, Role.ARBITER, "高原", organiser)


def moved(app: Flask, appeal: Appeal, who: Account) -> str:
    page = signed_in(app, who).get(f"{PAGE}/{appeal.public_id}?moved=1").text
    return card(page, "moved")


def test_like_cases_are_told_by_the_matter_and_open_by_a_link(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    arbiter = arbiter_of(judged, organiser)
    announce(judged, organiser)
    earlier, mine = appealed("P2", matter="标杆被风吹倒"), appealed("P3")
    desk = signed_in(app, arbiter)
    at = f"{PAGE}/{mine.public_id}"
    assert "没有裁过相近的" in card(desk.get(at).text, "like")
    decided(earlier, arbiter, outcome="changed", value="0", reason="录像里没碰到" + "长" * 200)
    page = desk.get(at).text
    card_text = card(page, "like")
    for sentence in (
        "申诉 01",
        "同一项",
        "模块m · f",
        "标杆被风吹倒",
        "改判，改成 0 次",
        "录像里没碰到",
    ):
        assert sentence in card_text
    for name in ("钱文", "P2", "甲单位", "高原"):
        assert name not in card_text
    link = re.search(r'id="like">.*?href="([^"]+)"', page, re.DOTALL)
    assert link is not None
    assert "标杆被风吹倒" in desk.get(link[1]).text
    english = signed_in(app, arbiter)
    english.set_cookie("lang", "en")
    assert "Changed" in card(english.get(at).text, "like")


def test_the_clause_stands_with_its_number_and_its_telling_words_lit(
    app: Flask, load: Load, organiser: Account
) -> None:
    plain = small(all_marks())
    faults = plain["events"][0]["stages"][0]["modules"][0]["aspects"][1]
    faults["extra"] = {"hint": "第 8 条 碰到标杆，每次扣 2 分。<b>器材</b>自身原因倒下的不计。"}
    competition = load(plain)
    set_appeal_rules(competition, AppealRules(arbiters=1, clause="规则第 20 条"), organiser)
    arbiter = official(competition, Role.ARBITER, "高原", organiser)
    announce(competition, organiser)
    appeal = appealed("P2")
    page = signed_in(app, arbiter).get(f"{PAGE}/{appeal.public_id}").text
    card_text = card(page, "clauses")
    assert "第 8 条 碰到标杆，每次扣 2 分。" in card_text
    assert "规则第 20 条 分档的评分点不受理申诉，其余的可以申诉" in card_text
    assert "<mark>&lt;b&gt;器材&lt;/b&gt;自身原因倒下的不计。</mark>" in page


def test_of_many_the_newest_are_listed_and_the_rest_counted(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    arbiter = arbiter_of(judged, organiser)
    earlier = [
        appealed(code, item=item)
        for code in ("P1", "P2", "P4")
        for item in ("S/m/f", "S/m/a", "S/m")
    ]
    for appeal in (*earlier, appealed("P3", item="S/m/a")):
        decided(appeal, arbiter)
    mine = appealed("P3")
    card_text = card(signed_in(app, arbiter).get(f"{PAGE}/{mine.public_id}").text, "like")
    assert (card_text.count("同一项"), card_text.count("同一模块")) == (3, 5)
    assert "另有 2 件" in card_text


def test_in_a_blind_event_like_cases_name_nobody(
    app: Flask, load: Load, organiser: Account
) -> None:
    here = load(small(all_marks()))
    with unit_of_work():
        here.events[0].blind = True
    arbiter = arbiter_of(here, organiser)
    decided(appealed("P2"), arbiter, outcome="dismissed")
    page = signed_in(app, arbiter).get(f"{PAGE}/{appealed('P3').public_id}").text
    assert "不受理" in card(page, "like")
    for hidden in ("钱文", "孙䶮", "P2", "P3", "甲单位"):
        assert hidden not in card(page, "like")


def test_another_competitions_case_is_named_and_opens(
    app: Flask, judged: Competition, organiser: Account, load: Load
) -> None:
    arbiter = arbiter_of(judged, organiser)
    plain = small(all_marks(), competition={"code": "Y"})
    plain["competition"]["name"] = "去年的小赛"
    other = load(plain)
    set_appeal_rules(other, AppealRules(arbiters=1, file_minutes=0), organiser)
    grant_role(arbiter, other, Role.ARBITER, by=organiser)
    earlier, mine = (
        file_appeal(_person(competition, code), lodged(item="S/m"), None)
        for competition, code in ((other, "P2"), (judged, "P3"))
    )
    decided(earlier, arbiter)
    at = f"{PAGE}/{mine.public_id}"
    page = signed_in(app, arbiter).get(at).text
    card_text = card(page, "like")
    assert "去年的小赛" in card_text
    assert "钱文" not in card_text
    link = f"/desk/Y/appeals/{earlier.public_id}"
    assert f'href="{link}"' in page
    assert signed_in(app, arbiter).get(link).status_code == 200
    # Who arbitrates here alone is told nothing of it, and the link opens nothing.
    stranger = signed_in(app, official(judged, Role.ARBITER, "方晓", organiser))
    assert "没有裁过相近的" in card(stranger.get(at).text, "like")
    assert stranger.get(link).status_code == 404


def _person(competition: Competition, code: str) -> Entrant:
    query = select(Entrant).where(Entrant.competition_id == competition.id, Entrant.code == code)
    return db.session.scalars(query).one()


@pytest.fixture
def teamed(load: Load) -> Competition:
    """甲队 (P1, P4) is just before 乙队 (P2, P3); the first rank is given a grade."""
    grades = [{"code": "top", "when": {"max_rank": 1}, "grant": {"to": 3}}]
    event = {
        "team_ranking": {"best": 2},
        "grades": grades,
        "occupation": {"code": "6-30-05-03", "name": "叉车司机"},
    }
    plain = small(all_marks(), event=event)
    plain["teams"] = [
        {"code": code, "name": name, "event": "E", "unit": unit}
        for code, name, unit in (("T1", "甲队", "U1"), ("T2", "乙队", "U2"))
    ]
    for entrant, place in zip(plain["entrants"], (1, 2, 2, 1), strict=True):
        entrant |= {"team": f"T{place}", "unit": f"U{place}"}
    plain["marks"][-1]["value"] = "88"
    return load(plain)


def test_teams_that_move_are_told_old_and_new(
    app: Flask, teamed: Competition, organiser: Account
) -> None:
    arbiter = arbiter_of(teamed, organiser)
    announce(teamed, organiser)
    appeal = appealed("P3")
    decided(appeal, arbiter, outcome="changed", value="0")
    effect_text = moved(app, appeal, arbiter)
    assert re.search(r"乙队 158\.00 → 164\.00 第 2 → 第 1", effect_text)
    assert re.search(r"甲队 第 1 → 第 2", effect_text)
    assert "等级都不变" in effect_text
    assert "团体名次都不变" not in effect_text
    # Among people stand people alone.
    table = effect_text.partition("团体")[0]
    assert "孙" in table
    assert "乙队" not in table


def test_teams_and_grades_are_told_also_where_they_stay(
    app: Flask, teamed: Competition, organiser: Account
) -> None:
    arbiter = arbiter_of(teamed, organiser)
    announce(teamed, organiser)
    small_step, kept, same = appealed("P2"), appealed("P4"), appealed("P3")
    decided(small_step, arbiter, outcome="changed", value="2")
    decided(kept, arbiter)
    decided(same, arbiter, outcome="changed", value="2")
    # A lower total alone is no other rank.
    effect_text = moved(app, small_step, arbiter)
    assert re.search(r"乙队 158\.00 → 155\.00 团体名次都不变", effect_text)
    assert "等级都不变" in effect_text
    effect_text = moved(app, kept, arbiter)
    assert "名次、成绩、奖项和等级都不变" in effect_text
    assert "团体 团体名次都不变 等级 等级都不变" in effect_text
    effect_text = moved(app, same, arbiter)
    assert "照决定改了，选手的名次、成绩、奖项和等级都不变" in effect_text
    assert "团体 团体名次都不变 等级 等级都不变" in effect_text


def test_a_grade_that_moves_is_told_old_and_new(
    app: Flask, teamed: Competition, organiser: Account
) -> None:
    arbiter = arbiter_of(teamed, organiser)
    announce(teamed, organiser)
    appeal = appealed("P1")
    decided(appeal, arbiter, outcome="changed", value="6")
    effect_text = moved(app, appeal, arbiter)
    assert "钱文 — → 三级/高级工 赵启明 三级/高级工 → —" in effect_text
    assert "都不变" not in effect_text


def test_what_has_no_value_yet_is_not_said_to_move_nobody(
    app: Flask, teamed: Competition, organiser: Account
) -> None:
    arbiter = arbiter_of(teamed, organiser)
    announce(teamed, organiser)
    appeal = appealed("P3")
    decided(appeal, arbiter, outcome="redone", orders="重做这一项")
    effect_text = moved(app, appeal, arbiter)
    assert "团体 和公布的一样 等级 和公布的一样" in effect_text
    assert "都不变" not in effect_text


def test_where_there_are_neither_teams_nor_grades_nothing_is_said_of_them(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    arbiter = arbiter_of(judged, organiser)
    announce(judged, organiser)
    appeal = appealed("P3")
    decided(appeal, arbiter, outcome="changed", value="0")
    effect_text = moved(app, appeal, arbiter)
    assert "团体" not in effect_text
    assert "等级都不变" not in effect_text
