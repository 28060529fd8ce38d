"""Evidence and whole tables on the page of entry; a page on which nothing is left to enter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page, expect

from compete.models import Account
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.departments import save_department
from tests.browser.desk.entry_hall import Hall, square
from tests.services.labour.made_up import recorder


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
    # What is pasted and too long is said to be, and stays whole to be shortened.
    words = page.locator("[data-part=notetext]")
    words.click()
    page.keyboard.insert_text("意" * 501)
    page.get_by_role("button", name="留意见").click()
    expect(page.locator("[data-part=noteproblem]")).to_contain_text("太长了，最多 500 个字")
    expect(words).to_have_value("意" * 501)
    words.fill("意" * 60)
    page.get_by_role("button", name="留意见").click()
    expect(page.locator("[data-part=comments] li").last).to_contain_text("意" * 60)
    expect(page.locator("[data-part=noteproblem]")).to_be_hidden()
    first = page.locator("[data-part=comments] li").filter(has_not_text="意意")
    first.get_by_role("button", name="收回").click()
    reason, dialog = page.locator("dialog [data-part=reason]"), page.locator("dialog")
    reason.fill("错" * 501)
    dialog.get_by_role("button", name="收回").click()
    expect(dialog.locator("[data-part=problem]")).to_contain_text("太长了，最多 500 个字")
    expect(reason).to_have_value("错" * 501)
    reason.fill("写错一家")
    dialog.get_by_role("button", name="收回").click()
    expect(first).to_contain_text("收回了：写错一家")

    square(page, "甲", 1).click()
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    hall.waits_for("甲", "质量", 30)
    with page.expect_download() as down:
        page.get_by_role("link", name="按表下载").click()
    down.value.save_as(tmp_path / "表.xlsx")
    book = load_workbook(tmp_path / "表.xlsx")
    assert book.active is not None
    for place, entry in {"E3": 31, "E4": 32, "E5": "良", "F4": "缺一项"}.items():
        book.active[place] = entry
    book.save(tmp_path / "表.xlsx")
    page.set_input_files("[data-part=book]", tmp_path / "表.xlsx")
    report = page.locator("dialog")
    expect(report.locator("[data-part=counts]")).to_have_text(
        "新填 1 格，改 1 格，不变 0 格，读不进 1 处"
    )
    expect(report.locator("[data-part=go]")).to_have_text("写入 2 格")
    expect(report.locator("[data-part=problems]")).to_contain_text("E5 格 丙 质量")
    expect(report.locator("[data-part=changes]")).to_contain_text("30 改成 31")
    picture(page, "labour-workbook")
    report.locator("[data-part=go]").click()
    # A change without a reason is not written, and the dialog stays.
    expect(report).to_be_visible()
    assert hall.stands("甲", "质量") == 30
    report.locator("[data-part=reason]").fill("复核")
    report.locator("[data-part=go]").click()
    hall.waits_for("甲", "质量", 31)
    hall.waits_for("乙", "质量", 32)
    assert hall.stands("丙", "质量") is None
    page.locator("[data-part=undo]").click()
    hall.waits_for("甲", "质量", 30)
    hall.waits_for("乙", "质量", None)
    _undone_with_their_reasons(page, hall, tmp_path / "表.xlsx")


def _undone_with_their_reasons(page: Page, hall: Hall, path: Path) -> None:
    """A reason that a workbook brought goes with its undo; one that stood before comes back."""

    def send(why: str = "", **entries: Any) -> None:
        book = load_workbook(path)
        assert book.active is not None
        for place in ("E3", "E4", "E5", "F3", "F4"):
            book.active[place] = entries.get(place)
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
