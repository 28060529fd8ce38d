"""Rules changed while a sheet lies open: the page opens anew, and what was tapped is there."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet

TOLD = "规则换了新的一版：配分可能变了"


def test_an_open_sheet_follows_other_rules_and_loses_no_tap(tablet: Tablet, hall: Hall) -> None:
    sheet = hall.sheets["k27"]
    sheet["rules"] = "first"
    tablet.open_sheet()
    most = next(aspect for aspect in sheet["aspects"] if aspect["code"] == "hit")
    # The marks are on the tablet alone, also when the page opens anew.
    tablet.page.route("**/api/acts", lambda route: route.fulfill(status=503, json={}))
    tablet.count("hit", 2)
    tablet.says("2 条待上传·已存本机")
    # By other rules the aspect is called, and counts, otherwise.
    most["name"], sheet["rules"] = "碰杆（新）", "second"
    sheet["version"] += 1
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(tablet.aspect("hit")).to_contain_text("碰杆（新）")
    tablet.ready()
    tablet.counted("hit", 2)
    tablet.page.unroute("**/api/acts")
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    hall.until(lambda: hall.values("k27") == {"hit": "2"})
    expect(tablet.page.get_by_text(TOLD)).to_be_visible()
    # Told once: who opens the page again has read it.
    tablet.open_sheet()
    expect(tablet.page.get_by_text(TOLD)).to_have_count(0)


def test_a_page_that_stays_old_says_so_and_does_not_open_for_ever(
    tablet: Tablet, hall: Hall
) -> None:
    sheet = hall.sheets["k27"]
    sheet["rules"] = "first"
    tablet.page.route(
        "**/api/sheets/k27",
        lambda route: route.fulfill(json=hall.whole("k27") | {"rules": "second", "version": 9}),
    )
    tablet.page.goto(f"{hall.address}/judge/sheets/k27")
    expect(tablet.page.get_by_text("这一页还是旧的")).to_be_visible()
    tablet.ready().count("hit")
    tablet.counted("hit", 1)
