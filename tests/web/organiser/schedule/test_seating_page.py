"""裁判分工 on the desk: held, answered, put, taken back; seen by the organiser alone."""

from __future__ import annotations

import html
import re
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from compete.models import Account, Assignment, AuditEntry, Competition, Entrant, Expert, Slot, db
from compete.services.kernel.transactions import unit_of_work
from tests.support.judging import Tablet, seat_and_open
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
    assert "理由：早</span>" in desk.get(PAGE).text
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
    assert "理由：早</span>" in desk.get(PAGE).text
    away = MODULE | {"judge": "J1", "station": ""}
    assert desk.post(f"{PAGE}/away", data=away).status_code == 302
    (first, *_rest) = re.findall(r"/seating/ties/(\d+)/end", desk.get(PAGE).text)
    desk.post(f"{PAGE}/ties/{first}/end", data=MODULE)
    weights = dict.fromkeys(("unit", "superior", "kin", "mentor", "coach"), "off")
    assert desk.post(f"{PAGE}/rules", data=MODULE | weights | {"years": "x"}).status_code == 400
    desk.post(f"{PAGE}/rules", data=MODULE | weights | {"years": "2"})
    assert "哪里都能去" in desk.get(PAGE).text
    page_text = desk.get("/desk/X/").text
    for sentence in ("改了回避怎么算", "去掉裁判", "的一条回避关系"):
        assert sentence in page_text
    assert "钱文" not in "".join(
        str(entry.after)
        for entry in db.session.scalars(select(AuditEntry))
        if entry.action.startswith(("tie.", "judges."))
    )


def test_a_seat_that_is_taken_is_swapped_and_what_comes_first_is_chosen(
    desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    with unit_of_work() as session:
        entrants = session.scalars(select(Entrant).order_by("code")).all()
        for entrant, station in zip(entrants, ("一号", "一号", "二号", "二号"), strict=True):
            session.add(Slot(entrant_id=entrant.id, stage="S", module="m", station=station))
    for code, station in (("J1", "一号"), ("J2", "二号")):
        desk.post(f"{PAGE}/place", data=MODULE | {"judge": code, "station": station})
    page = desk.get(f"{PAGE}?hold=J1%7C一号").text
    assert 'data-other="J2"' in page
    assert ">对换<" in page
    moving = {"judge": "J1", "moving": "1", "away_from": "一号", "other": "J2", "station": "二号"}
    assert desk.post(f"{PAGE}/swap", data=MODULE | moving).status_code == 302
    assert [(it.judge.code, it.station) for it in db.session.scalars(select(Assignment))] == [
        ("J1", "二号"),
        ("J2", "一号"),
    ]
    again = desk.post(f"{PAGE}/swap", data=MODULE | moving)
    assert (again.status_code, "刚被别人换走了" in again.text) == (409, True)
    assert desk.post(f"{PAGE}/swap", data=MODULE | moving | {"other": "J9"}).status_code == 400
    # From the bench, with whom the relation forbids it.
    desk.post(f"{PAGE}/ties", data=MODULE | {"lines": "J3，P3，亲属"})
    picked = desk.get(f"{PAGE}?hold=J3").text
    assert ">换下<" in picked
    assert "不能换" in picked
    # Which of the two comes first is only asked where the pool knows of qualifications.
    assert "先比资格" not in desk.post(f"{PAGE}/suggest", data=MODULE).text
    with unit_of_work() as session:
        third = next(judge for judge in fresh.judges if judge.code == "J3")
        expert = Expert(kind="judge", level="国家级", made_by=organiser.id)
        expert.person_id = third.person_id or 0
        session.add(expert)
    with unit_of_work():
        fresh.starts, fresh.ends = date(2022, 9, 14), date(2022, 9, 15)
        expert.days = [["2022-09-15", "2022-09-15"]]
    assert "9月14日来不了" in desk.get(PAGE).text
    with unit_of_work():
        expert.days = []
    assert "来不了" not in desk.get(PAGE).text
    shown = desk.post(f"{PAGE}/suggest", data=MODULE).text
    assert "改成先比资格，再比人数" in shown
    assert hidden(shown, "first")[0] == "loads"
    turned = desk.post(f"{PAGE}/suggest", data=MODULE | {"first": "level"}).text
    assert "改成先比人数，再比资格" in turned
    desk.set_cookie("lang", "en")
    english = desk.post(f"{PAGE}/suggest", data=MODULE).text
    assert ("No national judge" in english, "国家级 judge" in english) == (True, False)
    desk.delete_cookie("lang")
    # Refused and shown again, it is worked out the same way.
    old = MODULE | {"seat": [], "seen": "x", "first": "level"}
    assert "改成先比人数，再比资格" in desk.post(f"{PAGE}/use", data=old).text
    # Nobody else may come: what stands is not called the best, and the rule that bars is named.
    desk.post(f"{PAGE}/ties", data=MODULE | {"lines": "J3，P1，亲属\nJ1，P1，亲属\nJ2，P3，亲属"})
    shown = desk.post(f"{PAGE}/suggest", data=MODULE).text
    plan = {"seat": hidden(shown, "seat"), "seen": hidden(shown, "seen")[:1]}
    desk.post(f"{PAGE}/use", data=MODULE | plan)
    shown = desk.post(f"{PAGE}/suggest", data=MODULE).text
    assert ("没有坐得更齐的排法" in shown, "就是最好的" in shown) == (True, False)
    assert "亲属 2 人" in shown


@pytest.mark.parametrize("who", ["anonymous", "stranger", "judge", "supervisor", "chief"])
def test_nobody_else_learns_whom_a_judge_will_meet(
    app: Flask, fresh: Competition, who: str
) -> None:
    client = visitor(app, who, fresh)
    assert client.get(PAGE).status_code in (302, 403, 404)
    assert client.post(f"{PAGE}/suggest", data=MODULE).status_code in (302, 403, 404)


def test_who_has_begun_and_must_not_sit_there_is_not_called_the_best(
    desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    seat_and_open(fresh, organiser)
    tablet = Tablet(fresh, "J1")
    tablet.send(*tablet.full("P1")[:1])
    desk.post(f"{PAGE}/ties", data=MODULE | {"lines": "J1，P1，亲属"})
    shown = desk.post(f"{PAGE}/suggest", data=MODULE).text
    card = shown[shown.index("秒算完") :]
    assert "1 处" in card
    assert "必须回避的到“回避”里办" in card
    assert "不用动" not in card


def test_one_press_seats_all_modules_and_what_is_undone_is_named(
    desk: FlaskClient, fresh: Competition
) -> None:
    assert "各模块都照建议排" in desk.get(PAGE).text
    page_text = desk.post(f"{PAGE}/all", data=MODULE, follow_redirects=True).text
    assert "排好了 2 个模块" in page_text
    assert len(seated()) == 3
    (undo,) = re.findall(r"<span>(撤销 [^<]*)</span>", page_text)
    assert "到 这个模块" in undo
