"""Results, their steps and certificates stand whole at every width of a desk and a tablet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.certificates.award_certificates import issue_award_certificates
from tests.support.announced import announce
from tests.support.competitions import load_sample
from tests.support.signing_in import carry_in
from tests.support.varied import varied, varied_marks

SIDEWAYS = "(it) => it.scrollWidth - it.clientWidth"
# A text that reaches over the edge of its cell lies on the next one's.
OVER = """(found) => found.filter((each) => {
  const words = document.createRange()
  words.selectNodeContents(each)
  return words.getBoundingClientRect().right > each.closest("td, th").getBoundingClientRect().right
}).map((each) => each.textContent)"""
ROWS = "(found) => new Set(found.map((each) => each.getBoundingClientRect().top)).size"
NARROW = """(found) => found.filter((each) => each.textContent.length > 4
  && each.getBoundingClientRect().width < 2.9 * parseFloat(getComputedStyle(each).fontSize))
  .map((each) => each.textContent)"""


@pytest.mark.parametrize("sample", ["pump-station", "coal-sampling", "yangtze-recovery"])
def test_results_stand_whole(
    sample: str, app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    competition = load_sample(sample, organiser)
    announce(competition, organiser)
    issue_award_certificates(competition, organiser, "急用")
    page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    desk = f"/desk/{competition.code}"
    for language in ("zh", "en"):
        page.goto(f"{live_url}/language/{language}?back={desk}/standings")
        wrap = page.locator(".table-wrap:has(.standings)")
        for width in (1440, 1024, 1000, 768, 701):
            page.set_viewport_size({"width": width, "height": 900})
            assert wrap.evaluate(SIDEWAYS) <= 0, (language, width)
            for texts in (".standings .under", ".standings .wraps", ".standings .head-name"):
                assert page.locator(texts).evaluate_all(OVER) == [], (language, width, texts)
            if width > 767:
                heads = page.locator(".standings .num:visible > .head-name")
                assert heads.evaluate_all(NARROW) == [], (language, width)

        page.goto(f"{live_url}{desk}/certificates")
        for width in (1024, 768, 701):
            page.set_viewport_size({"width": width, "height": 900})
            states = page.locator(".table .state > span")
            assert states.count() > 3
            assert states.evaluate_all(OVER) == [], (language, width)

        page.goto(f"{live_url}{desk}/results")
        for width in (1440, 1024, 768):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator(".result-steps > li").evaluate_all(ROWS) == 1, (language, width)


def test_five_judges_stand_beside_each_other_on_an_upright_tablet(
    app: Flask,
    organiser: Account,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    plain = varied(varied_marks())
    more = [f"J{number}" for number in (3, 4, 5)]
    plain["judges"] += [{"code": code, "name": "欧阳文华", "role": "judge"} for code in more]
    own = [mark for mark in plain["marks"] if mark["judge"] == "J2"]
    plain["marks"] += [{**mark, "judge": code} for code in more for mark in own]
    for event in plain["events"]:
        event["stages"][0]["modules"][0]["panel"]["size"] = 5
    long = "第一赛项的名称说明文字写得很长" * 4
    plain["events"][0]["name"] = long[:60]
    competition = load(plain)
    page = visitor("desk", viewport={"width": 768, "height": 1024}).page()
    carry_in(page.context, app, organiser, live_url)
    for language in ("zh", "en"):
        back = f"/desk/{competition.code}"
        page.goto(f"{live_url}/language/{language}?back={back}/progress")
        board = page.locator(".table-wrap:has(.board)")
        assert board.locator("thead th").count() == 7
        assert board.evaluate(SIDEWAYS) <= 0
        page.goto(f"{live_url}{back}/entrants")
        events = page.locator("td.in-words")
        assert events.count() == 4
        assert events.evaluate_all(NARROW) == []


def test_how_an_indicator_scores_has_the_row_for_itself_on_a_phone(
    app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    competition = load_sample("key-projects-labour", organiser)
    page = visitor("phone", viewport={"width": 390, "height": 844}).page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/{competition.code}/labour/rules")
    wide = page.locator("td.in-words").evaluate_all(
        "(found) => found.map((each) => each.clientWidth / each.parentElement.clientWidth)"
    )
    assert len(wide) == 6
    assert min(wide) > 0.8
    assert page.get_by_text("按名次得分：第 1 名 40").count() == 1
