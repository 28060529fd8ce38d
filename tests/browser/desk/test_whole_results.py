"""Results, their steps and certificates stand whole at every width of a desk and a tablet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account
from compete.services.certificates import issue_award_certificates
from tests.support.announced import announce
from tests.support.competitions import load_sample
from tests.support.signing_in import carry_in

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
            said = page.locator(".table .state > span")
            assert said.count() > 3
            assert said.evaluate_all(OVER) == [], (language, width)

        page.goto(f"{live_url}{desk}/results")
        for width in (1440, 1024, 768):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator(".result-steps > li").evaluate_all(ROWS) == 1, (language, width)
