"""Arbiters at their desk: decided on the matter alone, agreed to, taken further; late is late."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.roles import Role
from compete.domain.values.states import AppealState
from compete.models import Account, Appeal, Competition, db, utc_now
from compete.services.appeals.appeal_states import appeals_of
from tests.support.announced import announce
from tests.support.appealing import appealed, official, person
from tests.support.signing_in import carry_in
from tests.support.signing_in import official as known
from tests.support.small import IDS

TOLD = "这里看不到名次、奖项和等级，定了以后才算会动谁。"
RANKS = ("名次", "总成绩", "奖项", "晋升")


def the_appeal(competition: Competition) -> Appeal:
    """As the database has it now."""
    db.session.rollback()
    (appeal,) = appeals_of(competition)
    return appeal


def test_two_decide_the_contestant_goes_on_and_the_head_arbiter_ends_it(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    announce(judged, organiser)
    appealed()
    desks: dict[str, Page] = {}
    for role, name in (
        (Role.ARBITER, "高原"),
        (Role.ARBITER, "方晓"),
        (Role.HEAD_ARBITER, "马骏"),
    ):
        desks[name] = visitor("desk").page()
        carry_in(desks[name].context, app, official(judged, role, name, organiser), live_url)

    first = desks["高原"]
    first.goto(f"{live_url}/desk/X/appeals")
    expect(first.get_by_text("第 2 次是杆座松了自己倒的")).to_be_visible()
    # Whom it moves is locked until two have signed, and nothing of ranks stands anywhere else.
    moved = first.locator("#moved")
    expect(moved).to_contain_text("定下来以前看不到")
    everything = first.locator(".arbiters").inner_text()
    for word in RANKS:
        assert word not in everything.replace(
            "这里看不到名次、奖项和等级，定了以后才算会动谁。", ""
        )
    act = first.get_by_role("button", name="就这样定")
    expect(act).to_have_attribute("aria-disabled", "true")
    expect(first.get_by_text("选了怎么定、写了理由才能定")).to_be_visible()
    # Whoever presses it nevertheless is led to what is lacking.
    act.dispatch_event("click")
    assert first.get_by_label("理由", exact=True).evaluate("field => field.validity.valueMissing")
    first.get_by_role("radio", name="改判").check()
    first.get_by_label("改判的话，改成").fill("0")
    first.get_by_label("改什么、怎么改").fill("碰杆改成 0 次")
    first.get_by_label("理由", exact=True).fill("录像 3 分 20 秒，杆座先倒")
    picture(first, "arbiter-decides")
    expect(first.get_by_text("选了怎么定、写了理由才能定")).to_be_hidden()
    first.get_by_role("button", name="我定：改成 0", exact=True).click()
    expect(first.get_by_text("等另一位同意").first).to_be_visible()
    # One's own proposal waits for another: there is no act for it here.
    expect(first.get_by_role("button", name=re.compile("我同意"))).to_have_count(0)
    assert the_appeal(judged).state is AppealState.FILED

    second = desks["方晓"]
    second.goto(f"{live_url}/desk/X/appeals")
    expect(second.get_by_text("理由：录像 3 分 20 秒，杆座先倒")).to_be_visible()
    second.get_by_role("button", name=re.compile("我同意")).click()
    expect(second.get_by_text("已生效")).to_be_visible()
    assert the_appeal(judged).state is AppealState.DECIDED
    expect(second.locator("#moved")).not_to_contain_text("定下来以前看不到")
    picture(second, "arbiter-agreed")

    # The contestant reads the decision with its reason and takes it further, once.
    phone: Page = visitor("phone").page()
    phone.goto(f"{live_url}/c/{person('P2').badge_token}")
    phone.get_by_role("link", name=re.compile("申诉")).first.click()
    expect(phone.get_by_text("理由：录像 3 分 20 秒，杆座先倒")).to_be_visible()
    phone.get_by_text("不同意，提请总仲裁").click()
    phone.get_by_label("为什么不同意").fill("录像还有另一段")
    phone.locator("details[open]").get_by_label("证件号码的后四位").fill(IDS["P2"][-4:])
    phone.get_by_role("button", name="提请总仲裁").click()
    expect(phone.get_by_text("不同意，提请总仲裁")).to_have_count(0)
    picture(phone, "appeal-second-instance")
    assert the_appeal(judged).state is AppealState.SECOND

    # The first instance has no act any more; the head arbiter's word stands by itself.
    first.reload()
    expect(first.get_by_role("button", name="就这样定")).to_have_count(0)
    head = desks["马骏"]
    head.goto(f"{live_url}/desk/X/appeals")
    expect(head.get_by_text("录像还有另一段")).to_be_visible()
    expect(head.get_by_text("你定了就生效。")).to_be_visible()
    head.get_by_role("radio", name="维持").check()
    head.get_by_label("理由", exact=True).fill("另一段看不到杆座")
    head.get_by_role("button", name="我定：维持").click()
    expect(head.get_by_text("理由：另一段看不到杆座")).to_be_visible()
    assert the_appeal(judged).state is AppealState.FINAL
    phone.reload()
    expect(phone.get_by_text("理由：另一段看不到杆座")).to_be_visible()
    expect(phone.get_by_role("button", name="提请总仲裁")).to_have_count(0)


def test_the_chief_judge_carries_a_decision_out_and_no_arbiter_does(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    appealed()
    pages = []
    for name in ("高原", "方晓"):
        page: Page = visitor("desk").page()
        carry_in(page.context, app, official(judged, Role.ARBITER, name, organiser), live_url)
        page.goto(f"{live_url}/desk/X/appeals")
        pages.append(page)
    first, second = pages
    first.get_by_role("radio", name="改判").check()
    first.get_by_label("改什么、怎么改").fill("碰杆改成 0 次")
    if first.get_by_label("改判的话，改成").count():
        first.get_by_label("改判的话，改成").fill("0")
    first.get_by_label("理由", exact=True).fill("录像看清了")
    first.get_by_role("button", name=re.compile("我定：改")).click()
    second.reload()
    second.get_by_role("button", name=re.compile("我同意")).click()
    expect(second.get_by_role("heading", name="等裁判长执行")).to_be_visible()
    expect(second.get_by_role("button", name="已经照办")).to_have_count(0)
    visit = visitor("desk")
    visit.expect(re.compile("409"))
    chief: Page = visit.page()
    carry_in(chief.context, app, known(judged, "C1"), live_url)
    chief.goto(f"{live_url}/desk/X/appeals")
    chief.get_by_label("怎么办的").fill("已经改了")
    chief.get_by_role("button", name="已经照办").click()
    # Said too early: no mark has changed.
    expect(chief.get_by_role("alert")).to_be_visible()
    expect(chief.get_by_role("heading", name="等裁判长执行")).to_be_visible()
    assert the_appeal(judged).carried_at is None


def test_what_comes_late_is_refused_with_the_time(
    judged: Competition,
    organiser: Account,
    live_url: str,
    app: Flask,
    visitor: Callable[..., Any],
    picture: Callable[..., Any],
) -> None:
    """The phone had the form open in time: what counts is the server's clock at the hand-in."""
    app.config["WTF_CSRF_ENABLED"] = True
    announce(judged, organiser)
    visit = visitor("phone")
    page: Page = visit.page()
    address = f"{live_url}/c/{person('P2').badge_token}"
    page.goto(address)
    page.get_by_role("link", name="提交申诉").click()
    page.locator("input[value='S/m']").check()
    page.get_by_role("button", name="下一步 说什么事").click()
    page.get_by_text("判错漏判").click()
    page.get_by_label("写清楚哪里不对").fill("写得太慢了，过了时间")
    page.get_by_role("button", name="下一步 看一遍再交").click()
    page.get_by_label("证件号码的后四位").fill(IDS["P2"][-4:])
    visit.expect(re.compile("409"))
    with time_machine.travel(utc_now() + timedelta(hours=2, minutes=1)):
        page.get_by_role("button", name="提交申诉").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(
            re.compile(r"申诉时间到 \S*\s?\d\d:\d\d 为止，现在是 .*\d\d:\d\d，没有收")
        )
        page.reload()
        expect(page.get_by_role("heading", name="现在不能提")).to_be_visible()
        expect(page.get_by_text(re.compile("申诉时间到 .+ 为止"))).to_be_visible()
        # What was written is there to be copied out.
        expect(page.locator("#appeal-kept")).to_contain_text("写得太慢了，过了时间")
        picture(page, "appeal-late")
    db.session.rollback()
    assert appeals_of(judged) == []
