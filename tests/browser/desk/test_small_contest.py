"""小比武 from an empty installation to certificates: at most ten fields and eight clicks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import SignInCard, db
from compete.services.accounts.accounts import create_account
from tests.browser.desk.pasting import field_of, paste_into, small_grid
from tests.browser.story.people import Judge, Organiser

PASSWORD = "lamp-cobalt-42"
pytestmark = pytest.mark.usefixtures("sound")


class Counting(Organiser):
    """An organiser whose clicks are counted."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address)
        self.clicks = 0

    def press(self, name: str | re.Pattern[str]) -> None:
        self.clicks += 1
        super().press(name)

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.clicks += 1
        super().follow(name)


@pytest.mark.slow
def test_ten_minutes_for_a_contest_of_a_workshop(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        create_account("吴敏", username="wumin", password=PASSWORD, is_admin=True)
        db.session.remove()
    desk = Counting(visitor("desk").page(), live_url)
    desk.go("/sign-in")
    desk.page.locator("input[name=username]").fill("wumin")
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.page.get_by_role("button", name="登录", exact=True).click()
    desk.go("/desk/")

    desk.follow("新建竞赛")
    desk.follow(re.compile("小比武"))
    assert desk.page.locator("form#small .input:visible").count() <= 10
    desk.page.locator("#name").fill("机修车间钳工小比武")
    desk.page.locator("#people").fill("何立军 一班\n王 芳 一班\n李强 二班")
    desk.page.locator("#points").fill("锉削平面度 100")
    desk.sees(re.compile("只有 3 人"))
    for name, count in (("judges", 2), ("second", 1), ("third", 0)):
        desk.page.locator(f"#{name}").fill(str(count))
    desk.sees(re.compile("2 名裁判，奖 2 人"))
    desk.press("开赛")

    # A judge says the own name and marks by phone; for the other the organiser types.
    with app.app_context():
        token = db.session.query(SignInCard).order_by(SignInCard.id).first().token  # type: ignore[union-attr]
        db.session.remove()
    phone = Judge(visitor("phone").page(), live_url)
    phone.go(f"/sign-in/{token}")
    phone.page.locator("#name").fill("杨海东")
    phone.press("登录，开始评")
    while phone.open_next():
        phone.fill()
        phone.submit()
        phone.says(re.compile("都已上传"))
    desk.follow("看成绩进来")
    desk.sees("杨海东")
    first = desk.page.locator(".small-grid input").first
    first.focus()
    paste_into(first, "90\n80\n70\n")
    desk.page.locator("#reason").fill("手机没电")
    desk.page.locator("#evidence").select_option(index=1)
    desk.press("记下")
    desk.sees("分齐了，可以公布")
    desk.follow("公布")
    desk.press(re.compile("公布，发 2 张奖状"))
    desk.sees("第 1 版公布了")
    printed = desk.page.get_by_role("link", name="印奖状").get_attribute("href") or ""
    assert desk.file(printed).startswith(b"%PDF")
    assert desk.clicks + 1 <= 8


@pytest.fixture
def grid(app: Flask, here: Flask, live_url: str, visitor: Callable[..., Any]) -> Page:
    """The page of marks of four people and two judges, one item."""
    return small_grid(app, live_url, visitor)


def test_a_pasted_block_goes_by_rows_over_a_cell_that_takes_nothing(grid: Page) -> None:
    second = field_of(grid, "王芳", 0)
    second.fill("缺考")
    field_of(grid, "王芳", 1).fill("缺考")
    grid.locator("#reason").fill("手机没电")
    grid.locator("#evidence").select_option(index=1)
    grid.get_by_role("button", name="记下").click()
    expect(field_of(grid, "王芳", 0)).to_have_count(0)
    paste_into(field_of(grid, "何立军", 0), "91\n92\n93\n94\n")
    expect(field_of(grid, "李强", 0)).to_have_value("93")
    expect(field_of(grid, "陈洁", 0)).to_have_value("94")
    expect(field_of(grid, "何立军", 0)).to_have_value("91")
    expect(grid.locator("[data-part=pasted]")).to_contain_text("王芳 92（已经有了，不盖）")


def test_a_pasted_table_goes_by_names_and_what_is_doubtful_is_asked(grid: Page) -> None:
    table = (
        "钳工小比武成绩\n姓名\t裁判二\t评委甲\t平均分\n陈洁\t72\t62\t67\n何立军\t71\t缺考\t66\n"
        "赵六\t1\t2\t3\n最高分\t72\t62\t67"
    )
    paste_into(field_of(grid, "李强", 0), table)
    asked = grid.locator("dialog")
    expect(asked).to_contain_text("看懂了 2 列，问你 1 列")
    expect(asked.locator("[data-part=left]")).to_contain_text("没有“赵六”")
    expect(asked.locator("[data-part=left]")).to_contain_text("最高分")
    expect(asked.get_by_role("button", name="填进")).to_be_disabled()
    asked.get_by_label("C2 当作").select_option("裁判一")
    asked.get_by_role("button", name="填进 4 格").click()
    expect(field_of(grid, "陈洁", 0)).to_have_value("62")
    expect(field_of(grid, "陈洁", 1)).to_have_value("72")
    expect(field_of(grid, "何立军", 0)).to_have_value("缺考")
    expect(field_of(grid, "李强", 0)).to_have_value("")
    # What would overwrite is shown old and new, once for the block; a no changes nothing.
    paste_into(field_of(grid, "何立军", 1), "80\n81\n82\n83")
    expect(grid.locator("dialog [data-part=over] s")).to_have_text(["71", "72"])
    grid.get_by_role("button", name="不填了").click()
    expect(field_of(grid, "何立军", 1)).to_have_value("71")
    expect(field_of(grid, "王芳", 1)).to_have_value("")
