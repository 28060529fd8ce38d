"""Entering a labour competition with real keys and a real clipboard, online and off."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page, expect

from compete.domain.bundle import write_bundle
from compete.domain.values import Role
from compete.models import Account, Competition, LabourDepartment, LabourValueEntry, db
from compete.services.accounts import create_account, grant_role, issue_card
from compete.services.kernel import unit_of_work
from compete.services.labour import grid_of, save_department, sign_offs
from compete.services.scoring import labour_live
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.services.labour.made_up import PIN, recorder
from tests.support.databases import wait_until

UNITS = "甲乙丙丁戊己庚辛壬癸"


class Hall:
    """The competition, and how somebody comes to the page of February."""

    def __init__(
        self, competition: Competition, live_url: str, visitor: Callable[..., Any]
    ) -> None:
        self.competition = competition
        self._live_url, self._visitor = live_url, visitor

    def come(self, account: Account, device: str = "desk", **settings: Any) -> Page:
        someone = self._visitor(device, **settings)
        someone.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource")
        someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page: Page = someone.page()
        page.goto(f"{self._live_url}/sign-in/{issue_card(account, one_time=True)[1]}")
        page.get_by_role("button", name=re.compile("登录")).click()
        page.wait_for_url(re.compile("/labour-entry/L"))
        page.goto(f"{self._live_url}/labour-entry/L?period=二月")
        expect(page.locator("[data-ready=true]")).to_be_visible()
        return page

    def waits_for(self, unit: str, code: str, wanted: Decimal | int | None) -> None:
        """Return once the server has that value."""
        wait_until(lambda: self.stands(unit, code) == wanted, f"{unit} {code} {wanted}")

    def stands(self, unit: str, code: str) -> Decimal | None:
        row = self._row(unit, code)
        return None if row is None else row.value

    def waits_for_reason(self, unit: str, code: str, wanted: str | None) -> None:
        """Return once the server has that reason for the points taken."""

        def holds() -> bool:
            row = self._row(unit, code)
            return row is not None and (row.reason or None) == wanted

        wait_until(holds, f"{unit} {code} {wanted}")

    def _row(self, unit: str, code: str) -> LabourValueEntry | None:
        db.session.rollback()
        grid = grid_of(self.competition, "二月")
        number = next(each.id for each in grid.units if each.code == unit)
        return grid.standing.get((number, code))


@pytest.fixture
def hall(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> Hall:
    app.config["WTF_CSRF_ENABLED"] = True
    bundle = labour_bundle(
        UNITS,
        periods=quarter("一月", "二月"),
        indicators=[
            indicator("安全", 30),
            indicator("隐患", 30, scoring={"type": "deduction", "points": 3}),
            indicator("质量", 40),
        ],
        values=[value(unit, "一月", code, 20) for unit in UNITS for code in ("安全", "质量")],
        groups={unit: "土建" if place < 6 else "机电" for place, unit in enumerate(UNITS)},
    )
    return Hall(load(json.loads(write_bundle(bundle))), live_url, visitor)


def square(page: Page, unit: str, view: int) -> Any:
    """A square by its unit and its column's place: 0 自评, 1 考评, and so on."""
    return page.locator(f'[data-unit="{unit}"][data-view="{view}"]')


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def saved(page: Page) -> None:
    expect(page.locator("[data-part=saved]")).to_have_text(re.compile("已存 "))
    expect(page.locator("[data-part=chip]")).to_have_attribute("data-state", "kept")


def keys_and_clipboard(page: Page, hall: Hall, picture: Callable[..., Path]) -> None:
    # The grid scrolls in itself, under its heads: 130 units do not make the page longer.
    tall = page.locator("[data-part=grid]").evaluate("e => [e.offsetHeight, innerHeight - 400]")
    assert tall[0] == max(320, tall[1])
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
    told = page.locator("[data-part=paste]")
    expect(told).to_contain_text("刚贴进 3 行 × 2 列，4 格写入，2 格没写入")
    expect(told).to_contain_text("丁 安全 31 超过满分 30")
    expect(told).to_contain_text("戊 安全 “良”不是数")
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


def test_a_finger_enters_square_after_square_and_the_sum_stays_in_sight(
    hall: Hall, organiser: Account, picture: Callable[..., Path]
) -> None:
    competition = hall.competition
    safety = save_department(competition, "安全部", ["安全", "隐患", "质量"], None, organiser)
    page = hall.come(recorder("周茹", competition, safety), "phone")
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

    # A unit's own row needs no tall grid: evidence for the square stands on the first screen.
    contact = create_account("甲")
    grant_role(contact, competition, Role.CONTACT, unit=competition.units[0])
    own = hall.come(contact, "phone")
    expect(own.get_by_text("加 PDF 或照片")).to_be_in_viewport()


