"""Pages of an evaluation say 考评员 where a contest's say 裁判; nobody's name is touched."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from compete.domain.values.kinds import Kind
from compete.language import worded
from compete.models import Account, Competition, Entrant, db
from compete.services.accounts.accounts import account_of_judge
from compete.services.schedule.allocation import open_judging
from tests.services.schedule.test_examiners import PRACTICE, THEORY, batch, level, seat
from tests.support.judging import judge_of
from tests.support.passing import passed
from tests.support.signing_in import signed_in
from tests.web.test_evaluations import words


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        ("“%(module)s”还没有裁判，找裁判长", "zh", "“%(module)s”还没有考评员，找考评组长"),
        ("每名裁判员在比赛那天", "zh", "每名考评员在考核那天"),
        ("竞赛台：这个竞赛的参赛选手凭参赛证参赛", "zh", "竞赛台：这个认定的考生凭准考证参加"),
        ("竞赛晋升、劳动竞赛、“新建竞赛”", "zh", "竞赛晋升、劳动竞赛、“新建竞赛”"),
        ("A contestant of the competition, a badge", "en",
         "A candidate of the evaluation, an admission card"),
        ("A judge and %(judge)s, a judge's sheet", "en",
         "An examiner and %(judge)s, an examiner's sheet"),
        ("Judges who judge may not judge %(judges)s judges", "en",
         "Examiners who judge may not judge %(judges)s examiners"),
        ("The chief judge judged", "en", "The chief examiner judged"),
    ],
)  # fmt: skip
def test_a_text_is_said_in_the_words_of_its_kind(text: str, language: str, sentence: str) -> None:
    assert worded(text, Kind.EVALUATION, language) == sentence
    assert worded(text, Kind.SKILLS, language) == text


@pytest.fixture
def competition(load: Callable[..., Competition], organiser: Account) -> Competition:
    plain = batch(level("A", THEORY, PRACTICE), people=4)
    plain["judges"][2]["name"] = "裁判甲"
    evaluation = passed(load(plain))
    seat(evaluation.events[0], "theory", organiser, 1, 2)
    seat(evaluation.events[0], "hands", organiser, 3, 4, 5)
    return evaluation


@pytest.fixture
def desk(app: Flask, here: Flask, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def test_the_desk_says_examiner_and_leaves_names(
    desk: FlaskClient, competition: Competition
) -> None:
    for page in ("", "judges?people=1", "seating?module=A|s|hands", "open", "judges/upload"):
        page_text = words(desk.get(f"/desk/EV/{page}").text.split("<main")[-1])
        assert "考评员" in page_text, page
        assert "裁判" not in page_text.replace("裁判甲", ""), page
    assert "裁判甲" in desk.get("/desk/EV/judges?people=1").text


def test_a_refusal_says_examiner(desk: FlaskClient, competition: Competition) -> None:
    form = {"judge": "J4", "module": "A|s|theory", "station": ""}
    refused = desk.post("/desk/EV/judges/assign", data=form)
    assert "每组 2 名考评员" in refused.text


def test_papers_say_examiner(desk: FlaskClient, competition: Competition) -> None:
    book = load_workbook(BytesIO(desk.get("/desk/EV/seating.xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    paper_text = " ".join(str(cell) for cell in cells if cell)
    assert "裁判" not in paper_text.replace("裁判甲", "")
    paper = PdfReader(BytesIO(desk.get("/desk/EV/seating.pdf").data)).pages[0].extract_text()
    assert "考评员分工表" in paper.replace("\n", "").replace(" ", "")


def test_what_a_candidate_sees_and_carries_says_candidate(
    here: Flask, desk: FlaskClient, competition: Competition
) -> None:
    person = db.session.scalars(select(Entrant)).first()
    assert person is not None
    own = words(here.test_client().get(f"/c/{person.badge_token}").text)
    assert not re.search("选手|参赛", own)
    cards = PdfReader(BytesIO(desk.get("/desk/EV/badges.pdf").data))
    assert (cards.metadata or {})["/Title"].endswith("准考证")
    assert "考生" in cards.pages[0].extract_text()


def test_english_pages_say_examiner(desk: FlaskClient, competition: Competition) -> None:
    desk.set_cookie("lang", "en")
    page_text = words(desk.get("/desk/EV/judges?people=1").text.split("<main")[-1])
    assert "xaminers" in page_text
    assert "Judges" not in page_text


def test_a_tablet_says_examiner_in_its_scripts_too(
    app: Flask, here: Flask, competition: Competition, organiser: Account
) -> None:
    open_judging(competition, organiser)
    account = account_of_judge(judge_of(competition, "J1"), competition, organiser)
    tablet = signed_in(app, account).get("/judge/")
    assert tablet.status_code == 200
    assert "裁判" not in tablet.text


def test_a_contest_says_what_it_always_said(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    page = signed_in(here, organiser).get(f"/desk/{fresh.code}/judges?people=1").text
    assert "裁判名单" in page
    assert "考评员" not in page
