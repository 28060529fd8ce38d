"""Who comes first stands highest, however long another's unit is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.models import Account, Competition
from tests.support.announced import announce
from tests.support.small import all_marks, small


# Narrower ones have no podium: the list begins with the first.
def test_a_long_unit_lifts_nobody_above_who_is_before(
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    file = small(all_marks())
    # P3, who is third, is of the second unit.
    file["units"][1]["name"] = "中交建设（江苏）重型装备与大件运输工程有限责任公司沿江分公司（筹）"
    competition = load(file)
    announce(competition, organiser)
    page = visitor("phone").page()
    page.goto(f"{live_url}/p/{competition.code}")
    for width in (768, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        expect(page.locator(".podium > li")).to_have_count(3)
        for part in (".rank", ".step"):
            tops = [
                box["y"]
                for place in (1, 2, 3)
                if (box := page.locator(f".podium .place-{place} {part}").bounding_box())
            ]
            assert len(tops) == 3
            assert tops[0] < tops[1] < tops[2], (width, part, tops)
