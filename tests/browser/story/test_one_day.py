"""A small contest on one day: cards, marks, a mistake put right by two, published and certified."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.roles import Role
from compete.models import CardHandling, Certificate, Competition, Sheet, db
from compete.services.accounts.accounts import create_account, grant_role, known_account_of
from compete.services.accounts.sign_in_cards import standing_card
from compete.services.competitions.loading import load_bundle
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.schedule.allocation import assign_judges
from compete.services.sheets.locks_in_force import standing_locks
from tests.browser.story.people import Judge, Organiser
from tests.domain.scoring.build import aspect, bundle, entrant, event, module, panel, stage
from tests.support.small import read

PASSWORD, PIN = "lamp-cobalt-42", "4827"
OFFICIALS = {"C1": ("沈国梁", "chief"), "J1": ("许静", "judge"), "J2": ("万敏", "judge")}


@pytest.fixture
def firm(app: Flask) -> None:
    """A firm's own contest, two people and one module, with one organiser."""
    work = module("m", [aspect("a", full=100, step="0.5")], weight=100, panel=panel(2))
    award = {"code": "first", "name": "一等奖", "top": 1}
    people = [entrant(code, name=name) for code, name in (("P1", "赵一"), ("P2", "钱二"))]
    plain = bundle(event(stage(work), awards=[award]), people, [])
    plain["competition"] |= {"name": "一日赛", "level": "enterprise"}
    plain["judges"] = [
        {"code": code, "name": name, "role": role} for code, (name, role) in OFFICIALS.items()
    ]
    with app.app_context():
        organiser = create_account("吴敏", username="wumin", password=PASSWORD)
        competition = load_bundle(read(plain), by=organiser)
        grant_role(organiser, competition, Role.ORGANISER)
        seats = [(judge, "") for judge in competition.judges if judge.code != "C1"]
        assign_judges(competition.events[0], "S", "m", seats, organiser)
        db.session.remove()


def link_of(app: Flask, code: str) -> str:
    """What the QR code on a printed card holds."""
    with app.app_context():
        judge = next(seat for seat in competition_of().judges if seat.code == code)
        account = known_account_of(judge)
        assert account is not None
        return f"/sign-in/{standing_card(account)[1]}"


def competition_of() -> Competition:
    return db.session.query(Competition).filter_by(code="X").one()


def scan(page: Page, address: str, link: str) -> None:
    """The card's holder sets a PIN on the own device."""
    page.goto(address + link)
    for name in ("pin", "again"):
        page.locator(f"input[name={name}]").fill(PIN)
    page.get_by_role("button", name="记住了，登录").click()
    page.wait_for_load_state()


@pytest.mark.slow
def test_between_morning_and_evening_nobody_waits_for_tomorrow(
    app: Flask, firm: None, live_url: str, visitor: Callable[..., Any]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    desk = Organiser(visitor("desk").page(), live_url)
    desk.go("/sign-in")
    desk.page.locator("input[name=username]").fill("wumin")
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.press("登录")
    desk.page.wait_for_url(re.compile("/desk/"))
    desk.go("/desk/X/judges?people=1")
    desk.page.locator("#cards > summary").click()
    desk.sees("登录卡提前一天发")
    # Escape closes the drawer and leads back to what opened it.
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#cards > summary")).to_be_focused()
    desk.page.keyboard.press("Enter")
    with desk.page.expect_response(re.compile("cards.pdf")) as printed:
        desk.press("打印登录卡")
    assert printed.value.headers["content-type"] == "application/pdf"
    scan(visitor("phone").page(), live_url, link_of(app, "C1"))

    desk.go("/desk/X/open")
    desk.press("开始评分")
    judges = {code: Judge(visitor("tablet").page(), live_url) for code in ("J1", "J2")}
    for code, judge in judges.items():
        scan(judge.page, live_url, link_of(app, code))
        while judge.open_next():
            judge.fill()
            judge.submit()
            judge.says(re.compile("都已上传"))

    lock(desk)
    # A mark is wrong: the whole is opened by one, the module by two, who are both here.
    desk.go("/desk/X/")
    desk.page.locator("summary", has_text="解锁评分").click()
    desk.page.locator("#unlock-why").fill("许静录错一张")
    desk.press("解锁评分")
    desk.go("/desk/X/progress?module=E|S|m")
    desk.page.locator("summary", has_text="申请解锁").click()
    desk.page.locator("#unlock-1").fill("许静录错一张")
    desk.page.locator("#locks").get_by_role("button", name="申请解锁").click()
    desk.sees(re.compile("今天要办，两个人当面办"))
    desk.page.get_by_role("link", name="当面办、交签字件").click()
    desk.page.locator("#together-other").fill(PIN)
    desk.page.locator("#together-own").fill(PASSWORD)
    desk.press("两个人都同意")
    desk.sees(re.compile("沈国梁 同意了"))
    with app.app_context():
        assert standing_locks(competition_of()) == []
        wrong = db.session.query(Sheet).join(Sheet.judge).filter_by(code="J1").first()
        assert wrong is not None
        chief = next(judge for judge in competition_of().judges if judge.code == "C1")
        account = known_account_of(chief)
        assert account is not None
        send_sheet_back(wrong, "少记一项", account)
        address = f"/judge/sheets/{wrong.public_id}"
    judges["J1"].go(address)
    judges["J1"].ready()
    judges["J1"].ready()
    judges["J1"].page.locator("button.tile").click()
    judges["J1"].aspect("a").locator("[data-part=value]").click()
    judges["J1"]._keys("90")
    judges["J1"].submit()
    judges["J1"].says(re.compile("都已上传"))

    lock(desk)
    desk.go("/desk/X/publish")
    desk.sees("往后要第二个人的")
    desk.press("公布成绩")
    desk.sees(re.compile("已公布第 1 版"))
    desk.go("/desk/X/certificates")
    desk.page.locator("form[action$=award] button, form[action*=issue] button").first.click()
    desk.page.wait_for_load_state()
    with app.app_context():
        assert db.session.query(Certificate).count() == 1
        assert db.session.query(CardHandling).count() > 0
    public = visitor("phone").page()
    public.goto(f"{live_url}/p/X")
    public.locator(".bent > summary").click()
    expect(public.get_by_text(re.compile("两个人都在场")).first).to_be_visible()


def lock(desk: Organiser) -> None:
    """All marks are locked, after who could be the second person was said."""
    desk.go("/desk/X/lock")
    desk.sees("往后要第二个人的")
    desk.press("锁定评分")
    desk.page.wait_for_load_state()
