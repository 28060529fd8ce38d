"""A film from a phone: marked there, sent after the words, played at its instants by an arbiter."""

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
from compete.services.registration.units.links import make_link
from tests.support.announced import announce
from tests.support.appealing import nothing_follows, official, person
from tests.support.films import recorded
from tests.support.signing_in import carry_in
from tests.support.small import IDS

MATTER = "第 2 次是杆座松了自己倒的"


def test_words_come_in_though_the_film_is_lost_and_it_follows(
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
    film = {"name": "a.mp4", "mimeType": "video/mp4", "buffer": recorded(page, 3)}
    page.get_by_text("模块m里的某一项").click()
    page.locator("input[value='S/m/f']").check()
    page.get_by_role("button", name="下一步 说什么事").click()
    page.get_by_text("判错漏判").click()
    page.get_by_label("写清楚哪里不对").fill(MATTER)
    page.get_by_label("证据").set_input_files([film])
    player = page.locator("video")
    expect(player).to_be_visible()
    player.evaluate("film => { film.currentTime = 2; }")
    page.get_by_role("button", name="标下这一刻").click()
    field = page.get_by_label("要紧的时刻")
    expect(field).to_be_focused()
    expect(field).to_have_value("0:02 ")
    field.press_sequentially("第 2 次")
    picture(page, "appeal-film-1")
    page.get_by_role("button", name="下一步 看一遍再交").click()
    page.get_by_label("证件号码的后四位").fill(IDS["P2"][-4:])
    # The network goes once the words are in: they are not sent again, the film is.
    phone.expect(re.compile("ERR_FAILED"))
    page.route("**/add", lambda route: route.abort())
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_role("alert")).to_contain_text("申诉已经收到了，有文件没传上")
    expect(page.get_by_role("link", name="不传了，看收到的申诉")).to_be_visible()
    picture(page, "appeal-film-2")
    page.unroute("**/add")
    page.get_by_role("button", name="再传", exact=True).click()
    expect(page.get_by_role("heading", name="收到了，在时间内")).to_be_visible()
    expect(page.get_by_text("录像：0:02 第 2 次")).to_be_visible()
    picture(page, "appeal-film-3")
    db.session.rollback()
    (appeal,) = appeals_of(judged)
    assert [(row.media, row.words) for row in appeal.evidence] == [("video/mp4", "0:02 第 2 次")]
    nothing_follows(appeal)

    desk: Page = visitor("desk").page()
    carry_in(desk.context, app, official(judged, Role.ARBITER, "高原", organiser), live_url)
    desk.goto(f"{live_url}/desk/X/appeals")
    shown = desk.locator("video")
    expect(shown).to_be_visible()
    at = "film => film.currentTime"
    desk.get_by_role("link", name="0:02 第 2 次").click()
    assert shown.evaluate(at) == 2
    picture(desk, "arbiter-film")
    shown.evaluate("film => { film.currentTime = 0; }")
    desk.locator("h1").click()
    desk.keyboard.press("]")
    assert shown.evaluate(at) == 2
    desk.keyboard.press(" ")
    assert not shown.evaluate("film => film.paused")
    desk.keyboard.press(" ")
    assert shown.evaluate("film => film.paused")
    desk.keyboard.press("2")
    expect(desk.get_by_role("radio", name="改判")).to_be_checked()
    # Who types means the words.
    desk.get_by_label("理由", exact=True).press_sequentially("第 3 次")
    expect(desk.get_by_role("radio", name="改判")).to_be_checked()
    expect(desk.get_by_label("理由", exact=True)).to_have_value("第 3 次")


def test_a_units_contact_sends_a_film_with_the_forms_own_token(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    announce(judged, organiser)
    unit = person("P2").unit
    link = make_link(unit, judged, "联系人", organiser)
    page: Page = visitor("phone").page()
    page.goto(f"{live_url}/sign-in/{link}")
    for field in page.locator("main input:visible").all():
        field.fill("4827")
    page.locator("main button").first.click()
    page.wait_for_url("**/unit/**")
    page.goto(f"{live_url}/unit/X/appeals/P2")
    film = {"name": "a.mov", "mimeType": "video/quicktime", "buffer": recorded(page, 1)}
    page.locator("input[value='S/m']").check()
    page.get_by_role("button", name="下一步 说什么事").click()
    page.get_by_text("设备故障").click()
    page.get_by_label("写清楚哪里不对").fill("货叉没力气，停了两分钟")
    page.get_by_label("证据").set_input_files([film])
    page.get_by_label("要紧的时刻").fill("0:00 没力气")
    page.get_by_role("button", name="下一步 看一遍再交").click()
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_text("录像：0:00 没力气")).to_be_visible()
    db.session.rollback()
    (appeal,) = appeals_of(judged)
    (kept,) = appeal.evidence
    assert kept.added_by == appeal.filed_by is not None
