"""A grade made void: whoever the results give one to has a way to its certificate."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.values.states import CertificateState, ConsequenceState, GradeState
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    Consequence,
    Decision,
    GradeDecision,
    db,
)
from compete.services.certificates.counts import count_certificates, void_grades
from compete.services.certificates.issuing_bodies import body_for
from compete.services.certificates.reissuing import why_none_to_come
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import agree, settle
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.grade_decisions import kept_certificates
from compete.services.closing.grade_proposals import decide_grades
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import compare_again, consequences_of
from compete.services.results.publishing import publish
from compete.services.results.record_checks import check_records
from tests.support.announced import announce_again, reopen
from tests.support.issuing import issue_grade_certificates
from tests.support.people import correct_identity
from tests.support.second_day import certify, person, second_version, strike_out, with_prizes
from tests.support.signing_in import official
from tests.support.undoing import undo_decision

_Q = ConsequenceState


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    """P1 has grade 2, P2 and P3 have grade 3; without P1 the second version gives P2 grade 2."""
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def grade_of(code: str) -> Certificate:
    """The newest grade certificate of a contestant."""
    query = db.session.query(Certificate).filter_by(kind="grade", subject=code)
    return query.order_by(Certificate.id.desc()).first()  # type: ignore[return-value]


def decision(code: str) -> tuple[int, GradeState] | None:
    """The grade decided on a contestant now, and its state."""
    rows = [row for row in db.session.query(GradeDecision) if row.person.code == code]
    return (rows[0].grade, rows[0].state) if rows else None


def about(competition: Competition, code: str) -> Consequence:
    """The newest finding about a contestant's grade."""
    rows = consequences_of(competition)
    return next(
        row for row in reversed(rows) if row.kind == "grade" and row.certificate.subject == code
    )


def settle_rest(competition: Competition, by: Account) -> None:
    for row in consequences_of(competition):
        if row.state is _Q.OPEN:
            settle([row], "withdraw" if row.now is None else "replace", by)


def lapsed(code: str) -> list[dict[str, object] | None]:
    """The decisions on a contestant that went, as they are on record."""
    entries = db.session.query(AuditEntry).filter_by(action="grade.lapse", subject=code)
    return [entry.before for entry in entries.order_by(AuditEntry.seq)]


def approve_and_issue(competition: Competition, code: str, by: Account) -> Certificate:
    decide_grades(competition, [code], GradeState.APPROVED, by)
    body = body_for(competition)
    assert body is not None
    issue_grade_certificates(competition, body, by, "急用")
    return grade_of(code)


def give_back(competition: Competition, by: Account, *, out: bool = True) -> None:
    """Take the disqualification back, lock, and publish unless not `out`."""
    reopen(competition, by)
    (struck,) = db.session.query(Decision)
    undo_decision(struck, "核实无误", official(competition, "C1"))
    lock_marks(competition, by)
    if out:
        publish(competition, by)


@pytest.mark.each_database
@pytest.mark.parametrize("keep", [True, False])
def test_one_made_void_after_a_version_gives_way_to_the_grade_of_that_version(
    certified: Competition, organiser: Account, *, keep: bool
) -> None:
    second_version(certified, organiser)
    row, old = about(certified, "P2"), grade_of("P2")
    assert (row.was["grade"], row.now and row.now["grade"]) == (3, 2)
    if keep:
        settle([row], "keep", organiser, "仲裁维持")
        agree(row, official(certified, "S1"))
    revoke_certificate(old, "材料不实", organiser)
    assert decision("P2") == (2, GradeState.PROPOSED)
    assert lapsed("P2") == [{"grade": 3, "state": "revoked"}]
    assert row.state is (_Q.KEPT if keep else _Q.WITHDRAWN)
    assert "批准" in str(why_none_to_come(old))
    settle_rest(certified, organiser)
    new = approve_and_issue(certified, "P2", organiser)
    assert (new.face["level"], new.state) == ("二级/技师", CertificateState.VALID)
    assert old.state is CertificateState.REVOKED
    # What was kept is void: nobody kept this one.
    assert kept_certificates(certified) == set()
    assert void_grades(certified) == 0
    assert list(check_records(certified)) == []


