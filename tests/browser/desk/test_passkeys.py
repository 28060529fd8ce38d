"""A passkey made and used in a browser with an authenticator of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.services.accounts.accounts import create_account
from compete.services.accounts.second_factors import factors_of
from tests.support.signing_in import carry_in


def test_a_passkey_is_made_once_and_signs_in_without_a_password(
    app: Flask, here: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    site = live_url.replace("127.0.0.1", "localhost")
    page: Page = visitor("desk").page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    owner = create_account("钱文", username="qian", password="correct horse 港口", is_admin=True)
    carry_in(page.context, app, owner, site)
    page.goto(f"{site}/account/second-factor")
    page.locator("[data-passkey]").get_by_label("密码").fill("correct horse 港口")
    page.get_by_role("button", name="建一个").click()
    page.get_by_role("link", name="收好了").click()
    assert [factor.kind for factor in factors_of(owner)] == ["passkey"]
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in?next=/desk/accounts")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", name="账号和职责")).to_be_visible()
    # By password the same passkey is the second step.
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in?next=/desk/accounts")
    page.get_by_label("用户名").fill("qian")
    page.get_by_label("密码", exact=True).fill("correct horse 港口")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.get_by_role("heading", name="账号和职责")).to_be_visible()
