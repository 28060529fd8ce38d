"""定下来: asked for beside the panels, agreed to by the chief judge, with a reason ever after."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Assignment, Competition, db
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.editions import next_edition
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from tests.support.drawing import drawn, end, hold, prepared
from tests.support.people import visitor

PAGE, MODULE = "/desk/X/seating", {"module": "E|S|m"}


@pytest.fixture
def desk(app: Flask, fresh: Competition) -> FlaskClient:
    return visitor(app, "organiser", fresh)


@pytest.fixture
def chief(app: Flask, fresh: Competition) -> FlaskClient:
    return visitor(app, "chief", fresh)


def seated() -> set[str]:
    db.session.rollback()
    rows = db.session.scalars(select(Assignment).where(Assignment.module == "m"))
    return {row.judge.code for row in rows}


def put(desk: FlaskClient, code: str, **more: str) -> int:
    data = MODULE | {"judge": code, "station": ""} | more
    return desk.post(f"{PAGE}/place", data=data).status_code


def take(desk: FlaskClient, code: str, **more: str) -> int:
    data = MODULE | {"judge": code, "station": ""} | more
    return desk.post(f"{PAGE}/away", data=data).status_code


def ask(desk: FlaskClient) -> int:
    seen = MODULE | {"seen": mark(desk.get(PAGE).text)}
    return desk.post(f"{PAGE}/ask", data=seen).status_code


def mark(page: str) -> str:
    hit = re.search(r'name="seen" value="([^"]+)"', page)
    return html.unescape(hit[1]) if hit else ""


def test_nothing_is_settled_before_every_seat_is_taken_and_the_chief_judge_agrees(
    desk: FlaskClient, chief: FlaskClient, fresh: Competition
) -> None:
    put(desk, "J1")
    empty = desk.get(PAGE).text
    assert "还差 1 席" in empty
    assert "/seating/ask" not in empty
    refused = desk.post(f"{PAGE}/ask", data=MODULE | {"seen": ""})
    assert refused.status_code == 409
    put(desk, "J2")
    assert ask(desk) == 302
    assert "提了，等裁判长点头" in desk.get(PAGE).text
    assert "的裁判分工，等裁判长点头" in desk.get("/desk/X/").text
    # The organiser has no way to the chief judge's page, the chief judge none to the panels'.
    assert desk.get(f"{PAGE}/settling").status_code == 404
    assert chief.get(PAGE).status_code == 404
    assert desk.post(f"{PAGE}/agree", data=MODULE | {"seen": ""}).status_code == 404
    assert f"{PAGE}/settling" in chief.get("/desk/X/").text
    shown = chief.get(f"{PAGE}/settling").text
    assert "J1 周一" in shown
    assert "J2 周二" in shown
    assert "赵启明" not in shown
    unsaid = chief.post(f"{PAGE}/refuse", data=MODULE | {"reason": " "})
    assert (unsaid.status_code, "不同意要写理由" in unsaid.text) == (400, True)
    chief.post(f"{PAGE}/refuse", data=MODULE | {"reason": "周二没评过这个"})
    back = desk.get(PAGE).text
    assert "没有同意：周二没评过这个" in back
    # Taken back by who asked, and void as soon as a seat is another.
    assert ask(desk) == 302
    desk.post(f"{PAGE}/drop", data=MODULE)
    assert "没有等你点头的分工" in chief.get(f"{PAGE}/settling").text
    assert ask(desk) == 302
    old = mark(chief.get(f"{PAGE}/settling").text)
    take(desk, "J2")
    put(desk, "J3")
    assert chief.post(f"{PAGE}/agree", data=MODULE | {"seen": old}).status_code == 409
    assert ask(desk) == 302
    assert chief.post(f"{PAGE}/agree", data=MODULE | {"seen": old}).status_code == 409
    new = mark(chief.get(f"{PAGE}/settling").text)
    assert chief.post(f"{PAGE}/agree", data=MODULE | {"seen": new}).status_code == 302
    assert "定下来了" in desk.get(PAGE).text
    assert desk.post(f"{PAGE}/ask", data=MODULE | {"seen": new}).status_code == 409
    assert list(verify_chain(fresh)) == []
    assert list(check_rows(fresh)) == []


def test_what_is_declared_after_the_asking_is_counted_and_keeps_it_from_being_settled(
    desk: FlaskClient, chief: FlaskClient, fresh: Competition
) -> None:
    put(desk, "J1")
    put(desk, "J2")
    ask(desk)
    agreed = MODULE | {"seen": mark(chief.get(f"{PAGE}/settling").text)}
    desk.post(f"{PAGE}/ties", data=MODULE | {"lines": "J1，P1，亲属\nJ2，P2，师徒，2018"})
    shown = chief.get(f"{PAGE}/settling").text
    assert "必须回避 1 处，说明过的 0 处，没说明的 1 处" in shown
    assert "请组委会换了人再提" in shown
    assert "同意，定下来" not in shown
    assert "不同意" in shown
    refused = chief.post(f"{PAGE}/agree", data=agreed)
    assert (refused.status_code, "还不能定下来：必须回避 1 处" in refused.text) == (409, True)
    page = desk.get(PAGE).text
    assert "没说明的 1 处" in page
    assert "说明过的" not in page


def test_what_is_settled_changes_with_a_reason_that_is_shown(
    desk: FlaskClient, chief: FlaskClient, fresh: Competition
) -> None:
    put(desk, "J1")
    put(desk, "J2")
    ask(desk)
    seen = mark(chief.get(f"{PAGE}/settling").text)
    chief.post(f"{PAGE}/agree", data=MODULE | {"seen": seen})
    settled = desk.get(PAGE).text
    # Nothing that the chief judge agreed to is taken back without a word.
    assert "/seating/undo" not in settled
    assert "/judges/assign/" not in desk.get("/desk/X/judges/assign").text
    assert take(desk, "J2") == 400
    sentence = "分工已经定下来了，换人要写理由"
    assert sentence in desk.post(f"{PAGE}/away", data=MODULE | {"judge": "J2", "station": ""}).text
    assert seated() == {"J1", "J2"}
    assert take(desk, "J2", reason="周二病了") == 302
    assert put(desk, "J3") == 400
    assert put(desk, "J3", reason="替周二") == 302
    page = desk.get(PAGE).text
    assert "定下来以后改过的" in page
    for why in ("周二病了", "替周二"):
        assert f"理由：{why}" in page
    (step,) = re.findall(r'name="step" value="(\d+)"', page)
    assert desk.post(f"{PAGE}/undo", data=MODULE | {"step": step}).status_code == 302
    assert seated() == {"J1"}
    assert "2 次" not in re.findall("定下来以后改过的.*?</section>", desk.get(PAGE).text, re.S)[0]
    # Another module is not settled by that, nor the next edition.
    other = {"module": "E|S|t", "judge": "J1", "station": ""}
    assert desk.post(f"{PAGE}/place", data=other).status_code == 302
    assert settings_of(fresh).panels
    wanted = Beginnings(name="再来", code="Y", starts=None)
    assert "panels" not in next_edition(fresh, wanted).settings


def test_who_comes_to_settled_panels_is_told_too(
    desk: FlaskClient, chief: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    ceremony = drawn(fresh, organiser)
    for code, station in (("J1", "1号"), ("J2", "1号"), ("J1", "2号"), ("J3", "2号")):
        assert put(desk, code, station=station) == 302
    assert ask(desk) == 302
    seen = mark(chief.get(f"{PAGE}/settling").text)
    chief.post(f"{PAGE}/agree", data=MODULE | {"seen": seen})
    assert "定下来以后改过的" not in desk.get(PAGE).text
    end(ceremony, "名单漏了人", organiser)
    changed = re.findall("定下来以后改过的.*?</section>", desk.get(PAGE).text, re.S)[0]
    assert "结束抽签" in changed
    assert changed.count("名单漏了人") == 1
    hold(prepared(fresh, organiser), organiser)
    changed = re.findall("定下来以后改过的.*?</section>", desk.get(PAGE).text, re.S)[0]
    assert "4 个有了工位" in changed


def test_without_a_chief_judge_nobody_asks(desk: FlaskClient, fresh: Competition) -> None:
    put(desk, "J1")
    put(desk, "J2")
    with unit_of_work():
        next(it for it in fresh.judges if it.code == "C1").role = Role.JUDGE
    page = desk.get(PAGE).text
    assert "还没有裁判长" in page
    assert "/seating/ask" not in page
