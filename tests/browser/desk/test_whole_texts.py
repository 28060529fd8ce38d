"""A text that is too long stays whole in its field, which says so; nothing goes out until then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition
from tests.support.announced import announce
from tests.support.signing_in import carry_in
from tests.support.small import all_marks, small

TOO_LONG = "最多 500 个字，现在是 501 个"


def test_what_is_pasted_is_not_cut_and_waits_to_be_shortened(
    app: Flask,
    organiser: Account,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    announce(load(small(all_marks())), organiser)
    page: Page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/X/results?event=E")
    fold = page.locator("details").filter(has_text="撤下公示").last
    fold.locator("summary").click()
    why = fold.locator("textarea")
    why.focus()
    # As pasting does: a field with a limit of its own takes no more than that.
    page.keyboard.insert_text("文" * 499 + "𠮷" + "多")
    expect(fold.get_by_text(TOO_LONG)).to_be_visible()
    expect(why).to_have_attribute("aria-invalid", "true")
    send = fold.get_by_role("button")
    send.click()
    expect(why).to_be_focused()
    expect(why).to_have_value("文" * 499 + "𠮷" + "多")
    page.keyboard.press("Control+End")
    page.keyboard.press("Backspace")
    expect(fold.get_by_text("最多 500 个字")).to_be_hidden()
    assert why.get_attribute("aria-invalid") is None
    with page.expect_navigation():
        send.click()
    expect(page.get_by_text("文" * 499 + "𠮷").first).to_be_visible()
