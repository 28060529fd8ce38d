"""What version 2 has besides is set by the form alone, from a new event on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.event_setup import add_event
from tests.support.signing_in import carry_in
from tests.support.typed_rules import definition, fill, saved
from tests.support.unfolded import unfold

PART = "stages[0].parts[0]"
DIVE, FIRST, SECOND = (f"stages[0].modules[{n}]" for n in range(3))
FACTORED = {"type": "factored", "name": "动作", "max": "35", "top": "10", "difficulties": "2 3.5"}
SUMMED = {
    **{"full": "270", "panel.size": "2", "panel.combine": "sum"},
    **{"panel.min": "1", "panel.reduced": "scale"},
}


def _timed(rules: dict[str, Any]) -> bool:
    """True once both attempts are timed and in the part."""
    attempts = rules["stages"][0]["modules"][1:]
    return all(it.get("part") and it["aspects"][0].get("zero_at") == "120" for it in attempts)


def test_attempts_and_standard_scores_are_set_from_nothing(
    app: Flask,
    here: Flask,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    draft = make_draft(blank(Beginnings(name="赛", code="B")), Origin.BLANK, "", organiser)
    code = add_event(draft, "叉车", None, organiser).code
    page: Page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    unfold(page)
    page.clock.install()
    page.goto(f"{live_url}/desk/B/events/rules?event={code}")
    page.get_by_role("button", name="再加一个部分").click()
    fill(page, {"name": "绕桩", "weight": "80", "full": "100", "take.best": "1"}, PART)
    page.locator(f'[name="{PART}.rounds"]:visible').check()
    page.get_by_role("button", name="再加一个模块").click()
    timed = {"type": "time", "name": "用时", "max": "100", "full_at": "60", "zero_at": "120"}
    for module, name in ((FIRST, "第一次"), (SECOND, "第二次")):
        fill(page, {"name": name, "weight": "1", "part": "0", "full": "100"}, module)
        fill(page, timed, f"{module}.aspects[0]")
    fill(page, {"rounding.mode": "up", f"{DIVE}.aspects[0].min": "-1"})
    fill(page, FACTORED, f"{DIVE}.aspects[1]")
    fill(page, SUMMED, DIVE)
    fill(page, {"unit_ranking.by": "points", "unit_ranking.points": "1 7\n2 6"})
    fill(page, {"unit_ranking.shared": "average"})
    fill(page, {"scale.of": "30", "scale.centre": "mean", "scale.places": "1"})
    fill(page, {"scale.at": "500", "scale.spread": "none"})
    fill(page, {"awards[0].name": "金牌", "awards[0].ratio": "10"})
    fill(page, {"awards[0].within": "2", "awards[0].min_scaled": "510"})
    saved(page, code, lambda rules: _timed(rules) and "min_scaled" in str(rules))
    # What has come to be comparable is chosen after the page, to which a module was added, was
    # loaded anew: as it stands now, not as it stood when the module was asked for.
    page.reload()
    expect(page.locator(".typed-chip")).to_be_attached()
    for place, key in ((1, "next:p1"), (2, "time:all")):
        page.locator(f'[name="ranking.ties[{place}]"]').select_option(key)
        saved(page, code, lambda rules, key=key: key in rules["ranking"]["ties"])
    page.reload()
    expect(page.locator('[name="ranking.ties[2]"]')).to_have_value("time:all")
    picture(page, "rules-of-attempts")
    rules = definition(code)
    stage = rules["stages"][0]
    assert stage["parts"] == [
        {
            **{"code": "p1", "name": "绕桩", "weight": "80", "full": "100", "take": {"best": 1}},
            "extra": {"rounds": True},
        }
    ]
    assert [it["part"] for it in stage["modules"][1:]] == ["p1", "p1"]
    assert stage["modules"][0]["aspects"][0]["min"] == "-1"
    dive = stage["modules"][0]
    assert dive["aspects"][1]["difficulties"] == ["2", "3.5"]
    assert (dive["aspects"][1]["type"], dive["aspects"][1]["top"]) == ("factored", "10")
    assert dive["panel"] == {"size": 2, "combine": "sum", "min": 1, "reduced": "scale"}
    assert rules["rounding"]["mode"] == "up"
    assert rules["unit_ranking"] == {"points": {"1": "7", "2": "6"}, "shared": "average"}
    scale = {"centre": "mean", "at": "500", "spread": "none", "of": "30", "places": 1}
    assert rules["scale"] == scale
    award = {"name": "金牌", "ratio": "0.1", "within": "2", "min_scaled": "510"}
    assert award.items() <= rules["awards"][0].items()
