"""Grades on other grounds for hundreds of people: jobs in parts, and marks that are held to."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, update

from compete.domain.bundle import Occupation
from compete.domain.identity import Paper
from compete.domain.values import ClaimState, GradeGround, JobState
from compete.models import Account, Competition, Examinee, GradeClaim, IssuingBody, Job, db, utc_now
from compete.services.certificates import (
    Claim,
    ClaimsSought,
    claims_found,
    claims_to_approve,
    claims_to_put_up,
    count_claims,
    issue_claims_or_ask,
    move_or_ask,
    propose_claims,
    propose_or_ask,
    read_candidates,
    read_marks,
)
from compete.services.certificates.authority_books import write_upload
from compete.services.kernel import Refused, unit_of_work
from tests.services.certificates.test_honours import PDF
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


def assessed(lines: str, grade: int = 4) -> Claim:
    return Claim(
        examinees=read_candidates(lines, Paper.CITIZEN_ID, (grade, ON)),
        occupation=CRANE,
        ground=GradeGround.ASSESSMENT,
        grade=grade,
        clause="标准 2023 版 1.9",
        facts="",
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
        _go_all_the_way(competition, body, organiser)


def _go_all_the_way(competition: Competition, body: IssuingBody, organiser: Account) -> None:
    lines = "\n".join(line(n, "", "", "81", "77.5") for n in range(MANY))
    statements: list[str] = []
    engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, said, *_: statements.append(said))
    job = finished(propose_or_ask(competition, assessed(lines), organiser))
    # A person of the list is not asked about by statements of their own.
    assert len(statements) < 2 * MANY
    # Numbers of people stay nowhere but with the people.
    assert (job.private, job.result) == (None, {"number": MANY})
    claims = claims_found(competition, ClaimsSought(), 0, 1000)
    assert len(claims) == MANY
    assert {str(claim.practice) for claim in claims} == {"77.5"}
    assert len(claims_found(competition, ClaimsSought(text="王丙甲丁"), 0, 100)) == 1
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
    finished(issue_claims_or_ask(competition, body, organiser))
    assert count_claims(competition, ClaimsSought()) == {ClaimState.ISSUED: MANY}
    book = openpyxl.load_workbook(io.BytesIO(write_upload(competition, organiser, str)))
    heads, *rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    places = heads.index("理论"), heads.index("实操")
    assert {tuple(Decimal(str(row[place])) for place in places) for row in rows if row[0]} == {
        (Decimal(81), Decimal("77.5"))
    }


def test_what_a_list_lacks_is_told_before_anything_of_it_is_written(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    propose_claims(competition, assessed(line(150, "", "", "60", "60")), organiser)
    lines = "\n".join(line(n, "", "", "81", "77") for n in range(MANY))
    with pytest.raises(Refused, match="已经提出过"):
        propose_or_ask(competition, assessed(lines), organiser)
    assert db.session.query(Examinee).count() == 1
    skips = "\n".join([*(line(n, "三级", "", "81", "77", "85") for n in range(300, 410))])
    with pytest.raises(Refused, match="考核认定只能到"):
        propose_or_ask(competition, assessed(skips, 1), organiser)
    propose_or_ask(competition, assessed(line(7, "三级", "", "81", "77", "85"), 2), organiser)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("P4 59.9 77", "不到合格线"),
        ("P4 81", "成绩"),
        ("P4 81 101", "0 到 100"),
        ("P4 81 77.123", "小数"),
        ("P4 81 77 2999-01-01", "日期"),
        ("P4 81 77\nP4 82 78", "第 2 行"),
        ("P4 P3 81 77", "一个参赛号"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_with_its_line(app: Flask, text: str, why: str) -> None:
    with app.app_context(), pytest.raises(Refused, match=why):
        read_marks(text, 4, ON)


def test_marks_stand_behind_a_contestants_code_with_a_day_of_their_own(app: Flask) -> None:
    with app.app_context():
        marks = read_marks("P4\t81\t77\t88\t2026年5月1日\n\nP3，８０，60，70", 2, ON)
    assert (marks["P4"].review, marks["P4"].on) == (Decimal(88), date(2026, 5, 1))
    assert (marks["P3"].theory, marks["P3"].on) == (Decimal(80), ON)
