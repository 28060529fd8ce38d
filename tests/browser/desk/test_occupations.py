"""An occupation typed by first letters: proposed, chosen by keys, its fields filled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, Route, expect

from compete.models import Account
from compete.services.accounts.accounts import create_account
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.event_setup import add_event
from compete.services.directory.occupations.shipped import fill_catalogue
from compete.services.kernel.transactions import unit_of_work
from tests.support.browser import rest
from tests.support.signing_in import carry_in
from tests.support.unfolded import unfold


def _rules_page(app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]) -> Page:
    app.config["WTF_CSRF_ENABLED"] = True
    with unit_of_work():
        fill_catalogue()
    draft = make_draft(blank(Beginnings(name="赛", code="B")), Origin.BLANK, "", organiser)
    event = add_event(draft, "叉车", None, organiser)
    page: Page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    unfold(page)
    page.clock.install()
    page.goto(f"{live_url}/desk/B/events/rules?event={event.code}")
    return page


def test_what_is_told_is_of_the_code_that_stands_there(
    app: Flask, here: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    page = _rules_page(app, organiser, live_url, visitor)
    code, old = page.locator('[id="occupation.code"]'), "6-04-02-05"
    changed = page.get_by_text("2015 年版改成 6-18-02-04 焊工")
    late: list[Route] = []
    page.route(lambda url: f"code={old}" in url, lambda route: late.append(route))
    code.fill(old)
    code.blur()
    with page.expect_response(lambda answer: "code=6-18-02-04" in answer.url):
        code.fill("6-18-02-04")
        code.blur()
    with page.expect_response(lambda answer: f"code={old}" in answer.url) as answered:
        late[0].continue_()
    answered.value.finished()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(changed).to_have_count(0)
    page.unroute_all()
    code.fill(old)
    code.blur()
    expect(changed).to_be_visible()


def test_what_is_chosen_fills_its_fields_and_an_old_code_is_told(
    app: Flask, here: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    page = _rules_page(app, organiser, live_url, visitor)
    name, code, track = (
        page.locator(f'[id="occupation.{key}"]') for key in ("name", "code", "track")
    )
    proposed = page.locator(".matches:visible").get_by_role("option")
    name.press_sequentially("ccsj")
    expect(proposed).to_have_text(["叉车司机起重装卸机械操作工 6-30-05-01，2015 年版"])
    name.press("ArrowDown")
    name.press("Enter")
    expect(name).to_have_value("起重装卸机械操作工")
    expect(code).to_have_value("6-30-05-01")
    expect(track).to_have_value("叉车司机")
    expect(proposed).to_have_count(0)
    name.blur()
    name.fill("焊工")
    proposed.nth(1).click()
    expect(code).to_have_value("6-04-02-05")
    # The 工种 of another occupation goes.
    expect(track).to_have_value("")
    expect(page.get_by_text("2015 年版改成 6-18-02-04 焊工")).to_be_visible()
    name.fill("自己写的")
    name.blur()
    rest(page)
    expect(page.locator(".typed-chip [data-part=text]")).to_contain_text("已存")
    page.reload()
    expect(name).to_have_value("自己写的")
    carry_in(page.context, app, create_account("钱文", is_admin=True), live_url)
    page.goto(f"{live_url}/desk/bodies")
    page.get_by_label("从职业目录加一行").fill("hangong")
    proposed.first.click()
    expect(page.get_by_label("备案范围")).to_have_value("6-18-02-04 焊工 5,4,3,2,1")


def test_a_name_written_out_brings_its_code_but_takes_none_away(
    app: Flask, here: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    page = _rules_page(app, organiser, live_url, visitor)
    name, code = (page.locator(f'[id="occupation.{key}"]') for key in ("name", "code"))
    name.fill("起重装卸机械操作工")
    name.blur()
    expect(code).to_have_value("6-30-05-01")
    rest(page)
    expect(page.locator(".typed-chip [data-part=text]")).to_contain_text("已存")
    name.fill("焊工")
    name.blur()
    expect(page.get_by_text("职业目录里“焊工”的编码是")).to_be_visible()
    expect(code).to_have_value("6-30-05-01")
    code.fill("")
    name.fill("没有这个职业")
    name.blur()
    expect(page.get_by_text("职业目录里没有“没有这个职业”")).to_be_visible()
    expect(code).to_have_value("")
