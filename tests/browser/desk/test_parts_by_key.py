"""The parts of the set-up by Alt and a digit, as the page says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.models import Account
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.event_setup import add_event
from tests.support.signing_in import carry_in


def test_alt_and_a_digit_change_the_part(
    app: Flask, here: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    draft = make_draft(blank(Beginnings(name="赛", code="B")), Origin.BLANK, "", organiser)
    add_event(draft, "叉车", None, organiser)
    page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/B/set-up")
    expect(page.get_by_role("heading", name="1 基本信息")).to_be_visible()
    page.keyboard.press("Alt+Digit3")
    expect(page.get_by_role("heading", name="3 模块和配分")).to_be_visible()
    page.keyboard.press("Alt+Digit6")
    expect(page.get_by_role("heading", name="6 晋升办法")).to_be_visible()
    # A part without anything says so, and is not only ticked off.
    expect(page.get_by_role("link", name="6 晋升办法")).to_contain_text("没有规则，谁都不晋升")
