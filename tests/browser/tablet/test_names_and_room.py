"""Controls bear names for a screen reader; small and large screens have room for what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import aspect
from tests.browser.tablet.tablet import Tablet
from tests.browser.tablet.test_signing import submitted


def test_buttons_of_values_timer_and_chip_say_what_they_are_of(tablet: Tablet, hall: Hall) -> None:
    aspects = [
        aspect("plan", "方案", "score", "20", step="0.5"),
        aspect(
            "depth", "深度", "measurement", "10", unit="mm", bands=[{"within": "1", "marks": "10"}]
        ),
        aspect("run", "用时", "time", "10", full_at="480", zero_at="580"),
    ]
    hall.add_sheet({"id": "k41", "code": "K-41", "aspects": aspects})
    page = tablet.open_sheet("k41").page
    expect(page.get_by_role("button", name="方案：没评", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="深度：输入", exact=True)).to_be_visible()
    expect(page.get_by_role("timer", name="用时")).to_be_visible()
    expect(tablet.part("chip")).to_have_attribute("aria-label", "都已上传")


def test_a_counter_that_nobody_touched_stays_where_it_is(tablet: Tablet, hall: Hall) -> None:
    aspects = [
        aspect("hit", "碰杆", "deduction", "10", points="1"),
        aspect(
            "depth", "深度", "measurement", "10", unit="mm", bands=[{"within": "1", "marks": "10"}]
        ),
    ]
    hall.add_sheet({"id": "k41", "code": "K-41", "aspects": aspects})
    tablet.open_sheet("k41")
    tablet.aspect("depth").locator("[data-part=enter]").click()
    expect(tablet.aspect("hit").locator("[data-part=plus]")).to_be_visible()
    tablet.keys("1")
    tablet.key("confirm")
    expect(tablet.aspect("hit").locator("[data-part=plus]")).to_be_visible()


def test_the_page_of_signing_has_room_on_a_phone(visitor: Callable[..., Any], hall: Hall) -> None:
    submitted(hall, "K-11")
    page = visitor("phone").page()
    page.goto(f"{hall.address}/judge/sign")
    note = page.locator(".sign-row [data-part=note]").first
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box["width"] > 200


def test_the_link_past_the_head_is_out_of_sight_on_a_very_wide_screen(
    visitor: Callable[..., Any], hall: Hall
) -> None:
    page = visitor("desk", viewport={"width": 3840, "height": 2160}).page()
    page.goto(f"{hall.address}/judge/")
    skip = page.locator(".skip")
    box = skip.bounding_box()
    assert box["y"] + box["height"] <= 0
    skip.focus()
    assert skip.bounding_box()["y"] >= 0
