"""An appeal on a phone: step by step, and what was typed outlives a lost network and a reload."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.appeals.appeal_states import appeals_of
from tests.support.announced import announce
from tests.support.appealing import official, person
from tests.support.pictures import photo
from tests.support.signing_in import carry_in
from tests.support.small import IDS

MATTER = "第 2 次是杆座松了自己倒的"


def test_what_was_typed_outlives_network_and_reload(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    announce(judged, organiser)
    phone = visitor("phone")
    page: Page = phone.page()
    page.goto(f"{live_url}/c/{person('P2').badge_token}")
    page.get_by_role("link", name="提交申诉").click()
    expect(page.get_by_role("timer")).to_contain_text("还剩 1")
    page.get_by_role("button", name="下一步 说什么事").click()
    expect(page.get_by_role("alert")).to_have_text("选对哪一项有疑问")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    page.get_by_text("模块m里的某一项").click()
    page.locator("input[value='S/m/f']").check()
    picture(page, "appeal-1")
    page.get_by_role("button", name="下一步 说什么事").click()
    page.get_by_text("判错漏判").click()
    page.get_by_label("写清楚哪里不对").fill(MATTER)
    expect(page.get_by_text("已存在这台手机上，断网也不丢")).to_be_visible()
    picture(page, "appeal-2")
    page.reload()
    page.get_by_role("button", name="下一步 说什么事").click()
    expect(page.get_by_label("写清楚哪里不对")).to_have_value(MATTER)
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(2400, 1800))}
    page.get_by_label("证据").set_input_files([file])
    expect(page.locator(".appeal-photos img")).to_have_count(1)
    page.get_by_role("button", name="下一步 看一遍再交").click()
    page.get_by_label("证件号码的后四位").fill(IDS["P2"][-4:])
    picture(page, "appeal-3")
    phone.expect(re.compile("ERR_INTERNET_DISCONNECTED"))
    page.context.set_offline(True)
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_role("alert")).to_contain_text("没连上")
    page.context.set_offline(False)
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_role("heading", name="收到了，在时间内")).to_be_visible()
    picture(page, "appeal-received")
    db.session.rollback()
    (appeal,) = appeals_of(judged)
    assert (appeal.matter, len(appeal.evidence)) == (MATTER, 1)
    # What is filed is kept no longer on the phone.
    assert page.evaluate("localStorage.length") == 0

    arbiter = official(judged, Role.ARBITER, "高原", organiser)
    desk: Page = visitor("desk").page()
    carry_in(desk.context, app, arbiter, live_url)
    desk.goto(f"{live_url}/desk/X/appeals")
    expect(desk.get_by_text(MATTER)).to_be_visible()
    expect(desk.get_by_role("img", name="申诉人的照片 1")).to_be_visible()
    picture(desk, "arbiter")


def test_words_count_before_their_files_which_follow_one_by_one(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    announce(judged, organiser)
    phone = visitor("phone")
    page: Page = phone.page()
    page.goto(f"{live_url}/c/{person('P2').badge_token}/appeal")
    page.locator("input[value='S/m']").check()
    page.get_by_role("button", name="下一步 说什么事").click()
    page.get_by_text("判错漏判").click()
    page.get_by_label("写清楚哪里不对").fill(MATTER)
    # Photos taken one after another are all there; one is taken away again.
    for number in range(3):
        name = f"{number}.jpg"
        file = {"name": name, "mimeType": "image/jpeg", "buffer": photo(size=(40 + number, 30))}
        page.get_by_label("证据").set_input_files([file])
        expect(page.locator(".appeal-photos li")).to_have_count(number + 1)
    page.get_by_role("button", name="去掉").nth(1).click()
    file = {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 half"}
    page.get_by_label("证据").set_input_files([file])
    page.get_by_role("button", name="下一步 看一遍再交").click()
    page.get_by_label("证件号码的后四位").fill(IDS["P2"][-4:])
    # The line holds for the words and no longer.
    phone.expect(re.compile("ERR_FAILED|400|415"))
    page.route("**/add", lambda route: route.abort())
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_role("alert")).to_contain_text("申诉已经收到了，有文件没传上")
    db.session.rollback()
    (appeal,) = appeals_of(judged)
    assert (appeal.matter, len(appeal.evidence)) == (MATTER, 0)
    picture(page, "appeal-files-lost")
    page.unroute("**/add")
    page.get_by_role("button", name="再传没传上的").click()
    # What is no file that may be stands with its reason; the rest is there.
    expect(page.get_by_role("alert")).to_contain_text("有文件没有收")
    receipts = page.locator(".appeal-photos .appeal-under")
    expect(receipts).to_have_text(["传上了", "传上了", re.compile("没有收：")])
    picture(page, "appeal-files-refused")
    page.get_by_role("button", name="看收到的申诉").click()
    expect(page.get_by_role("heading", name="收到了，在时间内")).to_be_visible()
    db.session.rollback()
    (appeal,) = appeals_of(judged)
    assert [row.media for row in appeal.evidence] == ["image/jpeg", "image/jpeg"]


def test_the_form_shuts_as_its_time_ends_and_what_was_typed_can_be_copied(
    judged: Competition, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    announce(judged, organiser)
    page: Page = visitor("phone").page()
    page.goto(f"{live_url}/c/{person('P2').badge_token}/appeal")
    chosen = page.locator("input[value='S/m']")
    chosen.check()
    step = page.get_by_role("button", name="下一步 说什么事")
    step.click()
    field = page.get_by_label("写清楚哪里不对")
    field.fill(MATTER)
    onward = page.get_by_role("button", name="下一步 看一遍再交")
    expect(onward).not_to_have_attribute("aria-disabled", "true")
    chosen.evaluate("item => { item.dataset.until = new Date().toISOString(); }")
    expect(page.get_by_role("timer")).to_have_text("时间到了")
    expect(page.get_by_text("截止，不收了。写的还在这台手机上，可以抄下来")).to_be_visible()
    expect(onward).to_have_attribute("aria-disabled", "true")
    expect(field).to_have_value(MATTER)
    assert field.evaluate("field => field.readOnly")
