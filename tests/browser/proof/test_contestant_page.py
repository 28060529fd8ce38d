"""A contestant's own page opens again without network, once it was opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition
from compete.services.registration import replace_badge
from tests.support.announced import announce
from tests.support.browser import wait_on_page
from tests.support.second_day import person


@pytest.mark.usefixtures("here")
def test_the_page_opens_again_without_network_and_goes_with_the_badge(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    announce(judged, organiser)
    phone = visitor("phone")
    phone.expect("ERR_INTERNET_DISCONNECTED|404")
    page: Page = phone.page()
    own = f"{live_url}/c/{person(judged, 'P1').badge_token}"
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
        other.goto(f"{live_url}/c/{person(judged, 'P2').badge_token}")
    phone.context.set_offline(False)
    page.reload()
    expect(kept).to_be_hidden()
    # A badge that was replaced opens nothing any more, and what was kept of it goes.
    replace_badge(person(judged, "P1"), "丢了", organiser)
    page.reload()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(result.splitlines()[0])
    phone.context.set_offline(True)
    with pytest.raises(Exception, match=r"DISCONNECTED|FAILED"):
        page.reload()
