"""The grid of entry as a spreadsheet: keys, an input method, blocks; the same grid in two tabs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from compete.models import Account, Competition
from compete.services.labour.departments import save_department
from tests.browser.desk.entry_hall import UNITS, Hall, hall_of, square
from tests.services.labour.made_up import recorder
from tests.support.browser import wait_on_page

LINES = """at => {
  window.lines = [];
  const look = () => {
    const now = document.querySelector(at).textContent;
    if (lines.at(-1) !== now) lines.push(now);
    requestAnimationFrame(look);
  };
  look();
}"""
"""What a square says from now on, in the page's `lines`."""
COVERED = """(() => {
  const row = document.querySelector(".tabulator-row");
  const sums = row.querySelector(".tabulator-frozen-right").getBoundingClientRect();
  const cells = [...row.querySelectorAll(".tabulator-cell:not(.tabulator-frozen)")];
  return cells.every((each) => each.getBoundingClientRect().right <= sums.left + 1);
})()"""
"""Whether every square of the first row is seen beside the sums."""


@pytest.fixture
def hall(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> Hall:
    return hall_of(app, load, live_url, visitor)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def is_at(page: Page, unit: str, view: int) -> None:
    expect(square(page, unit, view)).to_have_attribute("data-here", "true")


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    press(page, "Control+v")


def clipboard(page: Page) -> Any:
    return page.evaluate("navigator.clipboard.readText()")


def test_two_tabs_of_one_person_show_the_same_and_send_each_act_once(
    hall: Hall, organiser: Account
) -> None:
    safety = save_department(hall.competition, "安全部", ["安全", "隐患"], None, organiser)
    first = hall.come(recorder("周茹", hall.competition, safety))
    second = first.context.new_page()
    sent: list[str] = []
    for page in (first, second):
        # What did not arrive, for want of a line, goes again.
        page.on("requestfinished", lambda request: sent.extend(_acts(request)))
    second.goto(first.url)
    expect(second.locator("[data-ready=true]")).to_be_visible()
    second.evaluate(LINES, '[data-unit="甲"][data-view="1"]')

    square(first, "甲", 1).click()
    first.keyboard.type("28")
    press(first, "Enter")
    expect(square(second, "甲", 1)).to_have_text("28")
    hall.waits_for("甲", "安全", 28)
    expect(second.locator("[data-part=chip]")).to_have_attribute("data-state", "kept")
    second.wait_for_timeout(500)
    # Whoever of the two sent it, the value does not go away while the word of it is on its way.
    assert second.evaluate("lines") == ["缺", "28"]

    square(second, "甲", 1).click()
    second.keyboard.type("25")
    press(second, "Enter")
    expect(square(first, "甲", 1)).to_have_text("25")
    hall.waits_for("甲", "安全", 25)
    # What was written since, in whichever tab, is not undone with what was written before.
    square(first, "乙", 1).click()
    press(first, "Control+z")
    expect(first.locator("[data-part=booktext]")).to_have_text("有 1 格后来又改过，没有撤销")
    expect(square(first, "甲", 1)).to_have_text("25")

    # Both write at once, without a line: all of it waits, and goes when there is one.
    first.context.set_offline(True)
    for page, unit in ((first, "丙"), (second, "丁")):
        square(page, unit, 1).click()
        page.keyboard.type("20")
        press(page, "Enter")
    expect(first.locator("[data-part=saved]")).to_have_text("2 格待上传 · 已存本机")
    expect(second.locator("[data-part=saved]")).to_have_text("2 格待上传 · 已存本机")
    first.context.set_offline(False)
    for unit in "丙丁":
        hall.waits_for(unit, "安全", 20)
        for page in (first, second):
            expect(square(page, unit, 1)).to_have_text("20")
    expect(first.locator("[data-part=chip]")).to_have_attribute("data-state", "kept")
    expect(second.locator("[data-part=chip]")).to_have_attribute("data-state", "kept")
    assert hall.stands("甲", "安全") == 25
    assert len(set(sent)) == 4 == len(sent), "each act arrives once"


def _acts(request: Any) -> list[str]:
    if request.method != "POST" or "/acts" not in request.url:
        return []
    return [act["uuid"] for act in request.post_data_json["acts"]]


def test_keys_go_as_in_a_spreadsheet(hall: Hall, organiser: Account) -> None:
    works = save_department(hall.competition, "工程部", ["安全", "隐患", "质量"], None, organiser)
    page = hall.come(recorder("陈平", hall.competition, works))
    square(page, "甲", 1).click()
    # Enter goes on below the square in which Tab began.
    page.keyboard.type("28")
    press(page, "Tab")
    page.keyboard.type("1")
    press(page, "Enter")
    is_at(page, "乙", 1)
    page.keyboard.type(".5")
    press(page, "Shift+Enter")
    is_at(page, "甲", 1)
    hall.waits_for("甲", "隐患", 1)
    expect(square(page, "乙", 1)).to_have_text("0.5")
    press(page, "End")
    is_at(page, "甲", 5)
    press(page, "Home", "Control+ArrowDown")
    is_at(page, "乙", 1)
    press(page, "Control+ArrowDown")
    is_at(page, "癸", 1)
    press(page, "Control+ArrowUp")
    is_at(page, "乙", 1)
    press(page, "Control+Shift+ArrowUp")
    is_at(page, "乙", 1)
    expect(page.locator("[data-part=sums]")).to_have_text("选了 2 格，和 28.5，平均 14.25")
    # Backspace opens the square, and Esc brings back what stood there.
    press(page, "Home", "Backspace", "Escape")
    expect(square(page, "乙", 1)).to_have_text("0.5")
    press(page, "F2")
    page.keyboard.type("5")
    press(page, "Escape")
    expect(square(page, "乙", 1)).to_have_text("0.5")
    press(page, "Delete")
    expect(square(page, "乙", 1)).to_have_text("缺")
    # One square takes what stands above it; Ctrl+Enter writes into all that are chosen.
    press(page, "Control+d")
    expect(square(page, "乙", 1)).to_have_text("28")
    press(page, "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
    page.keyboard.type("7")
    press(page, "Control+Enter")
    for unit in "丙丁戊":
        expect(square(page, unit, 1)).to_have_text("7")
        hall.waits_for(unit, "安全", 7)
    press(page, "Control+z")
    expect(square(page, "戊", 1)).to_have_text("缺")
    # Esc and then Tab leave the grid; Esc and something else in between do not.
    press(page, "Escape", "ArrowDown", "Tab")
    assert page.evaluate("document.activeElement.closest('.entry-grid') !== null")
    press(page, "Escape", "Tab")
    assert page.evaluate("document.activeElement.closest('.entry-grid') === null")
    press(page, "Shift+Tab", "Home")
    is_at(page, "丁", 1)


def test_keys_at_the_end_of_a_column_replace_nothing(hall: Hall, organiser: Account) -> None:
    """Whoever types on and on after the last row lost all but the last value."""
    works = save_department(hall.competition, "工程部", ["安全", "隐患"], None, organiser)
    page = hall.come(recorder("陈平", hall.competition, works))
    square(page, "壬", 1).click()
    for text in ("9", "8.5", "1"):
        page.keyboard.type(text)
        press(page, "Enter")
    is_at(page, "乙", 3)
    expect(square(page, "壬", 1)).to_have_text("9")
    expect(square(page, "癸", 1)).to_have_text("8.5")
    expect(square(page, "甲", 3)).to_have_text("1")
    # After the last column nothing comes: what is typed there is not written over the last.
    square(page, "癸", 3).click()
    for key in ("Enter", "Tab", "ArrowDown"):
        page.keyboard.type("2")
        press(page, key)
        page.keyboard.type("7")
        press(page, key)
        is_at(page, "癸", 3)
        expect(square(page, "癸", 3)).to_have_text("2")
        expect(square(page, "癸", 1)).to_have_text("8.5")
        press(page, "ArrowDown")
    hall.waits_for("癸", "隐患", 2)


def test_blocks_come_and_go_as_spreadsheets_have_them(hall: Hall, organiser: Account) -> None:
    works = save_department(hall.competition, "工程部", ["安全", "隐患", "质量"], None, organiser)
    page = hall.come(recorder("陈平", hall.competition, works))
    square(page, "甲", 1).click()
    paste(page, '"1\t2"\t１２．５\t"1,2""3"\r\n 28 \t3.\t0。5\r\n\t\t\r\n')
    report = page.locator("[data-part=paste]")
    expect(report).to_contain_text("刚贴进 2 行 × 3 列，4 格写入，2 格没写入")
    hall.waits_for("甲", "隐患", Decimal("12.5"))
    hall.waits_for("乙", "安全", 28)
    hall.waits_for("乙", "隐患", 3)
    hall.waits_for("乙", "质量", Decimal("0.5"))
    # What people wrote is text, never markup, also when the page opens with it.
    paste(page, "<b>3</b>")
    expect(square(page, "甲", 1)).to_have_text("<b>3</b>")
    expect(page.locator("[data-part=chip]")).to_have_attribute("data-state", "kept")
    page.reload()
    expect(square(page, "甲", 1)).to_have_text("<b>3</b>")
    # Copied with what units say of themselves, only what is entered goes back.
    square(page, "乙", 0).click()
    square(page, "乙", 3).click(modifiers=["Shift"])
    press(page, "Control+c")
    assert clipboard(page) == "\t28\t\t3"
    square(page, "丙", 0).click()
    press(page, "Control+v")
    hall.waits_for("丙", "安全", 28)
    hall.waits_for("丙", "隐患", 3)
    assert hall.stands("丙", "质量") is None
    # One row into all rows that are chosen, and larger than the grid: what has no place is told.
    square(page, "丁", 1).click()
    square(page, "癸", 1).click(modifiers=["Shift"])
    paste(page, "9\t8")
    hall.waits_for("癸", "安全", 9)
    hall.waits_for("丁", "隐患", 8)
    square(page, "癸", 5).click()
    paste(page, "40\t41\n39\t38")
    expect(report).to_contain_text("没有地方放的：41、39、38")
    hall.waits_for("癸", "质量", 40)
    assert UNITS.endswith("癸")


def test_a_block_goes_where_its_headings_and_names_say_and_is_one_step_back(
    hall: Hall, organiser: Account
) -> None:
    works = save_department(hall.competition, "工程部", ["安全", "隐患", "质量"], None, organiser)
    page = hall.come(recorder("陈平", hall.competition, works))
    report, back = page.locator("[data-part=paste]"), page.locator("[data-part=back]")
    square(page, "丁", 5).click()
    # Swapped columns under right headings, units in another order, a column that is nobody's.
    paste(page, "单位\t质量\t备注列\t安全\n乙\t31\t1\t21\n甲\t30\t2\t20")
    asked = page.locator("dialog")
    expect(asked).to_contain_text("问你 1 列")
    expect(asked.get_by_role("button", name="填进")).to_be_disabled()
    asked.get_by_label("C1 当作").select_option("不用")
    asked.get_by_role("button", name="填进 4 格").click()
    hall.waits_for("甲", "安全", 20)
    hall.waits_for("乙", "质量", 31)
    # The other way round: units along the top.
    paste(page, "\t丙\t丁\n质量\t32\t33\n安全\t22\t23")
    hall.waits_for("丁", "安全", 23)
    hall.waits_for("丙", "质量", 32)
    # A title, heads of two rows, and a filled square, which is shown with what it would become.
    paste(page, "二月考核\n单位\t现场\t\n\t安全\t质量\n丁\t24\t33\n丙\t22\t36")
    asked = page.locator("dialog")
    expect(asked.locator("[data-part=over]")).to_contain_text("丁 安全")
    expect(asked.locator("[data-part=over] s")).to_have_text(["23", "32"])
    asked.get_by_role("button", name="填进 2 格").click()
    hall.waits_for("丁", "安全", 24)
    hall.waits_for("丙", "质量", 36)
    # A first column of words that names nobody is no value of the first indicator.
    square(page, "戊", 1).click()
    paste(page, "江南港\t5\t6\n清江港\t7\t8")
    expect(report).to_contain_text("江南港")
    expect(back).to_be_hidden()
    assert hall.stands("戊", "安全") is None
    # One history: what Ctrl+Z took back the button does not take back again, nor another entry.
    paste(page, "9\t8")
    hall.waits_for("戊", "隐患", 8)
    expect(back).to_be_visible()
    press(page, "Control+z")
    hall.waits_for("戊", "隐患", None)
    expect(report).to_be_hidden()
    paste(page, "9\t8")
    hall.waits_for("戊", "安全", 9)
    square(page, "己", 1).click()
    page.keyboard.type("7")
    press(page, "Enter")
    hall.waits_for("己", "安全", 7)
    expect(back).to_be_hidden()
    press(page, "Control+z")
    hall.waits_for("己", "安全", None)
    back.click()
    hall.waits_for("戊", "安全", None)


def test_what_an_input_method_makes_loses_no_sign(hall: Hall, organiser: Account) -> None:
    works = save_department(hall.competition, "工程部", ["质量"], None, organiser)
    page = hall.come(recorder("陈平", hall.competition, works))
    tools = page.context.new_cdp_session(page)
    square(page, "甲", 1).click()
    _compose(tools, "l", "liang")
    tools.send("Input.insertText", {"text": "良"})
    expect(page.locator(".entry-input")).to_have_value("良")
    press(page, "Enter")
    expect(square(page, "甲", 1)).to_have_text("良")
    is_at(page, "乙", 1)
    # A full-width digit, given without composing, and plain ones after it.
    tools.send("Input.insertText", {"text": "３"})
    page.keyboard.type("2")
    press(page, "Enter")
    hall.waits_for("乙", "质量", 32)


def _compose(tools: CDPSession, *steps: str) -> None:
    """As an input method does: the key goes by another name, what it makes grows."""
    for text in steps:
        key = {"key": "Process", "windowsVirtualKeyCode": 229}
        tools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        tools.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        tools.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def test_an_odd_number_that_comes_back_asks_again_unless_it_was_confirmed(
    hall: Hall, organiser: Account
) -> None:
    safety = save_department(hall.competition, "安全部", ["隐患"], None, organiser)
    page = hall.come(recorder("周茹", hall.competition, safety))
    here, sure = square(page, "癸", 1), page.get_by_role("button", name="就是这个数")
    here.click()
    paste(page, "20")
    expect(page.locator("[data-part=problem]")).to_contain_text("是上期 1 的 10 倍以上")
    expect(sure).to_be_visible()
    press(page, "Control+z")
    expect(here).to_have_text("缺")
    expect(sure).to_be_hidden()
    # Undone and done again it was once taken in, though nobody had said that it is right.
    press(page, "Control+y")
    expect(here).to_have_text("20")
    expect(sure).to_be_visible()
    assert hall.stands("癸", "隐患") is None
    sure.click()
    hall.waits_for("癸", "隐患", 20)
    expect(sure).to_be_hidden()
    here.click()
    press(page, "Delete")
    hall.waits_for("癸", "隐患", None)
    press(page, "Control+z")
    hall.waits_for("癸", "隐患", 20)
    # What was confirmed needs no answer of the server's to come back.
    paste(page, "30")
    expect(sure).to_be_visible()
    page.context.set_offline(True)
    sure.click()
    here.click()
    press(page, "Delete")
    press(page, "Control+z")
    page.context.set_offline(False)
    hall.waits_for("癸", "隐患", 30)
    expect(sure).to_be_hidden()


def test_a_tablet_that_is_turned_and_a_phone_show_every_column(
    hall: Hall, organiser: Account
) -> None:
    """Columns of the former width once lay under the sums; on a phone the tools stood upright."""
    safety = save_department(hall.competition, "安全部", ["安全", "隐患", "质量"], None, organiser)
    page = hall.come(recorder("周茹", hall.competition, safety))
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(square(page, "甲", 1)).to_be_visible()
    page.set_viewport_size({"width": 900, "height": 1024})
    wait_on_page(page, COVERED)
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.locator(".entry-tools").bounding_box()
    assert box is not None
    assert box["height"] < 100
