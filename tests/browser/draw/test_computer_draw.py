"""电脑随机抽 as an organiser does it: laid out, sealed, drawn, two people swapped, checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.roles import Role
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.competition_settings import Timetable
from compete.services.schedule.timetables import lay_out
from tests.support.axe import violations
from tests.support.signing_in import carry_in
from tests.support.small import read, small


def test_places_are_laid_out_drawn_by_a_press_and_two_people_dragged(
    app: Flask, here: Flask, visitor: Callable[..., Any], live_url: str
) -> None:
    competition = load_bundle(read(small()))
    account = create_account("吴敏")
    grant_role(account, competition, Role.ORGANISER)
    person = visitor("desk")
    carry_in(person.context, app, account, live_url)
    desk: Page = person.page()
    desk.goto(f"{live_url}/desk/{competition.code}/draws")
    numbers = {"begins": "2026-09-16T08:40", "count": "2", "minutes": "40", "posts": "3"}
    for name, value in numbers.items():
        desk.fill(f"#{name}", value)
    desk.get_by_role("button", name="排好").click()
    desk.locator("button.slot", has_text="6").click()
    expect(desk.locator(".slot.closed")).to_have_count(1)
    _the_keyboard_closes_copies_and_takes_back(desk)
    assert violations(desk) == []
    desk.get_by_role("button", name="封存名单").click()
    desk.get_by_role("button", name="现在抽").click()
    people = desk.locator(".slot[data-person]")
    expect(people).to_have_count(4)
    before = people.all_inner_texts()
    people.nth(0).drag_to(people.nth(3))
    desk.fill("#reason", "左手操作的设备")
    desk.get_by_role("button", name="换", exact=True).click()
    expect(people.nth(0)).to_have_text(f"{before[3]}，换过", use_inner_text=True)
    desk.get_by_role("link", name="看怎么抽的").click()
    desk.get_by_role("link", name="用手机重算的页面").click()
    expect(desk.get_by_text("一致", exact=True).first).to_be_visible()


def _the_keyboard_closes_copies_and_takes_back(desk: Page) -> None:
    """From one place closed, the last of six, to the same again."""
    closed, slots = desk.locator(".slot.closed"), desk.locator("button.slot")
    slots.nth(0).focus()
    desk.keyboard.press("Shift+ArrowRight")
    expect(desk.locator("[data-chosen]")).to_have_count(2)
    desk.fill("#closed-why", "检修")
    slots.nth(0).focus()
    desk.keyboard.press("Shift+ArrowRight")
    desk.keyboard.press("Enter")
    expect(closed).to_have_count(3)
    expect(slots.nth(0)).to_have_text("检修不用")
    # The keyboard goes on where it was: both are filled down.
    expect(slots.nth(1)).to_be_focused()
    desk.keyboard.press("Shift+ArrowLeft")
    desk.keyboard.press("Shift+ArrowDown")
    desk.keyboard.press("Control+d")
    expect(closed).to_have_count(5)
    expect(slots.nth(4)).to_have_text("检修不用")
    desk.keyboard.press("Control+z")
    expect(closed).to_have_count(3)
    desk.keyboard.press("Control+z")
    expect(closed).to_have_count(1)
    # A block goes where its headings say; one step takes it back.
    pasted = "场次\t3号\t1号\n第2场\t\t停电"
    slots.nth(0).focus()
    _paste(desk, pasted)
    expect(slots.nth(3)).to_have_text("停电不用")
    expect(closed).to_have_count(1)
    slots.nth(0).focus()
    desk.keyboard.press("Control+z")
    expect(slots.nth(5)).to_have_text("不用")


def _paste(desk: Page, text: str) -> None:
    """A block from a spreadsheet, where the keyboard is."""
    desk.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_a_block_pasted_for_a_draw_on_paper_becomes_its_lines(
    app: Flask, here: Flask, visitor: Callable[..., Any], live_url: str
) -> None:
    competition = load_bundle(read(small()))
    account = create_account("吴敏")
    grant_role(account, competition, Role.ORGANISER)
    plan = Timetable(
        stations="1号\n2号",
        sessions="第1场，2026-09-16 08:40，1，40\n第2场，2026-09-16 09:30，1，40",
    )
    lay_out(competition.events[0], "S", "m", plan, account)
    person = visitor("desk")
    carry_in(person.context, app, account, live_url)
    desk: Page = person.page()
    desk.goto(f"{live_url}/desk/{competition.code}/draws?module=E|S|m&way=paper")
    slots, lines = desk.locator("button.slot"), desk.locator("[name=lines]")
    slots.nth(0).focus()
    _paste(desk, "P3\tP1\nP2\tP4")
    whole = "P3\t第1场\t1号\nP1\t第1场\t2号\nP2\t第2场\t1号\nP4\t第2场\t2号"
    expect(lines).to_have_value(whole)
    # What has no place is told, and nothing is written.
    slots.nth(3).focus()
    _paste(desk, "P1\tP9")
    expect(desk.locator("[data-part=places-said]")).to_have_text("没有地方放的：P9")
    expect(lines).to_have_value(whole)
    desk.fill("[name=drawn_on]", "2026-09-15")
    desk.fill("[name=supervisor]", "监督乙")
    desk.get_by_role("button", name="记下").click()
    expect(desk.get_by_text("记下了：")).to_be_visible()
