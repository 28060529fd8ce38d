"""单科保留 and 补考 on the page of a person: seen, brought, taken back, and told."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition
from tests.support.announced import announce
from tests.support.signing_in import signed_in
from tests.support.sittings import Load, correct, empty, enter, of, sitting, take_off

WHERE = "/desk/NEXT/entrants/A001"


@pytest.fixture
def first(load: Load, organiser: Account) -> Competition:
    competition = load(sitting("FIRST", "2026-05-10"))
    announce(competition, organiser)
    return competition


@pytest.fixture
def desk(app: Flask, first: Competition, load: Load, organiser: Account) -> FlaskClient:
    """The organiser's desk; at the later sitting the same person is registered."""
    enter(load(empty(), registering=True), organiser)
    return signed_in(app, organiser)


def page(desk: FlaskClient) -> str:
    text = desk.get(f"{WHERE}/").text
    return text.split('id="sittings"')[1].split("</section>")[0]


def keys(text: str) -> list[str]:
    return [html.unescape(it) for it in re.findall(r'name="key" value="([^"]*)"', text)]


def test_what_may_be_brought_is_offered_and_one_press_brings_it(desk: FlaskClient) -> None:
    offered = keys(page(desk))
    assert len(offered) == 2
    theory = next(it for it in offered if "theory" in it)
    answer = desk.post(f"{WHERE}/carried", data={"key": theory})
    assert answer.location.endswith("#sittings")
    assert theory not in keys(page(desk))
    assert desk.post(f"{WHERE}/carried", data={"key": theory}).status_code == 409
    assert "带来单科成绩" in desk.get("/desk/NEXT/").text
    desk.post(f"{WHERE}/carried/back", data={"of": "theory"})
    assert theory in keys(page(desk))
    history = desk.get(f"{WHERE}/").text
    assert "带来单科成绩（theory 72.00 FIRST）" in history
    assert "收回带来的成绩" in history


def test_which_attempt_it_is_stands_on_the_page_and_in_the_review(desk: FlaskClient) -> None:
    assert "补考，第 2 次" in page(desk)
    assert "补考，第 2 次" in desk.get("/desk/NEXT/review?show=all").text
    desk.post(f"{WHERE}/resit/drop")
    assert "像是补考" in page(desk)
    assert "像是补考" in desk.get("/desk/NEXT/review?show=all").text
    desk.post(f"{WHERE}/resit")
    assert "像是补考" not in page(desk)


def test_what_became_void_is_told_with_its_reason(
    desk: FlaskClient, first: Competition, organiser: Account
) -> None:
    theory = next(it for it in keys(page(desk)) if "theory" in it)
    desk.post(f"{WHERE}/carried", data={"key": theory})
    correct(first, organiser, lambda: take_off(of(first, "P1"), "theory", 20))
    assert "不再合格" in page(desk)
    overview = desk.get("/desk/NEXT/").text
    assert "带来的成绩作废了" in overview
    assert "FIRST 第 2 版" in overview


def test_a_contest_knows_nothing_of_it(app: Flask, organiser: Account, judged: Competition) -> None:
    desk = signed_in(app, organiser)
    assert 'id="sittings"' not in desk.get("/desk/X/entrants/P1/").text
    assert desk.post("/desk/X/entrants/P1/carried", data={"key": "x"}).status_code == 404
