"""难度系数 on the desk: chosen in a list, seen on the board, refused where another was quicker."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.services.closing.module_locks import lock_module
from compete.web.organiser.judging import difficulties
from tests.services.closing.test_module_locks import with_sessions
from tests.services.rules.asking import ask, aspects
from tests.services.sheets.test_difficulties import PLACE, dives, judge_all, tell
from tests.support.panels import Panel, open_panel
from tests.support.people import signed_in

PAGE = "/desk/PANEL/difficulties?module=FORK%7Cfinal%7Cpractice"


@pytest.fixture
def hall(app: Flask) -> Any:
    with app.app_context():
        yield open_panel(dives())


@pytest.fixture
def desk(app: Flask, hall: Panel) -> FlaskClient:
    return signed_in(app, hall.organiser)


def options(page: str) -> list[list[str]]:
    """The choices of each field, the chosen one in brackets."""
    fields = re.findall(r"<select class=\"input\" name=[^>]*>(.*?)</select>", page)
    choices = [re.findall(r'value="(.*?)"( selected)?', field) for field in fields]
    return [[f"({it})" if chosen else it for it, chosen in field] for field in choices]


def form_of(page: str) -> str:
    """The part of the page that holds the choices."""
    return page.split("还差 ")[-1].split("都填了")[-1].split("</form>")[0]


def test_what_is_chosen_is_written_and_shown(desk: FlaskClient) -> None:
    page = desk.get(PAGE).text
    assert "还差 2 人" in page
    assert options(page) == [["", "1", "1.5", "2"]] * 2
    done = desk.post(
        PAGE, data={"now-E1/work": "1.5", "now-E2/work": ""}, follow_redirects=True
    ).text
    assert "还差 1 人" in done
    assert options(done) == [["1", "(1.5)", "2"], ["", "1", "1.5", "2"]]
    board = desk.get("/desk/PANEL/progress?module=FORK%7Cfinal%7Cpractice").text
    assert "还差 1 人，填了才有得分" in board
    assert "/desk/PANEL/difficulties?module=FORK" in board


def test_what_another_wrote_meanwhile_is_told_and_kept(desk: FlaskClient) -> None:
    desk.post(PAGE, data={"now-E1/work": "1.5"})
    refused = desk.post(PAGE, data={"now-E1/work": "2", "was-E1/work": ""})
    assert refused.status_code == 409
    assert "刚才已经记成 1.5" in refused.text
    assert desk.post(PAGE, data={"now-E1/work": "2", "was-E1/work": "1.5"}).status_code == 302


def test_what_a_refused_form_left_alone_stays_as_another_wrote_it(desk: FlaskClient) -> None:
    desk.post(PAGE, data={"now-E1/work": "1"})
    was = {"was-E1/work": "1", "was-E2/work": ""}
    # Meanwhile somebody else corrects one and tells the other.
    desk.post(PAGE, data={"now-E1/work": "1.5", "now-E2/work": "2"} | was)
    refused = desk.post(PAGE, data={"now-E1/work": "1", "now-E2/work": "1"} | was)
    assert refused.status_code == 409
    assert options(refused.text) == [["1", "(1.5)", "2"], ["(1)", "1.5", "2"]]
    refused = desk.post(PAGE, data={"now-E1/work": "2", "now-E2/work": ""} | was)
    assert options(refused.text) == [["1", "1.5", "(2)"], ["1", "1.5", "(2)"]]


@pytest.mark.parametrize("typed", ["7", "x", "1e9", "-1"])
def test_a_number_that_is_not_offered_is_refused(desk: FlaskClient, typed: str) -> None:
    refused = desk.post(PAGE, data={"now-E1/work": typed})
    assert refused.status_code == 400
    assert "还差 2 人" in refused.text


def test_without_such_an_aspect_there_is_no_page(app: Flask) -> None:
    with app.app_context():
        panel = open_panel()
        desk = signed_in(app, panel.organiser)
        assert desk.get("/desk/PANEL/difficulties").status_code == 404
        assert "difficulties" not in desk.get("/desk/PANEL/progress").text


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("aspect", "3 位裁判评 8、7、7.5，乘难度系数 2，差 2 分，上限 1 分"),
        ("sheet", "3 位裁判评 22、20、21，差 2 分，上限 1 分"),
    ],
)
def test_judges_too_far_apart_are_told_by_the_difficulty(
    app: Flask, at: str, sentence: str
) -> None:
    plain = dives()
    plain["events"][0]["stages"][0]["modules"][1]["panel"]["at"] = at
    with app.app_context():
        panel = open_panel(plain)
        judge_all(panel)
        tell(panel, E1="2")
        desk = signed_in(app, panel.organiser)
        assert sentence in desk.get("/desk/PANEL/progress?module=FORK%7Cfinal%7Cpractice").text
        shown = desk.get(f"/desk/PANEL/panels/{panel.sheet('J1').public_id}").text
        assert sentence in shown
        assert re.findall(r"2[012]\.00", shown) == ["22.00", "20.00", "21.00"]


def test_under_a_lock_nothing_can_be_chosen(hall: Panel, desk: FlaskClient) -> None:
    judge_all(hall)
    tell(hall, E1="1", E2="1")
    assert " disabled>" not in form_of(desk.get(PAGE).text)
    lock_module(hall.competition.events[0], "final", "practice", hall.account("C1"))
    page = desk.get(PAGE).text
    assert form_of(page).count(" disabled>") == 2
    assert "保存" not in form_of(page)
    assert "先由两个人解锁" in page


def test_a_locked_session_names_the_way_out(app: Flask) -> None:
    plain = dives()
    plain["competition"]["extra"] = with_sessions()["competition"]["extra"]
    with app.app_context():
        hall = open_panel(plain)
        judge_all(hall)
        tell(hall, E1="1", E2="1")
        lock_module(hall.competition.events[0], *PLACE, hall.account("C1"), "第1场")
        page = signed_in(app, hall.organiser).get(PAGE).text
    assert form_of(page).count(" disabled>") == 1
    assert re.search(r'有 1 人已经锁定，改的话先由两个人解锁。.*?<a href="[^"]+">去解锁</a>', page)


def test_many_people_are_told_page_by_page(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(difficulties, "_FIELDS", 1)
    second = desk.get(f"{PAGE}&page=2").text
    assert "now-E2/work" in second
    assert "now-E1/work" not in second
    where = re.search(r'action="([^"]*difficulties[^"]*)"', second)
    assert where
    done = desk.post(
        unescape(where[1]), data={"now-E2/work": "2", "was-E2/work": ""}, follow_redirects=True
    ).text
    assert options(done) == [["1", "1.5", "(2)"]]
    assert "还差 1 人" in done


def test_a_label_is_never_taken_for_what_was_shown(app: Flask) -> None:
    plain = json.loads(json.dumps(dives()).replace('"E2"', '"was-E1"'))
    with app.app_context():
        desk = signed_in(app, open_panel(plain).organiser)
        names = re.findall(r' name="([^"]*/work)"', desk.get(PAGE).text)
        assert len(names) == len(set(names)) == 4


def test_who_it_is_of_has_it_on_their_page(desk: FlaskClient) -> None:
    desk.post(PAGE, data={"now-E1/work": "1.5"})
    desk.post(PAGE, data={"now-E1/work": "2", "was-E1/work": "1.5"})
    page = desk.get("/desk/PANEL/entrants/E1/").text
    assert page.count("记难度系数（实操）") == 2
    assert [it in page for it in ("<s>—</s> → <b>1.5</b>", "<s>1.5</s> → <b>2</b>")] == [True] * 2
    assert "记难度系数" not in desk.get("/desk/PANEL/entrants/E2/").text


def test_a_change_of_rules_tells_beforehand_whose_difficulty_goes(
    desk: FlaskClient, hall: Panel
) -> None:
    tell(hall, E1="2", E2="1.5")
    own = {"step": "0.5", "top": "10", "difficulties": "1\n1.5\n3"}
    change = ask(hall, aspects(hall, 1, own=own, max="30"))
    page = desk.get(f"/desk/PANEL/events/changes/{change.id}").text
    assert "1 名选手记下的难度系数不能用了，要重新填" in page
