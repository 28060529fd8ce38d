"""The page of entry: whose columns, whose rows, and what its script is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, db, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.backups.generations import begin_generation
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.closing import close_period
from compete.services.labour.departments import departments_of
from compete.services.labour.entry import MOST_AT_ONCE
from compete.services.labour.sign_off import sign_off
from compete.services.registration.units.links import good_until, links_of
from tests.services.labour.made_up import PIN, Contest, everything, made_up, not_asked
from tests.services.labour.made_up import act as cell
from tests.support.signing_in import signed_in
from tests.support.statements import statements

HOME = "/labour-entry/L"


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


@pytest.fixture
def contact(app: Flask, contest: Contest) -> FlaskClient:
    account = create_account("谢长林")
    grant_role(account, contest.competition, Role.CONTACT, unit=contest.competition.units[0])
    return signed_in(app, account)


def act(unit: str, indicator: str, text: str) -> dict[str, Any]:
    return {
        **{"uuid": str(uuid4()), "period": "二月", "kind": "value", "unit": unit},
        **{"indicator": indicator, "text": text, "at": "2026-02-03T01:02:03Z"},
        **{"tablet": "t", "seq": 1},
    }


def send(client: FlaskClient, *acts: dict[str, Any]) -> Any:
    return client.post(f"{HOME}/acts", json={"acts": acts}).json


def test_who_has_nothing_left_to_enter_is_told_so(app: Flask, contest: Contest) -> None:
    client = signed_in(app, contest.zhou)
    with unit_of_work():
        for department in departments_of(contest.competition):
            department.indicators = ["没有了"]
    answer = client.get(HOME)
    assert answer.status_code == 404
    assert "现在没有你们打的指标" in answer.text


def test_a_unit_gets_its_own_marks_by_heading_and_a_department_none(
    app: Flask, contest: Contest, contact: FlaskClient
) -> None:
    reply = send(contact, act("甲", "安全", "28.5"), act("甲", "隐患", "0"))
    assert reply["grids"]["二月"]["overview"] == {
        "headings": [
            {"name": "安全", "got": "28.5", "full": "30", "share": 95, "lost": {"安全": "1.5"}},
            {"name": "隐患", "got": "30", "full": "30", "share": 100, "lost": {}},
            {"name": "产值", "got": "0", "full": "40", "share": 0, "lost": {}},
        ],
        "total": "58.5",
    }
    state = signed_in(app, contest.zhou).get(f"{HOME}/二月/state").json
    assert state is not None
    assert state["overview"] is None


def test_a_department_sees_and_writes_its_own_columns(app: Flask, contest: Contest) -> None:
    client = signed_in(app, contest.zhou)
    page = client.get(f"{HOME}?period=二月").text
    assert "二月 安全部打分" in page
    assert f'data-most="{MOST_AT_ONCE}"' in page
    state = client.get(f"{HOME}/二月/state").json
    assert state is not None
    assert [column["code"] for column in state["columns"]] == ["安全", "隐患"]
    assert state["before"]["甲"] == {"安全": "20", "隐患": "1"}
    assert state["left"] == {"empty": 6, "refused": 0, "reasons": 0, "units": 3, "cells": 6}
    good, other, odd = act("甲", "安全", "28"), act("甲", "产值", "1"), act("乙", "隐患", "10")
    reply = send(client, good, other, odd)
    assert reply["held"] == [good["uuid"], odd["uuid"]]
    assert reply["refused"] == [{"uuid": other["uuid"], "reason": "这一列不归你们部门填"}]
    cells = reply["grids"]["二月"]["cells"]
    assert (cells["甲"]["安全"]["v"], cells["甲"]["安全"]["mine"]) == ("28", True)
    assert cells["乙"]["隐患"]["ask"]
    last = reply["grids"]["二月"]["last"]
    later = client.get(f"{HOME}/二月/state?since={last}").json
    assert later is not None
    assert later["cells"] == {}
    body = {"acts": [act("乙", "安全", "２7。5")]}
    newer = client.post(f"{HOME}/acts?since={last}", json=body).json["grids"]["二月"]["cells"]
    assert {unit: [*cells] for unit, cells in newer.items()} == {"乙": ["安全"]}
    assert newer["乙"]["安全"]["v"] == "27.5"
    history = client.get(f"{HOME}/二月/history?unit=甲&indicator=安全").json
    assert history is not None
    lines = history["lines"]
    assert [(line["text"], line["by"]) for line in lines] == [("28", "周茹")]
    assert history["changes"] == 0
    send(client, act("甲", "安全", "28.5"))
    history = client.get(f"{HOME}/二月/history?unit=甲&indicator=安全").json
    assert history is not None
    assert [line["text"] for line in history["lines"]] == ["28.5", "28"]
    assert history["changes"] == 1
    assert client.get(f"{HOME}/二月/history?unit=甲&indicator=产值").status_code == 404
    assert client.get(f"{HOME}/Q/state").status_code == 404
    assert client.post(f"{HOME}/acts", data="[").status_code == 400


def test_a_page_that_has_not_met_a_restore_is_told_of_it_before_its_squares_are_taken(
    app: Flask, contest: Contest
) -> None:
    client = signed_in(app, contest.zhou)
    reached = send(client, act("乙", "安全", "8"))["reached"]
    again, later = begin_generation("a backup"), act("乙", "安全", "9")
    installation_here().memory.clear()  # as in a server that is started on it
    body, before = {"acts": [later]}, {"X-Reached": reached}
    reply = client.post(f"{HOME}/acts", json=body, headers=before).json
    assert reply is not None
    assert (reply["held"], reply["refused"], reply["generation"]) == ([], [], again)
    after = {"X-Reached": reply["reached"]}
    assert client.post(f"{HOME}/acts", json=body, headers=after).json["held"] == [later["uuid"]]  # type: ignore[index]


def test_a_unit_sees_its_own_row_and_writes_its_self_assessment(contact: FlaskClient) -> None:
    state = contact.get(f"{HOME}/二月/state").json
    assert state is not None
    assert (state["mine"], [row["code"] for row in state["rows"]]) == ("self", ["甲"])
    reply = send(contact, act("甲", "安全", "29"), act("乙", "安全", "29"))
    assert len(reply["held"]) == 1
    assert reply["grids"]["二月"]["own"].keys() == {"甲"}
    january = contact.get(f"{HOME}/一月/state").json
    assert january is not None
    assert january["rows"] == state["rows"]
    assert contact.get(f"{HOME}/二月/history?unit=乙&indicator=安全").status_code == 404
    signed = contact.post(f"{HOME}/二月/sign", json={"pin": PIN, "name": "谢长林"})
    assert signed.status_code == 404


def test_a_unit_sees_a_departments_values_once_it_has_assessed_itself_or_they_are_signed(
    contest: Contest, contact: FlaskClient
) -> None:
    contest.enter(*everything())

    def seen(period: str, since: str = "") -> tuple[list[str], dict[str, str], list[str]]:
        state = contact.get(f"{HOME}/{period}/state{since}").json or {}
        assert {*state["cells"], *state["points"], *state["totals"]} <= {"甲"}
        return [*state["cells"].get("甲", {})], state["points"].get("甲", {}), [*state["totals"]]

    def lines(indicator: str) -> int:
        asked = contact.get(f"{HOME}/二月/history?unit=甲&indicator={indicator}").json or {}
        return sum(not line["own"] for line in asked["lines"])

    assert (contact.get(f"{HOME}/二月/state").json or {})["before"] == {}, "January is open too"
    assert (seen("一月"), seen("二月"), lines("安全")) == (([], {}, []), ([], {}, []), 0)
    reply = send(contact, act("甲", "安全", "29"))
    assert [*reply["grids"]["二月"]["cells"]["甲"]] == ["安全"]
    assert (lines("安全"), lines("隐患")) == (1, 0)
    send(contact, act("甲", "安全", ""))
    assert seen("二月") == ([], {}, []), "emptied again"
    sign_off(contest.safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
    # The page that is open asks for what is newer; these are older, and new to it.
    assert seen("二月", "?since=100000") == (["安全", "隐患"], {"隐患": "30"}, [])
    assert lines("隐患") == 1


def test_a_unit_is_asked_only_where_it_assesses_itself_and_sees_the_rest(
    app: Flask, contest: Contest, contact: FlaskClient
) -> None:
    not_asked(contest, "隐患")

    def columns(client: FlaskClient) -> dict[str, bool]:
        state = client.get(f"{HOME}/二月/state").json
        assert state is not None
        return {column["code"]: column["own"] for column in state["columns"]}

    assert columns(contact) == {"安全": True, "隐患": False, "产值": True}
    reply = send(contact, act("甲", "安全", "29"), act("甲", "隐患", "1"))
    assert [refusal["reason"] for refusal in reply["refused"]] == ["这一项不用自评"]
    assert contact.get(f"{HOME}/二月/history?unit=甲&indicator=隐患").status_code == 200
    department = signed_in(app, contest.zhou)
    assert columns(department) == {"安全": True, "隐患": False}
    not_asked(contest, "安全")
    assert columns(department) == {"安全": True, "隐患": False}, "what a unit said stays in sight"
    assert columns(contact) == {"安全": False, "隐患": False, "产值": True}


def test_signing_says_what_is_wrong(app: Flask, contest: Contest) -> None:
    client = signed_in(app, contest.zhou)

    def sign(pin: str, name: str = "周茹") -> Any:
        return client.post(f"{HOME}/二月/sign", json={"pin": pin, "name": name})

    contest.enter(*everything())
    wrong = sign("1597")
    assert (wrong.status_code, wrong.json["left"]) == (422, 4)
    assert sign(PIN, "别人").status_code == 400
    assert sign(PIN).json == {"units": 3, "cells": 6}
    state = client.get(f"{HOME}/二月/state").json
    assert state is not None
    assert state["signed"]["name"] == "周茹"


def test_a_closed_period_can_be_read_alone(
    app: Flask, contest: Contest, organiser: Account, contact: FlaskClient
) -> None:
    contest.enter(*(cell(unit, "安全", "28", seen=10**6) for unit in "甲乙丙"), period="一月")
    for department, by in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
        sign_off(department, "一月", pin=PIN, name=by.name, by=by)
    client, desk = signed_in(app, contest.zhou), signed_in(app, organiser)
    page, department = f"{HOME}?period=一月", f"/desk/L/departments/{contest.safety.id}"
    assert ("已经结账" in client.get(page).text, "已结账" in desk.get(department).text) == (0, 0)
    # A unit's own marks end with the last sign-off: nothing is typed there to be refused.
    signed_off = "考评都已经签核，自评不能再改"
    assert (contact.get(f"{HOME}/一月/state").json or {})["closed"] == signed_off
    assert signed_off in contact.get(page).text
    assert (contact.get(f"{HOME}/二月/state").json or {})["closed"] is None
    assert (client.get(f"{HOME}/一月/state").json or {})["closed"] is None
    close_period(contest.competition, "一月", "", organiser)
    for visitor in (client, contact):
        assert "一月已经结账，只能由两个人更正" in visitor.get(page).text
        assert "已经结账" in (visitor.get(f"{HOME}/一月/state?since=0").json or {})["closed"]
        # What waited on the device is answered act by act: February goes in all the same.
        late, other = act("甲", "安全", "27") | {"period": "一月"}, act("甲", "安全", "27")
        reply = send(visitor, late, other)
        assert reply["held"] == [other["uuid"]]
        assert [row["uuid"] for row in reply["refused"]] == [late["uuid"]]
        assert "已经结账" not in visitor.get(HOME).text, "the first that is open is shown"
        kept = re.search(r"一月已经结账.*?<a href=\"([^\"]+)\">([^<]+)", visitor.get(page).text)
        assert kept is not None
        assert (kept[1], kept[2]) == (HOME, "去填二月")
    shown = desk.get(department).text
    assert ("已结账，不能退回" in shown, "signed/一月/back" in shown) == (True, False)
    back = desk.post(f"{department}/signed/一月/back", data={"reason": "x"})
    assert (back.status_code, "只能由两个人更正" in back.text) == (409, True)


def test_departments_are_set_up_on_the_desk(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    client = signed_in(app, organiser)
    desk = "/desk/L/departments"
    assert "安全部" in client.get(desk).text
    taken = client.post(desk, data={"name": "质量部", "indicator": "安全"})
    assert "已经由安全部打分" in taken.text
    bad = client.post(f"{desk}/{contest.safety.id}", data={"name": "安监部", "over": "多"})
    assert (bad.status_code, "不是数" in bad.text) == (400, True)
    given = {"name": "安监部", "indicator": ["安全"], "over": "2"}
    assert client.post(f"{desk}/{contest.safety.id}", data=given).status_code == 302
    added = client.post(desk, data={"name": "质量部", "indicator": "隐患"})
    assert (added.status_code, "质量部" in client.get(added.location).text) == (302, True)
    client.post(f"{desk}/{contest.safety.id}/link", data={"recorder": "周茹"})
    assert "/sign-in/" in client.get(f"{desk}/{contest.safety.id}").text
    back = client.post(f"{desk}/{contest.safety.id}/signed/二月/back", data={"reason": "x"})
    assert back.status_code == 409
    assert client.get(f"{desk}/99").status_code == 404


def test_a_unit_gets_its_link_from_the_desk_and_enters_its_own_marks_by_it(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk = signed_in(app, organiser)
    assert "/desk/L/units" in desk.get("/desk/L/departments").text
    units = desk.get("/desk/L/units").text
    assert "自评链接" in units
    # What belongs to people who register is not offered, and not there.
    assert not any(word in units for word in ("上传报名表", "单位报名", "删掉", "选手"))
    unit = contest.competition.units[0]
    address = f"/desk/L/units/{unit.code}/link"
    page = desk.post(address, data={"contact": "谢长林"}, follow_redirects=True).text
    token = re.search(r'data-part="link">[^<]*(/sign-in/[^<]+)<', page)
    assert token is not None
    assert "报名" not in page
    # The last period is entered when the competition is over.
    assert good_until(contest.competition) > utc_now() + timedelta(days=80)
    client = app.test_client()
    came = client.post(token[1], data={"pin": "4827", "again": "4827"})
    assert (came.status_code, came.location) == (302, HOME)
    mine = act(unit.code, "安全", "27")
    assert send(client, mine)["held"] == [mine["uuid"]]
    assert "打开过" in desk.get("/desk/L/units").text
    # However many units have none yet, their links are made together.
    with statements(db.engine) as queries:
        printed = desk.post("/desk/L/units/links.pdf")
    assert printed.data.startswith(b"%PDF")
    assert sum(query.startswith("INSERT INTO sign_in_card") for query in queries) == 1
    assert sum("FROM membership" in query for query in queries) < 10
    assert list(verify_chain(contest.competition)) == []
    assert list(verify_chain(None)) == []
    links = links_of(contest.competition)
    assert [links[entry_unit.id].contact for entry_unit in contest.competition.units] == [
        "谢长林",
        "乙",
        "丙",
    ]
    assert "作废了" in desk.post(f"{address}/cancel", follow_redirects=True).text
    assert client.get(HOME).status_code == 302


def test_all_links_are_one_text_of_a_line_each_without_those_opened(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk, where = signed_in(app, organiser), "/desk/L/units/links"
    make = f"/desk/L/departments/{contest.safety.id}/link"
    assert desk.post(make, data={"recorder": "周茹"}).status_code == 302

    def lines() -> dict[str, str]:
        page = desk.post(where).text
        assert f'/desk/L/departments/{contest.works.id}">工程部' in page, "nobody has its link"
        return dict(
            re.findall(r"^(?: *<pre[^>]*>)?([^<\n]+?)：http[^<\s]+?(/sign-in/[^\s<]+)", page, re.M)
        )

    first = lines()
    assert [*first] == ["安全部 周茹", "甲", "乙", "丙"]
    assert lines() == first, "looking again ends no link"
    pin = {"pin": "4827", "again": "4827"}
    assert app.test_client().post(first["甲"], data=pin).location == HOME
    assert [*lines()] == ["安全部 周茹", "乙", "丙"]


def test_a_departments_table_goes_out_and_is_looked_at_before_it_is_written(
    app: Flask, contest: Contest, contact: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = signed_in(app, contest.zhou)
    page = client.get(f"{HOME}?period=二月").text
    assert "整表上传" in page
    assert "整表上传" not in contact.get(f"{HOME}?period=二月").text
    book = client.get(f"{HOME}/二月/workbook.xlsx")
    assert book.data.startswith(b"PK")
    assert contact.get(f"{HOME}/二月/workbook.xlsx").status_code == 404

    def sent(content: bytes, by: FlaskClient = client, period: str = "二月") -> Any:
        data = {"file": (BytesIO(content), "表.xlsx")}
        asked = {"Accept": "application/json"}
        return by.post(f"{HOME}/{period}/workbook", data=data, headers=asked)

    answer = sent(book.data)
    assert [answer.json[key] for key in ("cells", "problems", "same", "told", "columns")] == [
        *([], [], 0, [], [])
    ]
    strange = {"file": (BytesIO(book.data), "表.xlsx"), "columns": "[1]"}
    assert client.post(f"{HOME}/二月/workbook", data=strange).status_code == 400
    assert sent(book.data, contact).status_code == 404
    bad = sent(b"nothing")
    assert (bad.status_code, bool(bad.json["error"])) == (400, True)
    other = sent(book.data, period="一月")
    assert (other.status_code, "这里要" in other.json["error"]) == (400, True)
    assert client.post(f"{HOME}/二月/workbook", data={}).status_code == 400
