"""The judge's home as the server gives it: hall clock, day and place, what can be signed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from compete.models import Sheet, Slot
from compete.services.judging.disputes import rule_dispute
from compete.services.kernel.transactions import unit_of_work
from compete.web.judge.views import where_words
from tests.support.panels import Panel, client_of


def test_times_are_texts_of_the_halls_clock(app: Flask, opened: Panel) -> None:
    with app.app_context(), unit_of_work() as session:
        session.add(
            Slot(
                entrant_id=opened.entrant("E1").id,
                stage="final",
                module="practice",
                session="第3场",
                station="2号工位",
                starts_at=datetime(2026, 9, 15, 23, 20, tzinfo=UTC),
                ends_at=datetime(2026, 9, 16, 0, 5, tzinfo=UTC),
            )
        )
    home = client_of(app, opened, "J1").get("/api/home").get_json()
    row = next(row for row in home["sheets"] if row["code"] == "E1")
    assert (row["date"], row["begins"], row["ends"]) == ("2026-09-16", "07:20", "08:05")
    assert row["clock"] == "07:20–08:05"
    other = next(row for row in home["sheets"] if row["code"] == "E2")
    assert (other["date"], other["clock"]) == (None, None)
    assert (home["open"], home["early"]) == (True, False)


def test_a_session_called_like_its_module_is_said_once(app: Flask, opened: Panel) -> None:
    with app.app_context():
        with unit_of_work() as session:
            who = opened.entrant("E1").id
            places = {"stage": "final", "module": "practice", "session": "实操", "station": "实操"}
            session.add(Slot(entrant_id=who, **places))
        sheet = opened.sheet("J1", "E1").public_id
    page = client_of(app, opened, "J1").get(f"/judge/sheets/{sheet}").text
    (where,) = re.findall(r'<span class="where">(.*?)</span></div>', page)
    assert where == "实操"


def test_a_badge_that_opens_no_sheet_is_called_by_its_number(app: Flask, opened: Panel) -> None:
    with app.app_context():
        entrant = opened.entrant("E1")
        address = f"http://127.0.0.1:8000/c/{entrant.badge_token}"
        with unit_of_work() as session:
            for sheet in list(session.scalars(select(Sheet).where(Sheet.entrant == entrant))):
                session.delete(sheet)
    judge = client_of(app, opened, "J1")

    def problem_at(code: str) -> str:
        page = judge.get("/judge/scan", query_string={"code": code}).text
        (problem,) = re.findall(r'class="field-error".*?</p>', page, re.DOTALL)
        return problem

    assert "没有你的“E1”评分表" in problem_at(address)
    strange = problem_at("http://127.0.0.1:8000/c/6xZep3tnJJDKooxgJSEIQdR4FfxbzllA")
    assert "这个码不是这场竞赛的参赛证" in strange
    assert "6xZep3" not in strange
    assert "没有你的“E99”评分表" in problem_at("E99")


def test_a_sheet_is_ready_to_be_signed_when_the_panel_is_in(app: Flask, opened: Panel) -> None:
    judge = client_of(app, opened, "J1")

    def ready() -> list[bool]:
        return [row["ready"] for row in judge.get("/api/home").get_json()["sheets"]]

    with app.app_context():
        opened.fill(opened.sheet("J1"))
    assert ready() == [False, False]
    with app.app_context():
        for code in ("J2", "J3"):
            opened.fill(opened.sheet(code))
    assert ready() == [True, False]
    with app.app_context(), unit_of_work():
        # As one that came with the competition's file: nobody has to sign it.
        opened.sheet("J1").submitted_at = None
    row = judge.get("/api/home").get_json()["sheets"][0]
    assert (row["ready"], row["loaded"]) == (False, True)


def test_the_head_says_where_and_which_day_it_is_in_the_hall(app: Flask) -> None:
    now = datetime(2026, 9, 15, 23, tzinfo=UTC)
    with app.test_request_context():
        head = where_words([("实操", "2号工位"), ("实操", None)], now)
    assert head == ["实操", "2号工位", "9月16日 星期三"]
    with app.test_request_context():
        head = where_words([("实操", f"{n}号") for n in (1, 2, 3)], now)
    assert head[1] == "1号、2号 等 3 个"
    with app.test_request_context():
        head = where_words([("重型吊车", "重型吊车")], now)
    assert head == ["重型吊车", "9月16日 星期三"]


def test_a_ruling_is_told_with_the_judges_own_value_and_the_reason(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        opened.fill_panel("3", "1", "1")
        chief = opened.account("C1")
        rule_dispute(opened.sheet("J1"), {"smooth": "2"}, "录像里有一次急停", chief)
        sheet = opened.sheet("J1").public_id
    judge = client_of(app, opened, "J1")
    rows = judge.get("/api/home").get_json()["sheets"]
    rulings = [
        {
            "aspect": "smooth",
            "name": "操作平稳",
            "value": "2 档",
            "own": "3 档",
            "stands": "2",
            "reason": "录像里有一次急停",
        }
    ]
    assert [row["ruled"] for row in rows] == [rulings, []]
    assert judge.get(f"/api/sheets/{sheet}").get_json()["ruled"] == rulings
