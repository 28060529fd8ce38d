"""What a cookie is good for: ended here or everywhere, over time, and with its own token alone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from compete.models import Account, Act, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.kernel.clock import local_zone
from tests.support.judging import Tablet, seat_and_open

PASSWORD = "correct horse 港口"
HOUR = timedelta(hours=1)


def token_of(page: str) -> str:
    hit = re.search(r'name="csrf(?:_|-)token" (?:value|content)="([^"]+)"', page)
    assert hit, page
    return hit[1]


def sign_in(app: Flask, account: Account) -> FlaskClient:
    """Through the page, with its token, as people do."""
    _card, token = issue_card(account, one_time=True)
    client = app.test_client()
    wanted = token_of(client.get(f"/sign-in/{token}").text)
    answer = client.post(
        f"/sign-in/{token}",
        data={"csrf_token": wanted},
        headers={"User-Agent": "Mozilla/5.0 (iPad; CPU OS 17) AppleWebKit Safari/604"},
    )
    assert answer.status_code == 302
    return client


def copy_of(app: Flask, client: FlaskClient) -> FlaskClient:
    cookie = client.get_cookie("compete")
    assert cookie is not None
    copy = app.test_client()
    copy.set_cookie("compete", cookie.value)
    return copy


@pytest.fixture
def clerk(here: Flask) -> Account:
    return create_account("钱文", username="qian", password=PASSWORD, is_admin=True)


def test_a_copied_cookie_ends_with_signing_out(app: Flask, clerk: Account) -> None:
    client = sign_in(app, clerk)
    copy = copy_of(app, client)
    assert copy.get("/desk/accounts").status_code == 200
    token = token_of(client.get("/account").text)
    client.post("/sign-out", data={"csrf_token": token})
    assert copy.get("/desk/accounts").status_code == 302
    assert client.get("/desk/accounts").status_code == 302


def test_a_form_that_comes_too_late_leads_back_to_its_page(app: Flask, clerk: Account) -> None:
    client = sign_in(app, clerk)
    page = client.get("/desk/new").text
    data, came = {"csrf_token": token_of(page)}, {"Referer": "http://localhost/desk/new"}
    copy_of(app, client).post("/sign-out", data=data)
    late = client.post("/desk/new/blank", data=data, headers=came)
    assert (late.status_code, late.location) == (302, "/sign-in?next=/desk/new&over=1")
    asked = client.get(late.location).text
    assert "登录已经结束，刚才的没有写入" in asked
    assert 'href="/desk/new"' in asked
    assert "form_came_back.js" in asked
    answer = client.post("/desk/new/blank", data=data, headers=came | {"X-Requested-With": "fetch"})
    assert (answer.status_code, "填的还在这一页" in answer.json["problem"]) == (401, True)
    # An address that is no page leads nowhere; nor does one elsewhere.
    for place in ("localhost/desk/new/file/x/discard", "elsewhere.example/desk/new"):
        lost = client.post("/desk/new/blank", data=data, headers={"Referer": f"http://{place}"})
        assert lost.location == "/sign-in?over=1"


def test_one_sees_ones_devices_and_signs_out_on_one_or_on_all(app: Flask, clerk: Account) -> None:
    here, there, third = (sign_in(app, clerk) for _ in range(3))
    page = here.get("/account").text
    assert page.count("<h3>Safari · iPad") == 3
    assert page.count("/sign-out") >= 3
    hit = re.search(r'action="(/account/devices/\d+/sign-out)"', page)
    assert hit
    assert here.post(hit[1], data={"csrf_token": token_of(page)}).status_code == 302
    assert [device.get("/account").status_code for device in (here, there, third)].count(200) == 2
    data = {"csrf_token": token_of(here.get("/account").text), "here": "stay"}
    assert here.post("/account/sign-out", data=data).status_code == 302
    assert [device.get("/account").status_code for device in (here, there, third)] == [
        200,
        302,
        302,
    ]
    there = sign_in(app, clerk)
    data = {"csrf_token": token_of(here.get("/account").text)}
    assert here.post("/account/sign-out", data=data).location == "/"
    assert [device.get("/account").status_code for device in (here, there)] == [302, 302]


def test_a_session_ends_at_its_limit_however_much_it_is_used(app: Flask, clerk: Account) -> None:
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        client = sign_in(app, clerk)
        for _ in range(11):
            clock.shift(HOUR)
            assert client.get("/desk/").status_code == 200
        clock.shift(HOUR)
        assert client.get("/desk/").status_code == 302


def test_a_new_password_wants_the_old_one_and_ends_the_other_devices(
    app: Flask, clerk: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    here, there = app.test_client(), app.test_client()
    for device in (here, there):
        device.post("/sign-in", data={"username": "qian", "password": PASSWORD})
    new = {"password": "another horse 港口", "again": "another horse 港口"}
    assert here.post("/account/password", data=new).status_code == 422
    assert (
        here.post("/account/password", data=new | {"old": PASSWORD, "again": "x"}).status_code
        == 400
    )
    assert here.post("/account/password", data=new | {"old": PASSWORD}).status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


@pytest.fixture
def hall(fresh: Competition, organiser: Account) -> Competition:
    seat_and_open(fresh, organiser)
    return fresh


def call(client: FlaskClient, tablet: Tablet, token: str) -> int:
    act = tablet.mark("a", "30")
    body = {
        "acts": [
            {
                name: getattr(act, name)
                for name in ("uuid", "sheet", "aspect", "kind", "value", "at")
                if getattr(act, name, None) is not None
            }
        ]
    }
    return client.post("/api/acts", json=body, headers={"X-CSRF-Token": token}).status_code


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Act.id))) or 0


def test_marks_are_taken_with_the_token_of_their_own_session_alone(
    app: Flask, hall: Competition
) -> None:
    tablet, other = Tablet(hall, "J1"), Tablet(hall, "J2")
    client, stranger = sign_in(app, tablet.account), sign_in(app, other.account)
    own, foreign = (token_of(visitor.get("/account").text) for visitor in (client, stranger))
    assert call(client, tablet, foreign) == 400
    assert call(client, tablet, "") == 400
    assert stored() == 0
    assert call(client, tablet, own) == 200
    assert stored() == 1


@pytest.mark.parametrize("ending", ["idle", "signed out", "everywhere", "last day"])
def test_a_tablets_session_ends_too(app: Flask, hall: Competition, ending: str) -> None:
    tablet = Tablet(hall, "J1")
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        client = sign_in(app, tablet.account)
        token = token_of(client.get("/account").text)
        copy = copy_of(app, client)
        assert call(copy, tablet, token) == 200
        if ending == "idle":
            clock.shift(16 * HOUR + timedelta(seconds=1))
        elif ending == "last day":
            for _ in range(70):
                clock.shift(15 * HOUR)
                if call(copy, tablet, token) == 401:
                    break
        elif ending == "everywhere":
            client.post("/account/sign-out", data={"csrf_token": token})
        else:
            client.post("/sign-out", data={"csrf_token": token})
        before = stored()
        assert call(copy, tablet, token) == 401
        assert copy.get("/api/home").status_code == 401
        assert stored() == before


@pytest.mark.parametrize("watched", ["progress/live", "floor/live", "arrivals/live"])
def test_a_board_left_open_signs_nobody_in_for_ever(
    app: Flask, hall: Competition, organiser: Account, watched: str
) -> None:
    """It asks every few seconds all day long, whether anybody sits before it or not."""
    board, page = f"/desk/{hall.code}/{watched}", "/account"
    json = {"Accept": "application/json"}
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=local_zone()), tick=False) as clock:
        left, used = sign_in(app, organiser), sign_in(app, organiser)
        for hour in range(8):
            assert left.get(board, headers=json).status_code == 200, hour
            assert used.get(page).status_code == 200
            clock.shift(HOUR)
        assert left.get(board, headers=json).status_code == 401
        assert left.get(page).status_code == 302
        assert used.get(board, headers=json).status_code == 200
        assert used.get(page).status_code == 200


def test_an_answer_carries_the_cookie_only_where_its_session_changed(
    app: Flask, clerk: Account
) -> None:
    """So one on its way while another says something for the next page takes no word from it."""
    client = sign_in(app, clerk)
    client.get("/account")
    for path in ("/account", "/api/home", "/desk/"):
        given = client.get(path).headers.getlist("Set-Cookie")
        assert not [cookie for cookie in given if cookie.startswith("compete=")], path


def test_a_call_keeps_a_tablet_signed_in(app: Flask, hall: Competition) -> None:
    tablet = Tablet(hall, "J1")
    hall_day = datetime.combine(
        hall.ends or datetime.now().date(), datetime.min.time(), local_zone()
    )
    with time_machine.travel(hall_day - 48 * HOUR, tick=False) as clock:
        client = sign_in(app, tablet.account)
        token = token_of(client.get("/account").text)
        for _ in range(3):
            clock.shift(15 * HOUR)
            assert call(client, tablet, token) == 200
