"""What a badge's page says of the skill grade, and of certificates."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from compete.domain.bundle.results import Condition, Reason
from compete.domain.values.states import GradeState
from compete.models import Account, Certificate, Competition, Entrant, db
from compete.services.certificates.rows import revoke_certificate
from compete.services.closing.grade_proposals import decide_grades
from compete.services.kernel.transactions import unit_of_work
from compete.web.public.grade_words import chosen_reason
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates
from tests.support.signing_in import signed_in


@pytest.fixture
def published(forklift: Competition, organiser: Account) -> Competition:
    announce(forklift, organiser)
    return forklift


def page(app: Flask, code: str) -> str:
    token = db.session.query(Entrant.badge_token).filter_by(code=code).scalar()
    answer = app.test_client().get(f"/c/{token}")
    assert answer.status_code == 200
    return answer.text


def test_who_got_no_grade_is_told_of_a_grade_and_not_of_a_title(
    app: Flask, published: Competition
) -> None:
    text = page(app, "B35")
    assert "这次没晋升" in text
    assert "名次在前 10" in text
    assert "名次在前 1<" not in text


def test_who_holds_a_grade_as_high_is_told_why_it_stays(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    """All conditions were ticked under “这次没晋升”, and nothing said why."""
    with unit_of_work() as session:
        session.query(Entrant).filter_by(code="B01").one().grade = 1
    announce(forklift, organiser)
    text = page(app, "B01")
    assert "这次没晋升" in text
    assert "给的等级不比参赛时的高" in text
    assert "不比参赛时的高" not in page(app, "B35")


def test_a_worker_is_not_told_the_rule_for_students() -> None:
    def reason(rule: str, **met: bool) -> Reason:
        conditions = [Condition(key=key, wanted=3, found=8, met=met[key]) for key in met]
        return Reason(rule=rule, met=False, conditions=conditions)

    students = reason("students", groups=False, max_rank=True, pass_modules=True)
    workers = reason("workers", groups=True, max_rank=False, pass_modules=False)
    assert chosen_reason([students, workers]) is workers
    assert chosen_reason([students]) is students


@pytest.mark.parametrize(
    ("state", "words"),
    [(GradeState.DEFERRED, "缓办 二级/技师"), (GradeState.REFUSED, "没批准 二级/技师")],
)
def test_a_grade_that_is_held_or_refused_is_not_called_proposed(
    app: Flask, published: Competition, organiser: Account, state: GradeState, words: str
) -> None:
    assert "拟晋升 二级/技师" in page(app, "B01")
    decide_grades(published, ["B01"], state, organiser, "只在组委会内部说的理由")
    text = page(app, "B01")
    assert words in text
    assert "拟晋升 二级/技师" not in text
    assert "只在组委会内部说的理由" not in text


def test_a_certificate_is_opened_not_downloaded_and_says_when_it_is_revoked(
    app: Flask, published: Competition, organiser: Account
) -> None:
    approve_all(published, organiser)
    issue_grade_certificates(published, body_for(published), organiser, "急用")
    text = page(app, "B01")
    assert "已晋升 二级/技师" in text
    assert " download>" not in text
    certificate = db.session.query(Certificate).filter_by(subject="B01").one()
    revoke_certificate(certificate, "姓名有误", organiser)
    text = page(app, "B01")
    assert "二级/技师 证书已撤销" in text
    assert "state-revoked" in text


def test_a_grade_is_named_in_the_readers_language_wherever_it_stands(
    app: Flask, published: Competition, organiser: Account
) -> None:
    approve_all(published, organiser)
    issue_grade_certificates(published, body_for(published), organiser, "急用")
    certificate = db.session.query(Certificate).filter_by(kind="grade").first()
    assert certificate is not None
    owner = db.session.get_one(Entrant, certificate.entrant_id)
    desk = signed_in(app, organiser)
    desk.get("/language/en")
    for address in (
        f"/v/{certificate.token}",
        f"/c/{owner.badge_token}",
        f"/desk/{published.code}/certificates",
    ):
        text = desk.get(address).text
        assert "(Level " in text, address
        assert certificate.face["level"] not in re.sub(r'value="[^"]*"', "", text), address
