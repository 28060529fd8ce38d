"""A room's people in a session are dragged to another room, or taken there by keyboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from tests.services.schedule.test_day_plan import slots_of
from tests.support.axe import violations
from tests.support.passing import passed
from tests.support.roomed import centre, draw_all, lay_in, make_rooms
from tests.support.signing_in import carry_in

Load = Callable[..., Competition]


@pytest.fixture
def evaluation(load: Load, organiser: Account) -> Competition:
    """Forty sit theory in each of two rooms; one other room is large enough, one is not."""
    competition = passed(load(centre(people={"A": 40, "B": 40})))
    rooms = make_rooms(organiser, **{"201": 48, "202": 48, "小教室": 20, "电教室": 50})
    lay_in(competition, "1", "2026-12-07 09:00", [rooms["201"], rooms["202"]], organiser)
    lay_in(competition, "2", "2026-12-08 09:00", [rooms["201"]], organiser, turns=2)
    draw_all(competition, organiser)
    return competition


@pytest.fixture
def desk(
    app: Flask,
    evaluation: Competition,
    visitor: Callable[..., Any],
    live_url: str,
) -> Page:
    account = create_account("吴敏")
    grant_role(account, evaluation, Role.ORGANISER)
    person = visitor("desk")
    carry_in(person.context, app, account, live_url)
    page: Page = person.page()
    page.goto(f"{live_url}/desk/{evaluation.code}/plan")
    return page


def square(desk: Page, room: str, session: int = 0) -> Locator:
    return desk.locator(f'.plan-grid tr[data-name="{room}"] td').nth(session)


def stations(evaluation: Competition) -> Counter[str | None]:
    db.session.rollback()
    db.session.expire_all()
    return Counter(slot.station for slot in slots_of(evaluation, "theory"))


def move_to(desk: Page, target: Locator) -> None:
    """Carry what the mouse holds to the middle of a square, in steps as a hand does."""
    box = target.bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)


def take_up(desk: Page, room: str) -> None:
    blocks = square(desk, room).locator(".plan-blocks")
    box = blocks.bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + 20, box["y"] + 10)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 40, box["y"] + 20, steps=3)
    expect(square(desk, room)).to_have_class("is-taken")


def test_a_block_is_dragged_to_a_free_room_and_back_by_one_press(
    evaluation: Competition, desk: Page
) -> None:
    assert violations(desk) == []
    expect(square(desk, "电教室")).to_be_hidden()
    take_up(desk, "202")
    expect(square(desk, "电教室").locator(".fits")).to_have_text("能放 50")
    # Too small; another session; taken: no squares to put anybody down.
    expect(square(desk, "小教室")).to_have_count(0)
    expect(desk.locator(".plan-block.fits")).to_have_count(1)
    move_to(desk, square(desk, "201"))
    desk.mouse.up()
    expect(desk.locator(".plan-block.fits")).to_have_count(0)
    expect(desk.locator("#reason")).to_be_hidden()

    take_up(desk, "202")
    move_to(desk, square(desk, "电教室"))
    expect(square(desk, "电教室")).to_have_class("fits is-over")
    desk.mouse.up()
    expect(desk.locator("#reason")).to_be_focused()
    expect(desk.locator('[data-part="said"]')).to_contain_text("换到电教室：写原因")
    expect(desk.locator("#to option:checked")).to_have_text("电教室")
    assert stations(evaluation) == {"201": 40, "202": 40}
    desk.keyboard.type("停电")
    desk.get_by_role("button", name="换", exact=True).click()
    expect(square(desk, "电教室")).to_contain_text("40")
    assert stations(evaluation) == {"201": 40, "电教室": 40}

    desk.get_by_role("button", name="撤销这次改动").click()
    expect(square(desk, "202")).to_contain_text("40")
    assert stations(evaluation) == {"201": 40, "202": 40}


def test_a_block_is_taken_to_another_room_by_keyboard(evaluation: Competition, desk: Page) -> None:
    blocks = square(desk, "202").locator(".plan-blocks")
    blocks.focus()
    desk.keyboard.press("Enter")
    answer = desk.get_by_role("button", name="电教室，能放 50")
    expect(answer).to_be_focused()
    assert violations(desk) == []
    desk.keyboard.press("Escape")
    expect(blocks).to_be_focused()
    expect(answer).to_have_count(0)
    desk.keyboard.press("Enter")
    expect(answer).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#reason")).to_be_focused()
    desk.keyboard.type("停电")
    desk.keyboard.press("Enter")
    expect(square(desk, "电教室")).to_contain_text("40")
    assert stations(evaluation) == {"201": 40, "电教室": 40}


def test_several_rooms_are_gone_through_by_arrows(
    evaluation: Competition, desk: Page, organiser: Account
) -> None:
    make_rooms(organiser, 礼堂=90)
    desk.reload()
    square(desk, "202").locator(".plan-blocks").focus()
    desk.keyboard.press("Space")
    expect(desk.get_by_role("button", name="电教室，能放 50")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("button", name="礼堂，能放 90")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("button", name="电教室，能放 50")).to_be_focused()
