"""The call that tablets make all day: who may make it, and what it answers."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.domain.values.roles import Role
from compete.models import Competition, db
from compete.services.accounts.accounts import account_of_judge, grant_role
from compete.services.accounts.sign_in_cards import cancel_cards
from compete.services.judging.judge_replacement import replace_judge
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import add_official
from compete.web.api.rate_limit import RateLimit
from tests.support.panels import Panel, client_of


def act(panel: Panel, judge: str = "J1", **fields: Any) -> dict[str, Any]:
    """A mark on a sheet of that judge."""
    sheet = panel.sheet(judge)
    fields = {"kind": "mark", "aspect": "work", "value": "17.5"} | fields
    return {"uuid": str(uuid.uuid4()), "sheet": sheet.public_id} | fields


def send(client: FlaskClient, *acts: dict[str, Any], **headers: str) -> TestResponse:
    return client.post("/api/acts", data=json.dumps({"acts": acts}), headers=headers)


def mark_of(panel: Panel, code: str) -> str:
    judge = panel.judge(code)
    return f"{judge.competition_id}.{judge.id}"


@pytest.fixture
def mark(app: Flask, opened: Panel) -> dict[str, Any]:
    """A mark of J1."""
    with app.app_context():
        return act(opened)


@pytest.mark.each_database
def test_a_mark_is_held_and_the_answer_says_what_stands(
    app: Flask, opened: Panel, mark: dict[str, Any]
) -> None:
    client = client_of(app, opened, "J1")
    reply = send(client, mark).json
    assert reply["held"] == [mark["uuid"]]
    assert reply["refused"] == []
    assert reply["sheets"][mark["sheet"]].pop("acts") > 0
    assert reply["sheets"][mark["sheet"]] == {
        "state": "begun",
        "version": 1,
        "returned_reason": None,
        "reminded": None,
        "values": {"work": "17.5"},
    }
    # A second time it says the same, and of a refused one it says why.
    bad = mark | {"uuid": str(uuid.uuid4()), "value": "99"}
    reply = send(client, mark, bad).json
    assert reply["held"] == [mark["uuid"]]
    assert reply["refused"][0]["uuid"] == bad["uuid"]
    assert "0 到 20" in reply["refused"][0]["reason"]
    assert reply["sheets"][mark["sheet"]]["version"] == 1


@pytest.mark.each_database
def test_the_answer_is_what_the_sheets_own_call_says(
    app: Flask, opened: Panel, mark: dict[str, Any]
) -> None:
    client = client_of(app, opened, "J1")
    smooth = mark | {"uuid": str(uuid.uuid4()), "aspect": "smooth", "value": "2"}
    submit = mark | {"uuid": str(uuid.uuid4()), "kind": "submit", "aspect": None, "value": None}
    for batch in ([mark], [smooth], [submit]):
        sheet_state = send(client, *batch).json["sheets"][mark["sheet"]]
        whole = client.get(f"/api/sheets/{mark['sheet']}").json
        assert {key: whole[key] for key in sheet_state} == sheet_state
    assert sheet_state["state"] == "submitted"


def test_without_a_session_nothing_is_held(app: Flask, opened: Panel, mark: dict[str, Any]) -> None:
    answer = send(app.test_client(), mark)
    assert answer.status_code == 401
    assert "分数都在本机" in answer.json["error"]


@pytest.mark.each_database
def test_a_cancelled_card_brings_no_mark_in_any_more(
    app: Flask, opened: Panel, mark: dict[str, Any]
) -> None:
    client = client_of(app, opened, "J1")
    assert send(client, mark).status_code == 200
    with app.app_context():
        account = account_of_judge(opened.judge("J1"), opened.competition, None)
        cancel_cards(account, opened.organiser, "丢了")
        again = act(opened)
        version = opened.sheet("J1").version
        db.session.remove()
    answer = send(client, again)
    assert answer.status_code == 401
    # Another card brings this judge back.
    assert answer.json == {"error": "请重新登录，分数都在本机"}
    with app.app_context():
        assert opened.sheet("J1").version == version


def test_a_tablet_of_a_judge_who_was_replaced_is_told_that_signing_in_leads_nowhere(
    app: Flask, opened: Panel, mark: dict[str, Any]
) -> None:
    client = client_of(app, opened, "J1")
    assert send(client, mark).status_code == 200
    with app.app_context():
        by = opened.organiser
        successor = add_official(opened.competition, Role.JUDGE, "新来的", by)
        replace_judge(opened.judge("J1"), successor, "病了", by)
        db.session.remove()
    answers = [send(client, mark), client.get(f"/api/sheets/{mark['sheet']}")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert [answer.json["over"] for answer in answers] == [True, True]
    assert answers[0].json["error"] == "席位已经换给别人，没上传的在本机"


def test_who_was_replaced_here_and_judges_elsewhere_is_told_so_too(
    app: Flask, opened: Panel, mark: dict[str, Any]
) -> None:
    """The card still signs in: the page of the former seat must not wait for ever to send."""
    client = client_of(app, opened, "J1")
    with app.app_context():
        former, other = mark_of(opened, "J1"), mark_of(opened, "J2")
        with unit_of_work() as session:
            account = account_of_judge(opened.judge("J1"), opened.competition, opened.organiser)
            elsewhere = Competition(code="Y", name="别的竞赛", level="enterprise", kind="skills")
            session.add(elsewhere)
        grant_role(account, elsewhere, Role.SUPERVISOR)
        successor = add_official(opened.competition, Role.JUDGE, "新来的", opened.organiser)
        replace_judge(opened.judge("J1"), successor, "病了", opened.organiser)
        db.session.remove()
    named = {"X-Judge": former}
    answers = [
        send(client, mark, **named),
        client.get(f"/api/sheets/{mark['sheet']}", headers=named),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert [answer.json["over"] for answer in answers] == [True, True]
    # Of a seat that was never theirs they learn nothing.
    elsewhere_mark = {"X-Judge": f"9999.{other.partition('.')[2]}"}
    assert "over" not in send(client, mark, **elsewhere_mark).json


def test_a_page_of_one_judge_sends_nothing_in_anothers_name(
    app: Flask, opened: Panel, mark: dict[str, Any]
) -> None:
    with app.app_context():
        mine, others = mark_of(opened, "J1"), mark_of(opened, "J2")
    client = client_of(app, opened, "J1")
    assert send(client, mark, **{"X-Judge": others}).status_code == 403
    assert send(client, mark, **{"X-Judge": "x"}).status_code == 403
    assert send(client, mark, **{"X-Judge": mine}).status_code == 200


@pytest.mark.parametrize("who", ["", "R1", "S1"])
def test_who_marks_nothing_is_told_so(
    app: Flask, opened: Panel, mark: dict[str, Any], who: str
) -> None:
    assert send(client_of(app, opened, who), mark).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"acts": 1}', b'{"acts": [{}]}', b"\xff"])
def test_what_cannot_be_read_is_said_so(app: Flask, opened: Panel, body: bytes) -> None:
    answer = client_of(app, opened, "J1").post("/api/acts", data=body)
    assert answer.status_code == 400
    assert "分数还在本机" in answer.json["error"]


def test_a_call_without_the_pages_token_is_refused(
    app: Flask, opened: Panel, mark: dict[str, Any]
) -> None:
    client = client_of(app, opened, "J1")
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, mark).status_code == 400


def test_an_account_may_call_so_often_a_minute_and_then_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 600.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    limit = RateLimit(most=3)
    assert [limit.take("a") for _ in range(4)] == [True, True, True, False]
    assert limit.take("b")
    now += 60
    assert limit.take("a")
