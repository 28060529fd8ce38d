"""Rules changed once judging has begun, in the forms: asked for, compared, agreed to by two."""

from __future__ import annotations

import random
import re

import pytest
from flask import Flask

from compete.models import Judge, db
from compete.services.closing.module_locks import lock_module
from compete.services.rules.changes import waiting_changes
from compete.services.scoring.live import live_results
from tests.support.begun import Begin
from tests.support.panels import Panel, bundle_of, client_of, open_panel
from tests.web.organiser.rules.test_event_pages import fields

FORM = "/desk/PANEL/events/rules?event=FORK"
PAPER, PRACTICE = "stages[0].modules[0]", "stages[0].modules[1]"
LIGHTER = {f"{PAPER}.weight": "50", f"{PRACTICE}.weight": "50", "reason": "技术文件写的是各半"}


def marked(panel: Panel) -> None:
    panel.fill_panel("3", "3", "3", entrant="E1")
    panel.fill_panel("1", "1", "1", entrant="E2")
    for entrant, points in (("E1", "60"), ("E2", "97")):
        panel.fill(panel.sheet("J4", entrant, "paper"), {"all": points})


def asked(app: Flask, panel: Panel, **more_fields: str) -> str:
    """The address of a change that the organiser asked for by the form."""
    desk = client_of(app, panel, "")
    form = fields(desk.get(FORM).text) | LIGHTER | more_fields
    sent = desk.post(FORM, data=form)
    assert sent.status_code == 302, sent.text
    return sent.location


def test_a_change_goes_from_the_form_to_the_standings(app: Flask, opened: Panel) -> None:
    with app.app_context():
        marked(opened)
    page = client_of(app, opened, "").get(FORM).text
    assert "提出，等两个人同意" in page
    assert f'name="{PRACTICE}.gone"' not in page
    assert f'name="{PRACTICE}.aspects[0].gone"' not in page
    assert f'value="more:{PRACTICE}.aspects"' not in page
    assert f'name="{PRACTICE}.aspects[1].name"' in page
    assert f'name="{PRACTICE}.aspects[2].name"' not in page
    where = asked(app, opened)
    chief, supervisor = client_of(app, opened, "C1"), client_of(app, opened, "S1")
    overview = chief.get("/desk/PANEL/").text
    for seat in ("裁判长", "监督"):
        assert f"“叉车司机”改规则，等{seat}同意" in overview
    assert where in overview
    # Who asked is told of either seat who could take it.
    asker = client_of(app, opened, "").get("/desk/PANEL/").text
    for seat in ("裁判长", "监督"):
        row = asker.partition(f"“叉车司机”改规则，等{seat}同意")[2].partition("</li>")[0]
        assert "要另一个人来。现在能办的：" in row
    page = chief.get(where).text
    assert "技术文件写的是各半" in page
    assert "2 名评过的选手，总成绩和名次重新算" in page
    assert "60%" in page
    assert "50%" in page
    waiting = client_of(app, opened, "").get(FORM).text
    assert "已经有一份改动在等裁判长和监督" in waiting
    assert "disabled" in waiting
    page_text = chief.post(f"{where}/chief", follow_redirects=True).text
    assert "还要另一个人同意才生效" in page_text
    assert f"{where}/chief" not in page_text
    page_text = supervisor.post(f"{where}/supervisor", follow_redirects=True).text
    assert "第 2 版规则生效" in page_text
    assert "王一" in page_text
    assert "李二" in page_text
    records = client_of(app, opened, "").get("/desk/PANEL/").text
    assert "裁判长沈国梁、监督卞志强同意" in records
    assert "都照这一版算" in chief.get(where).text
    again = asked(app, opened, **{f"{PAPER}.weight": "45", f"{PRACTICE}.weight": "55"})
    chief.post(f"{again}/chief")
    supervisor.post(f"{again}/supervisor")
    page_text = chief.get(where).text
    assert "现在照第 3 版算" in page_text
    assert "已被换下，现在是第 3 版" in page_text


def test_what_was_typed_stays_where_it_is_refused(app: Flask, opened: Panel) -> None:
    with app.app_context():
        marked(opened)
    desk = client_of(app, opened, "")
    form = fields(desk.get(FORM).text)
    kind = f"{PRACTICE}.aspects[0].type"
    sent = desk.post(FORM, data=form | LIGHTER | {kind: "score", "name": "叉车"})
    assert sent.status_code == 400
    # At its field, above the long form with its place, and at its step, closed and open.
    assert sent.text.count("“操作平稳”已经评了，类型不能改") == 4
    assert "第 1 个赛段 › 第 2 个模块 › 第 1 个评分点 › 类型" in sent.text
    again = fields(sent.text)
    assert (again[kind], again["name"]) == ("score", "叉车")
    assert "技术文件写的是各半" in sent.text
    bare = desk.post(FORM, data=form | LIGHTER | {"reason": " "})
    assert (bare.status_code, "写明为什么改规则" in bare.text) == (400, True)
    assert fields(bare.text)[f"{PAPER}.weight"] == "50"
    with app.app_context():
        assert waiting_changes(opened.competition) == []


def test_a_row_taken_out_by_hand_is_refused_by_its_name(app: Flask, opened: Panel) -> None:
    with app.app_context():
        marked(opened)
    desk = client_of(app, opened, "")
    form = fields(desk.get(FORM).text) | LIGHTER
    sent = desk.post(
        FORM, data=form | {f"{PRACTICE}.aspects[0].gone": "1", f"{PRACTICE}.full": "20"}
    )
    assert sent.status_code == 400
    assert "“实操”的“操作平稳”已经评了 6 张，不能去掉" in sent.text


