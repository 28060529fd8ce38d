"""The desk's home asks on by itself until each competition was looked through."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from compete.models import Account
from compete.web.organiser.desk.home import waiting
from tests.support.browser import Visitor
from tests.support.signing_in import carry_in
from tests.support.small import small
from tests.web.organiser.desk.test_many_competitions import copy_competition, its_start


def test_the_home_fills_by_itself(
    app: Flask,
    load: Callable[..., object],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Visitor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "_gather", its_start)
    load(small())
    copy_competition(1, 44)
    desk = visitor("desk")
    carry_in(desk.context, app, organiser, live_url)
    page = desk.page()
    page.goto(f"{live_url}/desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("等我办的 45 件")
    expect(page.get_by_role("status")).to_have_count(0)
    expect(page.locator(".waiting li")).to_have_count(40)
