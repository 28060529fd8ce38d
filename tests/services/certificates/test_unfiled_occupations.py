"""An occupation without a code is issued by its name alone, and by nobody filed for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account, Certificate, Competition, IssuingBody, db
from compete.services.awards.holders import job_of
from compete.services.certificates.grades_due import why_body_cannot
from compete.services.certificates.issuing_bodies import (
    body_for,
    choose_body,
    create_body,
    file_scope,
    read_scope,
)
from compete.services.directory.occupations.shipped import fill_catalogue
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.announced import announce, approve_all
from tests.support.begun import copied
from tests.support.issuing import issue_grade_certificates
from tests.support.second_day import PRIZES, person
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

PUMP = {"occupation": {"code": "待核", "name": "灌排泵站运行工"}}
OUTSIDE = "待核 救援机械操作员 5,4,3,2,1"
PAGE, ISSUE = "/desk/X/certificates", "/desk/X/certificates/issue/grade"


@pytest.fixture
def pump(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    """Published and approved, of an occupation whose code nobody knows."""
    competition = load(small(all_marks(), event=PRIZES | PUMP))
    announce(competition, organiser)
    copied("all approved", lambda: approve_all(competition, organiser))
    return competition


def filed(scope: str | list[dict[str, Any]], name: str = "某机构") -> IssuingBody:
    return create_body(
        name=name,
        kind="Y",
        body_code="0000",
        province="32",
        site="000123",
        phone=None,
        scope=read_scope(scope) if isinstance(scope, str) else scope,
        by=None,
    )


def test_equal_placeholders_are_not_equal_codes(pump: Competition, organiser: Account) -> None:
    body = filed(OUTSIDE)
    with pytest.raises(Refused, match=r"没有备案 灌排泵站运行工 .*没有写 .* 的职业编码"):
        issue_grade_certificates(pump, body, organiser, "急用")
    with pytest.raises(Refused, match="没有备案"):
        choose_body(pump, body, organiser)
    assert db.session.query(Certificate).count() == 0


@pytest.mark.parametrize("code", ["待核", "4-09-01-09", "写错的"])
def test_whoever_is_filed_for_the_name_issues(
    pump: Competition, organiser: Account, code: str
) -> None:
    # The last is what could be filed before codes were checked.
    name = {"code": "待核", "name": "救援机械操作员", "grades": [3]}
    body = filed([name, {"code": code, "name": "灌排 泵站运行工", "grades": [3, 2]}])
    assert body_for(pump) == body
    assert why_body_cannot(pump, body) is None
    assert issue_grade_certificates(pump, body, organiser, "急用")


def test_the_page_says_who_has_filed_nothing_and_offers_no_button(
    app: Flask, pump: Competition, organiser: Account
) -> None:
    body, desk = filed(OUTSIDE), signed_in(app, organiser)
    page = desk.get(PAGE).text
    assert "登记的评价机构都没有备案 灌排泵站运行工" in page
    assert ISSUE not in page
    chosen = desk.get(f"{PAGE}/body").text
    assert "现在由它发" not in chosen
    assert "没有备案这里的职业" in chosen
    assert "只按名称核对" in chosen
    file_scope(body, read_scope(OUTSIDE + "\n待核 灌排泵站运行工 3"), None)
    page = desk.get(PAGE).text
    assert "“某机构”没有备案 灌排泵站运行工 二级/技师，不能发证" in page
    assert "三级/高级工，不能发证" not in page
    assert ISSUE not in page
    assert "现在由它发" in desk.get(f"{PAGE}/body").text
    file_scope(body, read_scope("待核 灌排泵站运行工 3,2"), None)
    assert ISSUE in desk.get(PAGE).text


def test_who_was_chosen_and_lost_the_filing_is_said_to_have_lost_it(
    app: Flask, pump: Competition, organiser: Account
) -> None:
    body, desk = filed("待核 灌排泵站运行工 3,2"), signed_in(app, organiser)
    choose_body(pump, body, organiser)
    file_scope(body, read_scope(OUTSIDE), None)
    page = desk.get(f"{PAGE}/body").text
    assert "现在由它发" not in page
    assert "选的是它，备案范围里没有这里的职业了" in page
    assert ISSUE not in desk.get(PAGE).text


def test_what_is_refused_is_said_beside_the_reason(
    app: Flask, pump: Competition, organiser: Account
) -> None:
    filed("待核 灌排泵站运行工 3,2")
    with unit_of_work():
        person(pump, "P1").id_number = None
    answer = signed_in(app, organiser).post(ISSUE, data={"reason": "当场颁证"})
    assert answer.status_code == 409
    assert "赵启明 没有证件号码" in answer.text
    assert ">当场颁证</textarea>" in answer.text
    assert ISSUE in answer.text


def test_a_code_that_the_catalogue_doubts_stands_on_no_certificate(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    code = {"code": "4-09-01-05", "name": "水工闸门运行工"}
    competition = load(small(all_marks(), event=PRIZES | {"occupation": code}))
    announce(competition, organiser)
    approve_all(competition, organiser)
    rules = rules_of(competition.events[0])
    assert job_of(rules.occupation, None) == "水工闸门运行工 4-09-01-05"
    with unit_of_work():
        fill_catalogue()
    assert job_of(rules.occupation, None) == "水工闸门运行工 编码待核"
    body = filed("4-09-01-05 水工闸门运行工 5,4,3,2,1")
    assert issue_grade_certificates(competition, body, organiser, "急用")
    faces = [
        certificate.face for certificate in db.session.query(Certificate).filter_by(kind="grade")
    ]
    assert {face["occupation_code"] for face in faces} == {""}
