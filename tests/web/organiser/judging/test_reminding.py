"""提醒 on the board, and what the judge's tablet is told of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import db, utc_now
from compete.services.judging.sent_back_sheets import send_sheet_back
from tests.support.panels import Panel, bundle_of, client_of, open_panel
from tests.support.signing_in import without_token

BOARD = "/desk/PANEL/progress?module=FORK|final|practice"


def sent_back(app: Flask, panel: Panel) -> str:
    """J1's sheet of the first entrant came back; the address where its judge is reminded."""
    with app.app_context():
        panel.fill(panel.sheet("J1"))
        send_sheet_back(panel.sheet("J1"), "碰杆记错", panel.account("C1"))
        public_id = panel.sheet("J1").public_id
        db.session.remove()
    return f"/desk/PANEL/sheets/{public_id}/remind"


def reminded(app: Flask, panel: Panel) -> bool:
    with app.app_context():
        return panel.sheet("J1").reminded_at is not None


def row_of(client: FlaskClient) -> str:
    """The row of what came back, as the board has it."""
    _before, _mark, rest = client.get(BOARD).text.partition('<div class="odd-one">')
    return rest.partition("</section>")[0]


@pytest.mark.parametrize("who", ["C1", ""])
def test_whoever_may_send_back_may_remind(app: Flask, opened: Panel, who: str) -> None:
    where = sent_back(app, opened)
    client = client_of(app, opened, who)
    row = row_of(client)
    assert f'action="{where}"' in row
    assert "已提醒" not in row
    assert "data-wait" not in row
    answer = client.post(where)
    assert answer.status_code == 302
    assert "提醒了裁判 J1：E1" in client.get(answer.location).text
    row = row_of(client)
    assert re.search(r"已提醒 \d\d:\d\d", row)
    assert re.search(r'data-wait="\d+" hidden', row)
    again = client.post(where)
    assert again.status_code == 409
    assert "E1 刚提醒过" in again.text


@pytest.mark.parametrize("who", ["S1", "J1", "J2", "R1"])
def test_nobody_else_is_offered_it_or_may_do_it(app: Flask, opened: Panel, who: str) -> None:
    where = sent_back(app, opened)
    client = client_of(app, opened, who)
    assert where not in client.get(BOARD).text
    assert client.post(where).status_code in (403, 404)
    assert app.test_client().post(where).status_code in (302, 401)
    assert not reminded(app, opened)


def test_it_wants_the_token_of_the_page(app: Flask, opened: Panel) -> None:
    where = sent_back(app, opened)
    chief = client_of(app, opened, "C1")
    app.config["WTF_CSRF_ENABLED"] = True
    assert chief.post(where).status_code == 400
    assert not reminded(app, opened)
    row = row_of(chief)
    token = re.search(r'name="csrf_token" value="([^"]+)"', row)
    assert token is not None
    assert chief.post(where, data={"csrf_token": token[1]}).status_code == 302
    assert reminded(app, opened)


def test_a_get_reminds_nobody_and_a_strange_sheet_is_not_found(app: Flask, opened: Panel) -> None:
    where = sent_back(app, opened)
    chief = client_of(app, opened, "C1")
    assert chief.get(where).status_code == 405
    assert chief.post("/desk/PANEL/sheets/nobody/remind").status_code == 404
    assert not reminded(app, opened)


def test_after_a_minute_the_button_is_there_again_beside_the_time(
    app: Flask, opened: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = sent_back(app, opened)
    chief = client_of(app, opened, "C1")
    chief.post(where)
    later = utc_now() + timedelta(seconds=61)
    for module in ("services.judging.sent_back_sheets", "web.organiser.judging.progress.to_do"):
        monkeypatch.setattr(f"compete.{module}.utc_now", lambda: later)
    row = row_of(chief)
    assert re.search(r"已提醒 \d\d:\d\d", row)
    assert "data-wait" not in row
    assert f'action="{where}"' in row
    assert chief.post(where).status_code == 302
    assert 'data-wait="60" hidden' in row_of(chief)


def test_the_tablet_hears_of_it_until_the_judge_acts(app: Flask, opened: Panel) -> None:
    where = sent_back(app, opened)
    public_id = where.split("/")[-2]
    judge = client_of(app, opened, "J1")
    assert judge.get(f"/api/sheets/{public_id}").get_json()["reminded"] is None
    client_of(app, opened, "C1").post(where)
    reminder = judge.get(f"/api/sheets/{public_id}").get_json()["reminded"]
    assert re.fullmatch(r"\d\d:\d\d", reminder)
    rows = {row["id"]: row["reminded"] for row in judge.get("/api/home").get_json()["sheets"]}
    assert rows[public_id] == reminder
    assert [time for number, time in rows.items() if number != public_id] == [None]
    act = {
        "uuid": "6f2d1f3a-4b59-4a53-9d6a-0c4f6f0f7a11",
        "sheet": public_id,
        "kind": "mark",
        "aspect": "smooth",
        "value": "1",
    }
    # What is refused ends no reminder.
    wrong = act | {"value": "99"}
    reply = judge.post("/api/acts", json={"acts": [wrong]}).get_json()
    assert "reminded" not in reply["sheets"][public_id]
    assert judge.get(f"/api/sheets/{public_id}").get_json()["reminded"] == reminder
    reply = judge.post("/api/acts", json={"acts": [act]}).get_json()
    assert reply["sheets"][public_id]["reminded"] is None
    assert judge.get(f"/api/sheets/{public_id}").get_json()["reminded"] is None
    row = row_of(client_of(app, opened, "C1"))
    assert "退回后在改，还没交：碰杆记错" in row
    assert "已提醒" not in row


def test_in_a_blind_event_nothing_but_the_code_is_said(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel(bundle_of(blind=True))
        label = panel.sheet("J1").label
        db.session.remove()
    where = sent_back(app, panel)
    chief = client_of(app, panel, "C1")
    page = chief.get(chief.post(where).location).text
    assert f"提醒了裁判 J1：{label}" in page
    home_text = client_of(app, panel, "J1").get("/api/home").text
    for answer in (page, home_text):
        assert "王一" not in answer
        assert not re.search(r"\bE1\b", without_token(answer))
