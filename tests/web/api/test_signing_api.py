from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from compete.services.accounts.pins import set_pin
from tests.support.panels import PIN, SIGNATURE, Panel, client_of


def sheet_of(app: Flask, panel: Panel, judge: str = "J1") -> str:
    with app.app_context():
        return panel.sheet(judge).public_id


def submitted(app: Flask, panel: Panel) -> None:
    with app.app_context():
        panel.fill_panel("2", "2", "2")


def read(client: FlaskClient, public_id: str) -> dict[str, Any]:
    answer = client.get(f"/api/sheets/{public_id}").get_json()
    assert isinstance(answer, dict)
    return answer


def test_the_sheet_says_how_signing_stands(app: Flask, opened: Panel) -> None:
    judge, public_id = client_of(app, opened, "J1"), sheet_of(app, opened)
    assert read(judge, public_id)["signing"] == {
        "ready": False,
        "why": "E1 还没提交，提交了再签",
        "pin": False,
        "signed": None,
    }
    submitted(app, opened)
    assert judge.post("/api/pin", json={"pin": PIN, "again": PIN}).get_json() == {"pin": True}
    signing = read(judge, public_id)["signing"]
    assert (signing["ready"], signing["pin"]) == (True, True)


def test_a_judge_signs_and_the_answer_carries_the_four_words(app: Flask, opened: Panel) -> None:
    judge, public_id = client_of(app, opened, "J1"), sheet_of(app, opened)
    submitted(app, opened)
    judge.post("/api/pin", json={"pin": PIN, "again": PIN})
    version = read(judge, public_id)["version"]
    sent = {"pin": PIN, "drawing": SIGNATURE, "version": version}
    answer = judge.post(f"/api/sheets/{public_id}/sign", json=sent)
    reply = answer.get_json()
    assert answer.status_code == 200
    assert reply["state"] == "signed"
    assert len(reply["words"].split()) == 4
    assert len(reply["hash"]) == 64
    after = read(judge, public_id)
    assert after["state"] == "signed"
    assert after["version"] == reply["version"] == version + 1
    assert after["signing"]["signed"]["words"] == reply["words"]
    assert judge.post(f"/api/sheets/{public_id}/sign", json=sent).get_json() == reply


def test_each_obstacle_has_its_status_and_its_sentence(app: Flask, opened: Panel) -> None:
    judge, public_id = client_of(app, opened, "J1"), sheet_of(app, opened)
    where = f"/api/sheets/{public_id}/sign"
    submitted(app, opened)
    assert judge.post(where, json={"pin": PIN, "drawing": SIGNATURE}).status_code == 428
    with app.app_context():
        set_pin(opened.account("J1"), PIN, PIN)
    assert judge.post(where, json={"pin": PIN}).status_code == 400
    assert judge.post(where, data="{").status_code == 400
    wrong = judge.post(where, json={"pin": "9153", "drawing": SIGNATURE})
    assert wrong.status_code == 422
    assert wrong.get_json() == {"error": "PIN 不对，还能试 4 次", "left": 4}
    for _ in range(3):
        judge.post(where, json={"pin": "9153", "drawing": SIGNATURE})
    locked = judge.post(where, json={"pin": "9153", "drawing": SIGNATURE})
    assert locked.status_code == 423
    assert judge.post(where, json={"pin": PIN, "drawing": SIGNATURE}).status_code == 423
    stale = {"pin": PIN, "drawing": SIGNATURE, "version": 1}
    assert judge.post(where, json=stale).status_code == 423


def test_nobody_signs_anothers_sheet(app: Flask, opened: Panel) -> None:
    submitted(app, opened)
    other = client_of(app, opened, "J2")
    other.post("/api/pin", json={"pin": PIN, "again": PIN})
    where = f"/api/sheets/{sheet_of(app, opened)}/sign"
    assert other.post(where, json={"pin": PIN, "drawing": SIGNATURE}).status_code == 404
