"""Entering a labour competition with real keys and a real clipboard, online and off."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, LabourDepartment, LabourValueEntry, db, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.backups.generations import begin_generation
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.departments import save_department
from compete.services.labour.entry import CellAct, Writer, enter_cells
from compete.services.labour.sign_off import sign_offs
from compete.services.scoring.live_labour import labour_live
from tests.browser.desk.entry_hall import UNITS, Hall, paste, square
from tests.services.labour.made_up import PIN, recorder
from tests.support.axe import violations
from tests.support.browser import wait_on_page
from tests.support.databases import wait_until


def saved(page: Page) -> None:
    expect(page.locator("[data-part=saved]")).to_have_text(re.compile("已存 "))
    expect(page.locator("[data-part=chip]")).to_have_attribute("data-state", "kept")


def keys_and_clipboard(page: Page, hall: Hall, picture: Callable[..., Path]) -> None:
    # The grid scrolls in itself, under its heads: 130 units do not make the page longer.
    grid = page.locator("[data-part=grid]")
    tall, above = grid.evaluate("e => [e.offsetHeight, e.getBoundingClientRect().top + scrollY]")
    foot = page.locator(".entry-foot").evaluate("e => e.offsetHeight")
    left = page.evaluate("innerHeight") - above - foot - 16
    assert abs(tall - max(320, left)) <= 1
    square(page, "甲", 1).click()
    page.keyboard.type("28.5")
    page.keyboard.press("Enter")
    page.keyboard.type("27")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    hall.waits_for("甲", "安全", Decimal("28.5"))
    hall.waits_for("乙", "安全", 27)
    hall.waits_for("乙", "隐患", 2)
    square(page, "丙", 1).click()
    paste(page, "26\t0\r\n31\t1\r\n良\t0\r\n")
    report = page.locator("[data-part=paste]")
    expect(report).to_contain_text("刚贴进 3 行 × 2 列，4 格写入，2 格没写入")
    expect(report).to_contain_text("丁 安全 31 超过满分 30")
    expect(report).to_contain_text("戊 安全 “良”不是数")
    expect(square(page, "戊", 1)).to_have_text("良")
    hall.waits_for("戊", "隐患", 0)
    saved(page)
    picture(page, "labour-entry", full_page=False)
    page.reload()
    expect(square(page, "戊", 1)).to_have_attribute("data-state", "refused")
    square(page, "丁", 1).click()
    page.keyboard.press("F2")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    hall.waits_for("丁", "安全", 3)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    expect(square(page, "丁", 1)).to_have_text("缺")
    page.keyboard.press("Control+z")
    expect(square(page, "丁", 1)).to_have_text("3")
    page.keyboard.press("Control+y")
    expect(square(page, "丁", 1)).to_have_text("缺")
    hall.waits_for("丁", "安全", None)
    page.keyboard.press("Control+g")
    page.get_by_label("单位名称或编号").fill("癸")
    page.keyboard.press("Enter")
    expect(square(page, "癸", 1)).to_have_attribute("data-here", "true")


KEPT = """async (at) => {
  const grid = await (await caches.match(at))?.json();
  const page = await caches.match(location.pathname + location.search);
  return page && grid?.cells["甲"]?.["安全"]?.v === "28.5";
}"""


def without_network(page: Page, hall: Hall) -> None:
    at = page.locator("body").get_attribute("data-state-url")
    wait_until(lambda: page.evaluate(KEPT, at), "the page and its grid are kept")
    page.context.set_offline(True)
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=saved]")).to_have_text("1 格待上传 · 已存本机")
    assert hall.stands("癸", "安全") is None
    # Another square's history does not stay under this one, whose own cannot be had.
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-part=changes]")).to_be_empty()
    expect(page.locator("[data-part=history]")).to_be_empty()
    # The page opens again without the server: what stood there, and what waits on top.
    page.reload()
    expect(square(page, "癸", 1)).to_have_text("25")
    expect(square(page, "甲", 1)).to_have_text("28.5")
    expect(page.locator("[data-part=saved]")).to_have_text("1 格待上传 · 已存本机")
    page.context.set_offline(False)
    hall.waits_for("癸", "安全", 25)
    saved(page)
    # To fill it in was no change of it.
    page.keyboard.press("Control+g")
    page.get_by_label("单位名称或编号").fill("癸")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=changes]")).to_have_text("这一格填了以后没改过")


def test_two_departments_enter_at_once_and_nothing_is_lost(
    hall: Hall, organiser: Account, picture: Callable[..., Path]
) -> None:
    competition = hall.competition
    safety = save_department(competition, "安全部", ["安全", "隐患"], None, organiser)
    quality = save_department(competition, "质量部", ["质量"], None, organiser)
    first = hall.come(recorder("周茹", competition, safety))
    second = hall.come(recorder("陈平", competition, quality))
    keys_and_clipboard(first, hall, picture)
    square(second, "甲", 1).click()
    paste(second, "\n".join(f"{unit}\t{30 + place}" for place, unit in enumerate(UNITS[::-1])))
    expect(second.locator("[data-part=paste]")).to_contain_text("10 格写入，0 格没写入")
    hall.waits_for("癸", "质量", 30)
    hall.waits_for("甲", "质量", 39)
    without_network(first, hall)
    assert labour_live(competition).outcome.totals["二月", "甲"].missing == ("隐患",)
    _signs(second, quality)
    db.session.rollback()
    assert sign_offs(competition, "二月").keys() == {quality.id}
    square(second, "甲", 1).click()
    second.keyboard.type("35")
    second.keyboard.press("Enter")
    # Pasted, it was once cut without a word: a field says what is too long, and keeps it.
    second.get_by_label("为什么更正").fill("长" * 501)
    second.get_by_role("button", name="更正", exact=True).click()
    asked = second.get_by_role("dialog")
    expect(asked).to_contain_text("最多 500 个字，现在是 501 个")
    expect(asked.locator("textarea")).to_have_value("长" * 501)
    second.get_by_label("为什么更正").fill("看错行")
    second.get_by_role("button", name="更正", exact=True).click()
    hall.waits_for("甲", "质量", 35)
    expect(square(second, "甲", 1)).to_have_attribute("data-noted", "true")


def _signs(page: Page, department: LabourDepartment) -> None:
    page.get_by_role("button", name=f"{department.name}签核").click()
    page.get_by_label("姓名（陈平）").fill("陈平")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="签核", exact=True).click()
    expect(page.locator("[data-part=signed]")).to_contain_text("陈平")


def test_another_persons_later_value_is_shown_beside_and_one_is_chosen(
    hall: Hall, organiser: Account
) -> None:
    competition = hall.competition
    safety = save_department(competition, "安全部", ["安全", "隐患"], None, organiser)
    first = hall.come(recorder("周茹", competition, safety))
    second = hall.come(recorder("吴燕", competition, safety))
    first.context.set_offline(True)
    square(first, "甲", 1).click()
    first.keyboard.type("28")
    first.keyboard.press("Enter")
    square(second, "甲", 1).click()
    second.keyboard.type("25")
    second.keyboard.press("Enter")
    hall.waits_for("甲", "安全", 25)
    first.context.set_offline(False)
    trouble = first.locator("[data-part=troubles]")
    expect(trouble).to_contain_text("甲 安全：你写的是“28”，吴燕")
    expect(square(first, "甲", 1)).to_have_text("25")
    trouble.get_by_role("button", name="用我写的").click()
    expect(square(first, "甲", 1)).to_have_text("28")
    expect(trouble).to_be_empty()
    hall.waits_for("甲", "安全", 28)


def test_a_finger_at_the_end_of_a_column_goes_on_at_the_top_of_the_next(hall: Hall) -> None:
    """A unit has one row: what it typed was emptied again when the same square opened once more."""
    contact = create_account("甲")
    grant_role(contact, hall.competition, Role.CONTACT, unit=hall.competition.units[0])
    page = hall.come(contact, "tablet", viewport={"width": 768, "height": 1024})
    first = page.locator(".tabulator-cell.entry-own").first
    first.tap()
    for text in ("28", "2"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(page.locator(".tabulator-cell.entry-own").nth(0)).to_have_text("28")
    expect(page.locator(".tabulator-cell.entry-own").nth(1)).to_have_text("2")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("[data-ready=true]")).to_be_visible()
    first = page.locator(".tabulator-cell.entry-own").first
    expect(first).to_have_text("28")
    # What is typed into a square by a finger replaces what stood there: 28 and 25 are not 2825.
    first.tap()
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(first).to_have_text("25")


def test_the_grid_ends_above_the_foot_whatever_stands_over_it(
    hall: Hall, organiser: Account
) -> None:
    competition = hall.competition
    safety = save_department(competition, "安" * 60, ["安全", "隐患"], None, organiser)
    page = hall.come(recorder("周茹", competition, safety))
    page.set_viewport_size({"width": 1440, "height": 900})
    ends = "at => document.querySelector(at).getBoundingClientRect()"
    foot, grid = ".entry-foot", ".entry-grid"
    assert page.evaluate(f"{ends}.bottom", grid) <= page.evaluate(f"{ends}.top", foot)
    square(page, "甲", 1).click()
    page.evaluate("navigator.clipboard.writeText('99\\n良')")
    page.keyboard.press("Control+v")
    expect(page.locator("[data-part=paste]")).to_be_visible()
    wait_on_page(
        page,
        "() => document.querySelector('.entry-grid').getBoundingClientRect().bottom"
        " <= document.querySelector('.entry-foot').getBoundingClientRect().top",
    )


def test_a_finger_enters_square_after_square_and_the_sum_stays_in_sight(
    hall: Hall, organiser: Account, picture: Callable[..., Path]
) -> None:
    competition = hall.competition
    safety = save_department(competition, "安全部", ["安全", "隐患", "质量"], None, organiser)
    # Where the server is slow the page that was kept would come, in the language before.
    clerk = recorder("周茹", competition, safety)
    page = hall.come(clerk, "phone", service_workers="block")
    address = page.url
    first = square(page, "甲", 1)
    expect(first).to_be_in_viewport(ratio=1)
    picture(page, "labour-entry-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    first.tap()
    expect(page.locator(".entry-input")).to_have_attribute("inputmode", "decimal")
    page.keyboard.type("28")
    page.keyboard.press("Enter")
    expect(square(page, "乙", 1).locator(".entry-input")).to_be_focused()
    page.keyboard.type("27")
    page.keyboard.press("Enter")
    hall.waits_for("甲", "安全", 28)
    hall.waits_for("乙", "安全", 27)
    expect(square(page, "丙", 1).locator(".entry-input")).to_be_focused()
    page.keyboard.press("Escape")
    # The foot leaves the grid in sight, whatever the words: beside two buttons they had no room.
    page.goto(page.url.split("/labour-entry")[0] + "/language/en")
    page.goto(address)
    expect(page.locator("[data-part=open]")).to_contain_text("No sign-off yet")
    foot = page.locator(".entry-foot")
    assert foot.evaluate("e => e.offsetHeight") < 160
    assert page.locator("[data-part=open]").evaluate("e => e.offsetWidth") > 180
    expect(page.locator("[data-part=sign]")).to_be_in_viewport(ratio=1)
    page.goto(page.url.split("/labour-entry")[0] + "/language/zh")
    page.goto(address)

    page.set_viewport_size({"width": 768, "height": 1024})
    page.reload()
    # More columns than there is room for: the sum is frozen at the right.
    total = page.locator(".entry-total.tabulator-frozen").nth(1)
    expect(total).to_be_in_viewport(ratio=1)
    title = page.locator(".entry-total .tabulator-col-title").first
    assert title.evaluate("e => e.scrollWidth <= e.clientWidth")
    # A department's name as long as may be: the words beside it once stood letter under letter.
    name = page.locator("[data-part=sign] span")
    name.evaluate("e => { e.textContent = '安全质量'.repeat(15) + '签核'; }")
    assert foot.evaluate("e => e.offsetHeight") < 160
    expect(page.locator("[data-part=sign]")).to_be_in_viewport(ratio=1)

    # A unit's own row needs no tall grid: evidence for the square stands on the first screen.
    contact = create_account("甲")
    grant_role(contact, competition, Role.CONTACT, unit=competition.units[0])
    own = hall.come(contact, "phone")
    expect(own.get_by_text("加 PDF 或照片")).to_be_in_viewport()
    _a_unit_goes_through_its_cards(hall, own)


def _a_unit_goes_through_its_cards(hall: Hall, own: Page) -> None:
    """Points begin full and go by halves, what is counted by ones; what is wrong is said."""
    name, field = own.locator("[data-part=ownname]"), own.locator("[data-part=ownvalue]")
    more, less = own.locator("[data-part=more]"), own.locator("[data-part=less]")
    on = own.locator("[data-part=ownnext]")
    expect(name).to_have_text("安全")
    expect(own.locator("[data-part=ownleft]")).to_have_text("填了 0 项，还剩 3 项")
    more.tap()
    less.tap()
    hall.waits_for_own("甲", "安全", Decimal("29.5"))
    expect(field).to_have_value("29.5")
    on.tap()
    expect(name).to_have_text("隐患")
    more.tap()
    more.tap()
    hall.waits_for_own("甲", "隐患", 2)
    on.tap()
    field.fill("41")
    field.blur()
    expect(own.locator("[data-part=ownwrong]")).to_have_text("41 超过满分 40")
    field.fill("38")
    field.blur()
    hall.waits_for_own("甲", "质量", 38)
    expect(own.locator("[data-part=ownleft]")).to_have_text("3 项都填了")
    assert own.evaluate("document.documentElement.scrollWidth") <= 390
    # What was written stands in the list below, and leads back to its card.
    own.locator("[data-part=ownlist] button", has_text="安全").tap()
    expect(field).to_have_value("29.5")
    expect(on).to_have_text("下一项 隐患")
    own.reload()
    expect(own.locator("[data-part=ownleft]")).to_have_text("3 项都填了")
    _all_of_it_is_looked_at_before_it_is_handed_over(own)


def _all_of_it_is_looked_at_before_it_is_handed_over(own: Page) -> None:
    """By heading, with what lost points and has nothing to show for it; nothing scrolls aside."""
    on, back = own.locator("[data-part=ownnext]"), own.locator("[data-part=ownback]")
    for _card in range(2):
        on.tap()
    expect(on).to_have_text("看一遍")
    on.tap()
    headings = own.locator("[data-part=ownheadings] li")
    expect(headings).to_have_count(3)
    expect(headings.nth(0)).to_contain_text("29.5 / 30")
    expect(headings.nth(0)).to_contain_text("安全 扣 0.5，没有证据")
    expect(headings.nth(1)).to_contain_text("隐患 扣")
    expect(own.locator("[data-part=ownvalue]")).to_be_hidden()
    assert own.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(own) == []
    expect(back).to_have_text("去补证据")
    back.tap()
    expect(own.locator("[data-part=ownname]")).to_have_text("安全")
    for _card in range(3):
        on.tap()
    expect(on).to_have_text("交 3 项")
    on.tap()
    expect(own.locator("[data-part=ownsaid]")).to_contain_text("3 项都交上去了")
    expect(on).to_be_disabled()


def test_values_that_a_restore_took_away_are_offered_again(hall: Hall, organiser: Account) -> None:
    competition = hall.competition
    safety = save_department(competition, "安全部", ["安全", "隐患"], None, organiser)
    page = hall.come(recorder("周茹", competition, safety))
    for unit, values in (("甲", ("28", "26")), ("乙", ("27",))):
        for value in values:
            square(page, unit, 1).click()
            page.keyboard.type(value)
            page.keyboard.press("Enter")
            hall.waits_for(unit, "安全", int(value))
    saved(page)
    # Back to a backup from before February; a colleague was quicker at one square.
    with unit_of_work() as session:
        for row in session.scalars(select(LabourValueEntry).filter_by(period="二月")):
            session.delete(row)
    begin_generation("copy")
    installation_here().memory.clear()
    other = Writer(competition, recorder("吴燕", competition, safety), department=safety)
    theirs = CellAct(
        uuid=str(uuid4()), kind="value", unit="甲", indicator="安全", text="20", at=utc_now()
    )
    enter_cells(other, "二月", [theirs])
    page.evaluate("dispatchEvent(new Event('online'))")
    hall.waits_for("乙", "安全", 27)
    expect(square(page, "乙", 1)).to_have_text("27")
    # What she had in view was a row that is no more: nothing of another's is written over unasked.
    expect(page.locator("[data-part=troubles]")).to_contain_text("甲 安全：你写的是“26”，吴燕")
    assert hall.stands("甲", "安全") == 20
