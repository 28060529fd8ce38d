"""A certificate made void alone leaves the result; made void with it, all that it gave goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.values.states import CertificateState, CompetitionState
from compete.models import (
    Account,
    AuditEntry,
    CardHandling,
    Certificate,
    Competition,
    Decision,
    OutcomeEntry,
    db,
    utc_now,
)
from compete.services.certificates.counts import count_certificates
from compete.services.certificates.revocation_requests import open_revocations
from compete.services.certificates.revoking import (
    agree_revocation,
    ask_revocation,
    prizes_still_given,
    revocation_word,
)
from compete.services.closing.competition_lock import lock_marks
from compete.services.competitions.same_day_approvals import agree_on_paper, why_not_countersign
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.scoring.live import live_results
from compete.web.organiser.log.record_words import record_text
from tests.support.announced import announce, approve_all, lock, reopen
from tests.support.pictures import photo
from tests.support.second_day import certify, with_prizes
from tests.support.signing_in import official, signed_in
from tests.support.undoing import undo_decision


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def papers(code: str) -> dict[str, Certificate]:
    """The certificates of a contestant, by kind."""
    return {row.kind: row for row in db.session.query(Certificate).filter_by(subject=code)}


def test_what_a_void_certificate_leaves_is_listed_until_the_result_is_struck(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    award = papers("P1")["award"]
    ask_revocation(award, "工龄不符", organiser)
    agree_revocation(award, official(certified, "S1"))
    (left,) = prizes_still_given(certified)
    assert (left.certificate, left.struck) == (award, False)
    assert [row.kind for row in left.valid] == ["grade"]
    page = signed_in(here, organiser).get("/desk/X/consequences").text
    assert papers("P1")["grade"].number[-6:] in page
    assert "去取消成绩" in page


def test_two_strike_a_result_together_with_its_certificates(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    award = papers("P1")["award"]
    page = signed_in(here, organiser).post(
        f"/desk/X/certificates/{award.id}/revoke", data={"reason": "工龄不符", "scope": "result"}
    )
    assert page.status_code == 302
    (asked,) = open_revocations(certified)
    supervisor, chief = official(certified, "S1"), official(certified, "C1")
    assert revocation_word(asked).why_not(supervisor) is not None
    assert revocation_word(asked).why_not(chief) is None
    with pytest.raises(Refused, match="裁判长"):
        agree_revocation(award, supervisor)
    assert award.state is CertificateState.VALID
    agree_revocation(award, chief)
    assert {row.state for row in papers("P1").values()} == {CertificateState.REVOKED}
    assert certified.state is CompetitionState.JUDGING
    (opened,) = db.session.query(AuditEntry).filter_by(action="marks.unlock")
    text = record_told(here, opened)
    assert (organiser.name in text, chief.name in text) == (True, True)
    row = next(
        row for row in live_results(certified).results.events[0].standings if row.entrant == "P1"
    )
    assert row.status == "dsq"
    assert all(left.struck for left in prizes_still_given(certified))
    page = signed_in(here, organiser).get("/desk/X/consequences").text
    assert ("成绩已经取消" in page, "成绩还没有动" in page) == (True, False)
    lock_marks(certified, organiser)
    publish(certified, organiser, "选手 P1 取消成绩。")
    assert prizes_still_given(certified) == []


def test_a_result_is_struck_by_two_of_whom_neither_had_the_others_card(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    award = papers("P1")["award"]
    chief = official(certified, "C1")
    with unit_of_work() as session:
        for handled in (chief, official(certified, "S1")):
            at = utc_now() - timedelta(days=10)
            row = CardHandling(account_id=handled.id, by_id=organiser.id, kind="print", at=at)
            session.add(row)
    asked = ask_revocation(award, "工龄不符", organiser, strike=True)
    assert "交签字件" in str(revocation_word(asked).why_not(chief))
    with pytest.raises(Refused, match="交签字件"):
        agree_revocation(award, chief)
    paper = agree_on_paper(certified, f"revoke:{asked.id}", chief, photo(), organiser)
    assert award.state is CertificateState.REVOKED
    # The paper wants somebody else, too; a certificate alone the same two make void.
    assert why_not_countersign(paper, chief) is not None
    other = papers("P2")["award"]
    ask_revocation(other, "印错了", organiser)
    agree_revocation(other, chief)
    assert other.state is CertificateState.REVOKED


def record_told(app: Flask, entry: AuditEntry) -> str:
    with app.test_request_context():
        return record_text(entry, {})


def test_the_page_of_certificates_says_what_waits_for_approval(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    page = signed_in(here, organiser).get("/desk/X/certificates").text
    waiting = count_certificates(competition).undecided
    assert waiting > 0
    assert f"待批准 {waiting} 人" in page
    assert 'href="/desk/X/awards"' in page.split("kind-cards")[1]
    approve_all(competition, organiser)
    assert "待批准" not in signed_in(here, organiser).get("/desk/X/certificates").text


def test_who_won_again_as_the_disqualification_was_undone_is_at_home(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    desk, word = signed_in(here, organiser), "取消成绩撤回了"
    ask_revocation(papers("P1")["award"], "工龄不符", organiser, strike=True)
    (asked,) = open_revocations(certified)
    agree_revocation(asked.certificate, official(certified, "C1"))
    lock(certified, organiser)
    publish(certified, organiser, "取消成绩")
    assert word not in desk.get("/desk/X/").text
    reopen(certified, organiser)
    with unit_of_work() as session:
        for row in session.scalars(select(OutcomeEntry)):
            row.withdrawn_at = utc_now()
        audit.record(certified, organiser, "test.undone", "P1")
    lock(certified, organiser)
    publish(certified, organiser, "查实了")
    assert {row.restored for row in prizes_still_given(certified)} == {True}
    page = desk.get("/desk/X/").text
    assert word in page
    assert "去重新发" in page


def clear(competition: Competition, by: Account) -> None:
    """What was struck is given back, once a version without it was out."""
    lock(competition, by)
    publish(competition, by, "取消成绩")
    reopen(competition, by)
    struck = db.session.query(Decision).filter_by(kind="dsq").one()
    undo_decision(struck, "查清了，是本人", official(competition, "C1"))


def test_who_was_cleared_is_not_accused_any_more_where_certificates_are_looked_up(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    """Void as somebody cheated; the result is given back, and the certificate waits to be."""

    def looked_up(kind: str) -> str:
        return here.test_client().get(f"/v/{papers('P1')[kind].token}").text

    award = papers("P1")["award"]
    ask_revocation(award, "冒名顶替", organiser, strike=True)
    agree_revocation(award, official(certified, "C1"))
    assert all("冒名顶替" in looked_up(kind) for kind in ("award", "grade"))
    clear(certified, organiser)
    for kind in ("award", "grade"):
        page = looked_up(kind)
        assert "冒名顶替" not in page
        assert "取消成绩后来撤回了" in page


def test_another_reason_stays_when_somebody_was_cleared(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    grade = papers("P1")["grade"]
    ask_revocation(grade, "照片贴错", organiser)
    agree_revocation(grade, official(certified, "S1"))
    award = papers("P1")["award"]
    ask_revocation(award, "冒名顶替", organiser, strike=True)
    agree_revocation(award, official(certified, "C1"))
    clear(certified, organiser)
    assert "照片贴错" in here.test_client().get(f"/v/{grade.token}").text
