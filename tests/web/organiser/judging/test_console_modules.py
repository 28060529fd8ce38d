"""The console opens where something waits, counts on its tabs, and lists all modules at once."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from compete.models import db
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.web.organiser.judging.progress.to_do import shown_apart
from tests.support.panels import Panel, client_of, open_panel
from tests.web.organiser.judging.test_console import BOARD, disputed

PAGE = "/desk/PANEL/progress"


@pytest.fixture
def desk(app: Flask) -> Panel:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel()
        db.session.remove()
    return panel


def tabs(text: str) -> dict[str, Any]:
    """Of each module's tab whether it is open, and how many things wait there."""
    nav = re.search(r'<nav class="segments.*?</nav>', text, re.DOTALL)
    assert nav is not None
    tab_states = {}
    for link in re.findall(r"<a .*?</a>", nav[0], re.DOTALL):
        name = re.sub(r"<(b|span).*?</\1>|<[^>]+>", "", link, flags=re.DOTALL).strip()
        count = re.search(r'tab-count">(\d+)', link)
        tab_states[name] = ("aria-current" in link, int(count[1]) if count else 0)
    return tab_states


def test_it_opens_on_the_first_module_while_nothing_waits(app: Flask, desk: Panel) -> None:
    text = client_of(app, desk, "C1").get(PAGE).text
    assert tabs(text) == {"理论": (True, 0), "实操": (False, 0)}


def test_it_opens_where_a_dispute_waits(app: Flask, desk: Panel) -> None:
    disputed(app, desk)
    chief = client_of(app, desk, "C1")
    assert tabs(chief.get(PAGE).text) == {"理论": (False, 0), "实操": (True, 1)}
    paper = chief.get(f"{PAGE}?module=FORK|final|paper").text
    assert tabs(paper) == {"理论": (True, 0), "实操": (False, 1)}
    # The list is one for all modules, and says of which one each is.
    assert "先处理 1 件" in paper
    assert re.search(r'<b class="code">E1</b> <span class="soft">实操', paper)
    assert "通知 3 人重评" in paper


def test_it_opens_where_sheets_are_lacking_and_the_tabs_say_how_many(
    app: Flask, desk: Panel
) -> None:
    with app.app_context():
        desk.fill_papers()
    text = client_of(app, desk, "C1").get(PAGE).text
    assert tabs(text) == {"理论": (False, 0), "实操": (True, 0)}
    assert re.findall(r'tab-lacking">(.*?)<', text) == ["差 6 张"]


def test_what_was_sent_back_elsewhere_stands_in_the_list(app: Flask, desk: Panel) -> None:
    with app.app_context():
        desk.fill_papers()
        send_sheet_back(desk.sheet("J4", "E1", "paper"), "卷面看错", desk.account("C1"))
    text = client_of(app, desk, "C1").get(f"{PAGE}?module=FORK|final|practice").text
    assert tabs(text)["理论"] == (False, 1)
    assert "理论 裁判 J4 顾文" in text
    assert "卷面看错" in text


def test_the_organiser_is_told_who_deals_with_it(app: Flask, desk: Panel) -> None:
    disputed(app, desk)
    text = client_of(app, desk, "").get(PAGE).text
    assert "由裁判长 沈国梁 处理" in text
    assert "通知 3 人重评" not in text


def test_of_a_locked_module_it_is_not_asked_whether_sheets_must_be_signed(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
    chief, organiser = client_of(app, opened, "C1"), client_of(app, opened, "")
    organiser.post("/desk/PANEL/must-sign", data={"wanted": "no"})
    assert "改成签了才能锁" in organiser.get(BOARD).text
    place = {"event": "FORK", "stage": "final", "module": "practice"}
    assert chief.post("/desk/PANEL/locks", data=place).status_code == 302
    assert "改成签了才能锁" not in organiser.get(BOARD).text


def test_nothing_is_too_far_apart_before_all_have_handed_in(app: Flask, desk: Panel) -> None:
    with app.app_context():
        desk.fill(desk.sheet("J1"), {"smooth": "3", "work": "17.5"})
        desk.fill(desk.sheet("J2"), {"smooth": "0", "work": "17.5"})
        last = desk.sheet("J3")
        for aspect, value in {"smooth": "0", "work": "17.5"}.items():
            desk.act(last, "mark", aspect=aspect, value=value)
    chief, organiser = client_of(app, desk, "C1"), client_of(app, desk, "")
    assert tabs(chief.get(PAGE).text)["实操"][1] == 0
    assert "先处理" not in chief.get(BOARD).text
    assert "分差超限 " not in organiser.get("/desk/PANEL/").text
    with app.app_context():
        desk.act(desk.sheet("J3"), "submit")
    assert tabs(chief.get(PAGE).text)["实操"][1] == 1
    assert "先处理 1 件" in chief.get(BOARD).text
    assert "分差超限 1 处" in organiser.get("/desk/PANEL/").text


def test_numbers_that_lie_apart_are_shown_in_so_few_places_that_one_sees_it() -> None:
    third, limit = Decimal(100) / 21, Decimal(2)
    assert shown_apart([Decimal(20), third], limit) == (["20", "4.76"], "15.24")
    assert shown_apart([Decimal("17.5"), Decimal("12.5")], limit) == (["17.5", "12.5"], "5")
    # Hundredths would say 2, which is not beyond the limit.
    assert shown_apart([Decimal(3), Decimal("0.9999")], limit) == (["3", "0.9999"], "2.0001")
    assert shown_apart([Decimal("1.001"), Decimal(1)], Decimal(0)) == (["1.001", "1"], "0.001")
