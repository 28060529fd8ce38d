"""Parties seal and open on their phones over the network: no code is scanned off a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.states import CeremonyState
from compete.models import DrawCeremony, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.schedule.draw_ceremonies import fix_openings, make_party_link, publish_head
from tests.support.axe import violations
from tests.support.drawing import NAMES, prepared
from tests.support.small import read, small


def test_a_share_leaves_the_phone_only_when_the_head_has_its_seal(
    app: Flask, here: Flask, visitor: Callable[..., Any], live_url: str
) -> None:
    by = create_account("吴敏")
    ceremony = prepared(load_bundle(read(small())), by)
    phones: dict[str, Page] = {}
    sent: list[str] = []
    for name in NAMES:
        link = make_party_link(ceremony, name, spare=name == NAMES[-1], by=by)
        page: Page = visitor("phone").page()
        page.on("request", lambda asked: sent.append(asked.url + (asked.post_data or "")))
        address = f"{live_url}/draw/seal?ceremony={ceremony.name}&number=1&name={name}"
        page.goto(f"{address}#to={link}")
        expect(page.locator("#name")).to_have_attribute("readonly", "")
        page.fill("#share", f"secret-{name}")
        page.get_by_role("button", name="做封签").click()
        page.get_by_role("button", name="交给组委会").click()
        expect(page.get_by_text("组委会收到了")).to_be_visible()
        if name == NAMES[-1]:
            assert violations(page) == []
        # The page is closed until the day; the link is kept with the share.
        page.goto(address)
        page.get_by_role("button", name="拆签", exact=True).click()
        page.get_by_role("button", name="不用扫，用网络拆签").click()
        expect(page.get_by_text("封存值还没公布，现在不能拆")).to_be_visible()
        expect(page.get_by_role("button", name="现在拆")).to_be_hidden()
        phones[name] = page
    assert not any("secret" in message for message in sent)

    publish_head(ceremony, by)
    spare = phones[NAMES[-1]]
    _ask(spare)
    expect(spare.get_by_text("先公布拆签值，再拆备签")).to_be_visible()
    assert not any("secret" in message for message in sent)
    for name in NAMES[:-1]:
        _ask(phones[name])
        expect(phones[name].get_by_text("公布的封存值里有你的封签")).to_be_visible()
        phones[name].get_by_role("button", name="现在拆").click()
        expect(phones[name].get_by_text("拆好了")).to_be_visible()
    assert not any(f"secret-{NAMES[-1]}" in message for message in sent)
    db.session.rollback()
    fix_openings(db.session.get_one(DrawCeremony, ceremony.id), by)
    _ask(spare)
    expect(spare.get_by_text("拆签值：")).to_be_visible()
    spare.get_by_role("button", name="现在拆").click()
    expect(spare.get_by_text("拆好了")).to_be_visible()
    db.session.rollback()
    assert db.session.get_one(DrawCeremony, ceremony.id).state is CeremonyState.DRAWN


def _ask(page: Page) -> None:
    page.get_by_role("button", name="不用扫，用网络拆签").click()
