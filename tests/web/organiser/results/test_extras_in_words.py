"""What is noted in a file stands in words on the page that says what goes out."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account
from compete.services.closing.competition_lock import lock_marks
from tests.support.announced import plain
from tests.support.competitions import load_sample
from tests.support.signing_in import signed_in

_MACHINE = re.compile(r"\b[a-z]{2,}(?:_[a-z]+)+\b|\d{4}-\d\d-\d\dT\d")


@pytest.fixture
def desk(app: Flask, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("日程", "赛项：电煤采制化", "模块：理论知识", "检录：2026-06-28 08:30")),
        ("en", ("Event: 电煤采制化", "Check-in: 2026-06-28 08:30")),
    ],
)
def test_a_schedule_is_told_by_names_and_not_by_codes(
    desk: FlaskClient, organiser: Account, language: str, words: tuple[str, ...]
) -> None:
    competition = load_sample("coal-sampling", organiser)
    plain(competition)
    lock_marks(competition, organiser)
    desk.get(f"/language/{language}")
    page = html.unescape(desk.get(f"/desk/{competition.code}/publish").text)
    for phrase in words:
        assert phrase in page
    page_end = page[page.index("COAL-2026") :]
    rows = re.findall(r"<td[^>]*>(.*?)</td>", page_end, re.S)
    assert [text for text in rows if _MACHINE.search(text.replace("sample_events", ""))] == []


def test_how_many_workers_a_unit_has_is_told_in_words(
    desk: FlaskClient, organiser: Account
) -> None:
    competition = load_sample("key-projects-labour", organiser)
    desk.post(f"/desk/{competition.code}/labour/periods/M01/close", data={"reason": "没有都来"})
    page = desk.get(f"/desk/{competition.code}/labour/publish").text
    assert "职工人数" in page
    assert "workers" not in page


def test_the_days_of_another_year_bear_the_year(desk: FlaskClient, organiser: Account) -> None:
    competition = load_sample("yangtze-recovery", organiser)
    page = desk.get(f"/desk/{competition.code}/").text
    assert "2022年11月23日至2022年11月24日" in page