def test_evidence_and_a_whole_table_are_looked_at_before_they_are_written(
    hall: Hall, organiser: Account, picture: Callable[..., Path], tmp_path: Path
) -> None:
    works = save_department(hall.competition, "工程部", ["质量"], None, organiser)
    page = hall.come(recorder("陈平", hall.competition, works))
    photo = tmp_path / "现场.png"
    Image.new("RGB", (60, 40), "#7a8a70").save(photo)
    square(page, "甲", 1).click()
    page.set_input_files("[data-part=notefile]", photo)
    expect(page.locator("[data-part=files] li")).to_contain_text("现场.jpg")
    expect(square(page, "甲", 1)).to_have_attribute("data-noted", "true")
    # What was begun about one square stays with it.
    page.fill("[data-part=notetext]", "限期整改")
    square(page, "乙", 1).click()
    expect(page.locator("[data-part=notetext]")).to_have_value("")
    expect(page.locator("[data-part=files] li")).to_have_count(0)
    square(page, "甲", 1).click()
    page.context.set_offline(True)
    page.get_by_role("button", name="留意见").click()
    expect(page.locator("[data-part=noteproblem]")).to_have_text("没传上去，还在这里")
    page.context.set_offline(False)
    page.get_by_role("button", name="再传一次").click()
    expect(page.locator("[data-part=comments] li")).to_contain_text("限期整改")
    page.locator("[data-part=comments] li").get_by_role("button", name="收回").click()
    page.locator("dialog [data-part=reason]").fill("写错一家")
    page.locator("dialog").get_by_role("button", name="收回").click()
    expect(page.locator("[data-part=comments] li")).to_contain_text("收回了：写错一家")

    square(page, "甲", 1).click()
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    hall.waits_for("甲", "质量", 30)
    with page.expect_download() as down:
        page.get_by_role("link", name="按表下载").click()
    down.value.save_as(tmp_path / "表.xlsx")
    book = load_workbook(tmp_path / "表.xlsx")
    assert book.active is not None
    for place, said in {"E3": 31, "E4": 32, "E5": "良", "F4": "缺一项"}.items():
        book.active[place] = said
    book.save(tmp_path / "表.xlsx")
    page.set_input_files("[data-part=book]", tmp_path / "表.xlsx")
    told = page.locator("dialog")
    expect(told.locator("[data-part=counts]")).to_have_text(
        "新填 2 格，改 1 格，不变 0 格，读不进 1 处"
    )
    expect(told.locator("[data-part=problems]")).to_contain_text("E5 格 丙 质量")
    expect(told.locator("[data-part=changes]")).to_contain_text("30 改成 31")
    picture(page, "labour-workbook")
    told.locator("[data-part=go]").click()
    # A change without a reason is not written, and the dialog stays.
    expect(told).to_be_visible()
    assert hall.stands("甲", "质量") == 30
    told.locator("[data-part=reason]").fill("复核")
    told.locator("[data-part=go]").click()
    hall.waits_for("甲", "质量", 31)
    hall.waits_for("乙", "质量", 32)
    assert hall.stands("丙", "质量") is None
    page.locator("[data-part=undo]").click()
    hall.waits_for("甲", "质量", 30)
    hall.waits_for("乙", "质量", None)
    _undone_with_their_reasons(page, hall, tmp_path / "表.xlsx")


def _undone_with_their_reasons(page: Page, hall: Hall, path: Path) -> None:
    """A reason that a workbook brought goes with its undo; one that stood before comes back."""

    def send(why: str = "", **said: Any) -> None:
        book = load_workbook(path)
        assert book.active is not None
        for place in ("E3", "E4", "E5", "F3", "F4"):
            book.active[place] = said.get(place)
        book.save(path)
        page.set_input_files("[data-part=book]", path)
        if why:
            page.locator("dialog [data-part=reason]").fill(why)
        page.locator("dialog [data-part=go]").click()

    send(E3=30, F3="少两项")
    hall.waits_for_reason("甲", "质量", "少两项")
    page.locator("[data-part=undo]").click()
    hall.waits_for_reason("甲", "质量", None)
    send(E3=30, F3="少两项")
    hall.waits_for_reason("甲", "质量", "少两项")
    send("复核", E3=31)
    hall.waits_for("甲", "质量", 31)
    page.locator("[data-part=undo]").click()
    hall.waits_for("甲", "质量", 30)
    hall.waits_for_reason("甲", "质量", "少两项")


def test_an_open_page_says_when_nothing_is_left_to_enter_and_asks_no_more(
    hall: Hall, organiser: Account
) -> None:
    works = save_department(hall.competition, "工程部", ["质量"], None, organiser)
    page = hall.come(recorder("陈平", hall.competition, works))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with unit_of_work():
        works.indicators = []
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-part=closedwords]")).to_contain_text("没有你们打的指标了")
    expect(page.locator("[data-part=sign]")).to_be_disabled()
    before = [url for url in asked if "since=" in url]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(200)
    assert [url for url in asked if "since=" in url] == before, "it asks no more"
    square(page, "甲", 1).click()
    page.keyboard.type("9")
    expect(page.locator("[data-part=grid] input")).to_have_count(0)
