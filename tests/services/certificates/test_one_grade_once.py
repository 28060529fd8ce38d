"""One person, two evaluations and a contest: the same grade is given once, in whatever order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.values.claim_states import ClaimState, GradeGround
from compete.domain.values.states import CertificateState, GradeState
from compete.models import Account, Certificate, Competition, GradeClaim, IssuingBody, db
from compete.services.certificates.claim_proposals import Claim, propose_claims
from compete.services.certificates.claims import decide_claims, put_up_claims
from compete.services.certificates.issuing_bodies import body_for, choose_body
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.closing import grade_proposals
from compete.services.closing.grade_proposals import (
    decide_grades,
    grade_decisions_of,
    why_not_approved,
)
from compete.services.directory.registered_grades import HeldGrade, grades_of_people
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.services.awards.test_external_awards import PDF
from tests.services.certificates.test_claims import end_notice
from tests.sheets.reading.files import id_of
from tests.support import announced
from tests.support.announced import announce
from tests.support.announced import body_for as new_body
from tests.support.begun import Begin
from tests.support.evaluation import evaluation, mark
from tests.support.issuing import issue_claim_certificates, issue_grade_certificates
from tests.support.signing_in import official
from tests.support.small import all_marks, small
from tests.support.together import together

WHO, OTHER, GRADE = id_of(1), id_of(2), 4
OCCUPATION = {"code": "4-09-01-05", "name": "灌排泵站运行工"}
ORDERS = ["".join(order) for order in permutations("ABC")]
"""A and B are evaluations, C is a contest."""

Three = dict[str, Competition]


def sitting(code: str) -> dict[str, Any]:
    """An evaluation in which the person and somebody else pass."""
    plain = evaluation()
    plain["competition"] |= {"code": code, "name": f"认定{code}"}
    plain["events"] = plain["events"][:1]
    plain["events"][0] |= {"occupation": OCCUPATION, "apply": []}
    first = plain["entrants"][0]
    for key in ("carried", "grade", "grade_since"):
        del first[key]
    plain["entrants"] = [
        first | {"code": name, "name": f"工人{name}", "id_number": number}
        for name, number in (("P1", WHO), ("P2", OTHER if code == "A" else id_of(3)))
    ]
    plain["judges"] += [
        {"code": "C1", "name": "考评组长", "role": "chief"},
        {"code": "S1", "name": "督导员", "role": "supervisor"},
    ]
    plain["marks"] = [
        mark_there
        for who in ("P1", "P2")
        for mark_there in (
            *(mark(module, who, 80) for module in ("theory", "one", "two")),
            *(mark("review", who, 80, f"J{n}") for n in (1, 2, 3)),
        )
    ]
    return plain


def contest(code: str, who: str = "P1") -> dict[str, Any]:
    """A contest that raises its first, P1, to the same grade; `who` in it is the person."""
    rule = {"code": "top", "when": {"max_rank": 1}, "grant": {"to": GRADE}}
    plain = small(all_marks(), event={"occupation": OCCUPATION, "grades": [rule]})
    plain["competition"] |= {"code": code, "name": f"竞赛{code}"}
    for entrant in plain["entrants"]:
        if entrant["code"] == who:
            entrant |= {"name": "工人P1", "id_number": WHO}
    return plain


@pytest.fixture
def three(here: Flask, load: Callable[..., Competition], organiser: Account, begin: Begin) -> Three:
    def make() -> None:
        competitions = [load(plain) for plain in (sitting("A"), sitting("B"), contest("C"))]
        body = new_body(competitions[0])
        for competition in competitions:
            announce(competition, organiser)
            choose_body(competition, body, organiser)

    begin("one person three times", make)
    return {row.code: row for row in db.session.scalars(select(Competition))}


def body_of(competition: Competition) -> IssuingBody:
    body = body_for(competition)
    assert body is not None
    return body


def papers() -> list[Certificate]:
    """The person's valid certificates."""
    rows = db.session.scalars(select(Certificate).where(Certificate.kind == "grade"))
    return [row for row in rows if row.state is CertificateState.VALID and row.id_number == WHO]


def approve(competition: Competition, by: Account) -> None:
    announced.approve(competition, ["P1"], by)


def issue(competition: Competition, by: Account) -> None:
    issue_grade_certificates(competition, body_of(competition), by, "急用")


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_approved_in_one_is_approved_in_no_other(
    three: Three, organiser: Account, order: str
) -> None:
    first, *others = (three[code] for code in order)
    approve(first, organiser)
    for other in others:
        assert list(why_not_approved(other)) == ["P1"]
        with pytest.raises(Refused, match=f"在“{first.name}”已经批准"):
            approve(other, organiser)
    issue(first, organiser)
    (paper,) = papers()
    for other in others:
        with pytest.raises(Refused, match=f"“{first.name}”发的"):
            approve(other, organiser)
        with pytest.raises(Refused, match="没有已批准"):
            issue(other, organiser)
    assert papers() == [paper]


