"""A checklist's control: named checks ticked one by one, kept and taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import aspect
from tests.browser.tablet.tablet import Tablet

CHECKS = ["安全帽戴好", "手套戴好", "工作服扣好", "工具清点"]
LEAST = 44


def test_checks_are_ticked_one_by_one_and_taken_back(tablet: Tablet, hall: Hall) -> None:
    gear = aspect("gear", "穿戴", "checklist", "10", checks=CHECKS)
    hall.add_sheet({"id": "k40", "code": "K-40", "aspects": [gear]})
    tablet.open_sheet("k40")
    control = tablet.aspect("gear")
    cells = control.get_by_role("checkbox")
    expect(cells).to_have_text(CHECKS)
    for cell in cells.all():
        assert (cell.bounding_box() or {"height": 0})["height"] >= LEAST
    expect(control.locator("[data-part=unmarked]")).to_be_visible()
    cells.nth(3).click()
    cells.nth(0).click()
    expect(control.locator(".got").first).to_have_text("得5 / 10")
    hall.until(lambda: hall.values("k40") == {"gear": "2"})
    assert [act.get("note") for act in hall.stored] == ["met:3", "met:0,3"]
    tablet.page.locator("[data-part=undo]").first.click()
    expect(cells.nth(3)).to_have_attribute("aria-checked", "true")
    expect(cells.nth(0)).to_have_attribute("aria-checked", "false")
    cells.nth(1).click()
    expect(cells.nth(1)).to_have_attribute("aria-checked", "true")
    hall.until(lambda: hall.stored[-1].get("note") == "met:1,3")


def test_a_list_on_its_way_is_asked_about_when_it_is_handed_in(tablet: Tablet, hall: Hall) -> None:
    usual = {"least": "3", "most": "4"}
    gear = aspect("gear", "穿戴", "checklist", "10", checks=CHECKS, plausible=usual)
    hall.add_sheet({"id": "k41", "code": "K-41", "aspects": [gear]})
    tablet.open_sheet("k41")
    cells = tablet.aspect("gear").get_by_role("checkbox")
    cells.nth(0).click()
    hall.until(lambda: hall.values("k41") == {"gear": "1"})
    # A question over the list would take the tap that follows.
    cells.nth(1).click()
    hall.until(lambda: hall.values("k41") == {"gear": "2"})
    dialog = tablet.page.get_by_role("dialog")
    expect(dialog).to_have_count(0)
    tablet.part("submit").click()
    expect(dialog).to_contain_text("对吗？")
    tablet.answer()
    expect(dialog).to_contain_text("提交 K-41，总分 5.00")
