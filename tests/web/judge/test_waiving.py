"""A further attempt is waived by one press: on the tablet, and by the chief judge at the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.models import Decision, db
from compete.services.hall.board_acts import change_board, freeze, make_board
from tests.support.attempted import attempt, open_attempts
from tests.support.panels import Panel, client_of


@pytest.fixture
def twice(app: Flask) -> Panel:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_attempts()
        attempt(panel, "E1", 1, "40", "101")
        db.session.remove()
    return panel


def sheet_of(app: Flask, panel: Panel, entrant: str, module: str = "run2") -> str:
    with app.app_context():
        return panel.sheet("J1", entrant, module).public_id


def test_the_tablet_offers_it_only_where_it_can_be(app: Flask, twice: Panel) -> None:
    judge = client_of(app, twice, "J1")
    own = sheet_of(app, twice, "E1")
    assert f"/judge/sheets/{own}/waive" in judge.get(f"/judge/sheets/{own}").text
    for entrant, module in (("E1", "run1"), ("E2", "run1"), ("E2", "run2")):
        page = judge.get(f"/judge/sheets/{sheet_of(app, twice, entrant, module)}").text
        assert "/waive" not in page
    # Another judge's sheet is not this one's to waive.
    with app.app_context():
        other = twice.sheet("J2", "E1", "run2").public_id
    assert judge.post(f"/judge/sheets/{other}/waive", data={"reason": "累"}).status_code == 404
    answer = judge.post(f"/judge/sheets/{own}/waive", data={"reason": "累"}, follow_redirects=True)
    assert "E1 放弃了“叉车作业 2/2”" in answer.text
    again = judge.post(f"/judge/sheets/{own}/waive", data={"reason": "累"})
    assert again.status_code == 400
    assert "这一次已经不用评了" in again.text
    # Whoever comes back to the page reads why, and finds nothing to press.
    page = judge.get(f"/judge/sheets/{own}/waive").text
    assert "这一次已经不用评了" in page
    assert "为什么放弃" not in page


def test_the_chief_judge_does_it_at_the_desk_and_others_do_not(app: Flask, twice: Panel) -> None:
    own = sheet_of(app, twice, "E1")
    address = f"/desk/{twice.code}/sheets/{own}"
    chief = client_of(app, twice, "C1")
    page = chief.get(address)
    assert page.status_code == 200
    assert f"{address}/waive" in page.text
    judge = client_of(app, twice, "J1")
    assert judge.post(f"{address}/waive", data={"reason": "累"}).status_code in (403, 404)
    refused = chief.post(f"{address}/waive", data={"reason": ""}, follow_redirects=True)
    assert "理由没写" in refused.text
    answer = chief.post(f"{address}/waive", data={"reason": "手伤了"}, follow_redirects=True)
    assert "E1 放弃了“叉车作业 2/2”" in answer.text
    with app.app_context():
        decision = db.session.query(Decision).one()
        assert (decision.kind, decision.module, decision.reason) == ("dns", "run2", "手伤了")
        assert decision.proposed_by == decision.confirmed_by
    assert f"{address}/waive" not in chief.get(address).text


def test_the_phone_says_the_best_so_far_where_the_hall_does(app: Flask, twice: Panel) -> None:
    visitor = app.test_client()
    with app.app_context():
        badge = f"/c/{twice.entrant('E1').badge_token}"
        other = f"/c/{twice.entrant('E2').badge_token}"
    assert "目前最好" not in visitor.get(badge).text
    with app.app_context():
        board = make_board(twice.competition.events[0], twice.organiser)
        keys = {"switched_on": True, "delay": "0", "places": "9", "stations": True}
        change_board(board, **keys, opens_at=None, by=twice.organiser)
    page = visitor.get(badge).text
    assert "目前最好，做了 1/2 次" in page
    assert "80.00" in page
    assert "目前最好" not in visitor.get(other).text
    with app.app_context():
        freeze(make_board(twice.competition.events[0], twice.organiser), twice.organiser)
    assert "80.00" not in visitor.get(badge).text


def test_a_blind_contest_tells_no_phone(app: Flask) -> None:
    with app.app_context():
        panel = open_attempts(blind=True)
        attempt(panel, "E1", 1, "40", "101")
        board = make_board(panel.competition.events[0], panel.organiser)
        keys = {"switched_on": True, "delay": "0", "places": "9", "stations": False}
        change_board(board, **keys, opens_at=None, by=panel.organiser)
        badge = f"/c/{panel.entrant('E1').badge_token}"
        db.session.remove()
    page = app.test_client().get(badge)
    assert page.status_code == 200
    assert "80.00" not in page.text
