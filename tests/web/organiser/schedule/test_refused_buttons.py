"""Pages offer no button that its own act refuses: they say why, or leave it out."""

from __future__ import annotations

from flask import Flask

from compete.services.schedule.allocation import assign_judges
from tests.support.panels import Panel, client_of


def test_a_recheck_that_cannot_be_drawn_says_why(app: Flask, opened: Panel) -> None:
    with app.app_context():
        opened.fill(opened.sheet("J1"))
    page = client_of(app, opened, "C1").get("/desk/PANEL/recheck").text
    assert "还不能抽复核：" in page
    assert "/recheck/draw/" not in page


def test_who_has_marks_is_neither_taken_away_nor_put_back(app: Flask, opened: Panel) -> None:
    with app.app_context():
        event, judge = opened.competition.events[0], opened.judge("J1")
        assign_judges(event, "final", "paper", [(judge, "")], opened.organiser)
    desk = client_of(app, opened, "")
    seats, panels = "/desk/PANEL/judges/assign", "/desk/PANEL/seating?module=FORK|final|paper"
    offered = desk.get(seats).text.count("/remove")
    assert "/seating/undo" in desk.get(panels).text
    with app.app_context():
        opened.act(opened.sheet("J1", "E1", "paper"), "mark", aspect="all", value="70")
    assert desk.get(seats).text.count("/remove") == offered - 1
    assert "/seating/undo" not in desk.get(panels).text
