"""The chief judge's board keeps up by itself, and a contestant signs with a finger."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import FieldRecord, db
from compete.services.accounts.sessions import end_other_sessions
from compete.services.judging.field_records import field_drawing
from tests.support.panels import Panel
from tests.support.signing_in import carry_in

BOARD = "/desk/PANEL/progress?module=FORK|final|practice"


def soon(page: Page) -> None:
    """The seconds pass after which the board asks again."""
    page.clock.fast_forward("00:05")


def sign_in(app: Flask, panel: Panel, page: Page, address: str, who: str) -> None:
    with app.app_context():
        carry_in(page.context, app, panel.account(who), address)


def test_the_board_shows_a_dispute_without_being_asked(
    app: Flask,
    opened: Panel,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = visitor("desk").page()
    sign_in(app, opened, page, live_url, "C1")
    page.clock.install()
    page.goto(live_url + BOARD)
    expect(page.get_by_role("heading", name=re.compile("先处理"))).to_have_count(0)
    with app.app_context():
        opened.fill_panel("3", "1", "1")
    soon(page)
    expect(page.get_by_role("heading", name="先处理 1 件")).to_be_visible()
    picture(page, "console-dispute")
    page.get_by_role("button", name="通知 3 人重评").click()
    expect(page.get_by_text("E1 退回给 3 位裁判重评了")).to_be_visible()
    expect(page.get_by_text("先处理 3 件")).to_be_visible()


def test_a_board_whose_session_is_over_asks_for_a_sign_in(
    app: Flask, opened: Panel, live_url: str, visitor: Callable[..., Any]
) -> None:
    """It shows nothing old: what it asks by itself no longer keeps anybody signed in."""
    someone = visitor("desk")
    someone.expect("401")
    page = someone.page()
    sign_in(app, opened, page, live_url, "C1")
    page.clock.install()
    page.goto(live_url + BOARD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("裁判长")
    with app.app_context():
        end_other_sessions(opened.account("C1"), None)
    soon(page)
    expect(page).to_have_url(re.compile("/sign-in.next="))


def test_the_board_leaves_a_form_alone_that_somebody_is_writing_in(
    app: Flask,
    opened: Panel,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
    page = visitor("desk").page()
    sign_in(app, opened, page, live_url, "C1")
    page.clock.install()
    page.goto(live_url + BOARD)
    page.get_by_role("link", name="锁定实操").click()
    expect(page.get_by_text("锁住 6 张评分表")).to_be_visible()
    picture(page, "confirm-lock")
    page.get_by_role("button", name="锁定实操").click()
    page.get_by_text("申请解锁", exact=True).first.click()
    page.get_by_label("为什么解锁").fill("E1 的成品")
    with page.expect_response(lambda reply: "/progress/live" in reply.url and reply.ok):
        soon(page)
    with app.app_context():
        opened.fill_papers()
    with page.expect_response(lambda reply: "/progress/live" in reply.url and reply.ok):
        soon(page)
    expect(page.get_by_label("为什么解锁")).to_have_value("E1 的成品")
    page.get_by_role("button", name="申请解锁").click()
    expect(page.get_by_text("沈国梁 申请解锁：E1 的成品")).to_be_visible()


def test_a_contestant_signs_the_field_record_by_hand_and_a_mistake_loses_nothing(
    app: Flask, opened: Panel, live_url: str, visitor: Callable[..., Any]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    judge = visitor("tablet")
    judge.expect("status of 400")
    page = judge.page()
    sign_in(app, opened, page, live_url, "J1")
    with app.app_context():
        public_id = opened.sheet("J1").public_id
    page.goto(f"{live_url}/judge/sheets/{public_id}/field")
    page.get_by_label("开始时间").fill("09:12")
    draw(page)
    page.get_by_role("button", name="签好了，记下").click()
    expect(page.get_by_role("alert")).to_contain_text("结束时间要写成")
    page.get_by_label("结束时间").fill("09:31")
    page.get_by_role("button", name="签好了，记下").click()
    expect(page.get_by_text("现场记录签好了")).to_be_visible()
    with app.app_context():
        record = db.session.query(FieldRecord).one()
        assert field_drawing(record).path.count("L") > 10


def draw(page: Page) -> None:
    """A wave across the box."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + 40 + step * 9, box["y"] + (90 if step % 4 < 2 else 40))
    page.mouse.up()
