"""Whose sign-in card a chief judge may hand out: not those of who signs beside the chief."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.models import SignInCard, db
from tests.support.panels import Panel, client_of


@pytest.mark.parametrize("code", ["S1", "R1", "C1"])
def test_a_chief_judge_does_not_hold_the_cards_of_who_signs_beside(
    app: Flask, opened: Panel, code: str
) -> None:
    chief = client_of(app, opened, "C1")
    address = f"/desk/PANEL/judges/{code}"
    for answer in (
        chief.get(f"{address}/card"),
        chief.post(f"{address}/card"),
        chief.post(f"{address}/cancel"),
    ):
        assert answer.status_code == 403
        assert "由组委会发" in answer.text
    organiser = client_of(app, opened, "")
    assert organiser.post(f"{address}/card").status_code == 302
    assert "data:image" in (page := organiser.get(f"{address}/card").text) or "<svg" in page


def test_a_chief_judge_gives_a_judge_another_card_at_once(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    answer = chief.post("/desk/PANEL/judges/J1/card", follow_redirects=True)
    assert answer.status_code == 200
    assert "<svg" in answer.text


def test_only_a_card_after_another_says_that_the_old_one_is_void(app: Flask, opened: Panel) -> None:
    desk = client_of(app, opened, "")
    first = desk.post("/desk/PANEL/judges/J1/card", follow_redirects=True).text
    assert "用平板的相机扫这个码" in first
    assert "旧卡已经作废" not in first
    assert "旧卡已经作废" in desk.post("/desk/PANEL/judges/J1/card", follow_redirects=True).text


def test_a_card_in_use_is_not_replaced_or_cancelled_before_it_was_asked(
    app: Flask, opened: Panel
) -> None:
    desk = client_of(app, opened, "")
    card = "/desk/PANEL/judges/J1/card"
    assert desk.get(f"{card}/renew").status_code == 404
    desk.post(card)
    people = desk.get("/desk/PANEL/judges?people=1").text
    for asks, act in ((f"{card}/renew", card), ("/desk/PANEL/judges/J1/cancel",) * 2):
        assert f'action="{act}"' not in people
        assert f'href="{asks}"' in people
        page = desk.get(asks).text
        assert f'action="{act}"' in page
        assert "旧卡和 PIN 马上不能再用" in page
    assert "没用过" in people
    assert "没用过" in desk.get("/desk/PANEL/judges?people=1").text


def test_nobody_asks_about_a_card_that_is_not_theirs_to_give(app: Flask, opened: Panel) -> None:
    client_of(app, opened, "").post("/desk/PANEL/judges/R1/card")
    chief = client_of(app, opened, "C1")
    for asks in ("card/renew", "cancel"):
        assert chief.get(f"/desk/PANEL/judges/R1/{asks}").status_code == 403


def test_looking_makes_no_card(app: Flask, opened: Panel) -> None:
    """Whatever follows links ahead of people would else make every card void."""

    def cards() -> int:
        with app.app_context():
            return db.session.query(SignInCard).count()

    desk = client_of(app, opened, "")
    before = cards()
    assert desk.get("/desk/PANEL/judges/cards.pdf").status_code == 405
    assert desk.get("/desk/PANEL/judges/J1/card").status_code == 200
    assert desk.get("/desk/PANEL/judges?people=1").status_code == 200
    assert cards() == before
