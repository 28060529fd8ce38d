"""A month of a labour competition in browsers: closed, corrected by two; rules pasted in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.departments import save_department
from compete.services.labour.rule_changes import waiting_rules
from tests.browser.desk.entry_hall import UNITS, Hall, paste, square
from tests.services.labour.made_up import PIN, made_up, recorder
from tests.support.signing_in import carry_in


@pytest.fixture
def at_desk(app: Flask, live_url: str, visitor: Callable[..., Any]) -> Callable[[Account], Page]:
    def come(account: Account) -> Page:
        page: Page = visitor("desk").page()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        carry_in(page.context, app, account, live_url)
        return page

    return come


def _arrows_walk_over_the_months_squares(desk: Page, live_url: str) -> None:
    """The chosen square's story stands in the foot, and Enter opens its past."""
    desk.goto(f"{live_url}/desk/L/labour/month?period=一月&group=土建")
    cell_text = desk.locator("#cell")
    desk.locator('button[value="甲:安全"]').click()
    expect(cell_text).to_contain_text("甲 · 安全")
    for key in ("ArrowRight", "ArrowDown"):
        desk.keyboard.press(key)
    expect(cell_text).to_contain_text("乙 · 隐患")
    expect(cell_text).to_contain_text("24 / 30")
    expect(cell_text).to_contain_text("安全部 周茹")
    # The medians stay in sight while the units scroll beneath them.
    desk.set_viewport_size({"width": 1280, "height": 560})
    desk.locator('button[value="甲:安全"]').scroll_into_view_if_needed()
    box, foot = desk.locator(".matrix-wrap").bounding_box(), desk.locator("tfoot").bounding_box()
    assert box is not None
    assert foot is not None
    assert foot["y"] + foot["height"] <= box["y"] + box["height"] + 1
    desk.set_viewport_size({"width": 1280, "height": 720})
    desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr")).to_have_count(1)
    expect(desk.locator("tbody tr")).to_contain_text("乙")


def test_on_a_phone_each_share_of_full_marks_is_read_on_its_ground(
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    at_desk: Callable[[Account], Page],
    live_url: str,
) -> None:
    competition = made_up(load, organiser).competition
    desk = at_desk(organiser)
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(f"{live_url}/desk/{competition.code}/labour?period=一月")
    shares = desk.locator(".heat td.mid:has(a)")
    expect(shares.first).to_be_visible()
    grounds = shares.evaluate_all(
        "cells => cells.map(cell => [getComputedStyle(cell).color, "
        "getComputedStyle(cell).backgroundColor])"
    )
    assert {ground for _ink, ground in grounds}.isdisjoint({"rgba(0, 0, 0, 0)"})
    assert all(ink != ground for ink, ground in grounds)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_closed_month_takes_nothing_and_is_corrected_by_two(
    hall: Hall, organiser: Account, at_desk: Callable[[Account], Page], live_url: str
) -> None:
    competition = hall.competition
    safety = save_department(competition, "安全部", ["安全", "隐患", "质量"], None, organiser)
    clerk = hall.come(recorder("周茹", competition, safety))
    clerk.goto(f"{live_url}/labour-entry/L?period=一月")
    square(clerk, "甲", 3).click()
    # Typed, and filled down at once: what was typed just now is what goes down.
    clerk.keyboard.type("2")
    clerk.keyboard.press("Enter")
    clerk.keyboard.press("ArrowUp")
    for _unit in UNITS[1:]:
        clerk.keyboard.press("Shift+ArrowDown")
    clerk.keyboard.press("Control+d")
    expect(square(clerk, "癸", 3)).to_have_text("2")
    expect(clerk.locator("[data-part=how]")).to_have_text("每处扣 3；这里得 24 分")
    clerk.get_by_role("button", name="安全部签核").click()
    clerk.get_by_label("姓名（周茹）").fill("周茹")
    clerk.get_by_label("PIN").fill(PIN)
    clerk.keyboard.press("Enter")
    expect(clerk.locator("[data-part=open]")).to_have_text("签核好了")

    desk = at_desk(organiser)
    desk.goto(f"{live_url}/desk/L/labour/periods/一月")
    desk.get_by_role("button", name="结账", exact=True).click()
    expect(desk.get_by_text("结账了，从现在起不能再填，只能更正")).to_be_visible()
    # The clerk's page is still open: it learns of it, and takes nothing more.
    clerk.evaluate("dispatchEvent(new Event('online'))")
    expect(clerk.locator("[data-part=closedwords]")).to_have_text("一月已经结账，只能由两个人更正")
    square(clerk, "甲", 1).click()
    clerk.keyboard.type("9")
    paste(clerk, "9")
    clerk.keyboard.press("Delete")
    expect(square(clerk, "甲", 1)).to_have_text("20")

    _arrows_walk_over_the_months_squares(desk, live_url)
    desk.goto(f"{live_url}/desk/L/labour/periods/一月")
    desk.get_by_label("哪一种").select_option(label="改一个数")
    desk.get_by_label("单位", exact=True).select_option(label="癸")
    desk.get_by_label("哪一项").select_option(label="安全")
    desk.get_by_label("数或分").press_sequentially("30")
    desk.get_by_label("为什么更正").press_sequentially("看错行")
    desk.get_by_role("button", name="提出，等另一个人同意").click()
    expect(desk.get_by_role("button", name="同意，更正")).to_have_count(0)
    second = create_account("沈亮")
    grant_role(second, competition, Role.ORGANISER)
    other = at_desk(second)
    other.goto(f"{live_url}/desk/L/labour/periods/一月")
    row = other.get_by_role("row", name="癸 一月")
    expect(row).to_contain_text("64.00 → 74.00")
    other.get_by_role("button", name="同意，更正").click()
    expect(other.get_by_text("同意了，更正生效")).to_be_visible()
    clerk.reload()
    expect(square(clerk, "癸", 1)).to_have_text("30")
    db.session.rollback()