def test_each_role_finds_what_it_may(app: Flask, opened: Panel) -> None:
    where = asked(app, opened)
    answers = {"": 404, "C1": 404, "S1": 404, "J1": 404, "R1": 404}
    for who, status in ({**answers, "": 200, "C1": 200, "S1": 200}).items():
        assert client_of(app, opened, who).get(where).status_code == status, who
    for who in answers:
        client = client_of(app, opened, who)
        if who != "C1":
            assert client.post(f"{where}/chief").status_code == 404, who
        if who != "S1":
            assert client.post(f"{where}/supervisor").status_code == 404, who
        if who:
            assert client.post(f"{where}/withdraw").status_code == 404, who
        assert client.get("/desk/PANEL/events/changes/99").status_code == 404
    refused = client_of(app, opened, "C1").post(f"{where}/chief", data={"act": "refuse"})
    assert (refused.status_code, "写明为什么不同意" in refused.text) == (400, True)
    answer = client_of(app, opened, "S1").post(
        f"{where}/supervisor", data={"act": "refuse", "reason": "附件没改"}, follow_redirects=True
    )
    assert "没同意：附件没改" in answer.text
    twice = client_of(app, opened, "").post(f"{where}/withdraw")
    assert twice.status_code == 409


def test_the_one_who_asked_takes_it_back(app: Flask, opened: Panel) -> None:
    where = asked(app, opened)
    page_text = client_of(app, opened, "").post(f"{where}/withdraw", follow_redirects=True).text
    assert "撤回了，规则不变" in page_text
    assert "已撤回" in client_of(app, opened, "").get(FORM).text


def test_what_fits_no_more_is_told_on_the_page(app: Flask, opened: Panel) -> None:
    with app.app_context():
        marked(opened)
    row = f"{PRACTICE}.aspects"
    where = asked(app, opened, **{f"{row}[0].max": "8", f"{row}[1].max": "18"})
    with app.app_context():
        lock_module(opened.competition.events[0], "final", "practice", opened.organiser)
    chief = client_of(app, opened, "C1")
    assert "现在生效不了" in chief.get(where).text
    late = chief.post(f"{where}/chief")
    assert (late.status_code, "“实操”锁着" in late.text) == (409, True)


def test_who_is_missing_and_where_to_add_them_is_told(app: Flask, opened: Panel) -> None:
    with app.app_context():
        judge = db.session.query(Judge).filter_by(code="S1").one()
        assert judge.role is not None
    page = client_of(app, opened, "").get(FORM).text
    assert "没有能登录的监督" in page
    assert "/desk/PANEL/judges?people=1" in page
    where = asked(app, opened)
    assert "没有能登录的监督" in client_of(app, opened, "").get(where).text


def test_in_a_blind_event_the_chief_learns_no_names(app: Flask, begin: Begin) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        begin("blind panel", lambda: open_panel(bundle_of(blind=True)))
        panel = Panel()
        marked(panel)
        db.session.remove()
    where = asked(app, panel)
    client_of(app, panel, "C1").post(f"{where}/chief")
    page_text = client_of(app, panel, "S1").post(f"{where}/supervisor", follow_redirects=True).text
    assert "盲评：锁定评分以后才看得到谁变了" in page_text
    assert "王一" not in page_text
    assert "王一" in client_of(app, panel, "").get(where).text


@pytest.mark.parametrize("seed", range(4))
def test_until_it_is_in_force_nobody_sees_who_gains(app: Flask, opened: Panel, seed: int) -> None:
    """Whatever was marked and whatever is to change, the page has no name, rank or total."""
    chance = random.Random(seed)
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel(*[str(chance.randint(1, 2))] * 3, entrant=entrant)
            points = {"all": f"{chance.randint(11, 99)}.{chance.randint(11, 89)}"}
            opened.fill(opened.sheet("J4", entrant, "paper"), points)
    weight = chance.randint(21, 79)
    rows = f"{PRACTICE}.aspects"
    more = {f"{rows}[0].max": "8", f"{rows}[1].max": "18"} if chance.random() < 0.5 else {}
    where = asked(
        app,
        opened,
        **{f"{PAPER}.weight": str(weight), f"{PRACTICE}.weight": str(100 - weight)} | more,
    )
    with app.app_context():
        now = live_results(opened.competition).event("FORK").stages[0].standings
        totals = {row.total for row in now}
        scores = {score.score for row in now for score in row.modules.values()}
    for who in ("", "C1", "S1"):
        page = client_of(app, opened, who).get(where).text
        text = re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])
        for secret in ("E1", "E2", "王一", "李二", "甲港", "乙港", "第 1 名", *totals, *scores):
            assert secret is not None
            assert secret not in text, (who, secret)


def test_versions_before_the_one_in_force_stay_to_be_looked_at(app: Flask, opened: Panel) -> None:
    with app.app_context():
        marked(opened)
    where = asked(app, opened)
    for seat, who in (("chief", "C1"), ("supervisor", "S1")):
        client_of(app, opened, who).post(f"{where}/{seat}")
    desk = client_of(app, opened, "")
    page = desk.get(FORM).text
    assert "可以提出照它改" in page
    assert "base=1" in page
    first = desk.get(f"{FORM}&base=1").text
    assert "下面是第 1 版的规则，提出、两个人同意了才生效，成为第 3 版" in first
    weight = fields(first)[f"{PAPER}.weight"]
    assert (weight, fields(page)[f"{PAPER}.weight"]) == ("40", "50")
    # Asked for as it stood, it waits for the two like every change.
    back = desk.post(FORM, data=fields(first) | {"reason": "还是照第一版"})
    assert back.status_code == 302, back.text
    closed = desk.get(f"{FORM}&base=1").text
    assert "下面是第 1 版的规则，现在照第 2 版。" in closed
    assert "打开一版来看" in closed
    assert "提出，等两个人同意" not in closed
