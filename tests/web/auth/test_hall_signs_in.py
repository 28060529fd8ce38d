"""A hall of five hundred behind one address signs in while somebody there guesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from compete.models import Account, Competition, db
from compete.services.accounts.accounts import account_of_judge, create_account
from compete.services.accounts.pins import set_pin
from compete.services.accounts.sign_in_cards import issue_card
from compete.web.auth import passwords
from compete.web.wrong_answers import TooManyTriesError, TryQueue
from tests.support.panels import PIN

PASSWORD = "correct horse 港口"
HALL = 500


@pytest.fixture
def minute() -> Iterator[None]:
    """All of it happens in one minute."""
    with time_machine.travel(1_800_000_000, tick=False):
        yield


def sign_in(app: Flask, username: str, password: str) -> int:
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"username": username, "password": password}
    return app.test_client().post("/sign-in", data=form).status_code


@pytest.mark.slow
def test_five_hundred_judges_of_one_address_sign_in_while_somebody_guesses(
    app: Flask, fresh: Competition, minute: None
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    cards = []
    for judge in fresh.judges:
        account = account_of_judge(judge, fresh, None)
        set_pin(account, PIN, PIN)
        cards.append(issue_card(account, one_time=False)[1])
    create_account("钱文", username="qian", password=PASSWORD, is_admin=True)
    guesser = app.test_client()
    for number in range(HALL):
        if number % 5 == 0:
            form = {"username": f"qian{number % 2}", "password": "wrong"}
            assert guesser.post("/sign-in", data=form).status_code in (200, 429)
            assert guesser.get(f"/sign-in/{number:032}").status_code == 410
            guesser.post("/sign-in", data={"username": "qian", "password": f"wrong {number}"})
        card = cards[number % len(cards)]
        answer = app.test_client().post(f"/sign-in/{card}", data={"pin": PIN})
        assert answer.status_code == 302, number
    assert guesser.post("/sign-in", data={"username": "qian", "password": "x"}).status_code == 429
    assert sign_in(app, "qian", PASSWORD) == 302


def test_a_name_guessed_at_all_day_is_open_to_the_devices_that_know_it(
    app: Flask, here: Flask, minute: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "A_DAY", "20 per day")
    app.config["WTF_CSRF_ENABLED"] = False
    owner: Account = create_account("钱文", username="qian", password=PASSWORD)
    create_account("周", username="zhou", password=PASSWORD)
    form = {"username": "qian", "password": PASSWORD}
    own, other = app.test_client(), app.test_client()
    assert own.post("/sign-in", data=form).status_code == 302
    assert other.post("/sign-in", data=form | {"username": "zhou"}).status_code == 302
    own.post("/sign-out")
    other.post("/sign-out")
    assert {sign_in(app, "qian", "wrong") for _ in range(25)} == {200, 429}
    assert sign_in(app, "qian", PASSWORD) == 429
    assert other.post("/sign-in", data=form).status_code == 429
    assert own.post("/sign-in", data=form).status_code == 302
    assert sign_in(app, "zhou", PASSWORD) == 302
    assert db.session.get_one(Account, owner.id).active


def test_guessing_waits_in_a_lane_of_its_own() -> None:
    queue = TryQueue(waiting=1)
    with queue.turn(), pytest.raises(TooManyTriesError), queue.turn():
        raise AssertionError("two at once")
    with queue.turn():
        pass
