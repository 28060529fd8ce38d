"""Grades on other grounds: proposed with evidence, put up, decided by another, in one register."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from compete.domain.values.claim_states import ClaimState, GradeGround
from compete.domain.values.states import CertificateState, GradeState, MoveError
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    GradeClaim,
    IssuingBody,
    db,
    utc_now,
)
from compete.services.certificates.authority_books import write_upload
from compete.services.certificates.claim_certificates import count_claims_due
from compete.services.certificates.claim_proposals import Claim, propose_claims
from compete.services.certificates.claims import (
    change_grounds,
    claims_of,
    decide_claims,
    drop_claims,
    facts_of,
    put_up_claims,
    terms_of,
)
from compete.services.certificates.issuing_bodies import file_scope
from compete.services.certificates.outdated_names import open_corrections
from compete.services.certificates.promotions import print_promotions, write_promotions
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.certificates.search import find_by_number
from compete.services.certificates.settling import settle
from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import GroundTerms
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequences_of
from compete.services.results.record_checks import check_records
from tests.documents.reading import pages
from tests.services.awards.test_external_awards import PDF
from tests.support.announced import announce, body_for
from tests.support.issuing import issue_claim_certificates
from tests.support.people import correct_identity
from tests.support.second_day import person, second_version, with_prizes
from tests.support.signing_in import official
from tests.support.small import IDS

EMPLOYER = GradeGround.EMPLOYER


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    """P1 to P3 are raised by their places, P4 is not."""
    return with_prizes(load)


@pytest.fixture
def body(competition: Competition) -> IssuingBody:
    return body_for(competition)


def claim(*people: str, **other: Any) -> Claim:
    known: dict[str, Any] = {
        "ground": EMPLOYER,
        "grade": 4,
        "clause": "苏人社规〔2023〕1 号第八条",
        "facts": "6月18日考核，理论 81，操作 77",
        "document": PDF,
    }
    return Claim(people=people, **known | other)


def approved(competition: Competition, by: Account, wanted: Claim) -> list[GradeClaim]:
    rows = propose_claims(competition, wanted, by)
    ids = [row.id for row in rows]
    put_up_claims(competition, ids, by)
    end_notice(rows)
    decide_claims(competition, ids, ClaimState.APPROVED, official(competition, "S1"))
    return rows


def end_notice(rows: list[GradeClaim]) -> None:
    with unit_of_work():
        for row in rows:
            row.notice_until = utc_now() - timedelta(seconds=1)


def certificate_of(row: GradeClaim) -> Certificate:
    query = db.session.query(Certificate).filter_by(claim_id=row.id)
    certificate = query.order_by(Certificate.id.desc()).first()
    assert certificate is not None
    return certificate


@pytest.mark.each_database
def test_a_grade_goes_from_evidence_through_notice_and_approval_to_a_number_and_back(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    rows = propose_claims(competition, claim("P4", "P2"), organiser)
    ids = [row.id for row in rows]
    # One document stands for both, sealed, and the chain has its hash.
    assert rows[0].document is rows[1].document
    assert rows[0].document is not None
    assert rows[0].document.document == PDF
    second = official(competition, "S1")
    with pytest.raises(MoveError):
        decide_claims(competition, ids, ClaimState.APPROVED, second)
    put_up_claims(competition, ids, organiser)
    # Of many that are chosen it says whose it is.
    with pytest.raises(MoveError, match=f"{rows[0].person.name}：已经是“公示中”了"):
        put_up_claims(competition, ids, organiser)
    with pytest.raises(Refused, match="期满以后"):
        decide_claims(competition, ids, ClaimState.APPROVED, second)
    end_notice(rows)
    with pytest.raises(Refused, match="你提出的"):
        decide_claims(competition, ids, ClaimState.APPROVED, organiser)
    with pytest.raises(Refused, match="要写理由"):
        decide_claims(competition, ids[1:], ClaimState.REFUSED, second)
    decide_claims(competition, ids[1:], ClaimState.DEFERRED, second, "等社保证明")
    decide_claims(competition, ids[:1], ClaimState.APPROVED, second)
    (first,) = issue_claim_certificates(competition, body, organiser)
    assert (first.subject, first.face["ground"], first.face["level"]) == (
        "P4",
        "自主评定",
        "四级/中级工",
    )
    assert first.number[-6:] == "000001"
    decide_claims(competition, ids[1:], ClaimState.APPROVED, second)
    (other,) = issue_claim_certificates(competition, body, organiser)
    assert other.number[-6:] == "000002"
    with pytest.raises(Refused, match="没有已批准"):
        issue_claim_certificates(competition, body, organiser)
    name = person(competition, "P4").name
    assert find_by_number(first.number, name) is first
    ask_revocation(first, "成绩有假", organiser)
    agree_revocation(first, second)
    assert (first.state, rows[0].state) == (CertificateState.REVOKED, ClaimState.REVOKED)
    ask_again(first, "查清了", organiser)
    (new,) = agree_revocation(first, second)
    assert (new.replaces, new.claim, rows[0].state) == (first, rows[0], ClaimState.ISSUED)
    (newer,) = reissue_certificate(new, "丢了补办", organiser)
    assert (new.state, newer.claim, newer.face) == (
        CertificateState.REPLACED,
        rows[0],
        first.face,
    )
    verify_chain(competition)
    assert list(check_records(competition)) == []
    acts = [
        entry.action
        for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)
        if entry.action.startswith("claim.")
    ]
    assert acts == ["claim.propose"] * 2 + ["claim.notice"] * 2 + ["claim.decide"] * 3


@pytest.mark.each_database
def test_nobody_gets_two_grades_of_one_competition_on_whatever_grounds(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    (row,) = approved(competition, organiser, claim("P1"))
    with pytest.raises(Refused, match="已经提出过自主评定"):
        propose_claims(competition, claim("P4", "P1", ground=GradeGround.DIRECT), organiser)
    assert len(claims_of(competition)) == 1
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(
            GradeClaim(
                competition_id=competition.id,
                event_id=row.event_id,
                entrant_id=row.entrant_id,
                holder=row.holder,
                ground=GradeGround.DIRECT,
                clause="另一条",
                grade=3,
                facts="再来一次",
                proposed_by=organiser.id,
            )
        )
    issue_claim_certificates(competition, body, organiser)
    # A place that gives the same person a grade is not approved beside it.
    announce(competition, organiser)
    codes = [decision.person.code for decision in grade_decisions_of(competition)]
    assert "P1" in codes
    with pytest.raises(Refused, match="已经按别的依据"):
        decide_grades(competition, codes, GradeState.APPROVED, organiser)
    # Nor the other way round.
    with pytest.raises(Refused, match="按名次已经拟晋升"):
        propose_claims(competition, claim("P2"), organiser)
    paper = certificate_of(row)
    kept = {
        column.name: getattr(paper, column.name)
        for column in Certificate.__table__.columns
        if column.name not in ("id", "number", "token_hash", "place", "prize", "replaces_id")
    }
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(Certificate(**kept, number="二", token_hash="2" * 64, prize="另", place=1))


def assessed_before(competition: Competition, code: str, by: Account) -> GradeClaim:
    """An assessment as a program from before there were evaluations left it."""
    entrant = person(competition, code)
    with unit_of_work() as session:
        row = GradeClaim(
            **{"competition_id": competition.id, "event_id": entrant.event_id},
            **{"entrant_id": entrant.id, "holder": f"entrant/{entrant.id}"},
            **{"ground": GradeGround.ASSESSMENT, "grade": 4, "clause": "标准 1.9", "facts": ""},
            **{"theory": Decimal(81), "practice": Decimal("77.5"), "proposed_by": by.id},
            assessed_on=date(2026, 6, 18),
        )
        session.add(row)
        audit.record(competition, by, "claim.propose", code)
    return row


@pytest.mark.each_database
def test_an_assessment_is_proposed_no_more_and_those_there_are_go_on_to_the_end(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    with pytest.raises(Refused, match="新建一次等级认定"):
        propose_claims(competition, claim("P4", ground=GradeGround.ASSESSMENT), organiser)
    row = assessed_before(competition, "P4", organiser)
    assert str(facts_of(row)) == "2026-06-18 考核，理论 81、实操 77.5"
    put_up_claims(competition, [row.id], organiser)
    end_notice([row])
    decide_claims(competition, [row.id], ClaimState.APPROVED, official(competition, "S1"))
    (paper,) = issue_claim_certificates(competition, body, organiser)
    assert (paper.face["ground"], paper.face["clause"]) == ("考核认定", "标准 1.9")
    (anew,) = reissue_certificate(paper, "丢了补办", organiser)
    assert anew.face == paper.face
    book = openpyxl.load_workbook(io.BytesIO(write_upload(Asked(competition, organiser, str, {}))))
    heads, *rows = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()][1:]
    cells = dict(zip(heads, rows[0], strict=True))
    assert (cells["理论"], cells["实操"], cells["依据"]) == (81, 77.5, "考核认定，标准 1.9")
    # What it needed stays as it was set, though nobody is asked any more.
    was = terms_of(competition, GradeGround.ASSESSMENT)
    change_grounds(competition, {EMPLOYER: GroundTerms(document=False, days=0)}, organiser)
    assert terms_of(competition, GradeGround.ASSESSMENT) == was
    assert list(check_records(competition)) == []


def test_a_new_version_does_not_touch_what_rests_on_no_results(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    (row,) = approved(competition, organiser, claim("P4"))
    issue_claim_certificates(competition, body, organiser)
    announce(competition, organiser)
    second_version(competition, organiser)
    paper = certificate_of(row)
    assert [c for c in consequences_of(competition) if c.certificate_id == paper.id] == []
    assert paper.state is CertificateState.VALID


def test_a_corrected_name_is_followed_and_the_body_gets_a_list(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    for make in (write_promotions, print_promotions):
        with pytest.raises(Refused, match="没有拟晋升"):
            make(Asked(competition, organiser, str, {}))
    (row,) = approved(competition, organiser, claim("P4"))
    with unit_of_work():
        row.entrant.certificate = "S000032000005000123456"
    issue_claim_certificates(competition, body, organiser)
    old = certificate_of(row)
    (sheet,) = openpyxl.load_workbook(
        io.BytesIO(write_promotions(Asked(competition, organiser, str, {})))
    ).worksheets
    texts = [[str(cell.value) for cell in line if cell.value] for line in sheet.iter_rows()]
    (line,) = [line for line in texts if "自主评定" in line]
    assert IDS["P4"] in line
    assert old.number in line
    text = "\n".join(pages(print_promotions(Asked(competition, organiser, str, {}))))
    paper = "".join(text.split())
    assert "其他依据认定" in paper
    assert "自主评定" in paper
    assert IDS["P4"] in paper
    assert open_corrections(competition) == []

    who = {"name": "李小晓", "id_number": "", "reason": "身份证上是这个字"}
    correct_identity(person(competition, "P4"), **who, by=organiser)
    # Results are not out yet, and the certificate is another's name already.
    (waiting,) = open_corrections(competition)
    assert (waiting.holder.code, waiting.certificates, waiting.publication) == ("P4", 1, None)
    announce(competition, organiser)
    (left,) = [c for c in consequences_of(competition) if c.certificate_id == old.id]
    assert (left.now, set(left.why)) == ({"grade": 4, "name": "李小晓"}, {"name"})
    assert open_corrections(competition) == []
    assert settle([left], "replace", organiser) == 1
    assert count_claims_due(competition) == 1
    (new,) = issue_claim_certificates(competition, body, organiser)
    assert (new.face["name"], new.replaces, old.state) == (
        "李小晓",
        old,
        CertificateState.REPLACED,
    )
    assert count_claims_due(competition) == 0
    assert list(check_records(competition)) == []


def test_what_a_ground_or_the_body_does_not_allow_is_refused_with_the_name(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    with unit_of_work():
        person(competition, "P4").grade = 3
    renewal = GradeGround.RENEWAL
    name = person(competition, "P4").name
    for wanted, match in (
        (claim(), "还没选人"),
        (claim("P4", clause=" "), "条款"),
        (claim("P4", facts="", ground=GradeGround.DIRECT), "情况"),
        (claim("P4", grade=9), "哪一级"),
        (claim("P4", document=b""), "自主评定要附证明材料"),
        (claim("P4", document=b"MZ"), "不是 PDF 或照片"),
        (claim("P4", "P9"), "名单里没有 P9"),
        (claim("P4", grade=4), f"{name} 现在已经是三级/高级工"),
        (claim("P4", grade=3), "不能再认定到"),
        (claim("P4", grade=2, ground=renewal), "只能换同一级"),
        (claim("P4", grade=3, ground=renewal), "没有登记现有证书"),
    ):
        with pytest.raises(Refused, match=match):
            propose_claims(competition, wanted, organiser)
    assert claims_of(competition) == []
    with unit_of_work():
        person(competition, "P4").certificate = "Y000032000123193000001"
    (renewed,) = propose_claims(competition, claim("P4", grade=3, ground=renewal), organiser)
    assert (renewed.present_grade, renewed.grade) == (3, 3)
    drop_claims(competition, [renewed.id], "证书还没到期", organiser)
    assert renewed.state is ClaimState.DROPPED
    # Outside what the body is filed for nothing is proposed, and nothing issued.
    (row,) = approved(competition, organiser, claim("P4", grade=2))
    scope = [entry | {"grades": [5, 4, 3]} for entry in body.scope]
    file_scope(body, scope, None)
    with pytest.raises(Refused, match="没有备案"):
        issue_claim_certificates(competition, body, organiser)
    assert row.state is ClaimState.APPROVED
    with pytest.raises(Refused, match="没有备案"):
        propose_claims(competition, claim("P3", grade=1), organiser)


def test_evidence_and_notice_are_the_organisers_settings(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    with pytest.raises(Refused, match="公示天数"):
        change_grounds(competition, {EMPLOYER: GroundTerms(days=61)}, organiser)
    change_grounds(competition, {EMPLOYER: GroundTerms(document=False, days=0)}, organiser)
    (row,) = propose_claims(competition, claim("P4", document=b""), organiser)
    put_up_claims(competition, [row.id], organiser)
    decide_claims(competition, [row.id], ClaimState.APPROVED, official(competition, "S1"))
    with pytest.raises(Refused, match="直接认定要附证明材料"):
        propose_claims(competition, claim("P3", ground=GradeGround.DIRECT, document=b""), organiser)
