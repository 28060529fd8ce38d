"""Judges change places: dropped on one another with the mouse, and by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from compete.models import Account, Competition, Entrant, Slot, db
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.seating import reseat
from tests.support.judging import judge_of
from tests.support.signing_in import carry_in
from tests.support.small import small

STATIONS = ("一号", "二号")


@pytest.fixture
def desk(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> Page:
    """J1 sits at 一号, J2 at 二号, J3 nowhere; two seats at each."""
    app.config["WTF_CSRF_ENABLED"] = True
    competition = load(small())
    with unit_of_work() as session:
        for place, entrant in enumerate(session.scalars(select(Entrant).order_by("code"))):
            at = STATIONS[place // 2]
            session.add(Slot(entrant_id=entrant.id, stage="S", module="m", station=at))
    for code, at in zip(("J1", "J2"), STATIONS, strict=True):
        event = competition.events[0]
        reseat(event, "S", "m", [], [(judge_of(competition, code), at)], organiser)
    db.session.commit()
    page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/X/seating?module=E%7CS%7Cm")
    return page


def judge(page: Page, code: str) -> Any:
    return page.locator(f"a[data-judge={code}]")


def station(page: Page, number: int) -> Any:
    return page.locator(f"[data-station='{number}']")


def drop(page: Page, code: str, upon: Any) -> None:
    def middle(of: Any) -> tuple[float, float]:
        box = of.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    x, y = middle(judge(page, code))
    page.mouse.move(x, y)
    page.mouse.down()
    # The stations answer now, and what is below their answers has moved.
    page.mouse.move(x + 8, y + 8, steps=3)
    expect(page.locator("[data-part=verdict]:visible").first).to_be_visible()
    page.mouse.move(*middle(upon), steps=6)
    page.mouse.up()


def test_judges_are_swapped_by_dropping_and_by_keys(
    desk: Page, picture: Callable[..., Path]
) -> None:
    drop(desk, "J1", judge(desk, "J2"))
    expect(station(desk, 2).locator("a[data-judge=J1]")).to_be_visible()
    expect(station(desk, 1).locator("a[data-judge=J2]")).to_be_visible()
    # Beside somebody, where a seat is free: both sit there.
    drop(desk, "J3", station(desk, 1).locator(".seat-free"))
    expect(station(desk, 1).locator("a[data-judge=J3]")).to_be_visible()
    expect(station(desk, 1)).to_have_attribute("data-full", "")
    # By keys: picked, the full station chosen, whose seat it is by Tab.
    judge(desk, "J1").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-part=picked]")).to_be_visible()
    picture(desk, "judges-swapped")
    desk.keyboard.press("1")
    expect(station(desk, 1)).to_have_class("card station-card is-full is-chosen")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_contain_text("对换")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-part=picked]")).to_be_hidden()
    expect(station(desk, 1).locator("a[data-judge=J1]")).to_be_visible()
