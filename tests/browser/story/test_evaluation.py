"""A worker becomes 高级工 with no contest: begun, applied, judged, published, looked up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Sheet, db
from compete.models import Judge as Judging
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.directory.ladders.conditions import (
    confirm_edition,
    fill_editions,
    find_editions,
)
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import add_official
from compete.services.schedule.allocation import assign_judges
from tests.browser.story.people import Contestant, Judge, Organiser
from tests.browser.story.sent_sheets import hand_in
from tests.browser.story.test_one_day import PASSWORD
from tests.sheets.reading.files import id_of
from tests.support.announced import body_for, end_appeals, plain
from tests.support.signing_in import carry_in, official

APPLICANTS = {"吴合格": "2020-03-01", "郑差一点": "2020-03-01", "王刚到": "2025-03-01"}
"""Since when they have the fourth grade; four years are wanted."""
EXAMINERS = ("考评员一", "考评员二", "考评员三")


def competition_of() -> Competition:
    return db.session.query(Competition).filter_by(code="REN-2026").one()


@pytest.fixture
def centre(app: Flask) -> None:
    """An evaluation centre with one clerk, who is its administrator too."""
    with app.app_context():
        clerk = create_account("吴敏", username="wumin", password=PASSWORD, is_admin=True)
        with unit_of_work():
            fill_editions()
        confirm_edition(find_editions()[0], clerk)
        db.session.remove()


@pytest.mark.slow
def test_from_the_application_to_the_look_up(
    app: Flask, centre: None, live_url: str, visitor: Callable[..., Any]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    desk = Organiser(visitor("desk").page(), live_url)
    desk.go("/sign-in")
    desk.page.locator("input[name=username]").fill("wumin")
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.press("登录")
    desk.page.wait_for_url(re.compile("/desk/"))
    begin(desk)
    for place, (name, since) in enumerate(APPLICANTS.items(), 1):
        apply(desk, name, id_of(place), since)
    desk.go("/desk/REN-2026/review")
    desk.sees("王刚到")
    desk.sees(re.compile("还差"))
    expect(desk.page.get_by_text("吴合格")).to_have_count(0)
    desk.go("/desk/REN-2026/review?show=ready")
    desk.sees("吴合格")
    desk.press("通过这 2 人")
    desk.sees(re.compile("2 人通过了"))
    desk.go("/desk/REN-2026/review")
    desk.page.locator("tr", has_text="王刚到").locator("input[type=checkbox]").check()
    desk.press("转下一批")
    examiners = seat_examiners(app)
    desk.go("/desk/REN-2026/open")
    desk.press("开始评分")
    with app.app_context():
        short = db.session.query(Entrant.code).filter_by(name="郑差一点").scalar()
        db.session.remove()
    marking, *others = examiners
    context = visitor("tablet").context
    with app.app_context():
        carry_in(context, app, official(competition_of(), marking), live_url)
        db.session.remove()
    mark(Judge(context.new_page(), live_url), short)
    mark_alike(app, others, short)
    desk.go("/desk/REN-2026/lock")
    desk.press(re.compile("^锁定"))
    desk.page.wait_for_load_state()
    desk.go("/desk/REN-2026/publish")
    expect(desk.page.get_by_text("名次")).to_have_count(0)
    desk.press("公布")
    desk.sees(re.compile("已公布第 1 版"))
    public = Contestant(visitor("phone").page(), live_url)
    public.go("/p/REN-2026")
    expect(public.page.get_by_text("郑*一*")).to_have_count(0)
    with app.app_context():
        end_appeals(competition_of())
        body_for(competition_of())
        db.session.remove()
    with app.app_context():
        other = create_account("周颖")
        grant_role(other, competition_of(), Role.ORGANISER)
        own = visitor("desk").context
        carry_in(own, app, other, live_url)
        db.session.remove()
    certify(desk, Organiser(own.new_page(), live_url), public)
    tell_them(app, public)


def begin(desk: Organiser) -> None:
    """One page makes the evaluation."""
    desk.go("/desk/new?start=evaluation")
    page = desk.page
    page.fill("#name", "2026年第二批认定")
    page.fill("#occupation", "灌排泵站运行工")
    page.fill("#code", "REN-2026")
    page.fill("#starts", "2026-12-20")
    page.check("input[name=levels][value='3']")
    desk.press("建草稿，去补齐")
    page.wait_for_url(re.compile("/desk/REN-2026/"))
    desk.go("/desk/REN-2026/units")
    page.locator("textarea").first.fill("一站")
    page.locator("form:has(textarea) button").first.click()
    page.wait_for_load_state()


def apply(desk: Organiser, name: str, number: str, since: str) -> None:
    """Somebody of the fourth grade applies for the third."""
    desk.go("/desk/REN-2026/entrants/new")
    page = desk.page
    page.locator("[name=name]").fill(name)
    page.locator("[name=id_number]").fill(number)
    page.locator("[name=unit]").select_option(index=1)
    page.locator("[name=grade]").select_option("4")
    page.locator("[name=grade_since]").fill(since)
    page.locator("form:has([name=id_number]) button.primary").click()
    desk.sees(re.compile(f"{name} 在名单里了"))


def seat_examiners(app: Flask) -> list[str]:
    """Three examiners for the practical, of whom two mark the theory too; their codes."""
    with app.app_context():
        competition = competition_of()
        clerk = db.session.query(Account).filter_by(username="wumin").one()
        with unit_of_work():
            plain(competition)
        judges = [add_official(competition, Role.JUDGE, name, clerk) for name in EXAMINERS]
        (event,) = competition.events
        assign_judges(event, "s", "theory", [(judge, "") for judge in judges[:2]], clerk)
        assign_judges(event, "s", "practical", [(judge, "") for judge in judges], clerk)
        codes = [judge.code for judge in judges]
        db.session.remove()
    return codes


def value_of(entrant: str, aspect: str, failing: str) -> str:
    """One person is half a point short of the line in the practical."""
    return "59.5" if entrant == failing and aspect.startswith("practical") else "72"


def mark(judge: Judge, failing: str) -> None:
    """Every sheet of an examiner, page by page."""
    while judge.open_next():
        sheet = judge.sheet()
        (aspect,) = sheet["aspects"]
        judge.aspect(aspect["code"]).locator("[data-part=value]").click()
        judge._keys(value_of(sheet["code"], aspect["code"], failing))
        judge.submit()
        judge.says(re.compile("都已上传"))


def mark_alike(app: Flask, others: list[str], failing: str) -> None:
    """The other examiners find the same, as their tablets send it."""
    with app.app_context():
        theirs = db.session.query(Sheet).join(Sheet.judge).filter(Judging.code.in_(others)).all()
        assert len(theirs) == 3 * (len(APPLICANTS) - 1)
        for sheet in theirs:
            hand_in(sheet, lambda aspect, of=sheet.label: value_of(of, aspect.code, failing))
        db.session.remove()


def certify(desk: Organiser, second: Organiser, public: Contestant) -> None:
    """Approved by two, numbered, and looked up by whoever holds the certificate."""
    desk.go("/desk/REN-2026/verdicts?event=L3")
    desk.press(re.compile(r"提出批准 1 人"))
    desk.sees(re.compile(r"提出批准了 1 人，等另一位同意"))
    expect(desk.page.get_by_role("button", name="同意", exact=True)).to_have_count(0)
    second.go("/desk/REN-2026/")
    second.sees(re.compile("批准.+的等级，等第二个人同意"))
    second.go("/desk/REN-2026/verdicts?event=L3")
    second.press(re.compile("^同意$"))
    second.sees(re.compile(r"同意了，批准 1 人"))
    desk.go("/desk/REN-2026/certificates")
    desk.page.locator("textarea[id^=early-]").first.fill("急着上岗")
    desk.press(re.compile(r"^发 1 张"))
    desk.sees(re.compile("发了"))
    link = desk.page.get_by_role("link", name="查验页", include_hidden=True).first.get_attribute(
        "href"
    )
    assert link is not None
    public.go(link)
    public.sees("有效")
    public.sees("考核认定")


def tell_them(app: Flask, public: Contestant) -> None:
    """Whoever failed reads on the own page alone what was short."""
    with app.app_context():
        tokens = dict(db.session.query(Entrant.name, Entrant.badge_token).tuples())
        db.session.remove()
    public.scan(tokens["郑差一点"])
    public.sees("不合格")
    public.sees("59.5")
    public.scan(tokens["吴合格"])
    public.sees("合格")
    expect(public.page.get_by_text("名次")).to_have_count(0)
