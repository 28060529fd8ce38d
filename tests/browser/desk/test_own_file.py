"""Sixty people from a file never seen before, in Chromium: how many keys and clicks it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

from flask import Flask
from openpyxl import Workbook
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from compete.models import Account, Competition, Entrant, db
from tests.sheets.people import citizen_id
from tests.support.browser import Visitor
from tests.support.signing_in import carry_in

MOST_ACTS = 7


def roster() -> bytes:
    """A roster of an office: titles, a head of two rows, an odd heading, a unit misspelt, a sum."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["某集团职工名册"])
    sheet.append(["号", "职工姓名", "证照", "所在单位", "联系方式", None])
    sheet.merge_cells("E2:F2")
    sheet.append([None, None, None, None, "手机", "邮箱"])
    for n in range(1, 61):
        name = "陈黄孙李赵钱"[n % 6] + "立卫学启海国军明峰宁"[n // 6 % 10] + "新"
        unit = "甲单拉" if n % 20 == 0 else "甲单位"
        number = citizen_id(date(1985, 1 + n % 12, 1 + n % 28), n)
        sheet.append([n, name, number, unit, f"138000000{n:02d}", ""])
    sheet.append(["合计", 60])
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_sixty_people_come_from_a_file_never_seen_in_seven_acts(
    here: Flask,
    fresh: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Visitor],
) -> None:
    someone = visitor("desk")
    carry_in(someone.context, here, organiser, live_url)
    before = db.session.scalar(select(func.count(Entrant.id))) or 0
    db.session.remove()
    page: Page = someone.page()
    page.goto(f"{live_url}/desk/X/entrants/upload")
    file = {"name": "名册.xlsx", "mimeType": "", "buffer": roster()}
    page.set_input_files("#workbook", files=file)  # type: ignore[arg-type]
    page.click("form .acts button.primary")
    expect(page.locator(".foot-bar")).to_be_visible()
    acts = 2
    while page.locator("[data-answer=yes]").count():
        title = page.locator(".question h2").inner_text()
        expect(page.locator("[data-answer=yes]")).to_be_focused()
        page.keyboard.press("Enter")
        acts += 1
        expect(page.locator(".question h2", has_text=title)).to_have_count(0)
        # The next page is there to its end.
        expect(page.locator(".foot-bar")).to_be_visible()
    if page.url.endswith("columns"):
        page.click(".foot-bar a.button")
        acts += 1
    if page.locator("button[value=best]").count():
        page.locator("button[value=best]").first.click()
        acts += 1
    page.click(".foot-bar button.primary")
    expect(page.locator("body")).to_contain_text("60 行已写入")
    acts += 1
    assert db.session.scalar(select(func.count(Entrant.id))) == before + 60
    assert acts <= MOST_ACTS
