"""Work on a whole list is done in portions: a kill leaves whole ones, and the next try goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.identity import CertificateNumber
from compete.domain.values import CompetitionState
from compete.models import Account, Certificate, Competition, db
from compete.services.certificates import grade_certificates, issuing_jobs
from compete.services.closing import approving_jobs
from compete.services.closing.grade_proposals import proposed_codes
from compete.services.jobs.running import do_next
from compete.services.kernel import audit, unit_of_work, verify_chain
from tests.services.jobs.conftest import KilledError
from tests.support.announced import announce, approve_all, body_for
from tests.support.people import visitor
from tests.support.second_day import with_prizes


def test_all_proposed_grades_are_approved_in_parts_and_each_once(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    large: None,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    desk, number = visitor(app, "organiser", competition), competition.id
    people = len(proposed_codes(competition))
    assert people > 1
    decide, parts = approving_jobs.decide_grades, []

    def dies_at_the_second(*told: Any) -> int:
        parts.append(told[1])
        if len(parts) == 2:
            raise KilledError
        return decide(*told)

    monkeypatch.setattr(approving_jobs, "_PART", 1)
    monkeypatch.setattr(approving_jobs, "decide_grades", dies_at_the_second)
    (page,) = {desk.post("/desk/X/awards/approve/proposed").location for _press in range(2)}
    with pytest.raises(KilledError):
        do_next(number)
    db.session.rollback()
    competition = db.session.get_one(Competition, number)
    assert len(proposed_codes(competition)) == people - 1
    assert do_next(number)
    assert desk.get(page).location == "/desk/X/awards"
    assert f"批准了 {people} 人" in desk.get("/desk/X/awards").text
    said = audit.told(db.session.get_one(Competition, number), "grade.decide")
    assert len(said) == people
    assert (
        "没有待批准的人了"
        in desk.post("/desk/X/awards/approve/proposed", follow_redirects=True).text
    )


def test_grades_are_certified_in_portions_and_a_kill_leaves_neither_gap_nor_double(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    large: None,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    people = len(approve_all(competition, organiser))
    assert people == 3
    body_for(competition)
    desk, number = visitor(app, "organiser", competition), competition.id
    record, portions = grade_certificates.record_issued, []

    def dies_at_the_second(*told: Any) -> None:
        portions.append(told)
        if len(portions) == 2:
            raise KilledError
        record(*told)

    monkeypatch.setattr(issuing_jobs, "_PORTION", 1)
    monkeypatch.setattr(grade_certificates, "record_issued", dies_at_the_second)
    page = desk.post("/desk/X/certificates/issue/grade", data={"reason": "急用"}).location
    with pytest.raises(KilledError):
        do_next(number)
    assert len(of_grade()) == 1
    assert "做完 1，共 3" in desk.get(page).text
    # What stands in the way of the next portion ends it, and says what is out.
    with unit_of_work():
        db.session.get_one(Competition, number).state = CompetitionState.LOCKED
    assert do_next(number)
    said = desk.get(page).text
    assert "又解锁了" in said
    assert "发了的 1 张有效" in said
    with unit_of_work():
        db.session.get_one(Competition, number).state = CompetitionState.NOTICE
    page = desk.post("/desk/X/certificates/issue/grade", data={"reason": "急用"}).location
    assert do_next(number)
    assert desk.get(page).location == "/desk/X/certificates"
    issued = of_grade()
    assert sorted(subject for subject, _number in issued) == sorted({who for who, _ in issued})
    for level in {CertificateNumber.parse(each).level for _who, each in issued}:
        serials = [
            parsed.serial
            for _who, each in issued
            if (parsed := CertificateNumber.parse(each)).level == level
        ]
        assert serials == list(range(1, len(serials) + 1))
    assert len(issued) == people
    assert not list(verify_chain(db.session.get_one(Competition, number)))


def of_grade() -> list[tuple[str, str]]:
    """Grade certificates in the order of their issue: whose, and the number."""
    db.session.rollback()
    query = select(Certificate.subject, Certificate.number).where(Certificate.kind == "grade")
    return list(db.session.execute(query.order_by(Certificate.id)).tuples())
