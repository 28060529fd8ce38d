"""Names of sixty characters leave the rest of a desk page its room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from compete.models import Account, Competition, Sheet, db
from compete.services.accounts.accounts import create_account
from compete.services.registration.units.links import make_link
from compete.services.registration.window import Window, change_window
from tests.support.signing_in import carry_in, official
from tests.support.small import all_marks, small


def test_a_long_name_squeezes_neither_the_table_nor_the_areas(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    file = small()
    file["entrants"][0]["name"] = "提" * 60
    competition = load(file)
    page = visitor("desk").page()
    carry_in(page.context, app, create_account("甲" * 60, is_admin=True), live_url)
    page.goto(f"{live_url}/desk/{competition.code}/entrants")
    name = page.get_by_role("rowheader", name="提" * 60)
    expect(name).to_be_visible()
    across = name.bounding_box()
    assert across is not None
    assert across["width"] < 600
    areas = page.get_by_role("navigation", name="主菜单")
    assert areas.evaluate("areas => areas.scrollWidth <= areas.clientWidth")
    # What is done to those who are ticked takes no room before somebody is.
    withdraw = page.get_by_role("button", name="勾上的退赛")
    expect(withdraw).to_be_hidden()
    page.get_by_role("checkbox").first.check()
    expect(withdraw).to_be_visible()


def test_a_long_name_is_whole_in_a_units_place_and_no_wider_than_it(
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    file = small()
    file["entrants"][0]["name"] = "Maximilian Hohenzollern Bartholomew"
    competition = load(file)
    change_window(competition, Window(quota=3), organiser)
    link = make_link(competition.units[0], competition, "顾燕", organiser)
    page = visitor("desk").page()
    page.goto(f"{live_url}/sign-in/{link}")
    for field in ("#pin", "#again"):
        page.locator(field).fill("4827")
    page.get_by_role("button", name="登录").click()
    places = page.locator(".unit-seat", has_text="Maximilian")
    expect(places).to_be_visible()
    whole = "it => it.scrollWidth <= it.clientWidth && getComputedStyle(it).overflowX"
    assert places.evaluate(whole) == "visible"


@pytest.mark.parametrize("size", [(1024, 768), (390, 844)], ids=["across", "phone"])
def test_what_opens_under_a_button_that_a_long_name_pushed_down_stays_in_sight(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
    size: tuple[int, int],
) -> None:
    """The button then stands at the left, and what hangs from its right edge was cut off."""
    file = small(all_marks())
    file["competition"]["name"] = "赛" * 60
    for module in file["events"][0]["stages"][0]["modules"]:
        module["name"] = "提" * 60
    competition = load(file)
    sheet = db.session.query(Sheet).first()
    assert sheet is not None
    width, height = size
    page = visitor("desk", viewport={"width": width, "height": height}).page()
    carry_in(page.context, app, official(competition, "C1"), live_url)
    page.goto(f"{live_url}/desk/{competition.code}/sheets/{sheet.public_id}")
    page.locator("summary", has_text="退回重评").click()
    page.get_by_label("为什么退回").fill("看错了")
    opened = page.locator(".floats .fold-body").bounding_box()
    assert opened is not None
    assert opened["x"] >= 0
    assert opened["x"] + opened["width"] <= width
    page.locator(".floats button", has_text="退回重评").click()
    # It was pressed: a sheet that is with its judge again is not sent back once more.
    expect(page.locator("summary", has_text="退回重评")).to_have_count(0)
