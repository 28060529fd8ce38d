"""What stands in a field is seen whole, at every width at which people work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account
from tests.browser.desk.test_whole_words import BROKEN
from tests.support.competitions import load_sample
from tests.support.signing_in import carry_in
from tests.support.unfolded import unfold

# A list of places may be as long as there are units: its field scrolls.
CUT = """(found) => found.filter((each) => each.checkVisibility() && !each.name.endsWith(".places"))
  .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.value)"""
OUT = """(found) => found.filter((each) => each.checkVisibility()
  && each.getBoundingClientRect().right > each.closest("td").getBoundingClientRect().right + 1)
  .map((each) => each.name)"""
FIELDS = "td :is(input:not([type=checkbox], [type=hidden]), select)"


@pytest.mark.parametrize(
    ("sample", "path"),
    [
        ("pump-station", "{code}/events/rules?event=PUMP"),
        ("key-projects-labour", "{code}/labour/rules/form"),
        ("yangtze-recovery", "organisations/units"),
    ],
)
def test_no_field_of_a_table_cuts_its_text_or_leaves_its_cell(
    sample: str,
    path: str,
    app: Flask,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    competition = load_sample(sample, organiser)
    page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    unfold(page)
    back = f"/desk/{path.format(code=competition.code)}"
    for language in ("zh", "en"):
        page.goto(f"{live_url}/language/{language}?back={back}")
        for width in (1440, 1024, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            fields = page.locator(FIELDS)
            assert fields.count() > 5
            assert fields.evaluate_all(CUT) == [], (language, width)
            assert fields.evaluate_all(OUT) == [], (language, width)


@pytest.mark.parametrize(
    ("sample", "path"), [("pump-station", ""), ("key-projects-labour", "labour")]
)
def test_the_areas_of_the_desk_are_all_seen_on_a_phone_in_english(
    sample: str,
    path: str,
    app: Flask,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    competition = load_sample(sample, organiser)
    page = visitor("phone", viewport={"width": 390, "height": 844}).page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/language/en?back=/desk/{competition.code}/{path}")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        areas = page.locator(".areas")
        assert areas.evaluate("(it) => it.scrollWidth - it.clientWidth") <= 0
        assert areas.locator("a").evaluate_all(BROKEN) == []


def test_a_group_in_english_is_one_word_across_an_upright_tablet(
    app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    competition = load_sample("coal-sampling", organiser)
    page = visitor("desk", viewport={"width": 768, "height": 1024}).page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/language/en?back=/desk/{competition.code}/entrants")
    for word in ("Worker", "Student"):
        cells = page.locator("td").get_by_text(word, exact=True)
        assert cells.count() > 2
        assert cells.evaluate_all(BROKEN) == []
