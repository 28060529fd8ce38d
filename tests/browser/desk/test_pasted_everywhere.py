"""Pasting at each door: grids by names and asked before they overwrite, boxes looked at first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.labour.departments import save_department
from compete.services.registration.units.links import make_link
from tests.browser.desk.entry_hall import hall_of, paste, square
from tests.browser.desk.pasting import field_of, paste_into, small_grid
from tests.services.labour.made_up import recorder
from tests.sheets.people import citizen_id
from tests.support.panels import open_panel
from tests.support.signing_in import carry_in


@dataclass
class Grid:
    """A grid to paste into: a table with heads, what it fills, and bare figures over it."""

    page: Page
    cursor: Locator
    table: str
    filled: list[tuple[Locator, str]]
    figures: str
    over: list[str]
    put: Callable[[str], None]
    count: str = "2"
    by_text: bool = field(default=False)

    def holds(self) -> None:
        """Every square that the table fills has its text."""
        for cell, text in self.filled:
            if self.by_text:
                expect(cell).to_have_text(re.compile(text))
            else:
                expect(cell).to_have_value(text)


Load = Callable[..., Competition]


def _small(app: Flask, url: str, visitor: Callable[..., Any], _load: Load) -> Grid:
    page = small_grid(app, url, visitor)
    cursor = field_of(page, "何立军", 0)
    return Grid(
        page,
        cursor,
        "小比武成绩\n姓名\t裁判二\t裁判一\t平均分\n陈洁\t72\t62\t67\n何立军\t71\t61\t66\n最高分\t72\t62\t",
        [(field_of(page, "陈洁", 0), "62"), (field_of(page, "何立军", 1), "71")],
        "80\n\n\n81",
        ["61", "62"],
        lambda text: paste_into(cursor, text),
    )


def _labour(app: Flask, url: str, visitor: Callable[..., Any], load: Load) -> Grid:
    hall = hall_of(app, load, url, visitor)
    by = create_account("吴敏")
    safety = save_department(hall.competition, "安全部", ["安全", "质量"], None, by)
    page = hall.come(recorder("周茹", hall.competition, safety))
    cursor = square(page, "甲", 1)
    cursor.click()
    return Grid(
        page,
        cursor,
        "单位\t质量\t安全\n乙\t31\t21\n甲\t30\t20\n合计\t61\t41",
        [(square(page, "乙", 1), "21"), (square(page, "甲", 3), "30")],
        "9\t8",
        ["20", "30"],
        lambda text: paste(page, text),
        by_text=True,
    )


def _paper(app: Flask, url: str, visitor: Callable[..., Any], _load: Load) -> Grid:
    app.config["WTF_CSRF_ENABLED"] = True
    opened = open_panel()
    account, sheet = opened.account("R1"), opened.sheet("J1").public_id
    page = visitor("desk").page()
    carry_in(page.context, app, account, url)
    page.goto(f"{url}/desk/PANEL/paper/{sheet}")
    work = page.locator("#v-work")
    name = page.locator("label[for=v-work]").inner_text().strip()
    return Grid(
        page,
        work,
        f"评分点\t得分\n{name}\t17.5\n合计\t19.5",
        [(work, "17.5")],
        "12\n",
        ["17.5"],
        lambda text: paste_into(work, f"{name}\t12" if text == "12\n" else text),
        count="1",
    )


@pytest.mark.parametrize("grid_of", [_small, _labour, _paper], ids=lambda it: it.__name__[1:])
def test_a_grid_takes_a_table_by_its_heads_and_asks_before_figures_overwrite(
    app: Flask,
    here: Flask,
    live_url: str,
    visitor: Callable[..., Any],
    load: Load,
    grid_of: Callable[..., Grid],
) -> None:
    grid = grid_of(app, live_url, visitor, load)
    grid.put(grid.table)
    grid.holds()
    # Bare figures over them: said as what they are, old and new; a no leaves all.
    grid.put(grid.figures)
    asked = grid.page.locator("dialog")
    expect(asked.locator("[data-part=title]")).to_have_text(f"贴来 {grid.count} 格，没有列名")
    expect(asked.locator("[data-part=over] s")).to_have_text(grid.over)
    grid.page.get_by_role("button", name="不填了").click()
    grid.holds()
    # The same table again changes nothing and asks nothing.
    grid.put(grid.table)
    grid.holds()
    expect(asked).to_have_count(0)


_NUMBER = citizen_id(date(1990, 1, 2), 11)
_PEOPLE = (
    f"报名表\n选手姓名\t证件号\t所在单位\t星座\n来人甲\t{_NUMBER}\t甲单位\t巨蟹\n合计\t1人\t\t"
)


@dataclass(frozen=True)
class Box:
    """A box that takes a table: where it is, the table, and what the page then shows."""

    address: str
    text: str
    shown: tuple[str, ...]
    box: str = "[name=pasted]"
    panel: bool = False


BOXES = {
    "people": Box("/desk/X/entrants/upload", _PEOPLE, ("来人甲", "星座", "合计")),
    "unit": Box("/unit/X/upload", _PEOPLE, ("来人甲", "星座", "合计")),
    "judges": Box(
        "/desk/X/judges/upload",
        "裁判名单\n姓名\t单位\t职责\t星座\n来人甲\t甲单位\t裁判员\t巨蟹\n合计\t1人\t\t",
        ("来人甲", "星座", "合计"),
    ),
    "units": Box(
        "/desk/X/units",
        "序号\t单位名称\t星座\n1\t第三分公司\t巨蟹\n合计\t1家\t",
        ("第三分公司", "星座", "合计"),
        "[name=names]",
    ),
    "units file": Box(
        "/desk/X/units/upload",
        "序号\t单位名称\t星座\n1\t第三分公司\t巨蟹\n合计\t1家\t",
        ("第三分公司", "星座", "合计"),
    ),
    "marks": Box(
        "/desk/PANEL/marks-list",
        "理论成绩\n准考证号\t姓名\t成绩\t星座\n\t张三\t60\t巨蟹\n平均分\t\t60\t",
        ("张三", "60", "星座"),
        panel=True,
    ),
}


@pytest.mark.parametrize("name", BOXES)
def test_a_pasted_table_is_looked_at_first_and_all_of_it_told(
    app: Flask,
    fresh: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    name: str,
) -> None:
    box = BOXES[name]
    page = visitor("desk").page()
    if box.panel:
        open_panel()
    if name == "unit":
        token = make_link(fresh.units[0], fresh, "顾燕", organiser)
        page.goto(f"{live_url}/sign-in/{token}")
        page.fill("[name=pin]", "4827")
        page.fill("[name=again]", "4827")
        page.locator("form button").last.click()
    else:
        carry_in(page.context, app, create_account("管理员", is_admin=True), live_url)
    page.goto(f"{live_url}{box.address}")
    field_of_box = page.locator(box.box)
    for fold in page.locator("details:not([open]) > summary").all():
        if not field_of_box.is_visible():
            fold.click()
    field_of_box.fill(box.text)
    form = page.locator("form", has=field_of_box)
    form.locator("button[type=submit], button:not([type])").first.click()
    for phrase in box.shown:
        expect(page.locator("main")).to_contain_text(phrase)
