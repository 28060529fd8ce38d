"""The ways between pages: what somebody needs can be reached without typing an address."""

from __future__ import annotations

from flask import Flask

from tests.support.panels import Panel, client_of

PEOPLE = 'href="/desk/PANEL/judges?people=1"'


def test_while_judging_the_sign_in_cards_are_a_press_away(app: Flask, opened: Panel) -> None:
    desk = client_of(app, opened, "")
    assert PEOPLE in desk.get("/desk/PANEL/").text
    board = desk.get("/desk/PANEL/judges", follow_redirects=True)
    assert board.request.path == "/desk/PANEL/progress"
    assert PEOPLE in board.text
    people = desk.get("/desk/PANEL/judges?people=1").text
    assert "打印登录卡" in people
    assert 'action="/desk/PANEL/judges/J1/card"' in people
