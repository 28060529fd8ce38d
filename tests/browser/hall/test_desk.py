"""At a desk in real Chromium: entering again by keyboard, judging judges, running the board."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Competition, RecheckRound, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.closing.recheck import draw_recheck
from compete.services.competitions.loading import load_bundle
from compete.services.sheets.values import standing_values
from tests.support.axe import violations
from tests.support.begun import Begin
from tests.support.contest import contest
from tests.support.signing_in import carry_in, official


@pytest.fixture
def competition(here: Flask, begin: Begin) -> Competition:
    bias = {"J5": -5.0, "J6": 2.2}
    begin(
        "a board's desk",
        lambda: load_bundle(contest(level="provincial-2", entrants=20, bias=bias)),
    )
    return db.session.scalars(select(Competition)).one()


@pytest.fixture
def desk(app: Flask, visitor: Callable[..., Any], live_url: str) -> Callable[[Account, str], Page]:
    """A page of somebody who has signed in."""

    def open_page(account: Account, path: str) -> Page:
        person = visitor("desk")
        carry_in(person.context, app, account, live_url)
        page: Page = person.page()
        page.goto(f"{live_url}{path}")
        return page

    return open_page


def looks_well(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


@pytest.fixture
def drawn(competition: Competition) -> RecheckRound:
    return draw_recheck(competition.events[0], "final", official(competition, "S1"), "8848")


def test_a_sheet_is_entered_again_without_touching_the_mouse(
    desk: Callable[[Account, str], Page],
    competition: Competition,
    drawn: RecheckRound,
    picture: Callable[..., Path],
) -> None:
    entry = next(entry for entry in drawn.entries if entry.sheet.module == "practice")
    truth = standing_values([entry.sheet_id])[entry.sheet_id]
    page = desk(official(competition, "R1"), f"/desk/CUP/recheck/{entry.id}")
    looks_well(page)
    picture(page, "recheck-empty")
    for aspect, value in truth.items():
        expect(page.locator(f'[name="v-{aspect}"]')).to_be_focused()
        page.keyboard.type(f"{value:f}")
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/{entry.id}"))
    expect(page.locator(".messages")).to_contain_text("一致")


def test_a_difference_is_asked_about_and_then_ruled_on(
    desk: Callable[[Account, str], Page],
    competition: Competition,
    drawn: RecheckRound,
    picture: Callable[..., Path],
) -> None:
    entry = next(entry for entry in drawn.entries if entry.sheet.module == "practice")
    truth = standing_values([entry.sheet_id])[entry.sheet_id]
    page = desk(official(competition, "R1"), f"/desk/CUP/recheck/{entry.id}")
    wrong = {aspect: f"{value:f}" for aspect, value in truth.items()} | {"faults": "9"}
    for value in wrong.values():
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("有 1 处和原表不一样")
    expect(page.locator('[name="v-faults"]')).to_be_focused()
    expect(page.locator('[name="v-faults"]')).to_have_value("9")
    looks_well(page)
    picture(page, "recheck-look-again")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("有出入，等裁判长裁定")
    chief = desk(official(competition, "C1"), "/desk/CUP/recheck")
    looks_well(chief)
    picture(chief, "recheck-list")
    chief.get_by_role("link", name="去裁定").click()
    looks_well(chief)
    picture(chief, "recheck-result")
    chief.get_by_label("理由").fill("纸上写的是 9")
    chief.get_by_role("button", name="原表有误").click()
    expect(chief.locator("table")).to_contain_text("原表有误，等改正")


def test_the_chief_sees_who_is_strict_on_the_board_and_in_detail(
    desk: Callable[[Account, str], Page],
    competition: Competition,
    picture: Callable[..., Path],
) -> None:
    page = desk(official(competition, "C1"), "/desk/CUP/progress?module=FORK|final|practice")
    card = page.locator("#severity")
    expect(card).to_contain_text("偏严，建议赛间复述标准")
    looks_well(page)
    picture(page, "progress-severity")
    card.get_by_role("link", name="看明细").click()
    expect(page.locator("h1")).to_contain_text("评分宽严")
    looks_well(page)
    picture(page, "analysis")


def test_the_organiser_presses_enter_to_open_row_after_row(
    desk: Callable[[Account, str], Page],
    competition: Competition,
    picture: Callable[..., Path],
) -> None:
    organiser = create_account("吴敏")
    grant_role(organiser, competition, Role.ORGANISER)
    page = desk(organiser, "/desk/CUP/hall")
    page.get_by_role("button", name="做一块大屏").click()
    page.get_by_label("开着，有链接就能看").check()
    page.get_by_role("button", name="存下").click()
    looks_well(page)
    picture(page, "hall-controls")
    page.get_by_role("button", name="封榜").click()
    expect(page.get_by_role("button", name="开始揭晓")).to_be_visible()
    looks_well(page)