@pytest.mark.parametrize("when", ["before", "locked"])
def test_the_version_that_gives_another_proposes_it_anew(
    certified: Competition, organiser: Account, when: str
) -> None:
    old = grade_of("P2")
    if when == "before":
        revoke_certificate(old, "材料不实", organiser)
        assert decision("P2") == (3, GradeState.REVOKED)
    strike_out(certified, "P1", organiser)
    lock_marks(certified, organiser)
    if when == "locked":
        revoke_certificate(old, "材料不实", organiser)
    publish(certified, organiser, "选手 P1 取消成绩。")
    assert decision("P2") == (2, GradeState.PROPOSED)
    assert lapsed("P2") == [{"grade": 3, "state": "revoked"}]
    settle_rest(certified, organiser)
    assert approve_and_issue(certified, "P2", organiser).face["level"] == "二级/技师"


def test_the_same_grade_is_given_again_by_two_alone(
    certified: Competition, organiser: Account
) -> None:
    old = grade_of("P3")
    revoke_certificate(old, "材料不实", organiser)
    second_version(certified, organiser)
    compare_again(certified, organiser)
    assert decision("P3") == (3, GradeState.REVOKED)
    assert void_grades(certified) == 1
    settle_rest(certified, organiser)
    ask_again(old, "查清了", organiser)
    (new,) = agree_revocation(old, official(certified, "S1"))
    assert (new.state, decision("P3")) == (CertificateState.VALID, (3, GradeState.ISSUED))
    assert void_grades(certified) == 0


def test_one_left_behind_by_an_earlier_program_is_proposed_by_comparing(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    settle_rest(certified, organiser)
    with unit_of_work():
        old = grade_of("P2")
        old.state = CertificateState.REVOKED
        for row in db.session.query(GradeDecision):
            if row.person.code == "P2":
                row.grade, row.state = 3, GradeState.REVOKED
    assert void_grades(certified) == 1
    compare_again(certified, organiser)
    assert decision("P2") == (2, GradeState.PROPOSED)


def test_one_withdrawn_late_is_proposed_by_the_version_that_gives_it_again(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    give_back(certified, organiser, out=False)
    settle([about(certified, "P1")], "withdraw", organiser)
    assert decision("P1") is None
    publish(certified, organiser)
    assert decision("P1") == (2, GradeState.PROPOSED)
    settle_rest(certified, organiser)
    assert approve_and_issue(certified, "P1", organiser).face["level"] == "二级/技师"


def test_a_void_one_that_was_to_be_replaced_is_given_again_by_two(
    certified: Competition, organiser: Account
) -> None:
    correct_identity(
        person(certified, "P3"), name="孙龑", id_number="", reason="身份证上是这个字", by=organiser
    )
    announce_again(certified, organiser)
    settle_rest(certified, organiser)
    assert about(certified, "P3").state is _Q.REPLACED
    old = grade_of("P3")
    revoke_certificate(old, "材料不实", organiser)
    ask_again(old, "查清了", organiser)
    (new,) = agree_revocation(old, official(certified, "S1"))
    assert (new.face["name"], new.state) == ("孙龑", CertificateState.VALID)


def test_what_was_to_be_replaced_and_is_void_keeps_the_next_grade_to_approve(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    settle_rest(certified, organiser)
    revoke_certificate(grade_of("P2"), "材料不实", organiser)
    announce_again(certified, organiser)
    assert decision("P2") == (2, GradeState.PROPOSED)
    assert approve_and_issue(certified, "P2", organiser).face["level"] == "二级/技师"


def test_a_void_one_of_another_grade_brings_no_wrong_one(
    certified: Competition, organiser: Account
) -> None:
    first = grade_of("P2")
    second_version(certified, organiser)
    revoke_certificate(first, "材料不实", organiser)
    settle_rest(certified, organiser)
    second = approve_and_issue(certified, "P2", organiser)
    revoke_certificate(second, "材料不实", organiser)
    assert why_none_to_come(second) is None
    assert "没有这一项" in str(why_none_to_come(first))


def test_of_a_struck_result_nobody_is_told_that_it_was_not_given_again(
    certified: Competition, organiser: Account
) -> None:
    revoke_certificate(grade_of("P3"), "材料不实", organiser)
    assert void_grades(certified) == 1
    ask_revocation(grade_of("P1"), "工龄不符", organiser, strike=True)
    agree_revocation(grade_of("P1"), official(certified, "C1"))
    assert decision("P1") == (2, GradeState.REVOKED)
    assert void_grades(certified) == 1
    lock_marks(certified, organiser)
    publish(certified, organiser, "选手 P1 取消成绩。")
    assert void_grades(certified) == count_certificates(certified).void == 1
    # The results give P1 nothing more: the void one stays as it was, on record.
    assert decision("P1") == (2, GradeState.REVOKED)
