"""Grades on other grounds for hundreds of people: jobs in parts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from compete.domain.bundle.event_types import Occupation
from compete.domain.identity.papers import Paper
from compete.domain.values.claim_states import ClaimState, GradeGround
from compete.domain.values.states import JobState
from compete.models import Account, Competition, Examinee, GradeClaim, IssuingBody, Job, db, utc_now
from compete.services.certificates.claim_certificates import DUE_CLAIMS
from compete.services.certificates.claim_proposals import (
    Claim,
    move_or_ask,
    propose_claims,
    propose_or_ask,
)
from compete.services.certificates.claims import (
    claims_to_approve,
    claims_to_put_up,
    count_claims,
    search_claims,
)
from compete.services.certificates.examinees import read_candidates
from compete.services.certificates.issuing_jobs import issue_or_ask
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.services.awards.test_external_awards import PDF
from tests.sheets.people import citizen_id
from tests.support.announced import body_for
from tests.support.second_day import with_prizes
from tests.support.signing_in import official
from tests.support.write_holds import short_holds

BORN, ON = date(1990, 1, 1), date(2026, 6, 18)
CRANE = Occupation(code="6-30-05-01", name="起重装卸机械操作工", track="叉车司机")
MANY = 205


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    return with_prizes(load)


@pytest.fixture
def body(competition: Competition) -> IssuingBody:
    return body_for(competition)


def employed(lines: str, grade: int = 4) -> Claim:
    return Claim(
        examinees=read_candidates(lines, Paper.CITIZEN_ID),
        occupation=CRANE,
        ground=GradeGround.EMPLOYER,
        grade=grade,
        clause="标准 2023 版 1.9",
        facts="理论 81",
        document=PDF,
    )


def line(number: int, *rest: str) -> str:
    name = "王" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))
    return "\t".join([name, citizen_id(BORN, number % 1000), "南京港", *rest])


def finished(job: object) -> Job:
    assert isinstance(job, Job)
    number = job.id
    for thread in threading.enumerate():
        if thread.name.startswith("jobs-"):
            thread.join()
    db.session.rollback()
    job = db.session.get_one(Job, number, populate_existing=True)
    assert job.state is JobState.DONE, job.error
    return job


def test_hundreds_are_proposed_put_up_approved_and_certified_by_jobs_in_parts(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    with short_holds():
        _go_all_the_way(competition, organiser)


def _go_all_the_way(competition: Competition, organiser: Account) -> None:
    lines = "\n".join(line(n) for n in range(MANY))
    statements: list[str] = []
    engine = db.engine
    event.listen(
        engine, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement)
    )
    job = finished(propose_or_ask(competition, employed(lines), organiser))
    # A person of the list is not asked about by statements of their own.
    assert len(statements) < 2 * MANY
    # Numbers of people stay nowhere but with the people.
    assert (job.private, job.result) == (None, {"number": MANY})
    claims = search_claims(competition, 0, 1000)
    assert len(claims) == MANY
    assert len(search_claims(competition, 0, 100, text="王丙甲丁")) == 1
    ids = claims_to_put_up(competition)
    finished(move_or_ask(competition, ids, ClaimState.NOTICE, organiser))
    with unit_of_work() as session:
        past = utc_now() - timedelta(seconds=1)
        session.execute(
            update(GradeClaim).values(notice_until=past), execution_options={"noted": True}
        )
    assert claims_to_approve(competition, organiser) == []
    second = official(competition, "S1")
    ids = claims_to_approve(competition, second)
    finished(move_or_ask(competition, ids, ClaimState.APPROVED, second))
    finished(issue_or_ask(DUE_CLAIMS, competition, organiser))
    assert count_claims(competition) == {ClaimState.ISSUED: MANY}


def test_what_a_list_lacks_is_told_before_anything_of_it_is_written(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    propose_claims(competition, employed(line(150)), organiser)
    lines = "\n".join(line(n) for n in range(MANY))
    with pytest.raises(Refused, match="已经提出过"):
        propose_or_ask(competition, employed(lines), organiser)
    assert db.session.query(Examinee).count() == 1
    known = "\n".join([*(line(n, "三级") for n in range(300, 410))])
    with pytest.raises(Refused, match="不能再认定到"):
        propose_or_ask(competition, employed(known), organiser)
