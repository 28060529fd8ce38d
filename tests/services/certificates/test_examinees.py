"""Who takes no part has a grade in the same book: same checks, same numbers, nothing twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from compete.domain.bundle.event_types import Occupation
from compete.domain.identity.papers import Paper
from compete.domain.values.claim_states import ClaimState, GradeGround
from compete.domain.values.states import CertificateState, GradeState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Examinee,
    GradeClaim,
    IssuingBody,
    Person,
    db,
)
from compete.services.awards.prize_money import paid_titles, set_money
from compete.services.awards.prize_money_payments import payments_of
from compete.services.certificates.claim_proposals import Claim, propose_claims
from compete.services.certificates.claims import (
    claims_in_notice,
    claims_of,
    decide_claims,
    drop_claims,
    put_up_claims,
)
from compete.services.certificates.examinees import (
    Candidate,
    candidates_of_table,
    correct_examinee,
    read_candidates,
)
from compete.services.certificates.issuing_bodies import choose_body
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.promotions import write_promotions
from compete.services.certificates.register import read_register
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.certificates.search import find_by_number
from compete.services.closing.grade_proposals import decide_grades
from compete.services.competitions.erasure_requests import (
    agree_erasure,
    ask_erasure,
    why_not_erasable,
)
from compete.services.competitions.retention import kept_of
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.record_checks import check_certified, check_records
from compete.sheets.workbook.refusal import WorkbookError
from tests.documents.reading import pages
from tests.services.awards.test_external_awards import PDF
from tests.services.certificates.test_claims import approved as all_approved
from tests.services.certificates.test_claims import claim, end_notice
from tests.support.announced import announce, body_for
from tests.support.issuing import issue_claim_certificates
from tests.support.second_day import PRIZES, with_prizes
from tests.support.signing_in import official
from tests.support.small import IDS, all_marks, small

CRANE = Occupation(code="6-30-05-01", name="起重装卸机械操作工", track="叉车司机")
OTHER = "110101199003070038"
LINES = f"张三\t{OTHER}\t南京港\n"
"""Somebody whom no list of entrants has."""


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    """P1 to P3 are raised by their places, P4 is not."""
    return with_prizes(load)


@pytest.fixture
def body(competition: Competition) -> IssuingBody:
    return body_for(competition)


def exam(*candidates: Candidate, **other: Any) -> Claim:
    known: dict[str, Any] = {
        "ground": GradeGround.EMPLOYER,
        "facts": "6月18日考试，理论 81，操作 77",
        "occupation": CRANE,
        "examinees": candidates or read_candidates(LINES, Paper.CITIZEN_ID),
    }
    return claim(**(known | other))


def approved(competition: Competition, by: Account, wanted: Claim) -> GradeClaim:
    (row,) = all_approved(competition, by, wanted)
    return row


def certificates() -> list[Certificate]:
    return db.session.query(Certificate).order_by(Certificate.id).all()


@pytest.mark.each_database
def test_an_examinee_goes_the_whole_way_through_the_same_book(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    (row,) = propose_claims(competition, exam(), organiser)
    assert (row.person.code, row.entrant, row.event) == ("#1", None, None)
    put_up_claims(competition, [row.id], organiser)
    assert claims_in_notice(competition) == [row]
    second = official(competition, "S1")
    with pytest.raises(Refused, match="期满以后才能批准"):
        decide_claims(competition, [row.id], ClaimState.APPROVED, second)
    end_notice([row])
    with pytest.raises(Refused, match="是你提出的"):
        decide_claims(competition, [row.id], ClaimState.APPROVED, organiser)
    decide_claims(competition, [row.id], ClaimState.APPROVED, second)
    # Beside somebody who takes part, in one series of numbers.
    entrant = Claim(
        people=["P4"], ground=GradeGround.EMPLOYER, grade=4, clause="条", facts="试", document=PDF
    )
    approved(competition, organiser, entrant)
    first, other = issue_claim_certificates(competition, body, organiser)
    assert [paper.number[-6:] for paper in (first, other)] == ["000001", "000002"]
    assert (first.subject, first.id_number, first.entrant) == ("#1", OTHER, None)
    assert (first.face["occupation"], first.face["trade"], first.face["level"]) == (
        "起重装卸机械操作工",
        "叉车司机",
        "四级/中级工",
    )
    assert find_by_number(first.number, "张三") is first
    assert [person.id for person in read_register(competition, q="张三").rows] == [first.id]
    assert [person.id for person in read_register(competition, q=OTHER[-4:]).rows] == [first.id]
    book = openpyxl.load_workbook(
        io.BytesIO(write_promotions(Asked(competition, organiser, str, {})))
    )
    cells = [str(cell.value) for line in book.worksheets[0].iter_rows() for cell in line]
    assert {"张三", OTHER, "南京港", "自主评定", first.number, "男"} <= set(cells)
    assert "起重装卸机械操作工（叉车司机） 6-30-05-01" in cells
    assert OTHER in "".join("".join(pages(print_certificates([first]))).split())
    set_money(competition, {}, {4: 30000}, organiser)
    assert paid_titles(competition)
    assert ("张三", "南京港", 30000) in {
        (payment.name, payment.unit, payment.cents) for payment in payments_of(competition)
    }
    # Void by two, given again by two.
    ask_revocation(first, "考场记录有误", organiser)
    agree_revocation(first, second)
    assert (first.state, row.state) == (CertificateState.REVOKED, ClaimState.REVOKED)
    ask_again(first, "复查无误", organiser)
    agree_revocation(first, second)
    newest = certificates()[-1]
    assert (newest.replaces, newest.number[-6:], row.state) == (
        first,
        "000003",
        ClaimState.ISSUED,
    )
    assert list(check_records(competition)) == []
    assert list(verify_chain(competition)) == []


@pytest.mark.each_database
def test_nobody_has_the_same_grade_by_two_ways(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    announce(competition, organiser)
    # P2 is raised by the place already, whatever list the number stands on.
    (p2,) = read_candidates(f"李小二，{IDS['P2']}，乙单位", Paper.CITIZEN_ID)
    with pytest.raises(Refused, match="按名次已经拟晋升"):
        propose_claims(competition, exam(p2), organiser)
    assert claims_of(competition) == []
    # P4 is on the list: once as who takes part, once not.
    (p4,) = read_candidates(f"李小四 {IDS['P4']} 乙单位", Paper.CITIZEN_ID)
    (row,) = propose_claims(competition, exam(p4), organiser)
    entrant = Claim(
        people=["P4"], ground=GradeGround.EMPLOYER, grade=4, clause="条", facts="试", document=PDF
    )
    for again in (exam(p4), entrant):
        with pytest.raises(Refused, match="已经提出过自主评定"):
            propose_claims(competition, again, organiser)
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(
            GradeClaim(
                competition_id=competition.id,
                examinee_id=row.examinee_id,
                occupation=row.occupation,
                holder=row.holder,
                ground=GradeGround.DIRECT,
                clause="另一条",
                grade=3,
                facts="再来一次",
                proposed_by=organiser.id,
            )
        )
    # Neither an entrant's nor an examinee's, or both: no such row.
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(
            GradeClaim(
                competition_id=competition.id,
                holder="nobody",
                ground=GradeGround.DIRECT,
                clause="条",
                grade=3,
                facts="试",
                proposed_by=organiser.id,
            )
        )


def test_a_place_gives_no_grade_that_an_exam_gave(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    (p1,) = read_candidates(f"李小一 {IDS['P1']} 甲单位", Paper.CITIZEN_ID)
    row = approved(competition, organiser, exam(p1, grade=2))
    announce(competition, organiser)
    with pytest.raises(Refused, match="已经按别的依据"):
        decide_grades(competition, ["P1"], GradeState.APPROVED, organiser)
    issue_claim_certificates(competition, body, organiser)
    assert row.state is ClaimState.ISSUED


def test_a_certificate_of_another_competition_counts(
    competition: Competition,
    body: IssuingBody,
    organiser: Account,
    load: Callable[..., Competition],
) -> None:
    approved(competition, organiser, exam(grade=3))
    (paper,) = issue_claim_certificates(competition, body, organiser)
    plain = small(all_marks(), event=PRIZES)
    plain["competition"]["code"] = "Y"
    later = load(plain)
    choose_body(later, body, organiser)
    spaced = " ".join((paper.number[:5], paper.number[5:7], paper.number[7:13]))
    for grade in (4, 3):
        with pytest.raises(Refused, match=spaced):
            propose_claims(later, exam(grade=grade), organiser)
    # A higher one, or of another trade, is another grade.
    (row,) = propose_claims(later, exam(grade=2), organiser)
    drop_claims(later, [row.id], "先不办", organiser)
    crane = Occupation(code=CRANE.code, name=CRANE.name, track="桥式起重机司机")
    assert propose_claims(later, exam(occupation=crane), organiser)


def test_an_audit_holds_each_certificate_against_what_was_approved(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    row = approved(competition, organiser, exam())
    (paper,) = issue_claim_certificates(competition, body, organiser)
    assert list(check_certified(competition)) == []
    for column, wrong in (
        ("grade", 3),
        ("ground", GradeGround.DIRECT),
        ("occupation", {"code": "6-18-02-04", "name": "焊工", "track": None}),
        ("state", ClaimState.APPROVED),
    ):
        right = getattr(row, column)
        with unit_of_work():
            setattr(row, column, wrong)
        (fault,) = check_certified(competition)
        assert paper.number in str(fault)
        with unit_of_work():
            setattr(row, column, right)
    assert list(check_certified(competition)) == []


def test_a_table_with_headings_is_read_by_them(here: Flask) -> None:
    head = "单位\t姓名\t身份证号\t联系电话\t现技能等级"
    table = f"名单\n{head}\n南京港\t张三\t{OTHER}\t138\t四级\n合计：1人\n"
    candidates, notices = candidates_of_table(table.encode(), Paper.CITIZEN_ID)
    assert [(it.name, it.id_number, it.unit, it.grade) for it in candidates] == [
        ("张三", OTHER, "南京港", 4)
    ]
    assert any("联系电话" in str(it) for it in notices)
    with pytest.raises(Refused, match="没有一列是单位"):
        candidates_of_table(f"姓名\t身份证号\n张三\t{OTHER}".encode(), Paper.CITIZEN_ID)
    with pytest.raises(Refused, match="第 2 行"):
        candidates_of_table("姓名\t身份证号\t单位\n张三\t12\t南京港".encode(), Paper.CITIZEN_ID)
    with pytest.raises(WorkbookError):
        candidates_of_table(LINES.encode(), Paper.CITIZEN_ID)


def test_lines_and_occupations_that_cannot_be_are_refused_with_the_line(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    good = f"张三 {OTHER} 南京港"
    for text, match in (
        ("张三", "第 1 行：要写姓名"),
        (f"{good}\n李四 123 南京港", "第 2 行"),
        (f"{good}\n\n{good}", "第 3 行：证件号码前面写过了"),
        (f"{good} 九级", "第 1 行"),
        (f"{good} 五级 ABC", "第 1 行"),
        (f"张3 {OTHER} 南京港", "姓名不对"),
    ):
        with pytest.raises(Refused, match=match):
            read_candidates(text, Paper.CITIZEN_ID)
    (raised,) = read_candidates(f"{good} 四级 Y000032000123254000001", Paper.CITIZEN_ID)
    assert (raised.grade, raised.certificate) == (4, "Y000032000123254000001")
    welder = Occupation(code="6-18-02-04", name="焊工", track=None)
    for wanted, match in (
        (exam(examinees=[]), "还没选人"),
        (exam(occupation=None), "要选职业"),
        (exam(occupation=welder), "没有备案 焊工"),
        (exam(document=b""), "自主评定要附证明材料"),
        (exam(raised, grade=4), "现在已经是四级"),
        (exam(raised, grade=3, ground=GradeGround.RENEWAL), "只能换同一级"),
    ):
        with pytest.raises(Refused, match=match):
            propose_claims(competition, wanted, organiser)
    assert db.session.query(Examinee).count() == 0
    (row,) = propose_claims(competition, exam(raised, ground=GradeGround.RENEWAL), organiser)
    assert row.present_grade == 4
    (other,) = read_candidates(f"李四 {OTHER} 南京港", Paper.CITIZEN_ID)
    with pytest.raises(Refused, match="登记的是张三"):
        propose_claims(competition, exam(other), organiser)


def test_a_competition_without_events_of_an_occupation_can_have_a_body(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    with_one = load(small(all_marks(), event=PRIZES))
    body = body_for(with_one)
    plain = small(all_marks())
    plain["competition"]["code"] = "Z"
    without = load(plain)
    with pytest.raises(Refused, match="还没填评价机构"):
        propose_claims(without, exam(), organiser)
    choose_body(without, body, organiser)
    approved(without, organiser, exam())
    assert len(issue_claim_certificates(without, body, organiser)) == 1


def test_personal_data_go_on_the_persons_wish_and_the_certificate_stays(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    before = kept_of(competition).people
    (row,) = propose_claims(competition, exam(), organiser)
    person = row.person
    assert isinstance(person, Examinee)
    assert kept_of(competition).people == before + 1
    assert "还没有办完" in str(why_not_erasable(person))
    assert ask_erasure(competition, person, "本人来信", organiser).answer
    put_up_claims(competition, [row.id], organiser)
    end_notice([row])
    second = official(competition, "S1")
    decide_claims(competition, [row.id], ClaimState.APPROVED, second)
    (paper,) = issue_claim_certificates(competition, body, organiser)
    asked = ask_erasure(competition, person, "本人来信", organiser)
    assert agree_erasure(asked, second) == 1
    assert (person.name, person.id_number, person.person_id, row.facts, row.document_id) == (
        "选手#1",
        None,
        None,
        "",
        None,
    )
    assert db.session.query(Person).filter_by(name="张三").count() == 0
    assert find_by_number(paper.number, "张三") is paper
    with pytest.raises(Refused, match="个人资料已经删除"):
        reissue_certificate(paper, "丢了", organiser)
    with pytest.raises(Refused, match="个人资料已经删除"):
        correct_examinee(
            person, name="张", id_number="", unit="", photo=b"", reason="错", by=organiser
        )
    assert list(check_records(competition)) == []


def test_the_sealed_number_stands_in_no_other_column(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    propose_claims(competition, exam(), organiser)
    with db.engine.connect() as connection:
        for table in inspect(db.engine).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
            assert OTHER not in repr(rows), table
