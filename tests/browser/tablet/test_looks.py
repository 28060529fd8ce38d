"""The judge's pages in light and dark, upright and across: pictures, and nothing for axe."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.pages import home_page, scripts, sheet_page, stylesheet
from tests.browser.tablet.tablet import Tablet
from tests.browser.tablet.test_home_page import fill_hall
from tests.support.axe import violations
from tests.support.browser import each_look


@each_look
def test_every_state_of_the_sheet_is_sound(
    visitor: Callable[..., Any],
    hall: Hall,
    picture: Callable[..., Any],
    theme: str,
    size: tuple[int, int],
) -> None:
    hall.theme = theme
    holder = visitor("tablet", viewport={"width": size[0], "height": size[1]})
    holder.expect("Failed to load resource")
    tablet = Tablet(holder.page(), hall)
    fill_hall(hall)

    def look(name: str) -> None:
        picture(tablet.page, f"judge-{name}-{size[0]}-{theme}", full_page=False)
        assert violations(tablet.page) == []

    tablet.open_sheet()
    expect(tablet.page.locator("html")).to_have_attribute("data-theme", theme)
    look("sheet-fresh")
    hall.status = 503
    tablet.part("start").click()
    tablet.count("safe").level("smooth", 2).count("hit", 2)
    tablet.says("5 条待上传·已存本机")
    look("sheet")
    tablet.aspect("stack").locator("[data-part=enter]").click()
    tablet.keys("14")
    look("keypad")
    tablet.key("confirm").part("stop").click()
    expect(tablet.part("submit")).to_be_visible()
    look("all-in")
    tablet.part("correct").click()
    look("correct")
    tablet.page.keyboard.press("Escape")
    tablet.part("chip").click()
    look("waiting")
    tablet.page.keyboard.press("Escape")
    tablet.part("submit").click()
    look("submit")
    tablet.answer()
    tablet.says(re.compile("待上传"))
    look("submitted")
    tablet.open_sheet("k33")
    look("scores")
    tablet.aspect("plan").locator("[data-part=value]").click()
    tablet.keys("25").key("confirm")
    look("off-scale")
    tablet.open_home()
    expect(tablet.part("offline")).to_be_visible()
    look("home")


def test_what_may_be_tapped_is_big_enough(tablet: Tablet) -> None:
    for opened in (tablet.open_sheet(), tablet.open_sheet("k33"), tablet.open_home()):
        small = opened.page.evaluate(
            """() => [...document.querySelectorAll("button, main a, .back")]
              .filter((each) => each.checkVisibility() && !each.closest(".ticks"))
              .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
              .filter(([, box]) => box.width < 48 || box.height < 48)
              .filter(([html]) => !html.includes('data-part="chip"'))
              .map(([html, box]) => `${html} ${box.width}×${box.height}`)"""
        )
        assert small == []


def test_the_sheet_weighs_less_than_a_hundred_thousand_bytes(hall: Hall) -> None:
    script = gzip.compress(scripts().pack("judge/sheet.js"), 9)
    page = gzip.compress(sheet_page(hall, hall.whole("k27")).encode(), 6)
    style = gzip.compress(stylesheet(), 9)
    heads = 500 * 3
    assert len(page) + len(style) + len(script) + heads < 100_000


def test_the_home_page_fetches_the_sheets_scripts_beforehand(hall: Hall) -> None:
    page = home_page(hall, hall.home())
    assert page.count('<link rel="modulepreload" href="/assets/js/judge/sheet.js">') == 1
