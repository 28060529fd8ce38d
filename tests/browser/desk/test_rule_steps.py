"""The rules of a new event, walked through step by step: few fields, one step open at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.models import Account
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.event_setup import add_event
from tests.support.signing_in import carry_in

MOST_OPEN, MOST_OF_ALL, HIGHEST = 8, 25, 1_100
FIELDS = "form.rules :is(input:not([type=hidden]), select, textarea)"
STEPS = ("stages", "sheets", "ties", "awards", "grades")


def test_a_new_event_asks_little_and_tells_what_was_typed(
    app: Flask, here: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    made = make_draft(blank(Beginnings(name="赛", code="S")), Origin.BLANK, "", organiser)
    event = add_event(made, "叉车", None, organiser)
    page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_url}/desk/S/events/rules?event={event.code}")
    shown = page.locator(FIELDS).filter(visible=True)
    heads = page.locator(".rule-step > summary")
    counts = []
    for key in STEPS:
        step = page.locator(f"#step-{key}")
        if step.get_attribute("open") is None:
            step.locator("> summary").press("Enter")
        expect(page.locator(".rule-step[open]")).to_have_count(1)
        counts.append(shown.count())
        assert page.evaluate("document.documentElement.scrollHeight") <= HIGHEST, key
    assert max(counts) <= MOST_OPEN, counts
    assert sum(counts) <= MOST_OF_ALL, counts
    heads.nth(0).click()
    page.get_by_label("权重 %").first.fill("25")
    page.get_by_label("权重 %").nth(1).fill("75")
    expect(heads.nth(0)).to_contain_text("理论 25%、实操 75%")
    # What equal totals go by stands in the order in which Alt and the arrows put it.
    heads.nth(2).click()
    page.get_by_label("第 2 比").select_option(label="理论成绩高的在前")
    page.get_by_label("第 2 比").press("Alt+ArrowUp")
    expect(heads.nth(2)).to_contain_text("理论成绩高的在前，实操成绩高的在前，还一样就并列")
    # Another sentence of promotion, whose range begins behind the first.
    heads.nth(4).click()
    page.get_by_role("button", name="再加一句").click()
    page.get_by_label("前几名", exact=True).fill("3")
    page.get_by_label("升到", exact=True).select_option("2")
    expect(heads.nth(4)).to_contain_text("前 3 名升")
