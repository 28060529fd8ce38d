"""A form that came too late: what was typed is put back for who typed it, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.accounts.sessions import end_other_sessions
from compete.services.competitions.loading import load_bundle
from tests.support.contest import contest
from tests.support.signing_in import carry_in

BUTTON = "提出，等第二个人同意"
# Pressed at once: what is typed is otherwise sent by itself.
PRESSED = "button => button.form.requestSubmit(button)"
KEPT = "sessionStorage.getItem('form')"


def test_what_was_typed_as_the_sign_in_ended_comes_back_to_its_form(
    app: Flask,
    here: Flask,
    judged: Competition,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    someone = visitor("desk")
    someone.expect("400 .BAD REQUEST.")
    page: Page = someone.page()
    owner = create_account("钱文", is_admin=True)
    details = f"{live_url}/desk/{judged.code}/details"
    other = load_bundle(contest(entrants=2))

    def send_late(venue: str, account: Account) -> None:
        carry_in(page.context, app, owner, live_url)
        page.goto(details)
        page.get_by_label("地点", exact=True).fill(venue)
        page.locator("[name=full_names]").last.check()
        # Signed out everywhere, as from another device.
        end_other_sessions(owner, None)
        with page.expect_navigation():
            page.get_by_role("button", name=BUTTON).evaluate(PRESSED)
        expect(page.get_by_text("填的留在这个窗口里")).to_be_visible()
        assert "csrf" not in page.evaluate(KEPT)
        carry_in(page.context, app, account, live_url)

    send_late("第二车间 <b>", owner)
    # Nothing of it on another competition's pages; elsewhere it is called by its name.
    page.goto(f"{live_url}/desk/{other.code}/details")
    expect(page.get_by_role("link", name="回去接着填")).to_have_count(0)
    page.goto(f"{live_url}/desk/")
    expect(page.get_by_text("”刚才没有写入")).to_be_visible()
    page.get_by_role("link", name="回去接着填").click()
    expect(page.get_by_text("填的放回来了")).to_be_visible()
    assert page.get_by_label("地点", exact=True).input_value() == "第二车间 <b>"
    assert page.locator("[name=full_names]").last.is_checked()
    with page.expect_navigation():
        page.get_by_role("button", name=BUTTON).evaluate(PRESSED)
    page.goto(f"{live_url}/desk/{judged.code}/")
    assert page.evaluate(KEPT) is None

    send_late("别人看不到", create_account("孙青", is_admin=True))
    page.goto(details)
    assert page.get_by_label("地点", exact=True).input_value() != "别人看不到"
    assert page.evaluate(KEPT) is None
