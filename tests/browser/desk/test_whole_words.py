"""Words and names that stand whole beside many columns, and on a phone in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account
from tests.support.announced import announce
from tests.support.competitions import load_sample
from tests.support.signing_in import carry_in, official

BROKEN = """(found) => found.filter((each) => {
  const words = document.createRange()
  words.selectNodeContents(each)
  return new Set([...words.getClientRects()].map((box) => Math.round(box.top))).size > 1
}).map((each) => each.textContent)"""

WORD = re.compile(r"^(Rank|Number|Contestants|Unit|Total|Award|Grade)$")


@pytest.mark.parametrize("sample", ["coal-sampling", "yangtze-recovery", "port-forklift"])
def test_names_and_grades_stand_whole_in_published_results(
    sample: str, here: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    assert here
    competition = load_sample(sample, organiser)
    announce(competition, organiser)
    page = visitor("desk").page()
    for language in ("zh", "en"):
        page.goto(f"{live_url}/language/{language}?back=/p/{competition.code}")
        for width in (1440, 1200, 1024, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            names = page.locator(".opening td > b")
            assert names.count() > 10
            assert names.evaluate_all(BROKEN) == []
            numbers = page.locator(".opening .at-desk.kept:nth-child(2)")
            assert numbers.evaluate_all(BROKEN) == []
            if language == "en":
                heads = page.locator(".opening thead th").filter(has_text=WORD)
                assert heads.evaluate_all(BROKEN) == []
            if language == "zh" and width > 700:
                assert page.locator(".opening .of-grade").evaluate_all(BROKEN) == []
                assert page.locator(".opening thead .unbroken").evaluate_all(BROKEN) == []
            out = page.locator(".opening").evaluate(
                "(it) => it.getBoundingClientRect().right"
                " - it.parentElement.getBoundingClientRect().right"
            )
            assert out <= 0, (language, width)


@pytest.mark.parametrize(
    ("sample", "path", "what"),
    [
        ("port-forklift", "awards", ".reasons b"),
        ("key-projects-labour", "labour/periods", ".table .chip > span"),
    ],
)
def test_an_english_word_is_not_cut_in_two_on_a_phone(
    sample: str,
    path: str,
    what: str,
    app: Flask,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    competition = load_sample(sample, organiser)
    page = visitor("phone", viewport={"width": 390, "height": 844}).page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/language/en?back=/desk/{competition.code}/{path}")
    short = (
        page.locator(what)
        .filter(has_text="met")
        .or_(page.locator(what).filter(has_text="Provisional"))
    )
    assert short.count() > 0
    assert short.evaluate_all(BROKEN) == []


@pytest.mark.parametrize("sample", ["coal-sampling", "yangtze-recovery", "port-forklift"])
def test_standings_open_without_sideways_scrolling_on_an_upright_tablet(
    sample: str, app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    competition = load_sample(sample, organiser)
    page = visitor("desk", viewport={"width": 768, "height": 1024}).page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/{competition.code}/standings")
    wrap = page.locator(".table-wrap:has(.standings)")
    assert wrap.evaluate("(it) => it.scrollWidth - it.clientWidth") <= 0
    page.locator("tr:has(.expander) td").first.click()
    page.get_by_text("逐分看").first.wait_for()


def test_the_list_of_judges_says_in_one_line_that_a_card_was_not_given(
    app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    competition = load_sample("pump-station", organiser)
    page = visitor("desk", viewport={"width": 768, "height": 1024}).page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/{competition.code}/judges?people=1")
    remarks = page.locator(".table td .soft").filter(has_text="没发过")
    assert remarks.count() > 3
    assert remarks.evaluate_all(BROKEN) == []


def test_a_judges_name_stands_in_one_line_on_a_phones_board(
    app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    competition = load_sample("yangtze-recovery", organiser)
    page = visitor("phone", viewport={"width": 390, "height": 844}).page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/{competition.code}/progress")
    judge_names = page.locator(".board .apart > b")
    assert judge_names.count() == 2
    assert judge_names.evaluate_all(BROKEN) == []


def test_a_judge_reads_the_whole_name_of_the_competition_on_a_phone(
    app: Flask, organiser: Account, live_url: str, visitor: Callable[..., Any]
) -> None:
    competition = load_sample("pump-station", organiser)
    page = visitor("phone", viewport={"width": 390, "height": 844}).page()
    carry_in(page.context, app, official(competition, "T1"), live_url)
    cut = "(all) => all.filter((it) => it.scrollHeight > it.clientHeight + 2).length"
    for language in ("zh", "en"):
        page.goto(f"{live_url}/language/{language}?back=/judge/sign")
        for path in ("/judge/sign", "/judge/compare", "/judge/"):
            if not page.url.endswith(path):
                page.goto(f"{live_url}{path}")
            for width in (390, 320):
                page.set_viewport_size({"width": width, "height": 844})
                words = page.locator(".bar-title > *")
                assert words.count() == 2
                assert words.evaluate_all(cut) == 0, (language, path, width)
