from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete import create_app
from compete.config import Config
from compete.domain.values.roles import Role
from compete.models import Account
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.pins import MOST_TRIES, WrongPin, check_pin, set_pin
from compete.services.accounts.sign_in_cards import cancel_cards, issue_card
from compete.services.registration.officials import add_official
from tests.support.panels import PIN, Panel


def new_card(app: Flask, panel: Panel, *, one_time: bool = False) -> str:
    """The path of a fresh card of J1's."""
    with app.app_context():
        return f"/sign-in/{issue_card(panel.account('J1'), one_time=one_time)[1]}"


def choose(app: Flask, panel: Panel) -> None:
    with app.app_context():
        set_pin(panel.account("J1"), PIN, PIN)


def cancel(app: Flask, panel: Panel) -> None:
    with app.app_context():
        cancel_cards(panel.account("J1"), None, "换卡")


@pytest.fixture
def card(app: Flask, opened: Panel) -> str:
    """The path of J1's lasting card."""
    return new_card(app, opened)


def has_pin(app: Flask, panel: Panel) -> bool:
    with app.app_context():
        return panel.account("J1").pin_hash is not None


def is_in(client: FlaskClient) -> bool:
    return client.get("/judge/").status_code == 200


def test_the_first_use_of_a_card_asks_for_a_pin_twice(
    app: Flask, client: FlaskClient, card: str, opened: Panel
) -> None:
    page = client.get(card).get_data(as_text=True)
    assert "许静" in page
    assert 'name="again"' in page
    assert client.post(card, data={"pin": PIN, "again": "9153"}).status_code == 422
    assert not is_in(client)
    assert not has_pin(app, opened)
    assert client.post(card, data={"pin": PIN, "again": PIN}).status_code == 302
    assert is_in(client)
    assert has_pin(app, opened)


def test_later_the_card_asks_for_its_pin(
    app: Flask, client: FlaskClient, card: str, opened: Panel
) -> None:
    choose(app, opened)
    assert 'name="again"' not in client.get(card).get_data(as_text=True)
    wrong = client.post(card, data={"pin": "9153"})
    assert wrong.status_code == 422
    assert "还能试 4 次" in wrong.get_data(as_text=True)
    assert not is_in(client)
    assert client.post(card, data={"pin": PIN}).status_code == 302
    assert is_in(client)


def test_a_password_beside_the_card_wants_its_pin(
    app: Flask, client: FlaskClient, card: str, opened: Panel
) -> None:
    client.post(card, data={"pin": PIN, "again": PIN})
    word = "correct horse 港口"
    form = {"username": "xujing", "password": word, "again": word}
    assert "PIN" in client.get("/account").text
    assert client.post("/account/password", data=form).status_code == 422
    assert client.post("/account/password", data=form | {"old": "9153"}).status_code == 422
    with app.app_context():
        assert opened.account("J1").password_hash is None
    assert client.post("/account/password", data=form | {"old": PIN}).status_code == 302


def test_five_wrong_pins_lock_the_card_and_a_new_one_opens(
    app: Flask, client: FlaskClient, card: str, opened: Panel
) -> None:
    choose(app, opened)
    statuses = [client.post(card, data={"pin": "9153"}).status_code for _ in range(MOST_TRIES)]
    assert statuses == [422] * (MOST_TRIES - 1) + [423]
    assert client.post(card, data={"pin": PIN}).status_code == 410
    assert not is_in(client)
    cancel(app, opened)
    fresh = new_card(app, opened)
    assert client.post(fresh, data={"pin": PIN, "again": PIN}).status_code == 302
    assert is_in(client)


def test_a_one_time_link_signs_in_without_a_pin_and_asks_for_one_before_signing(
    app: Flask, client: FlaskClient, opened: Panel
) -> None:
    link = new_card(app, opened, one_time=True)
    assert client.post(link).status_code == 302
    assert is_in(client)
    answer = client.post("/pin?next=/judge/scan", data={"pin": PIN, "again": PIN})
    assert answer.location == "/judge/scan"
    assert has_pin(app, opened)
    assert client.get("/pin").location == "/judge/"


def test_the_way_back_leads_nowhere_else(app: Flask, client: FlaskClient, opened: Panel) -> None:
    link = new_card(app, opened, one_time=True)
    client.post(link)
    answer = client.post("/pin?next=//elsewhere.example/", data={"pin": PIN, "again": PIN})
    assert answer.location == "/judge/"


def test_a_session_lasts_through_a_restart_of_the_server(
    app: Flask, config: Config, client: FlaskClient, card: str, opened: Panel
) -> None:
    client.post(card, data={"pin": PIN, "again": PIN})
    cookie = client.get_cookie("compete")
    assert cookie is not None
    assert cookie.max_age is None or cookie.max_age > 8 * 3600
    assert cookie.expires is not None
    restarted = create_app(replace(config)).test_client()
    restarted.set_cookie("compete", cookie.value)
    assert is_in(restarted)


def test_a_new_card_ends_the_old_sessions(
    app: Flask, client: FlaskClient, card: str, opened: Panel
) -> None:
    client.post(card, data={"pin": PIN, "again": PIN})
    assert is_in(client)
    cancel(app, opened)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("role", "helper"),
    [
        (Role.JUDGE, "找裁判长或组委会换一张卡"),
        (Role.CHIEF, "找组委会换一张卡"),
        (Role.CODER, "找组委会换一张卡"),
        (Role.SUPERVISOR, "找组委会换一张卡"),
        (Role.CLERK, "找组委会换一张卡"),
    ],
)
def test_a_card_names_who_helps_its_holder(
    client: FlaskClient, opened: Panel, organiser: Account, role: Role, helper: str
) -> None:
    """A chief judge was once sent to the chief judge."""
    chiefs = [judge for judge in opened.competition.judges if judge.role is role is Role.CHIEF]
    official = (chiefs or [add_official(opened.competition, role, "丁一鸣", organiser)])[0]
    account = account_of_judge(official, opened.competition, organiser)
    path = f"/sign-in/{issue_card(account, one_time=False)[1]}"
    assert f"<p>{helper}，旧卡马上作废" in client.get(path).text
    set_pin(account, PIN, PIN)
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongPin) as wrong:
            check_pin(account, "0007")
    assert helper.removesuffix("卡") in wrong.value.message.render(None)
