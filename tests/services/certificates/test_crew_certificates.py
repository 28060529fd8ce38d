"""A crew's award certificate: the members it bears, looked up and corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from compete.models import Account, Certificate, Competition, Member, db
from compete.services.certificates import open_corrections, touched_by
from compete.services.registration import correct_person
from tests.sheets.people import citizen_id
from tests.support.second_day import PRIZES, certify, person
from tests.support.small import all_marks, small


@pytest.fixture
def crewed(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    """P1 is a crew of two; everybody certified."""
    plain = small(all_marks(), event=PRIZES)
    crew = plain["entrants"][0]
    crew.pop("id_number")
    crew["name"] = "第1组"
    crew["members"] = [
        {"code": f"P1{letter}", "name": name, "id_number": citizen_id(date(1990, 1, 1), number)}
        for number, (letter, name) in enumerate((("a", "魏海燕"), ("b", "施雪梅")), start=51)
    ]
    competition = load(plain)
    certify(competition, organiser)
    return competition


def test_the_look_up_page_lists_the_members_on_the_paper(app: Flask, crewed: Competition) -> None:
    paper = db.session.query(Certificate).filter_by(kind="award").all()
    of_crew = next(each for each in paper if each.face["name"] == "第1组")
    page = app.test_client().get(f"/v/{of_crew.token}").text
    assert "魏海燕、施雪梅" in page


def test_a_members_new_name_touches_the_crews_award_at_once(
    crewed: Competition, organiser: Account
) -> None:
    crew = person(crewed, "P1")
    before = {each.kind for each in touched_by(crew).certificates}
    member = db.session.query(Member).filter_by(code="P1a").one()
    correct_person(member, {"name": "魏海艳"}, "身份证", organiser)
    assert before == set()
    assert sorted(each.kind for each in touched_by(crew).certificates) == ["award", "grade"]
    [correction] = open_corrections(crewed)
    assert (correction.entrant, correction.certificates) == (crew, 2)
