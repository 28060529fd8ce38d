"""Whoever sees a judge's unused sign-in card could be that judge: it leaves a trace."""

from __future__ import annotations

from flask import Flask

from compete.services.accounts.sign_in_cards import standing_card
from compete.services.kernel import audit
from tests.support.panels import Panel, client_of


def shown(app: Flask, panel: Panel) -> list[tuple[str, str]]:
    with app.app_context():
        rows = audit.recent(panel.competition, 99)
        return [(row.actor, row.subject) for row in rows if row.action == "card.show"]


def test_an_unused_card_on_the_screen_is_in_the_record(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    assert "/sign-in/" not in chief.get("/desk/PANEL/judges?people=1").text
    with app.app_context():
        standing_card(opened.account("J1"))
    assert chief.get("/desk/PANEL/judges/J1/card").status_code == 200
    assert shown(app, opened) == [("沈国梁", "许静")]
    assert "看了 许静 还没用过的登录卡" in chief.get("/desk/PANEL/").text


def test_printing_all_cards_is_in_the_record(app: Flask, opened: Panel) -> None:
    desk, page = client_of(app, opened, ""), "/desk/PANEL/judges/cards.pdf"
    # It asks first: from then on somebody is no second person for a day.
    asked = desk.post(page)
    assert (asked.mimetype, "24 小时" in asked.text) == ("text/html", True)
    with app.app_context():
        assert audit.recent(opened.competition, 1)[0].action != "card.print"
    assert desk.post(page, data={"sure": "yes"}).mimetype == "application/pdf"
    with app.app_context():
        assert audit.recent(opened.competition, 1)[0].action == "card.print"
