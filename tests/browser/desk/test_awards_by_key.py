"""Awards and promotions are gone through by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.domain.values.states import GradeState
from compete.models import Account, Competition, db
from compete.services.closing.grade_proposals import grade_decisions_of
from tests.support.announced import announce
from tests.support.second_day import PRIZES
from tests.support.signing_in import carry_in
from tests.support.small import all_marks, small


def test_rows_are_walked_opened_and_decided_by_keys(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    plain = small(all_marks(), event=PRIZES)
    for person, grade in zip(plain["entrants"], (3, 5, 4, 4), strict=True):
        person["grade"] = grade
    competition = load(plain)
    announce(competition, organiser)
    db.session.commit()
    page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/X/awards")
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0).locator("summary").first).to_be_focused()
    page.keyboard.press("Space")
    expect(rows.nth(0).locator(".reasons")).to_be_visible()
    page.keyboard.press("Space")
    expect(rows.nth(0).locator(".reasons")).to_be_hidden()
    # An act that is out of sight is not pressed.
    page.keyboard.press("1")
    expect(page).to_have_url(f"{live_url}/desk/X/awards")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(0).locator("summary").first).to_be_focused()
    page.keyboard.press("n")
    expect(rows.nth(1).locator("summary").first).to_be_focused()
    picture(page, "awards-by-key")
    page.keyboard.press("2")
    expect(page.get_by_text("批准了 1 人").first).to_be_visible()
    with app.app_context():
        states = {now.person.code: now.state for now in grade_decisions_of(competition)}
    assert states["P2"] is GradeState.APPROVED
    assert states["P1"] is GradeState.PROPOSED
