"""裁判分工 on the desk: held, answered, put, taken back; seen by the organiser alone."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from compete.models import Assignment, AuditEntry, Competition, db
from tests.support.people import visitor

PAGE = "/desk/X/seating"
MODULE = {"module": "E|S|m"}


@pytest.fixture
def desk(app: Flask, fresh: Competition) -> FlaskClient:
    return visitor(app, "organiser", fresh)


def seated() -> list[str]:
    db.session.rollback()
    return [row.judge.code for row in db.session.scalars(select(Assignment).order_by("id"))]


def hidden(page: str, name: str) -> list[str]:
    return [html.unescape(it) for it in re.findall(rf'name="{name}" value="([^"]*)"', page)]


def test_a_judge_is_held_every_station_answers_and_a_step_is_taken_back(
    desk: FlaskClient, fresh: Competition
) -> None:
    lines = {"lines": "J1，赵启明，师徒，2018\nJ2，P2，亲属\nJ9，P1，亲属"}
    faulty = desk.post(f"{PAGE}/ties", data=MODULE | lines)
    assert faulty.status_code == 400
    assert "第 3 行：没有裁判“J9”" in faulty.text
    assert "J2，P2，亲属" in faulty.text
    desk.post(f"{PAGE}/ties", data=MODULE | {"lines": lines["lines"].rpartition("\n")[0]})
    assert "能放，要说明" in desk.get(f"{PAGE}?hold=J1").text
    assert "和 钱文 是亲属" in desk.get(f"{PAGE}?hold=J2").text
    place = {"judge": "J1", "station": ""}
    unsaid = desk.post(f"{PAGE}/place", data=MODULE | place)
    assert (unsaid.status_code, "要写一句理由" in unsaid.text) == (400, True)
    assert desk.post(f"{PAGE}/place", data=MODULE | place | {"reason": "早"}).status_code == 302
    barred = desk.post(f"{PAGE}/place", data=MODULE | {"judge": "J2", "station": "", "reason": "x"})
    assert (barred.status_code, "周二 不能评这个模块" in barred.text) == (409, True)
    assert seated() == ["J1"]
    shown = desk.post(f"{PAGE}/suggest", data=MODULE).text
    assert "J3 周三 到 这个模块" in shown
    assert seated() == ["J1"]
    plan = MODULE | {"seat": hidden(shown, "seat"), "seen": hidden(shown, "seen")[0]}
    assert desk.post(f"{PAGE}/use", data=plan).status_code == 302
    assert seated() == ["J1", "J3"]
    book = load_workbook(BytesIO(desk.get("/desk/X/seating.xlsx").data))
    rows = list(book.active.iter_rows(min_row=3, max_col=6, values_only=True))
    assert [row[1:3] for row in rows] == [("J1", "周一"), ("J3", "周三")]
    assert {row[5] for row in rows} == {4}
    again = desk.post(f"{PAGE}/use", data=plan)
    assert (again.status_code, "再算一次" in again.text) == (409, True)
    (step,) = hidden(desk.get(PAGE).text, "step")
    desk.post(f"{PAGE}/undo", data=MODULE | {"step": step})
    assert seated() == ["J1"]
    away = MODULE | {"judge": "J1", "station": ""}
    assert desk.post(f"{PAGE}/away", data=away).status_code == 302
    (first, *_rest) = re.findall(r"/seating/ties/(\d+)/end", desk.get(PAGE).text)
    desk.post(f"{PAGE}/ties/{first}/end", data=MODULE)
    weights = dict.fromkeys(("unit", "superior", "kin", "mentor", "coach"), "off")
    assert desk.post(f"{PAGE}/rules", data=MODULE | weights | {"years": "x"}).status_code == 400
    desk.post(f"{PAGE}/rules", data=MODULE | weights | {"years": "2"})
    assert "哪里都能去" in desk.get(PAGE).text
    told = desk.get("/desk/X/").text
    for sentence in ("改了回避怎么算", "去掉裁判", "的一条回避关系"):
        assert sentence in told
    assert "钱文" not in "".join(
        str(entry.after)
        for entry in db.session.scalars(select(AuditEntry))
        if entry.action.startswith(("tie.", "judges."))
    )


@pytest.mark.parametrize("who", ["anonymous", "stranger", "judge", "supervisor", "chief"])
def test_nobody_else_learns_whom_a_judge_will_meet(
    app: Flask, fresh: Competition, who: str
) -> None:
    client = visitor(app, who, fresh)
    assert client.get(PAGE).status_code in (302, 403, 404)
    assert client.post(f"{PAGE}/suggest", data=MODULE).status_code in (302, 403, 404)
