"""A code typed on the judge's home, as people type it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import desk_work
from tests.browser.tablet.tablet import Tablet


def type_code(tablet: Tablet, typed: str) -> None:
    tablet.open_home().part("scan").click()
    tablet.page.locator("dialog [data-part=code]").fill(typed)
    tablet.page.keyboard.press("Enter")


def test_a_code_is_read_as_people_type_it(tablet: Tablet) -> None:
    for typed in ("K-27", "k27", "Ｋ－２７", "K 27", "k–27", "27"):
        type_code(tablet, typed)
        expect(tablet.page, typed).to_have_url(tablet.hall.address + "/judge/sheets/k27")


def test_what_two_codes_may_mean_is_asked_and_no_badge_is_spoken_of(
    tablet: Tablet, hall: Hall
) -> None:
    hall.add_sheet({"id": "other", "code": "K27", "aspects": desk_work()})
    type_code(tablet, "k 27")
    problem = tablet.page.locator("dialog [data-part=problem]")
    expect(problem).to_contain_text("有 2 张都像 k 27")
    type_code(tablet, "k27")
    expect(tablet.page).to_have_url(hall.address + "/judge/sheets/other")
    type_code(tablet, "B-99")
    expect(problem).to_contain_text("你名下没有 B-99")
    assert "参赛证" not in problem.inner_text()
