"""The chief judge reminds of a sheet that came back, and the judge's tablet says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import db
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.transactions import unit_of_work
from tests.browser.tablet.hall import Hall
from tests.browser.tablet.real import RealHall
from tests.browser.tablet.tablet import Tablet
from tests.browser.tablet.test_home_page import fill_hall, row
from tests.support.axe import violations
from tests.support.browser import each_look, wait_on_page

BOARD = "/desk/PANEL/progress?module=FORK|final|practice"
SHAKES = """
Object.defineProperty(window, 'shakes', {value: []});
navigator.vibrate = (length) => shakes.push(length);
"""
# What a test evaluates in a page counts as a touch.
UNTOUCHED = "Object.defineProperty(navigator, 'userActivation', {value: {hasBeenActive: false}});"


def look(page: Page) -> None:
    """Have the page ask the server now."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_the_chief_presses_and_the_judge_hears_of_it(
    app: Flask,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    hall = RealHall(app, live_url, visitor)
    with app.app_context():
        hall.panel.fill(hall.panel.sheet("J1"))
        send_sheet_back(hall.panel.sheet("J1"), "碰杆 3 次，录像是 2 次", hall.panel.account("C1"))
        db.session.remove()
    home = hall.tablet("J1").go("/judge/")
    sheet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
    for desk in (home, sheet):
        expect(desk.part("reminded")).to_be_hidden()
    chief = hall.tablet("C1", viewport={"width": 1440, "height": 900}).page
    chief.clock.install()
    chief.goto(live_url + BOARD)
    chief.get_by_role("button", name="提醒 E1 裁判 J1").click()
    expect(chief.get_by_text("提醒了裁判 J1：E1")).to_be_visible()
    reminder = chief.get_by_text(re.compile(r"^已提醒 \d\d:\d\d$"))
    expect(reminder).to_be_visible()
    button = chief.get_by_role("button", name="提醒 E1 裁判 J1")
    expect(button).to_be_hidden()
    picture(chief, "console-reminded")
    time = (reminder.text_content() or "").removeprefix("已提醒 ")
    for desk in (home, sheet):
        look(desk.page)
        expect(desk.part("reminded")).to_contain_text(f"裁判长 {time} 提醒你")
        expect(desk.part("heard")).to_have_text(f"E1 裁判长 {time} 提醒你")
    # What the judge does answers it, here and on the board, where the row stays until it is in.
    sheet.part("tiles").get_by_text("操作平稳").click()
    sheet.page.get_by_role("radio").first.click()
    expect(sheet.part("reminded")).to_be_hidden()
    wait_on_page(
        sheet.page,
        "async (id) => (await (await fetch('/api/sheets/' + id)).json()).reminded === null",
        arg=hall.sheet_id("J1"),
    )
    look(home.page)
    expect(home.part("reminded")).to_have_count(0)
    chief.clock.fast_forward("00:05")
    expect(chief.get_by_text("退回后在改，还没交：碰杆 3 次，录像是 2 次")).to_be_visible()
    expect(reminder).to_have_count(0)


