"""A month on one page: each square's score, what is lacking, and how a square came about."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.entry import Writer
from tests.documents.reading import pages
from tests.services.labour.made_up import Contest, act, made_up
from tests.support.signing_in import signed_in
from tests.web.organiser.competitions.test_details_page import fields

HERE = "/desk/L/labour/month"


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    """Of February: 甲 is full of faults, 乙 lacks 隐患, 丙 has nothing; 甲 gave itself more."""
    contest = made_up(load, organiser)
    contest.enter(act("甲", "安全", "28"), act("甲", "隐患", "6", reason="临边没有护栏"))
    contest.enter(act("乙", "安全", "27.5"))
    unit = contest.competition.units[0]
    contact = create_account("谢长林")
    grant_role(contact, contest.competition, Role.CONTACT, unit=unit)
    contest.enter(act("甲", "隐患", "2"), by=Writer(contest.competition, contact, unit=unit))
    return contest


@pytest.fixture
def desk(app: Flask, contest: Contest, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def cells(page: str) -> dict[str, list[str]]:
    """By unit, what its row says."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
    return {
        words(name): [words(cell) for cell in re.findall(r"<td.*?</td>", row)] for name, row in rows
    }


def words(part: str) -> str:
    """A part of a page without its tags."""
    return re.sub(r"<[^>]+>", "", part)


def foot(page: str) -> str:
    return page[page.index('id="cell"') : page.index("看这一格的经过")]


def story(page: str, key: str) -> str:
    hit = re.search(f'value="{key}" data-story="([^"]*)"', page)
    assert hit is not None
    return hit[1]


def test_a_square_has_its_score_and_what_is_lacking_is_no_zero(desk: FlaskClient) -> None:
    page = desk.get(f"{HERE}?period=二月").text
    assert cells(page) == {
        "甲": ["28.0", "12", "缺", "—", "—"],
        "乙": ["27.5", "缺", "缺", "—", "—"],
        "丙": ["缺", "缺", "缺", "—", "—"],
        "中位数": ["27.8", "12", "—", "—", ""],
    }
    assert re.findall(r'is-low"><button name="cell" value="([^"]+)"', page) == ["甲:隐患"]
    square_story = story(page, "甲:隐患")
    for part in ("自评 24", "填的 6 处", "安全部 周茹", "临边没有护栏"):
        assert part in square_story
    assert "工程部 陈平" in story(page, "丙:产值")
    full = cells(desk.get(f"{HERE}?period=一月").text)
    assert full["甲"][3:] == ["87.00", "1"]


@pytest.mark.parametrize(
    ("shown", "row"),
    [("own", ["—", "24", "—"]), ("gap", ["—", "−12.00", "缺"]), ("share", ["93", "40", "缺"])],
)
def test_it_is_shown_as_it_is_asked_for(desk: FlaskClient, shown: str, row: list[str]) -> None:
    assert cells(desk.get(f"{HERE}?period=二月&show={shown}").text)["甲"][:3] == row


def test_the_square_that_the_address_names_is_told_below(desk: FlaskClient) -> None:
    foot_text = foot(desk.get(f"{HERE}?period=二月&cell=甲:隐患").text)
    assert "甲 · 隐患" in foot_text
    assert "12 / 30" in foot_text
    past = re.search(r'href="([^"]+)"', foot_text)
    assert past is not None
    assert "临边没有护栏" in desk.get(unescape(past[1])).text
    # Without one it is the first that is lacking.
    assert "甲 · 产值" in foot(desk.get(f"{HERE}?period=二月").text)


def test_workbook_and_paper_say_what_is_seen(desk: FlaskClient) -> None:
    sheet = load_workbook(io.BytesIO(desk.get(f"{HERE}.xlsx?period=二月").data)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:4] for row in rows[:3]] == [
        ["单位", "安全 满 30", "隐患 满 30", "产值 满 40"],
        ["甲", 28, 12, "缺"],
        ["乙", 27.5, "缺", "缺"],
    ]
    printed = "".join(pages(desk.get(f"{HERE}.pdf?period=二月").data))
    for part in ("二月", "隐患满30", "27.5", "缺", "中位数"):
        assert part in printed


def test_a_whole_shows_its_last_month_that_has_totals(desk: FlaskClient) -> None:
    assert "一月，一格一项" in desk.get(f"{HERE}?period=Q").text
    assert desk.get(f"{HERE}?period=三月").status_code == 404


def test_what_counts_as_low_is_set_with_the_details_and_taken_back(desk: FlaskClient) -> None:
    page = "/desk/L/details"
    assert 'name="low_share"' in desk.get(page).text
    form = fields(desk.get(page).text)
    assert form["low_share"] == "70"
    assert "0 到 100" in desk.post(page, data=form | {"low_share": "101"}).text
    assert "存下了" in desk.post(page, data=form | {"low_share": "40"}, follow_redirects=True).text
    month = desk.get(f"{HERE}?period=二月").text
    assert "40%</span> 以下" in month
    assert 'is-low"><button' not in month, "12 of 30 is not under 40"
    desk.post(page, data=fields(desk.get(page).text) | {"low_share": "0"})
    assert "以下" not in desk.get(f"{HERE}?period=二月").text
    mark = re.search(r'name="change" value="([^"]+)"', desk.get(page).text)
    assert mark is not None
    desk.post(f"{page}/undo", data={"change": mark[1]})
    assert fields(desk.get(page).text)["low_share"] == "40"