@pytest.mark.parametrize("order", ORDERS)
def test_what_was_approved_everywhere_before_is_issued_by_the_first_alone(
    three: Three, organiser: Account, order: str
) -> None:
    """As an installation may stand that approved before anybody looked elsewhere."""
    with unit_of_work():
        for competition in three.values():
            for row in grade_decisions_of(competition):
                row.state = GradeState.APPROVED
    first, *others = (three[code] for code in order)
    issue(first, organiser)
    (paper,) = papers()
    for other in others:
        with pytest.raises(Refused, match=f"“{first.name}”发的"):
            issue(other, organiser)
        decide_grades(other, ["P1"], GradeState.REFUSED, organiser, "别处发过了")
    # Nobody else waits for it.
    for other in others:
        if other.code != "C":
            issue(other, organiser)
    assert papers() == [paper]
    everybody = select(Certificate).where(Certificate.kind == "grade")
    assert len(db.session.scalars(everybody).all()) == 3


def test_what_was_made_void_is_not_given_again_where_another_gave_it(
    three: Three, organiser: Account
) -> None:
    approve(three["A"], organiser)
    issue(three["A"], organiser)
    (void,) = papers()
    second = official(three["A"], "S1")
    ask_revocation(void, "发错了", organiser)
    agree_revocation(void, second)
    approve(three["B"], organiser)
    issue(three["B"], organiser)
    (paper,) = papers()
    ask_again(void, "查清了", organiser)
    with pytest.raises(Refused, match="“认定B”发的"):
        agree_revocation(void, second)
    assert papers() == [paper]


def claimed(competition: Competition, by: Account) -> list[GradeClaim]:
    """The grade proposed on another ground, for who is P4 in the contest."""
    wanted = Claim(
        **{"people": ["P4"], "ground": GradeGround.EMPLOYER, "grade": GRADE},
        **{"clause": "条", "facts": "试", "document": PDF},
    )
    rows = propose_claims(competition, wanted, by)
    put_up_claims(competition, [row.id for row in rows], by)
    end_notice(rows)
    return rows


def approve_claims(competition: Competition, rows: Sequence[GradeClaim]) -> None:
    ids = [row.id for row in rows]
    decide_claims(competition, ids, ClaimState.APPROVED, official(competition, "S1"))


@pytest.fixture
def other_contest(
    three: Three, load: Callable[..., Competition], organiser: Account
) -> Competition:
    """A contest in which the person has no place that gives anything."""
    competition = load(contest("D", "P4"))
    choose_body(competition, body_of(three["A"]), organiser)
    return competition


@pytest.mark.each_database
def test_an_evaluation_and_another_ground_do_not_both_give_it(
    three: Three, other_contest: Competition, organiser: Account
) -> None:
    rows = claimed(other_contest, organiser)
    # What is only proposed there keeps nobody from passing here.
    approve(three["A"], organiser)
    with pytest.raises(Refused, match="在“认定A”已经批准"):
        approve_claims(other_contest, rows)
    decide_grades(three["A"], ["P1"], GradeState.DEFERRED, organiser, "等那边")
    approve_claims(other_contest, rows)
    for code in "ABC":
        with pytest.raises(Refused, match="在“竞赛D”已经批准"):
            approve(three[code], organiser)
    (paper,) = issue_claim_certificates(other_contest, body_of(other_contest), organiser)
    for code in "ABC":
        with pytest.raises(Refused, match="“竞赛D”发的"):
            approve(three[code], organiser)
    assert papers() == [paper]


@pytest.mark.each_database
def test_a_claim_is_not_even_proposed_for_what_an_evaluation_gave(
    three: Three, other_contest: Competition, organiser: Account
) -> None:
    approve(three["A"], organiser)
    with pytest.raises(Refused, match="在“认定A”已经批准"):
        claimed(other_contest, organiser)
    issue(three["A"], organiser)
    with pytest.raises(Refused, match="“认定A”发的"):
        claimed(other_contest, organiser)


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has looked what the person holds waits a while for the other to look, too."""
    barrier = threading.Barrier(2)

    def looked(hashes: Collection[str], **also: bool) -> Mapping[str, Sequence[HeldGrade]]:
        grades = grades_of_people(hashes, **also)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(1)
        return grades

    monkeypatch.setattr(grade_proposals, "grades_of_people", looked)


@pytest.mark.each_database
@pytest.mark.parametrize("act", [approve, issue])
def test_two_at_once_do_not_both_give_it(
    three: Three,
    organiser: Account,
    here: Flask,
    meeting: None,
    act: Callable[[Competition, Account], None],
) -> None:
    if act is issue:
        with unit_of_work():
            for code in "AB":
                for row in grade_decisions_of(three[code]):
                    row.state = GradeState.APPROVED
    ids, by = [three[code].id for code in "AB"], organiser.id
    db.session.rollback()

    def act_on(number: int) -> None:
        act(db.session.get_one(Competition, number), db.session.get_one(Account, by))

    ended = together(here, *[lambda number=number: act_on(number) for number in ids])
    refused = [refusal for refusal in ended if isinstance(refusal, Refused)]
    assert (len(refused), ended.count(None)) == (1, 1)
    db.session.rollback()
    if act is issue:
        assert len(papers()) == 1
