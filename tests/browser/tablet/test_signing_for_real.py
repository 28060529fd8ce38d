"""Signing on a real tablet against the whole application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.services.judging.signing import signature_words, standing_signature
from tests.browser.tablet.real import RealHall
from tests.browser.tablet.test_signing import press_pin, write_name


def test_marks_are_submitted_signed_and_proved(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor)
    with app.app_context():
        for judge in ("J2", "J3"):
            hall.panel.fill(hall.panel.sheet(judge))
        hall.panel.fill_panel("2", "2", "2", entrant="E2")
    tablet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
    page = tablet.page
    page.locator(".ladder-cell").nth(2).click()
    page.locator("[data-aspect=work] [data-part=value]").click()
    page.keyboard.type("17.5")
    page.keyboard.press("Enter")
    tablet.part("submit").click()
    page.locator("dialog [data-part=yes]").click()
    tablet.part("sign").first.click()
    write_name(page)
    press_pin(page)
    page.get_by_role("button", name="接着").click()
    press_pin(page)
    page.get_by_role("button", name="设好 PIN").click()
    press_pin(page)
    page.get_by_role("button", name="签名，不再改").click()
    shown = page.locator("dialog [data-part=hash]").text_content()
    with app.app_context():
        signed = standing_signature(hall.panel.sheet("J1"))
        assert signed is not None
        assert signature_words(signed.sha256) == shown
        assert signed.drawing is not None
    page.get_by_role("link", name="签下一张").click()
    press_pin(page)
    page.get_by_role("button", name="签名，不再改").click()
    expect(page.locator("dialog [data-part=hash]")).not_to_have_text(shown or "")
    tablet.go("/judge/")
    expect(page.get_by_role("heading", level=1)).to_have_text("都评完了")


def test_all_submitted_sheets_are_signed_on_one_page(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor)
    hall.choose_pin("J1")
    with app.app_context():
        for entrant in ("E1", "E2"):
            hall.panel.fill_panel("2", "2", "2", entrant=entrant)
    tablet = hall.tablet("J1").go("/judge/")
    tablet.page.get_by_role("link", name="2 张等你签名").click()
    tablet.page.get_by_role("button", name="没法手写，打名字").click()
    tablet.page.keyboard.type("许静静")
    press_pin(tablet.page)
    tablet.page.get_by_role("button", name="签这 2 张，不再改").click()
    expect(tablet.page.locator("main")).to_contain_text("写的不是 许静，再写一次")
    tablet.page.get_by_label("写上自己的名字").fill("许静")
    press_pin(tablet.page)
    tablet.page.get_by_role("button", name="签这 2 张，不再改").click()
    expect(tablet.page.locator(".sign-row .hash-words")).to_have_count(2)
    with app.app_context():
        for entrant in ("E1", "E2"):
            signed = standing_signature(hall.panel.sheet("J1", entrant))
            assert signed is not None
            assert (signed.method, signed.drawing) == ("typed", None)