def test_an_undo_leaves_what_somebody_else_wrote_since(hall: Hall, organiser: Account) -> None:
    competition = hall.competition
    safety = save_department(competition, "安全部", ["安全", "隐患"], None, organiser)
    first = hall.come(recorder("周茹", competition, safety))
    second = hall.come(recorder("吴燕", competition, safety))
    square(first, "甲", 1).click()
    paste(first, "21\n22\n23")
    hall.waits_for("丙", "安全", 23)
    second.evaluate("dispatchEvent(new Event('online'))")
    expect(square(second, "乙", 1)).to_have_text("22")
    square(second, "乙", 1).click()
    second.keyboard.type("25")
    second.keyboard.press("Enter")
    hall.waits_for("乙", "安全", 25)
    first.evaluate("dispatchEvent(new Event('online'))")
    expect(square(first, "乙", 1)).to_have_text("25")
    first.keyboard.press("Control+z")
    expect(first.locator("[data-part=booktext]")).to_have_text("有 1 格后来又改过，没有撤销")
    hall.waits_for("甲", "安全", None)
    hall.waits_for("丙", "安全", None)
    assert hall.stands("乙", "安全") == Decimal(25)


def test_a_list_of_units_is_pasted_into_the_rules_as_long_as_it_is(
    hall: Hall, organiser: Account, at_desk: Callable[[Account], Page], live_url: str
) -> None:
    desk = at_desk(organiser)
    desk.goto(f"{live_url}/desk/L/labour/rules/form")
    names = desk.get_by_role("textbox", name="单位", exact=True)
    names.last.click()
    paste(desk, "\n".join(f"新{n}标\t{'土建' if n % 2 else '机电'}" for n in range(1, 13)))
    expect(names).to_have_count(13)
    desk.get_by_label("从哪一期起").select_option(label="各期都照新规则")
    desk.get_by_label("为什么改").fill("第二批进场")
    desk.get_by_role("button", name="提出，等另一个人同意").click()
    expect(desk.get_by_text("等第二个人").first).to_be_visible()
    db.session.rollback()
    asked = waiting_rules(hall.competition)
    assert asked is not None
    assert {"新1标": "土建", "新12标": "机电"}.items() <= dict(asked.wanted["units"]).items()
