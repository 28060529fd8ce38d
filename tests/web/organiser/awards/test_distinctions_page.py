"""The page of awards given by hand: nominated, granted by a second person, certified, announced."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Flask
from openpyxl import load_workbook

from compete.models import Account, Competition
from tests.support.announced import announce
from tests.support.second_day import PRIZES, person
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/distinctions"


def test_an_organisers_award_goes_from_nomination_to_the_public_and_its_certificate(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=PRIZES)
    plain["competition"]["starts"] = "2022-09-20"
    competition = load(plain)
    desk, second = signed_in(app, organiser), signed_in(app, official(competition, "S1"))
    assert PAGE in desk.get("/desk/X/awards").text
    page = desk.get(PAGE).text
    assert "成绩公布以后才能评给选手" in page
    unit = {"title": "优秀组织奖", "people": ["U1"], "reason": ""}
    refused = desk.post(f"{PAGE}/nominate", data=unit)
    assert (refused.status_code, "评定要写理由" in refused.text) == (400, True)
    # What was ticked is still ticked.
    assert 'value="U1" checked' in refused.text
    unit["reason"] = "承办预赛"
    assert "等第二个人同意" in desk.post(
        f"{PAGE}/nominate", data=unit, follow_redirects=True
    ).get_data(as_text=True)
    again = desk.post(f"{PAGE}/nominate", data=unit)
    assert (again.status_code, "甲单位 已经有" in again.text) == (409, True)
    coach = {"title": "优秀教练员", "name": "顾云飞", "unit": "U2", "reason": "带队"}
    desk.post(f"{PAGE}/nominate", data=coach)
    # Not by the same person, nor by a judge; the supervisor sees the page and nominates nobody.
    assert desk.post(f"{PAGE}/1/agree").status_code == 409
    assert second.post(f"{PAGE}/nominate", data=unit).status_code == 404
    assert "同意" in second.get(PAGE).text
    assert second.post(f"{PAGE}/1/agree").status_code == 302
    assert second.post(f"{PAGE}/2/agree").status_code == 302
    assert second.post(f"{PAGE}/9/agree").status_code == 404
    page_text = desk.get("/desk/X/").text
    assert "同意 U1 评“优秀组织奖”" in page_text
    assert "提名 顾云飞 评“优秀教练员”，理由：带队" in page_text
    announce(competition, organiser)
    young = {"title": "青年岗位能手", "event": "E", "people": ["P1"], "reason": "年轻"}
    young["event"] = competition.events[0].code
    assert "第 1 名" in desk.get(PAGE).text
    desk.post(f"{PAGE}/nominate", data=young)
    assert "评选奖项" in desk.get("/desk/X/").text
    second.post(f"{PAGE}/3/agree")
    public = app.test_client().get("/p/X").text
    assert "优秀组织奖" in public
    assert "顾*飞" in public
    assert "顾云飞" not in public
    assert "可发 6 张" in desk.get("/desk/X/certificates").text
    desk.post("/desk/X/certificates/issue/award", data={"reason": "急用"})
    register = desk.get("/desk/X/certificates").text
    assert register.count("荣誉证书") >= 3
    # On the contestant's own page and at the desk it is called as in the register.
    young_one = person(competition, "P1")
    own = app.test_client().get(f"/c/{young_one.badge_token}").text
    for page in (own, desk.get("/desk/X/entrants/P1/").text):
        shown = page.partition("青年岗位能手 〔")[0].rpartition("证书")[0]
        assert shown.endswith("荣誉"), shown[-80:]
    book = load_workbook(io.BytesIO(desk.get("/desk/X/standings.xlsx").data))
    cells = [cell.value for row in book["评选奖项"].iter_rows() for cell in row]
    assert "顾云飞" in cells
    assert "承办预赛" in cells
    number = desk.get(PAGE).text
    assert "第004号" in number
    year = number.split("第004号")[0][-6:]
    answer = app.test_client().post("/verify", data={"number": f"{year}第004号", "name": "甲单位"})
    assert "登记册里有这张证书" in answer.text
    assert "优秀组织奖" in answer.text


def test_the_titles_are_the_organisers_and_a_wrong_line_keeps_what_was_typed(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    desk = signed_in(app, organiser)
    line = {
        "title": ["巾帼建功标兵", "最佳新人", ""],
        "kind": ["entrant", "entrant", "unit"],
        "age_to": ["", "二十", ""],
        "age_on": ["", "", ""],
        "gender": ["female", "", ""],
        "places": ["2", "1", "1"],
    }
    refused = desk.post(f"{PAGE}/rules", data=line)
    assert (refused.status_code, "“最佳新人”：二十 不是整数" in refused.text) == (400, True)
    assert 'value="巾帼建功标兵"' in refused.text
    line["age_to"][1] = "25"
    page = desk.post(f"{PAGE}/rules", data=line, follow_redirects=True).text
    assert "不超过 25 周岁" in page
    assert "优秀组织奖" not in page
    assert desk.post(f"{PAGE}/rules", data=line | {"kind": ["unit"]}).status_code == 400
    assert desk.post(f"{PAGE}/rules", data=line | {"kind": ["x"] * 3}).status_code == 400
    chief = signed_in(app, official(competition, "C1"))
    assert chief.post(f"{PAGE}/rules", data=line).status_code == 404
    assert "巾帼建功标兵" in chief.get(PAGE).text
