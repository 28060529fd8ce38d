"""What a new version leaves is settled six seconds after the press; until then it is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition
from compete.services.results.consequences import open_consequences
from tests.support.second_day import certify, second_version, with_prizes
from tests.support.signing_in import carry_in

PAGE = "/desk/X/consequences"


@pytest.fixture
def desk(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> tuple[Page, Competition]:
    app.config["WTF_CSRF_ENABLED"] = True
    competition = with_prizes(load)
    certify(competition, organiser)
    second_version(competition, organiser)
    page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.clock.install()
    page.goto(live_url + PAGE)
    return page, competition


def press(page: Page) -> None:
    page.get_by_role("link", name="来定").first.click()
    page.wait_for_url(re.compile("open="))
    page.get_by_role("button", name="定下来").click()
    expect(page.get_by_role("status").filter(has_text="秒后办")).to_be_visible()
    row = page.locator("tr[id^=row-].opened")
    expect(row).to_contain_text("正要办")
    expect(row.get_by_text("没办", exact=True)).to_be_hidden()


def test_a_press_can_be_taken_back_for_six_seconds(
    desk: tuple[Page, Competition], picture: Callable[..., Path]
) -> None:
    page, competition = desk
    press(page)
    picture(page, "settling-waits")
    page.clock.run_for(5_000)
    page.get_by_role("button", name="先不办").click()
    page.clock.run_for(60_000)
    expect(page.get_by_role("button", name="定下来")).to_be_visible()
    expect(page.locator("tr[id^=row-].opened").get_by_text("没办", exact=True)).to_be_visible()
    assert open_consequences(competition) == 5
    page.get_by_role("button", name="定下来").click()
    page.clock.run_for(6_000)
    page.wait_for_url(lambda address: "open=" not in address)
    expect(page.get_by_text("还有 4 件，办完才能发新证")).to_be_visible()


def test_who_goes_on_to_something_else_means_it(desk: tuple[Page, Competition]) -> None:
    page, _competition = desk
    press(page)
    page.get_by_role("link", name=re.compile("^没办")).click()
    page.wait_for_url(re.compile("show=open"))
    expect(page.get_by_text("还有 4 件，办完才能发新证")).to_be_visible()
