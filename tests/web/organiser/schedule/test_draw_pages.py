"""Draws at the desk: prepared in a form, held step by step, said on the competition's page."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.units_then_people import BY_ROUNDS
from compete.domain.values.states import CeremonyState
from compete.models import Account, Competition, DrawCeremony, Entrant, Slot, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.preview import offer_of
from compete.services.schedule.allocation import assign_judges
from compete.services.schedule.drawn_places import DrawnSoFar
from compete.services.schedule.timetables import timetable_of
from compete.sheets.registration.template import write_registration_workbook
from compete.web.organiser.schedule.draws.known_words import known_words
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.drawing import NAMES, drawn, end, hold, openings_of
from tests.support.judging import judge_of, seat_and_open
from tests.support.people import visitor
from tests.support.small import read, small

MODULE = {"module": "E|S|m"}
LAYOUT = MODULE | {
    "stations": "1号\n2号",
    "sessions": "第1场，2026-09-16 08:40，2，10",
    "check_in": "20",
    "layer": "station",
    "apart": "1",
    "per_session": "",
}
PAGE = "/desk/X/draws"


def lay(desk: FlaskClient, **other: str) -> None:
    """The timetable of the module, which has to be taken."""
    assert desk.post(f"{PAGE}/timetable", data=LAYOUT | other).status_code == 302


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def desk(app: Flask, competition: Competition) -> FlaskClient:
    return visitor(app, "organiser", competition)


def test_before_a_draw_too_it_is_said_who_is_not_counted(
    here: Flask, competition: Competition
) -> None:
    known = DrawnSoFar(expected=30, placed=0, drawn=0, last_on=None, away=10)
    with here.test_request_context():
        assert known_words(competition, known) == "还没抽签；10 人缺考或取消成绩，不算"
        assert known_words(competition, replace(known, away=0)) == "还没抽签"


def test_a_draw_is_held_from_the_form_to_the_file(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    draws = f"/desk/{competition.code}/draws"
    overview = f"/desk/{competition.code}/"
    assert "还没抽签" in desk.get(overview).text
    assert "先排场次和工位" in desk.post(draws, data=MODULE | {"way": "sealed"}).text
    wrong = desk.post(
        f"{draws}/timetable", data=LAYOUT | {"sessions": "上午", "per_session": "很多"}
    )
    assert wrong.status_code == 400
    for text in ("第 1 行“上午”看不懂", "写 1 或更大的整数", "1号\n2号"):
        assert text in wrong.text
    long = {"stations": "工" * 81, "sessions": "场" * 81 + "，2026-09-16 08:40，6，10"}
    page_text = desk.post(f"{draws}/timetable", data=LAYOUT | long).text
    assert page_text.count("最长 80 个字，现在是 81 个") == 2
    lay(desk, sessions="第1场，2026-09-16 08:40，1，10")
    assert "只有 2 个位置" in desk.get(draws).text
    few = desk.post(draws, data=MODULE | {"way": "sealed"})
    assert (few.status_code, "只有 2 个位置" in few.text) == (400, True)
    lay(desk)
    page = desk.post(draws, data=MODULE | {"way": "sealed"}).headers["Location"]
    ceremony = db.session.scalars(select(DrawCeremony)).one()
    file = f"/draw/{competition.code}/{ceremony.id}.json"
    passer_by = app.test_client()
    assert passer_by.get(file).status_code == 404
    assert "还差 2 方的封签" in desk.get(page).text
    parties = openings_of(ceremony)
    refused = desk.post(f"{page}/seal", data={"name": "组委会", "seal": "123"})
    assert (refused.status_code, "64 位" in refused.text, "组委会" in refused.text) == (
        400,
        True,
        True,
    )
    for party in parties:
        spare = {"spare": "1"} if party.name == NAMES[-1] else {}
        desk.post(f"{page}/seal", data={"name": party.name, "seal": party.seal, **spare})
    assert "一个字也不能再改" in desk.get(f"{page}/publish").text
    desk.post(f"{page}/publish")
    assert desk.get(f"{page}/publish").headers["Location"] == page
    late = desk.post(f"{page}/seal", data={"name": "迟到的", "seal": "0" * 64})
    assert (late.status_code, "这一次没有“迟到的”的签" in late.text) == (409, True)
    shown = desk.get(page).text
    assert db.session.get_one(DrawCeremony, ceremony.id).head in shown
    assert json.loads(passer_by.get(file).data)["spare"]["share"] is None

    def hand_in(at: int, **other: Any) -> Any:
        party = parties[at]
        fields = {"name": party.name, "share": party.share, "key": party.key} | other
        return desk.post(f"{page}/open", data=fields)

    wrong = hand_in(0, share="签组委会")
    assert wrong.status_code == 400
    assert "算没拆" in wrong.text
    assert "签组委会" in wrong.text
    hand_in(0)
    assert "没拆的：领队代表" in desk.get(f"{page}/fix").text
    desk.post(f"{page}/fix")
    late = hand_in(1)
    assert (late.status_code, "“领队代表”算没拆" in late.text) == (409, True)
    hand_in(2)
    late = hand_in(1)
    assert (late.status_code, "不能再拆签" in late.text) == (409, True)
    assert db.session.get_one(DrawCeremony, ceremony.id).state is CeremonyState.DRAWN
    answer = passer_by.get(file)
    assert check_draw_file(read_draw_file(answer.data)).fits
    assert "Set-Cookie" not in answer.headers
    assert f"/draw/check?file={file}" in passer_by.get("/draw/check").text.replace("%2F", "/")
    assert len(db.session.scalars(select(Slot)).all()) == 4
    assert "抽的" in desk.get(overview).text
    assert "赵启明" in desk.get(page).text
    assert "写明理由，作废" in desk.get(page).text
    unsaid = desk.post(f"{page}/end", data={"why": ""})
    assert (unsaid.status_code, "请写理由" in unsaid.text) == (400, True)
    desk.post(f"{page}/end", data={"why": "漏了一人"})
    assert "要作废：漏了一人" in desk.get(page).text
    assert desk.post(f"{page}/end/agree").status_code == 409
    supervisor = visitor(app, "supervisor", competition)
    assert "次抽签，等第二个人同意" in supervisor.get(overview).text
    assert "漏了一人" in supervisor.get(f"{draws}/paper/signing").text
    chief = visitor(app, "chief", competition)
    signing = f"{draws}/paper/signing"
    assert signing in chief.get(overview).text
    shown = chief.get(signing).text
    assert f"{page}/end/agree" in shown
    assert "没有纸上的抽签" not in shown
    chief.post(f"{page}/end/agree")
    assert db.session.get_one(DrawCeremony, ceremony.id).state is CeremonyState.ENDED
    assert desk.get(f"/desk/{competition.code}/draws/{ceremony.id}/nothing").status_code == 404


def test_units_are_drawn_first_and_the_screen_shows_them_before_the_people(
    desk: FlaskClient, competition: Competition
) -> None:
    lay(desk, layer="round", per_session="3")
    page = desk.post(PAGE, data=MODULE | {"way": "sealed"}).headers["Location"]
    shown = desk.get(page).text
    assert "各单位轮流，每轮各出一人" in shown
    assert "连着上" not in shown
    ceremony = db.session.scalars(select(DrawCeremony)).one()
    assert (ceremony.layer, ceremony.rule) == ("round", None)

    def boards() -> Any:
        return desk.get(f"{page}/hall/data").json["boards"]

    assert [len(board["places"]) for board in boards()] == [2, 4]
    assert not any(place["name"] for board in boards() for place in board["places"])
    hold(ceremony, create_account("吴敏"))
    units, people = boards()
    assert sorted(place["name"] for place in units["places"]) == ["乙单位", "甲单位"]
    order = [place["name"] for place in units["places"]]
    assert [place["unit"] for place in people["places"]] == order * 2
    shown = desk.get(page).text
    assert "单位抽到的号" in shown
    assert shown.index(order[0]) < shown.index(order[1])


def test_a_way_to_draw_that_is_none_is_refused(desk: FlaskClient) -> None:
    wrong = desk.post(f"{PAGE}/timetable", data=LAYOUT | {"layer": "code"})
    assert (wrong.status_code, "没有这种抽法" in wrong.text) == (400, True)


def test_what_a_ceremony_that_was_ended_left_is_called_so_and_each_has_its_number(
    desk: FlaskClient, competition: Competition, app: Flask
) -> None:
    by = create_account("吴敏")
    first = drawn(competition, by, BY_ROUNDS)
    assert "按规则调了" not in desk.get(f"/desk/X/draws/{first.id}").text
    end(first, "漏了一人", by)
    for page in ("/desk/X/draws", "/desk/X/"):
        shown = desk.get(page).text
        assert "抽的那次作废了，等重新抽" in shown
        assert "随文件来的" not in shown
    outside, file = app.test_client(), "/draw/check?file=/draw/X/%d.json"
    void = "这一次写明理由结束了，不作数"
    page_text = outside.get(file % first.id).text
    assert (void in page_text, "位置等另抽了再看" in page_text) == (True, True)
    second = drawn(competition, by)
    page_text = outside.get(file % first.id).text
    assert (void in page_text, "已经另抽了第 2 次，位置照那一次的" in page_text) == (True, True)
    assert file % second.id in page_text.replace("%2F", "/")
    assert void not in outside.get(file % second.id).text
    assert outside.get(file % 99999999).status_code == 200
    assert "抽的那次作废了" not in desk.get("/desk/X/draws").text
    assert "按规则调了" in desk.get(f"/desk/X/draws/{second.id}").text
    rule = read_draw_file(second.file.encode()).draws[0]
    moved = [row.code for row in rule.result if row.moved]
    shown = desk.get("/desk/X/draws?module=E|S|m").text
    assert shown.count('title="原在') == len(moved)
    listed = desk.get("/desk/X/draws?module=E|S|m&by=name").text
    assert listed.count("调，原在") == len(moved)
    listed = app.test_client().get("/draw/check").text
    assert ("第 1 次" in listed, "第 2 次" in listed) == (True, True)
    screens = [desk.get(f"/desk/X/draws/{ceremony.id}/hall").text for ceremony in (first, second)]
    assert ["第 2 次抽：" in screen for screen in screens] == [False, True]


def test_a_draw_is_named_after_the_module_that_was_chosen(
    desk: FlaskClient, competition: Competition
) -> None:
    lay(desk)
    desk.post(PAGE, data=MODULE | {"way": "sealed"})
    ceremony = db.session.scalars(select(DrawCeremony)).one()
    title = module_title(ceremony.event, "S", "m")
    assert ceremony.name == f"{competition.code} {title}抽签"


def test_who_has_no_place_is_said_before_judging_begins(
    desk: FlaskClient, competition: Competition
) -> None:
    by = create_account("组委会甲")
    drawn(competition, by)
    for module, seats in (("m", [("J1", ""), ("J2", "")]), ("t", [("J3", "")])):
        named = [(judge_of(competition, code), station) for code, station in seats]
        assign_judges(competition.events[0], "S", module, named, by)
    home = f"/desk/{competition.code}/"
    assert "人没有工位，开始以后" not in desk.get(home).text
    with unit_of_work() as session:
        session.delete(session.scalars(select(Slot).where(Slot.module == "m")).first())
    name = module_title(competition.events[0], "S", "m")
    assert f"还有 1 人（{name}）没有工位，开始以后不能再抽签" in desk.get(home).text
    assert f"；1 人（{name}）还没有工位" in desk.get(PAGE).text


def test_a_paper_draw_is_entered_and_its_faults_stand_beside_it(
    desk: FlaskClient, competition: Competition
) -> None:
    address = f"/desk/{competition.code}/draws/paper"
    answer = desk.post(
        address, data={"module": "E|S|m", "drawn_on": "2026-09-15", "supervisor": "监督乙"}
    )
    assert (answer.status_code, "还没有人有工位" in answer.text) == (400, True)
    assert "监督乙" in answer.text


@pytest.mark.parametrize("who", ["anonymous", "stranger", "judge", "supervisor", "chief"])
def test_only_the_organiser_draws(app: Flask, competition: Competition, who: str) -> None:
    client = visitor(app, who, competition)
    for page, sent in ((PAGE, MODULE), (f"{PAGE}/timetable", LAYOUT), (f"{PAGE}/swap", MODULE)):
        assert client.post(page, data=sent).status_code in (302, 403, 404)
    assert timetable_of(competition.events[0], "S", "m") is None
    assert db.session.scalar(select(DrawCeremony)) is None


def preview(desk: FlaskClient, competition: Competition) -> str:
    """The preview of a form with one more person."""
    row = RegistrationRow(name="新来", id_number=citizen_id(date(1991, 2, 3), 5), unit="甲单位")
    content = write_registration_workbook(offer_of(competition), [row])
    sent = {"workbook": (BytesIO(content), "报名.xlsx")}
    return desk.get(desk.post("/desk/X/entrants/upload", data=sent).location).text


def test_who_is_added_late_is_told_where_they_go_and_by_what_rule(
    desk: FlaskClient, competition: Competition
) -> None:
    by = create_account("组委会甲")
    assert "没有抽签" not in preview(desk, competition)
    drawn(competition, by)
    assert "已经抽过签" in preview(desk, competition)
    event = competition.events[0]
    for module, seats in (("m", [("J1", "1号"), ("J2", "2号")]), ("t", [("J3", "")])):
        named = [(judge_of(competition, code), station) for code, station in seats]
        assign_judges(event, "S", module, named, by)
    assert "人没有抽签" not in desk.post("/desk/X/open", follow_redirects=True).text
    shown = preview(desk, competition)
    assert "现在加的人没有抽签" in shown
    assert "排到人最少的工位" in shown
    (write,) = re.findall(r'action="([^"]+/write[^"]*)"', shown)
    page_text = desk.post(html.unescape(write), follow_redirects=True).text
    assert re.search(r"没有抽签，排到了人最少的工位：\w+（1号\w*）", page_text)
    assert "抽了 4 人，还有 1 人没抽" in desk.get("/desk/X/").text


def test_who_has_no_place_when_judging_begins_is_not_given_one_silently(
    desk: FlaskClient, competition: Competition
) -> None:
    by = create_account("组委会甲")
    event = competition.events[0]
    for module, seats in (("m", [("J1", "1号"), ("J2", "2号")]), ("t", [("J3", "")])):
        named = [(judge_of(competition, code), station) for code, station in seats]
        assign_judges(event, "S", module, named, by)
    page_text = desk.post("/desk/X/open", follow_redirects=True).text
    assert "4 人没有抽签，排到了人最少的工位" in page_text
    assert "给没有抽签的 P1、P2、P3、P4 排了工位" in desk.get("/desk/X/").text


def test_once_the_judges_have_sheets_no_act_is_offered_that_is_refused(
    desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    ceremony = drawn(competition, organiser)
    seat_and_open(competition, organiser)
    page = f"/desk/{competition.code}/draws/{ceremony.id}"
    shown = desk.get(page).text
    assert "不能再抽" in shown
    assert "写明理由，作废" not in shown
    assert desk.post(f"{page}/end", data={"why": "漏了一人"}).status_code == 409
    draws = desk.get(f"/desk/{competition.code}/draws").text
    assert "的评分表已经按工位发给裁判了" in draws
    assert 'name="stations"' not in draws
    assert 'name="reason"' not in draws
    theory = desk.get(f"{PAGE}?module=E|S|t").text
    assert "已经在纸上抽过" in theory


def test_one_press_seals_the_list_and_one_more_draws(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    lay(desk)
    assert "封存名单" in desk.get(PAGE).text
    assert desk.post(PAGE, data=MODULE | {"way": "computer"}).status_code == 302
    ceremony = db.session.scalars(select(DrawCeremony)).one()
    page = f"{PAGE}/{ceremony.id}"
    sealed = desk.get(PAGE).text
    assert ("现在抽" in sealed, f'action="{page}/draw"' in sealed) == (True, True)
    assert desk.post(f"{PAGE}/timetable", data=LAYOUT).status_code == 409
    assert desk.post(f"{page}/fix").status_code == 409
    assert "拆签，当场抽" not in desk.get(page).text
    assert desk.post(f"{page}/draw").status_code == 302
    drawn_page = desk.get(PAGE).text
    assert all(name in drawn_page for name in ("赵启明", "第1场", "1号", "抽好了"))
    for comes in ("座位表、参赛证、检录平板", "个单位在自己的页面"):
        assert comes in sealed
        assert comes in drawn_page
    file = app.test_client().get(f"/draw/X/{ceremony.id}.json").data
    assert check_draw_file(read_draw_file(file)).fits
    assert "赵启明" in desk.get(f"{PAGE}?module=E|S|m&by=unit&find=赵启明").text


def test_places_are_closed_and_each_step_taken_back(desk: FlaskClient) -> None:
    numbers = {"begins": "2026-09-16T08:40", "count": "2", "minutes": "40", "posts": "3"}
    wrong = desk.post(f"{PAGE}/timetable", data=LAYOUT | numbers | {"posts": "很多"})
    assert (wrong.status_code, 'value="很多"' in wrong.text) == (400, True)
    lay(desk, **numbers, pause="10")
    # Some of the numbers alone are not passed over: the page names what is missing.
    bare = desk.post(f"{PAGE}/timetable", data=LAYOUT | {"count": "3", "posts": "2"})
    assert (bare.status_code, "写成 2026-09-16 08:40" in bare.text) == (400, True)
    assert "写 1 到" in bare.text
    laid = desk.get(PAGE).text
    assert all(text in laid for text in ("09:30–10:10", "3号", "放进 6 个位置"))
    close = f"{PAGE}/timetable/close"
    desk.post(close, data=MODULE | {"place": "3-2", "why": "检修"})
    assert all(text in desk.get(PAGE).text for text in ("放进 5 个位置", "<b>检修</b>"))
    long = desk.post(close, data=MODULE | {"place": "3-1", "why": "检" * 21})
    assert (long.status_code, "最多 20 个字" in long.text) == (400, True)
    both = {"place": ["3-1", "3-2", "2-1"], "state": ["不用", "", "停电"]}
    desk.post(close, data=MODULE | both)
    block = desk.get(PAGE).text
    assert ("放进 4 个位置" in block, "停电" in block, "检修</b>" in block) == (True, True, False)
    desk.post(f"{PAGE}/timetable/undo", data=MODULE)
    assert "放进 5 个位置" in desk.get(PAGE).text
    desk.post(f"{PAGE}/timetable/undo", data=MODULE)
    assert "放进 6 个位置" in desk.get(PAGE).text
    desk.post(f"{PAGE}/timetable/undo", data=MODULE)
    assert desk.post(f"{PAGE}/timetable/undo", data=MODULE).status_code == 409


def test_two_people_change_places_with_a_reason(
    desk: FlaskClient, competition: Competition
) -> None:
    drawn(competition, create_account("吴敏"))

    def stand() -> dict[str, Any]:
        rows = db.session.execute(select(Entrant.code, Slot).join(Slot.entrant)).tuples()
        return {code: (slot.station, slot.starts_at) for code, slot in rows}

    before = stand()
    for sent, sentence in (
        ({"first": "P1", "second": "P2", "reason": " "}, "要写原因"),
        ({"first": "P1", "second": "P9", "reason": "设备"}, "没有参赛号 P9"),
    ):
        refused = desk.post(f"{PAGE}/swap", data=MODULE | sent)
        assert (refused.status_code, sentence in refused.text) == (400, True)
    assert stand() == before
    sent = {"first": "P1", "second": "P2", "reason": "左手操作的设备"}
    assert desk.post(f"{PAGE}/swap", data=MODULE | sent).status_code == 302
    after = stand()
    assert (after["P1"], after["P2"]) == (before["P2"], before["P1"])
    assert "左手操作的设备" in desk.get("/desk/X/").text
