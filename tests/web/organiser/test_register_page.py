"""The register at the desk: what is looked for stays, no number is missing, jobs are seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import Delete, Update, delete, update

from compete.domain.values import JobState
from compete.models import Account, Certificate, Competition, Job, NumberSeries, db
from compete.services.certificates import register_is_whole
from compete.services.jobs import asking
from compete.services.papers import PRINT
from tests.support.second_day import certify, with_prizes
from tests.support.signing_in import signed_in

DESK = "/desk/X/certificates"


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def behind(statement: Update | Delete) -> None:
    """Written behind the program's back."""
    db.session.execute(statement, execution_options={"noted": True})


def page_of(app: Flask, organiser: Account, path: str = DESK) -> str:
    answer = signed_in(app, organiser).get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_opening_a_row_keeps_what_was_looked_for_and_closing_it_too(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    found = page_of(app, organiser, f"{DESK}?q=钱文&kind=grade")
    (opens,) = re.findall(r'href="([^"]*open=[^"]*)"', found)
    opened = page_of(app, organiser, opens.split("#")[0])
    assert "第 1 到 1 张，共 1 张" in opened
    assert "为什么换" in opened
    (closes,) = re.findall(r'href="([^"]*)" data-part="close"', opened)
    closed = page_of(app, organiser, closes.split("#")[0])
    assert "第 1 到 1 张，共 1 张" in closed
    assert "为什么换" not in closed
    assert 'value="钱文"' in closed


def test_the_register_says_that_no_number_is_missing_and_where_one_is(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    assert "号没有断的，也没有重的" in page_of(app, organiser)
    assert register_is_whole(certified)

    of_grade = NumberSeries.series.startswith("grade/")
    behind(update(NumberSeries).where(of_grade).values(last=NumberSeries.last + 1))
    db.session.commit()
    said = page_of(app, organiser)
    assert "号有断的" in said
    assert "号没有断的" not in said


def test_an_award_that_is_gone_is_missed(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    behind(delete(Certificate).where(Certificate.number.endswith("第002号")))
    assert not register_is_whole(certified)


def test_what_is_printed_beside_the_page_is_seen_on_it(
    app: Flask,
    certified: Competition,
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "做完 1，共 3" not in page_of(app, organiser)
    monkeypatch.setattr(asking, "wake", lambda _competition: None)
    of_grades = {"kind": "certificates", "of": {"kind": "grade"}}
    asking.ask_for(certified, PRINT, organiser, arguments=of_grades, still=bool)
    of_badges = {"kind": "badges", "of": {}}
    asking.ask_for(certified, PRINT, organiser, "badges", of_badges, still=bool)
    behind(update(Job).values(state=JobState.RUNNING, done=1, total=3))
    db.session.commit()
    said = page_of(app, organiser)
    assert said.count("做完 1，共 3") == 1
    assert "打印证书" in said
    assert "打印参赛证" not in said
