"""A lower third over a film of the hall: transparent, and silent with nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from compete.models import Competition, HallBoard, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.hall.board_acts import change_board, freeze, make_board
from tests.support.begun import Begin
from tests.support.contest import contest


def _board() -> HallBoard:
    competition = db.session.scalars(select(Competition)).one()
    by = create_account("吴敏")
    board = make_board(competition.events[0], by)
    change_board(
        board, switched_on=True, delay="0", places="9", stations=True, opens_at=None, by=by
    )
    freeze(board, by)
    return board


def test_a_lower_third_says_the_standings_and_paints_nothing_else(
    here: Flask,
    begin: Begin,
    visitor: Callable[..., Any],
    live_url: str,
    picture: Callable[..., Path],
) -> None:
    begin("an overlay", lambda: load_bundle(contest(entrants=24)))
    board = _board()
    address = f"{live_url}/hall/{board.event.competition.code}/{board.token}?overlay="
    page: Page = visitor("desk", viewport={"width": 1920, "height": 1080}).page()
    page.goto(f"{address}standings")
    expect(page.locator(".third-lines li")).to_have_count(5)
    expect(page.locator(".third-lines li").first).to_contain_text("1")
    painted = "getComputedStyle({}).backgroundColor"
    for element in ("document.documentElement", "document.body"):
        assert page.evaluate(painted.format(element)) == "rgba(0, 0, 0, 0)"
    box = page.locator("[data-part=panel]").bounding_box()
    assert box is not None
    assert box["y"] > 540
    assert box["y"] + box["height"] < 1080
    picture(page, "hall-overlay", full_page=False)
    page.goto(f"{address}next")
    expect(page.locator("[data-part=panel]")).to_be_hidden()
    # Another word is no part: the whole board.
    page.goto(f"{address}nothing")
    expect(page.locator(".hall-table")).to_be_visible()
