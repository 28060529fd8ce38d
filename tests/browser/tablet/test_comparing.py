"""Two of a judge's sheets side by side: to look at, with what this tablet has not sent yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import forklift
from tests.browser.tablet.real import RealHall
from tests.browser.tablet.tablet import Tablet
from tests.browser.tablet.test_marking_anew import VALUES, given
from tests.support.axe import violations
from tests.support.browser import each_look


@pytest.fixture
def two(hall: Hall) -> Hall:
    """K-27 and K-02, the same sheet marked differently."""
    hall.add_sheet({"id": "k02", "code": "K-02", "aspects": forklift(), "state": "submitted"})
    given(hall, "k27", VALUES)
    given(hall, "k02", VALUES | {"smooth": "1", "hit": "0", "time": "491.5"})
    hall.sheets["k27"] |= {"state": "begun", "version": 6}
    return hall


def test_differences_stand_out_and_unsent_marks_count(tablet: Tablet, two: Hall) -> None:
    tablet.open_sheet()
    two.status = 503
    tablet.count("fall")
    tablet.says("1 条待上传·已存本机")
    tablet.page.get_by_role("link", name="和另一张比").click()
    tablet.page.goto(f"{two.address}/judge/compare?a=k27&b=k02")
    tablet.ready()
    rows = tablet.page.locator(".compare tbody tr")
    expect(rows).to_have_count(7)
    smooth = rows.filter(has_text="操作平稳")
    expect(smooth.locator("td").nth(0)).to_have_text("3 档全程平稳，货物无晃动")
    expect(smooth.locator("td").nth(1)).to_have_text("10")
    expect(smooth.locator("td").nth(2)).to_have_text("1 档有急停，货物轻微晃动")
    expect(smooth.locator("td").nth(3)).to_have_text("3.33")
    expect(rows.filter(has_text="倒杆").locator("td").nth(0)).to_have_text("1 次")
    expect(rows.filter(has_text="用时").locator("td").nth(0)).to_have_text("没评")
    expect(rows.filter(has_text="用时").locator("td").nth(2)).to_have_text("08:11.5")
    expect(tablet.page.locator(".compare .differs th")).to_have_text(
        ["碰杆满分 20", "倒杆满分 20", "操作平稳满分 10"]
    )
    expect(tablet.part("total0")).to_have_text("78.00")
    expect(tablet.page.locator("main button:visible")).to_have_count(0)


def test_another_is_chosen_from_the_list(tablet: Tablet, two: Hall) -> None:
    tablet.page.goto(f"{two.address}/judge/compare?a=k27&b=k02")
    tablet.ready()
    tablet.page.get_by_label("右边").select_option("k33")
    tablet.page.wait_for_url("**/judge/compare?a=k27&b=k33")
    tablet.ready()
    expect(tablet.page.locator(".compare thead")).to_contain_text("K-33")


def test_a_judge_compares_own_sheets_alone(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor)
    with app.app_context():
        hall.panel.fill_panel("2", "1", "1")
    tablet = hall.tablet("J1").go("/judge/compare")
    expect(tablet.page.locator(".compare thead")).to_contain_text("E1")
    expect(tablet.page.locator(".compare thead")).to_contain_text("E2")
    mine, others = hall.sheet_id("J1", "E2"), hall.sheet_id("J2")
    tablet.go(f"/judge/compare?a={mine}&b={others}")
    expect(tablet.part("total1")).to_have_text("21.50")
    answer = tablet.page.goto(f"{live_url}/judge/compare?a={others}")
    assert answer is not None
    assert answer.status == 404
    lonely = hall.tablet("C1")
    lonely.page.goto(f"{live_url}/judge/compare")
    expect(lonely.page.get_by_role("heading", level=1)).to_have_text("还没有两张可以比的")


@each_look
def test_it_is_sound_at_every_size(
    visitor: Callable[..., Any],
    two: Hall,
    picture: Callable[..., Any],
    theme: str,
    size: tuple[int, int],
) -> None:
    two.theme = theme
    page = visitor("tablet", viewport={"width": size[0], "height": size[1]}).page()
    page.goto(f"{two.address}/judge/compare?a=k27&b=k02")
    Tablet(page, two).ready()
    picture(page, f"judge-compare-{size[0]}-{theme}", full_page=False)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
