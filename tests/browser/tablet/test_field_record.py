"""The field record against the whole application: nothing written or drawn is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import FieldRecord, db
from tests.browser.tablet.real import RealHall

SIGNED = "[data-part=pad]"


def filled(hall: RealHall) -> Page:
    """The page of the record with everything on it, signed by the contestant."""
    page: Page = hall.tablet("J1").page
    page.goto(f"{hall.address}/judge/sheets/{hall.sheet_id('J1')}/field")
    page.get_by_label("开始时间").fill("09:12")
    page.get_by_label("结束时间").fill("09:31")
    page.get_by_label("违规情况").fill("没戴安全帽 1 次")
    box = page.locator(SIGNED).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 14):
        page.mouse.move(box["x"] + 40 + 14 * step, box["y"] + (30 if step % 2 else 70), steps=3)
    page.mouse.up()
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="签好了，记下").click()


def kept(page: Page) -> None:
    """All is still on the page."""
    expect(page.get_by_label("违规情况")).to_have_value("没戴安全帽 1 次")
    expect(page.get_by_label("开始时间")).to_have_value("09:12")
    drawn = re.compile(r"(?:L[^L]*){11}")
    expect(page.locator("[data-part=drawing]")).to_have_value(drawn)


def records(app: Flask) -> int:
    with app.app_context():
        return db.session.query(FieldRecord).count()


def test_without_network_all_stays_on_the_page_and_goes_later(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    page = filled(RealHall(app, live_url, visitor))
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("没有网络，还没记下")
    kept(page)
    assert records(app) == 0
    page.context.set_offline(False)
    send(page)
    expect(page.get_by_text("没戴安全帽 1 次")).to_be_visible()
    expect(page.get_by_role("link", name="写错了，重写重签")).to_be_visible()
    assert records(app) == 1


def test_what_the_server_refuses_stays_on_the_page_with_the_reason(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    page = filled(RealHall(app, live_url, visitor))
    page.get_by_label("补时（分，或分:秒）").fill("很多")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("补时")
    kept(page)
    page.get_by_label("补时（分，或分:秒）").fill("2")
    send(page)
    expect(page.get_by_role("link", name="写错了，重写重签")).to_be_visible()


def test_who_was_signed_out_signs_in_again_beside_the_page(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor)
    page = filled(hall)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("登录过期了，还没记下")
    kept(page)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    send(page)
    expect(page.get_by_role("link", name="写错了，重写重签")).to_be_visible()
    assert records(app) == 1