def test_after_a_minute_the_chief_may_press_again(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    hall = RealHall(app, live_url, visitor)
    with app.app_context():
        hall.panel.fill(hall.panel.sheet("J1"))
        send_sheet_back(hall.panel.sheet("J1"), "再看一次", hall.panel.account("C1"))
        db.session.remove()
    chief = hall.tablet("C1", viewport={"width": 1440, "height": 900}).page
    chief.clock.install()
    chief.goto(live_url + BOARD)
    button = chief.get_by_role("button", name="提醒 E1 裁判 J1")
    button.click()
    expect(chief.get_by_text("提醒了裁判 J1：E1")).to_be_visible()
    expect(button).to_be_hidden()
    with app.app_context(), unit_of_work():
        row = hall.panel.sheet("J1")
        assert row.reminded_at is not None
        row.reminded_at -= timedelta(seconds=61)
    chief.clock.fast_forward(61_000)
    button.click()
    expect(chief.get_by_text("提醒了裁判 J1：E1")).to_be_visible()
    expect(button).to_be_hidden()


def test_the_home_shakes_once_for_each_new_reminder(tablet: Tablet, hall: Hall) -> None:
    fill_hall(hall)
    tablet.page.add_init_script(SHAKES)
    hall.sheets["k19"]["reminded"] = "10:20"
    tablet.open_home()
    line = tablet.part("returned").locator(".sheet-row", has_text="K-19")
    expect(line).to_contain_text("裁判长 10:20 提醒你")
    # It stood there already when the page was opened.
    expect(tablet.part("heard")).to_have_text("")
    hall.sheets["k19"]["reminded"] = "10:31"
    for _twice in range(2):
        with tablet.page.expect_response("**/api/home"):
            look(tablet.page)
        expect(line).to_contain_text("裁判长 10:31 提醒你")
    expect(tablet.part("heard")).to_have_text("K-19 裁判长 10:31 提醒你")
    assert tablet.page.evaluate("shakes") == [200]


def test_a_sheet_that_was_begun_again_comes_to_the_top(tablet: Tablet, hall: Hall) -> None:
    fill_hall(hall)
    tablet.open_home()
    expect(row(tablet, "K-08")).to_have_count(1)
    hall.sheets["k08"]["reminded"] = "10:31"
    look(tablet.page)
    line = tablet.part("returned").locator(".sheet-row", has_text="K-08")
    expect(line).to_contain_text("进行中")
    expect(line).to_contain_text("裁判长 10:31 提醒你")
    expect(row(tablet, "K-08")).to_have_count(0)
    line.get_by_role("link", name="去核对").click()
    tablet.ready()
    expect(tablet.part("reminded")).to_contain_text("裁判长 10:31 提醒你")


def test_the_sheet_says_it_until_the_judge_taps_even_without_network(
    tablet: Tablet, hall: Hall
) -> None:
    hall.sheets["k27"] |= {"state": "returned", "returned_reason": "碰杆 3 次，录像是 2 次"}
    tablet.page.add_init_script(SHAKES)
    tablet.open_sheet()
    expect(tablet.part("reminded")).to_be_hidden()
    hall.sheets["k27"]["reminded"] = "10:31"
    for _twice in range(2):
        with tablet.page.expect_response("**/api/sheets/k27"):
            look(tablet.page)
        expect(tablet.part("reminded")).to_contain_text("裁判长 10:31 提醒你")
    expect(tablet.part("heard")).to_have_text("K-27 裁判长 10:31 提醒你")
    assert tablet.page.evaluate("shakes") == [200]
    hall.status = 503
    tablet.count("hit", 1)
    expect(tablet.part("reminded")).to_be_hidden()
    tablet.open_home()
    expect(tablet.page.get_by_text("提醒你")).to_have_count(0)
    hall.status = None
    look(tablet.page)
    hall.until(lambda: hall.values("k27") == {"hit": "1"})
    tablet.open_sheet()
    expect(tablet.part("reminded")).to_be_hidden()


def test_nothing_moves_under_the_finger_when_a_reminder_comes_or_goes(
    tablet: Tablet, hall: Hall
) -> None:
    hall.sheets["k27"] |= {"state": "returned", "returned_reason": "碰杆 3 次，录像是 2 次"}
    tablet.open_sheet()
    plus = tablet.aspect("hit").locator("[data-part=plus]")
    before = plus.bounding_box()
    hall.sheets["k27"]["reminded"] = "10:31"
    look(tablet.page)
    expect(tablet.part("reminded")).to_be_visible()
    assert plus.bounding_box() == before
    tablet.count("hit", 1)
    expect(tablet.part("reminded")).to_be_hidden()
    assert plus.bounding_box() == before


def test_a_page_that_was_never_touched_shakes_nothing(tablet: Tablet, hall: Hall) -> None:
    fill_hall(hall)
    tablet.page.add_init_script(SHAKES + UNTOUCHED)
    tablet.open_home()
    hall.sheets["k19"]["reminded"] = "10:31"
    look(tablet.page)
    expect(tablet.part("heard")).to_have_text("K-19 裁判长 10:31 提醒你")
    assert tablet.page.evaluate("shakes") == []


@each_look
def test_how_it_looks(
    visitor: Callable[..., Any],
    hall: Hall,
    picture: Callable[..., Path],
    theme: str,
    size: tuple[int, int],
) -> None:
    fill_hall(hall)
    hall.theme = theme
    hall.sheets["k19"]["reminded"] = "10:31"
    hall.sheets["k27"] |= {
        "state": "returned",
        "returned_reason": "碰杆 3 次，录像是 2 次",
        "reminded": "10:31",
    }
    page = visitor("tablet", viewport={"width": size[0], "height": size[1]}).page()
    tablet = Tablet(page, hall)
    for name, opening in (("home", tablet.open_home), ("sheet", tablet.open_sheet)):
        opening()
        expect(tablet.part("reminded").first).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0]
        picture(page, f"judge-reminded-{name}-{size[0]}-{theme}", full_page=False)
        assert violations(page) == []
