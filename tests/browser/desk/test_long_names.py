"""Names of sixty characters leave the rest of a desk page its room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.models import Competition
from compete.services.accounts import create_account
from tests.support.signing_in import carry_in
from tests.support.small import small


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
