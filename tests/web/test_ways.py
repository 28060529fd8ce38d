"""The ways between pages: what somebody needs can be reached without typing an address."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from compete.models import Competition
from compete.services.accounts.accounts import create_account
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from tests.support.panels import Panel, client_of
from tests.support.people import visitor
from tests.support.signing_in import signed_in

PEOPLE = 'href="/desk/PANEL/judges?people=1"'


def next_step(page: str) -> str:
    """Where the button of the next step leads."""
    card = page.split('class="card lead next-step"')[1].split("</section>")[0]
    hit = re.search(r'href="([^"]+)"', card)
    assert hit is not None
    return hit[1]


def test_while_judging_the_sign_in_cards_are_a_press_away(app: Flask, opened: Panel) -> None:
    desk = client_of(app, opened, "")
    assert PEOPLE in desk.get("/desk/PANEL/").text
    board = desk.get("/desk/PANEL/judges", follow_redirects=True)
    assert board.request.path == "/desk/PANEL/progress"
    assert PEOPLE in board.text
    people = desk.get("/desk/PANEL/judges?people=1").text
    assert "打印登录卡" in people
    assert 'action="/desk/PANEL/judges/J1/card"' in people


@pytest.mark.parametrize(
    ("who", "home"), [("organiser", "/desk/"), ("judge", "/judge/"), ("chief", "/desk/")]
)
def test_who_is_signed_in_is_led_from_the_public_page_to_their_own(
    app: Flask, fresh: Competition, who: str, home: str
) -> None:
    client = visitor(app, who, fresh)
    public = client.get("/")
    assert 'href="/sign-in"' in public.text
    assert client.get("/sign-in").location == home
    assert client.get("/sign-in?next=/desk/X/").location == "/desk/X/"
    assert client.get("/sign-in?next=//elsewhere.example").location == home


def test_a_visitor_and_an_account_without_work_get_the_form(app: Flask, fresh: Competition) -> None:
    assert 'name="password"' in visitor(app, "anonymous", fresh).get("/sign-in").text
    idle = signed_in(app, create_account("闲人"))
    assert 'name="password"' in idle.get("/sign-in").text


def test_a_recorder_goes_from_each_page_to_the_others(app: Flask, opened: Panel) -> None:
    recorder = client_of(app, opened, "R1")
    with app.app_context():
        sheet = f"/desk/PANEL/paper/{opened.sheet('J1').public_id}"
    pages = {name: f"/desk/PANEL/{name}" for name in ("recheck", "paper", "handover")}
    for address in (*pages.values(), sheet):
        bar = recorder.get(address).text.split("</header>")[0]
        for page in pages.values():
            assert f'href="{page}"' in bar, (address, page)
    assert f'href="{pages["paper"]}" aria-current="page"' in recorder.get(sheet).text
    assert "/desk/PANEL/handover" not in client_of(app, opened, "C1").get("/desk/PANEL/").text


def test_the_next_step_leads_to_a_decision_that_waits(app: Flask, opened: Panel) -> None:
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
        opened.fill_papers()
    chief = client_of(app, opened, "C1")
    assert next_step(chief.get("/desk/PANEL/").text) == "/desk/PANEL/lock"
    with app.app_context():
        wanted = Proposal("penalty", "final", "practice", "越线", "录像", points="1")
        propose_decision(opened.entrant("E1"), wanted, opened.account("C1"))
    assert next_step(chief.get("/desk/PANEL/").text) == "/desk/PANEL/decisions"


def test_in_english_one_judge_is_a_judge_and_the_list_is_of_judges(
    app: Flask, opened: Panel
) -> None:
    desk = client_of(app, opened, "")
    desk.get("/language/en")
    page = desk.get("/desk/PANEL/judges?people=1").text
    assert "<h1>List of judges</h1>" in page
    assert ">Judge</td>" in page
    assert ">Judges</td>" not in page
    assert 'aria-label="Competitions"' in desk.get("/desk/").text
