"""Entering oneself on a phone: what was typed outlives reload and network, and counts once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from compete.models import Account, Application, Competition, db
from compete.services.accounts.sign_in_cards import use_card
from compete.services.registration.self_entry.confirmation import return_own
from compete.services.registration.units.links import make_link
from tests.support.pictures import photo
from tests.support.self_entry import NUMBERS, switch_on


def test_from_the_poster_to_a_correction(
    app: Flask,
    fresh: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    switch_on(fresh, organiser)
    unit = fresh.units[0]
    contact = use_card(make_link(unit, fresh, "顾燕", organiser))
    phone = visitor("phone")
    page: Page = phone.page()
    page.goto(f"{live_url}/p/X/enter")
    phone.expect(re.compile("400"))
    page.get_by_role("button", name="提交报名").click()
    expect(page.get_by_role("alert")).to_contain_text("还没交上去")
    expect(page.get_by_label("单位", exact=False).first).to_be_focused()
    # Gender and birth are asked where the number does not tell them.
    expect(page.get_by_label("出生日期")).to_be_hidden()
    page.get_by_label("证件类型").select_option(label="护照")
    expect(page.get_by_label("出生日期")).to_be_visible()
    page.get_by_label("证件类型").select_option(label="居民身份证")
    page.locator("#unit").select_option(label=unit.name)
    page.locator("#name").fill("自报甲")
    page.locator("#id_number").fill(NUMBERS[0])
    page.locator("#phone").fill("13900001111")
    page.locator("#consent").select_option(label="同意")
    picture(page, "enter-filled")
    page.reload()
    expect(page.get_by_text("上次填的还在，接着填")).to_be_visible()
    expect(page.locator("#id_number")).to_have_value(NUMBERS[0])
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(1500, 2100))}
    page.locator("#photo").set_input_files([file])
    expect(page.get_by_alt_text("选好的照片")).to_be_visible()
    page.locator("#photo").set_input_files([file | {"buffer": b"no picture"}])
    expect(page.get_by_alt_text("选好的照片")).to_be_hidden()
    page.locator("#photo").set_input_files([file])
    expect(page.get_by_alt_text("选好的照片")).to_be_visible()
    phone.expect(re.compile("ERR_INTERNET_DISCONNECTED"))
    page.context.set_offline(True)
    page.get_by_role("button", name="提交报名").click()
    expect(page.get_by_role("alert")).to_contain_text("没有网络")
    page.context.set_offline(False)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.expect(re.compile("ERR_FAILED"))
    page.route("**/p/X/enter", lose_the_answer, times=1)
    page.get_by_role("button", name="提交报名").click()
    expect(page.get_by_role("alert")).to_contain_text("没连上")
    page.get_by_role("button", name="提交报名").click()
    page.wait_for_url("**/r/*")
    expect(page.get_by_text("等单位联系人确认")).to_be_visible()
    picture(page, "enter-own")
    db.session.rollback()
    (own,) = db.session.scalars(select(Application)).all()
    # Nothing of it stays on the phone but the way to it.
    page.goto(f"{live_url}/p/X/enter")
    expect(page.locator("#id_number")).to_have_value("")
    return_own(unit, fresh, {own.public_id: own.version}, "部门没写", contact)
    page.locator("#entered a").click()
    expect(page.get_by_text("部门没写")).to_be_visible()
    expect(page.locator("#id_number")).to_have_value("")
    page.get_by_text("还有几项").click()
    page.get_by_label("部门/班组").fill("装卸二班")
    page.get_by_role("button", name="改好了，再交一次").click()
    expect(page.get_by_text("等单位联系人确认")).to_be_visible()
    page.get_by_text("不参加了，撤回").click()
    page.get_by_role("button", name="撤回报名").click()
    expect(page.get_by_text("撤回了，不算报名")).to_be_visible()
    page.get_by_text("把资料删掉", exact=True).click()
    page.get_by_role("button", name="删掉我的资料").click()
    expect(page.get_by_role("heading", name="资料删掉了")).to_be_visible()
    db.session.rollback()
    assert db.session.scalars(select(Application)).all() == []
