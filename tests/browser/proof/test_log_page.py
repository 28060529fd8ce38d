"""Somebody proves on a phone that what is published is in the log, and sees when it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import delete, text

from compete.keys import SigningKey
from compete.models import Account, Competition, LogCheckpoint, LogLeaf, LogTile
from compete.services.kernel import unit_of_work
from compete.services.publication import publish
from compete.services.transparency import catch_up, store
from tests.support.announced import announce, lock, reopen
from tests.support.axe import violations


@pytest.mark.usefixtures("here")
def test_a_phone_proves_two_versions_and_tells_of_a_rewritten_history(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    announce(judged, organiser)
    reopen(judged, organiser)
    lock(judged, organiser)
    publish(judged, organiser, "更正")
    page = visitor("phone").page()
    page.goto(f"{live_url}/log/check/{judged.code}#P1")
    expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
    expect(page.locator("[data-part=mine-text]")).to_contain_text("P1：第")
    expect(page.locator("[data-part=step-older]")).to_contain_text("第 1 版还在总账里")
    expect(page.locator("[data-part=step-last]")).to_contain_text("已经记下")
    assert violations(page) == []
    page.get_by_role("button", name="重新下载再验").click()
    expect(page.locator("[data-part=step-last]")).to_contain_text("接得上")
    expect(page.locator("[data-part=step-older]")).to_contain_text("第 1 版还在总账里")
    # Another key signs from now on; what the phone saw was signed with the former.
    other = SigningKey.generate()
    with monkeypatch.context() as patch:
        patch.setattr(store, "signing_key", lambda: other)
        page.reload()
        expect(page.locator("[data-part=step-older]")).to_contain_text("第 1 版还在总账里")
        expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
        expect(page.locator("[data-part=step-last]")).to_contain_text("接得上")
    # Another history, whole in itself and signed with the same key; this phone saw the first.
    with unit_of_work() as session:
        for table in (LogLeaf, LogTile, LogCheckpoint):
            session.execute(delete(table))
        session.execute(
            text(
                "UPDATE audit_entry SET at = '2026-01-01 00:00:00.000000'"
                " WHERE action = 'results.publish'"
            )
        )
    catch_up()
    page.reload()
    expect(page.get_by_role("heading", name="有一步对不上")).to_be_visible()
    expect(page.locator("[data-part=step-last]")).to_contain_text("有人改过历史")
    # And a file that is not the one that was announced.
    page.route("**/results.json", lambda route: route.fulfill(body="{}"))
    page.get_by_role("button", name="重新下载再验").click()
    expect(page.locator("[data-part=step-file]")).to_contain_text("多半是中途断过网")
    page.goto(f"{live_url}/log")
    expect(page.get_by_role("heading", name="最新的检查点")).to_be_visible()
    assert violations(page) == []
