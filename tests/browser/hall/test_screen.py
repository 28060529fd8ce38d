"""The big screen in real Chromium: as large as drawn, live, frozen, opened row by row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace
from playwright.sync_api import Page, expect
from sqlalchemy import select

from compete.domain.values.kinds import OverallBy
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, HallBoard, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.hall.board_acts import (
    change_board,
    freeze,
    make_board,
    reveal_next,
    start_reveal,
)
from compete.services.kernel.transactions import unit_of_work
from tests.domain.scoring.test_overall import RANKS, two_events
from tests.support.announced import announce
from tests.support.application import serving
from tests.support.axe import violations
from tests.support.begun import Begin
from tests.support.contest import contest

SCREEN = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture
def organiser(here: Flask) -> Account:
    return create_account("吴敏")


@pytest.fixture
def competition(here: Flask, begin: Begin) -> Competition:
    begin("a big screen", lambda: load_bundle(contest(entrants=24, blind=True)))
    return db.session.scalars(select(Competition)).one()


@pytest.fixture
def board(competition: Competition, organiser: Account) -> HallBoard:
    board = make_board(competition.events[0], organiser)
    settle(board, organiser)
    return board


def settle(board: HallBoard, by: Account, places: str = "9") -> None:
    change_board(
        board,
        switched_on=True,
        delay="0",
        places=places,
        stations=False,
        opens_at=None,
        by=by,
    )


def lock(competition: Competition) -> None:
    with unit_of_work():
        competition.state = CompetitionState.LOCKED


def open_screen(
    visitor: Callable[..., Any], address: str, board: HallBoard, **options: Any
) -> Page:
    page: Page = visitor("desk", **(SCREEN | options)).page()
    page.clock.install()
    page.goto(f"{address}/hall/CUP/{board.token}")
    expect(page.locator("tbody tr").first).to_be_visible()
    return page


def hears(page: Page) -> None:
    """Let the time pass after which the screen asks, until it has its answer."""
    with page.expect_response("**/data") as answer:
        page.clock.fast_forward(5_000)
    answer.value.finished()


def test_nine_rows_of_75_with_totals_of_54_fill_the_screen(
    visitor: Callable[..., Any], live_url: str, board: HallBoard, picture: Callable[..., Path]
) -> None:
    page = open_screen(visitor, live_url, board)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(9)
    assert rows.first.bounding_box()["height"] == pytest.approx(75, abs=1)
    size = rows.first.locator(".sum b").evaluate("each => getComputedStyle(each).fontSize")
    assert float(size.removesuffix("px")) == pytest.approx(54, abs=0.5)
    assert page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    ) == [1920, 1080]
    bottom = rows.last.bounding_box()
    assert bottom["y"] + bottom["height"] < 1080
    assert violations(page) == []
    picture(page, "hall-live", full_page=False)


def test_modules_with_long_names_leave_the_totals_on_the_screen(
    here: Flask, visitor: Callable[..., Any], live_url: str, organiser: Account
) -> None:
    bundle = contest(entrants=9)
    (event,) = bundle.events
    (stage,) = event.stages
    long = [replace(module, name="提" * 60) for module in stage.modules]
    event = replace(event, stages=[replace(stage, modules=long)])
    competition = load_bundle(replace(bundle, events=[event]))
    board = make_board(competition.events[0], organiser)
    settle(board, organiser)
    page = open_screen(visitor, live_url, board)
    total = page.locator("tbody tr").first.locator(".sum").bounding_box()
    side = page.locator(".hall-side").bounding_box()
    assert total is not None
    assert side is not None
    assert total["x"] + total["width"] <= side["x"]


def test_a_module_of_four_characters_is_called_on_one_line(
    here: Flask, visitor: Callable[..., Any], live_url: str, organiser: Account
) -> None:
    bundle = contest(entrants=9)
    (event,) = bundle.events
    (stage,) = event.stages
    named = [replace(module, name="实践操作") for module in stage.modules]
    event = replace(event, stages=[replace(stage, modules=named)])
    competition = load_bundle(replace(bundle, events=[event]))
    board = make_board(competition.events[0], organiser)
    settle(board, organiser)
    page = open_screen(visitor, live_url, board, viewport={"width": 1440, "height": 900})
    heads = page.locator("[data-head]", has_text="实践操作")
    script = "it => it.offsetHeight / parseFloat(getComputedStyle(it).lineHeight)"
    lines = [head.evaluate(script) for head in heads.all()]
    assert lines == pytest.approx([1] * len(named), abs=0.1)


def test_a_freeze_reaches_the_screen_by_itself(
    visitor: Callable[..., Any],
    live_url: str,
    board: HallBoard,
    organiser: Account,
    picture: Callable[..., Path],
) -> None:
    page = open_screen(visitor, live_url, board)
    expect(page.locator(".frozen")).to_be_hidden()
    freeze(board, organiser)
    hears(page)
    expect(page.locator(".frozen")).to_be_visible()
    expect(page.locator(".frozen")).to_contain_text(re.compile(r"封榜.*名次停在 \d\d:\d\d"))
    picture(page, "hall-frozen", full_page=False)


def test_the_ceremony_opens_one_row_at_each_press_from_the_last_up(
    visitor: Callable[..., Any],
    live_url: str,
    board: HallBoard,
    competition: Competition,
    organiser: Account,
    picture: Callable[..., Path],
) -> None:
    page = open_screen(visitor, live_url, board)
    codes = page.locator("tbody .code b").all_inner_texts()
    freeze(board, organiser)
    lock(competition)
    start_reveal(board, organiser)
    hears(page)
    expect(page.locator(".not-yet")).to_have_count(9)
    shown = page.locator("tbody").inner_text()
    assert not any(code in shown for code in codes)
    for pressed in range(9):
        reveal_next(board, organiser, pressed)
        hears(page)
        expect(page.locator(".not-yet")).to_have_count(8 - pressed)
        if pressed == 3:
            expect(page.locator(".newest .code b")).to_have_text(codes[5])
            picture(page, "hall-ceremony", full_page=False)
    expect(page.locator(".frozen")).to_contain_text("已揭晓")
    expect(page.locator("tbody .code b")).to_have_text(codes)


def test_who_wants_no_motion_gets_none(
    visitor: Callable[..., Any],
    live_url: str,
    board: HallBoard,
    competition: Competition,
    organiser: Account,
) -> None:
    freeze(board, organiser)
    lock(competition)
    start_reveal(board, organiser)
    reveal_next(board, organiser, 0)
    moving, still = (
        open_screen(visitor, live_url, board, reduced_motion=wish)
        .locator(".newest > .sum")
        .evaluate("each => parseFloat(getComputedStyle(each).animationDuration)")
        for wish in ("no-preference", "reduce")
    )
    assert moving == pytest.approx(0.9)
    assert still < 0.001


def test_a_long_table_turns_its_pages(
    visitor: Callable[..., Any], live_url: str, board: HallBoard, organiser: Account
) -> None:
    settle(board, organiser, places="20")
    page = visitor("desk", **SCREEN).page()
    page.clock.install()
    page.goto(f"{live_url}/hall/CUP/{board.token}")
    places = page.locator("tbody .place")
    expect(places.first).to_have_text("1")
    expect(page.locator(".hall-page")).to_have_text("1–9 / 20")
    seen = []
    for _turn in range(3):
        page.clock.fast_forward(13_000)
        seen.append(places.first.inner_text())
    assert seen == ["10", "19", "1"]


def test_a_screen_that_hears_nothing_says_so_and_recovers(
    visitor: Callable[..., Any], app: Flask, board: HallBoard
) -> None:
    viewer = visitor("desk", **SCREEN)
    # The server going is what this test is about.
    viewer.expect("Failed to load resource")
    page = viewer.page()
    with serving(app) as address:
        port = int(address.rsplit(":", 1)[1])
        page.clock.install()
        page.goto(f"{address}/hall/CUP/{board.token}")
        expect(page.locator("tbody tr")).to_have_count(9)
    lost = page.locator(".hall-lost")
    for _ask in range(4):
        expect(lost).to_be_hidden() if _ask < 2 else None
        with page.expect_event("requestfailed"):
            page.clock.run_for(5_000)
    expect(lost).to_be_visible()
    # What was seen last stays in sight.
    expect(page.locator("tbody tr")).to_have_count(9)
    with serving(app, port):
        with page.expect_response("**/data"):
            page.clock.run_for(5_000)
        expect(lost).to_be_hidden()


def test_announced_tables_over_several_events_stand_at_the_side_by_turns(
    visitor: Callable[..., Any],
    live_url: str,
    here: Flask,
    organiser: Account,
    picture: Callable[..., Path],
) -> None:
    sums = two_events(**RANKS, who="delegations")
    medals = replace(sums.overall[0], code="m", name="奖牌榜", by=OverallBy.MEDALS, points=None)
    tables = (sums.overall[0], medals)
    named = replace(sums.competition, code="CUP")
    competition = load_bundle(replace(sums, competition=named, overall=tables))
    board = make_board(competition.events[0], organiser)
    settle(board, organiser)
    announce(competition, organiser)
    page = open_screen(visitor, live_url, board)
    card = page.locator('[data-part="table-card"]')
    expect(card).to_contain_text("总分表")
    expect(card.locator("li").first).to_contain_text("24.50")
    picture(page, "hall-tables")
    page.clock.fast_forward(13_000)
    expect(card).to_contain_text("奖牌榜")
    expect(card.locator("li").first).to_contain_text("2 · 1 · 0")
    assert not violations(page)
