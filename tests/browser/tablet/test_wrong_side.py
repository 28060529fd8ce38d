"""Opening the wrong contestant's sheet: asked once, before any mark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet
from tests.support.browser import wait_on_page


@pytest.fixture
def passed_over(hall: Hall) -> Hall:
    """K-33 opened while K-27 ought to come first."""
    hall.sheets["k33"]["expected"] = {"id": "k27", "code": "K-27"}
    return hall


def test_it_asks_whose_sheet_this_is_and_goes_to_the_other(
    tablet: Tablet, passed_over: Hall
) -> None:
    tablet.open_sheet("k33")
    dialog = tablet.page.get_by_role("dialog")
    expect(dialog).to_contain_text("这是 K-33，排在前面的是 K-27，对吗？")
    dialog.get_by_role("button", name="打开 K-27").click()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("K-27")
    tablet.ready()
    expect(dialog).to_have_count(0)
    assert passed_over.stored == []


def test_it_asks_once_and_escape_stays(tablet: Tablet, passed_over: Hall) -> None:
    tablet.open_sheet("k33")
    expect(tablet.page.get_by_role("dialog")).to_be_visible()
    tablet.page.keyboard.press("Escape")
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("K-33")
    tablet.open_sheet("k33")
    wait_on_page(tablet.page, "document.activeElement !== null")
    expect(tablet.page.get_by_role("dialog")).to_have_count(0)


def test_it_does_not_ask_where_this_tablet_knows_better(tablet: Tablet, passed_over: Hall) -> None:
    tablet.open_sheet("k27")
    passed_over.status = 503
    tablet.count("hit")
    tablet.says("1 条待上传·已存本机")
    tablet.open_sheet("k33")
    tablet.aspect("tools").locator("[data-part=yes]").click()
    expect(tablet.page.get_by_role("dialog")).to_have_count(0)
    tablet.says("2 条待上传·已存本机")
