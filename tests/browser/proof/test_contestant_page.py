"""A contestant's own page opens again without network, once it was opened."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from compete.models import Account, Competition
from compete.services.registration.badges import replace_badge
from tests.support.announced import announce_again
from tests.support.axe import violations
from tests.support.browser import wait_on_page
from tests.support.second_day import person


def test_the_page_opens_again_without_network_and_goes_with_the_badge(
    announced: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    phone = visitor("phone")
    phone.expect("ERR_INTERNET_DISCONNECTED|404")
    page: Page = phone.page()
    own = f"{live_url}/c/{person(announced, 'P1').badge_token}"
    page.goto(own)
    kept = page.get_by_text("这是上次打开的")
    expect(kept).to_be_hidden()
    wait_on_page(
        page,
        "async () => (await (await caches.open('opened')).match(location.pathname)) !== undefined",
    )
    wait_on_page(page, "navigator.serviceWorker.controller !== null")
    assert page.context.cookies() == []
    result = page.locator("main").inner_text()
    phone.context.set_offline(True)
    page.reload()
    expect(kept).to_be_visible()
    expect(page.locator("[data-part=kept-at]")).not_to_be_empty()
    assert page.locator("h1").inner_text() in result
    page.get_by_role("button", name="存成图片").click()
    expect(page.locator("[data-part=image]")).to_be_visible()
    # Another's page was never opened here.
    other = page.context.new_page()
    with pytest.raises(Exception, match=r"DISCONNECTED|FAILED"):
        other.goto(f"{live_url}/c/{person(announced, 'P2').badge_token}")
    phone.context.set_offline(False)
    page.reload()
    expect(kept).to_be_hidden()
    # A badge that was replaced opens nothing any more, and what was kept of it goes.
    replace_badge(person(announced, "P1"), "丢了", organiser)
    page.reload()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(result.splitlines()[0])
    phone.context.set_offline(True)
    with pytest.raises(Exception, match=r"DISCONNECTED|FAILED"):
        page.reload()


def test_published_results_open_again_without_network_each_tab_that_was_opened(
    announced: Competition, live_url: str, visitor: Callable[..., Any]
) -> None:
    phone = visitor("phone")
    phone.expect("ERR_INTERNET_DISCONNECTED|404")
    page: Page = phone.page()
    here = f"{live_url}/p/{announced.code}"
    page.goto(here)
    kept = page.get_by_text("这是上次打开的")
    expect(kept).to_be_hidden()
    there = """async () => (await (await caches.open('opened'))
        .match(location.pathname + location.search)) !== undefined"""
    wait_on_page(page, there)
    wait_on_page(page, "navigator.serviceWorker.controller !== null")
    page.goto(f"{here}?version=1")
    wait_on_page(page, there)
    phone.context.set_offline(True)
    page.goto(here)
    expect(kept).to_be_visible()
    expect(page.locator("#people")).to_be_visible()
    page.goto(f"{here}?version=1")
    expect(kept).to_be_visible()
    expect(page.locator("#people")).to_be_visible()
    # What was never opened is answered by the page that was.
    page.goto(f"{here}?q=P1")
    expect(kept).to_be_visible()
    expect(page.locator("#people")).to_be_visible()
    page.goto(f"{here}?version=1&q=P1")
    expect(kept).to_be_visible()
    # Another version never stands in for one that was not opened.
    with pytest.raises(Exception, match=r"DISCONNECTED|FAILED"):
        page.goto(f"{here}?version=2")
    phone.context.set_offline(False)
    page.goto(f"{here}?q=P1")
    expect(kept).to_be_hidden()


def test_what_was_checked_is_checked_again_without_network(
    announced: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    announce_again(announced, organiser, "更正")
    phone = visitor("phone")
    phone.expect("ERR_INTERNET_DISCONNECTED")
    page: Page = phone.page()
    page.goto(f"{live_url}/log/check/{announced.code}#P1")
    holds = page.get_by_role("heading", name="对得上", exact=True)
    check_text = page.locator("[data-part=holds-text]")
    old = "没连上服务器，验的是这台设备上次下载的"
    expect(holds).to_be_visible()
    expect(check_text).not_to_contain_text(old)
    kept = page.get_by_text("这是上次打开的")
    expect(kept).to_be_hidden()
    # Opened once, whatever the server's page loads later.
    wait_on_page(page, "navigator.serviceWorker.controller !== null")
    wait_on_page(
        page,
        "async () => (await (await caches.open('opened')).match(location.pathname)) !== undefined"
        " && (await caches.match(document.querySelector('meta[name=keep]').content)) !== undefined",
    )
    phone.context.set_offline(True)
    page.reload()
    expect(kept).to_be_visible()
    expect(holds).to_be_visible()
    expect(check_text).to_contain_text(old)
    for step in ("file", "signed", "leaf", "score", "last", "older"):
        expect(page.locator(f"[data-part=step-{step}] [data-part=icon-ok]")).to_be_visible()
    page.get_by_label("看谁的算式").fill("P2")
    page.get_by_role("button", name="换一个人看").click()
    expect(page.locator("[data-part=mine-text]")).to_contain_text("P2：第")
    assert violations(page) == []
    phone.context.set_offline(False)
    page.get_by_role("button", name="重新下载再验").click()
    expect(check_text).to_contain_text("都在这台设备上算的")
    expect(check_text).not_to_contain_text(old)
    # What the server gives counts, however well the kept one was.
    page.route("**/results.json", lambda route: route.fulfill(body="{}"))
    page.get_by_role("button", name="重新下载再验").click()
    expect(page.get_by_role("heading", name="有一步对不上")).to_be_visible()


def test_the_page_proves_itself_on_the_phone(
    announced: Competition,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    phone = visitor("phone")
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(request.url))
    page: Page = phone.page()
    own = f"{live_url}/c/{person(announced, 'P1').badge_token}"
    page.goto(own)
    ask = page.get_by_role("link", name="用这台手机验一遍")
    expect(ask).to_be_visible()
    assert not any(name in url for url in asked for name in ("check_page", "worker", "bundle.json"))
    ask.click()
    expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
    expect(page.locator("[data-part=step-score]")).to_contain_text("都重算了")
    rank = page.locator(".rank-big").inner_text()
    total = page.locator(".total-figure").inner_text()
    step = page.locator("[data-part=step-own]")
    expect(step).to_contain_text(f"第 {rank} 名，总成绩 {total}")
    expect(step.locator("[data-part=icon-ok]")).to_be_visible()
    expect(page.get_by_role("heading", name=f"{total} 怎么算出来")).to_be_visible()
    way = page.locator("[data-part=how]")
    expect(way).to_contain_text(f"第 {rank} 名")
    expect(way.get_by_text(f"总成绩 {total}", exact=True)).to_be_visible()
    assert page.url == own
    assert page.context.cookies() == []
    assert violations(page) == []


def test_a_page_that_says_another_total_is_told(
    announced: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    own = f"{live_url}/c/{person(announced, 'P1').badge_token}"
    phone = visitor("phone")
    page: Page = phone.page()

    def changed(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'data-total="[^"]*"', 'data-total="100.00"', answer.text())
        route.fulfill(response=answer, body=body)

    page.route("**/c/*", changed)
    page.goto(own)
    page.get_by_role("link", name="用这台手机验一遍").click()
    expect(page.get_by_role("heading", name="有一步对不上")).to_be_visible()
    expect(page.locator("[data-part=step-own]")).to_contain_text("总成绩 100.00。算出来的是：第")
    # A version that came out meanwhile is no lie of this page's.
    announce_again(announced, organiser, "更正")
    page.get_by_role("button", name="重新下载再验").click()
    page.unroute("**/c/*")
    page.reload()
    page.evaluate("document.querySelector('[data-part=prove]').dataset.version = '1'")
    page.get_by_role("link", name="用这台手机验一遍").click()
    expect(page.locator("[data-part=step-own]")).to_contain_text("已经公布了第 2 版")


def test_a_forged_file_is_told_on_the_contestants_page(
    announced: Competition,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    """Whoever stands between changes what was published: marks, or what came of them."""
    page: Page = visitor("phone").page()
    page.goto(f"{live_url}/c/{person(announced, 'P1').badge_token}")
    forged: dict[str, str] = {}

    def changed(route: Route) -> None:
        answer = route.fetch()
        name = route.request.url.rpartition("/")[2].partition("?")[0]
        plain = json.loads(answer.text())
        if name == "bundle.json":
            plain["marks"][0]["value"] = "1"
        else:
            plain["events"][0]["standings"][0]["total"] = "99.99"
        forged[name] = json.dumps(plain)
        route.fulfill(response=answer, body=forged[name])

    for name in ("bundle.json", "results.json"):
        page.route(f"**/{name}", changed)
        page.get_by_role("link", name="用这台手机验一遍").click()
        expect(page.get_by_role("heading", name="有一步对不上")).to_be_visible()
        expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_hidden()
        step = page.locator("[data-part=step-file]")
        expect(step.locator("[data-part=icon-ok]")).to_be_hidden()
        # What comes after is not called right: it was not looked at.
        for later in ("signed", "score", "own"):
            ok = page.locator(f"[data-part=step-{later}] [data-part=icon-ok]")
            expect(ok).to_be_hidden()
        assert name in forged
        page.unroute(f"**/{name}")
        page.reload()
    page.get_by_role("link", name="用这台手机验一遍").click()
    expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
