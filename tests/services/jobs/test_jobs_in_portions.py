"""Work on a whole list is done in portions: a kill leaves whole ones, and the next try goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.states import CertificateState, CompetitionState, ConsequenceState
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    Decision,
    Entrant,
    GradeDecision,
    Publication,
    db,
)
from compete.services.certificates import issuing_jobs
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.settling import settle
from compete.services.closing import approving_jobs, competition_lock
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.grade_proposals import proposed_codes
from compete.services.jobs.running import Run, do_next
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import is_writing
from compete.services.log import sequencing
from compete.services.log.sequencing import is_behind
from compete.services.results import publishing
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish
from compete.services.results.record_checks import check_records
from compete.services.sheets.locks_in_force import standing_locks
from tests.services.jobs.conftest import KilledError
from tests.support.announced import announce, approve_all, body_for, lock, plain, reopen
from tests.support.people import visitor
from tests.support.second_day import second_version, with_prizes
from tests.support.signing_in import official
from tests.support.undoing import undo_decision


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

    def dies_at_the_second(*arguments: Any) -> int:
        parts.append(arguments[1])
        if len(parts) == 2:
            raise KilledError
        return decide(*arguments)

    monkeypatch.setattr(Run, "portion", 1)
    monkeypatch.setattr(approving_jobs, "decide_grades", dies_at_the_second)
    everybody, sent = "/desk/X/awards/approve/proposed", {"checked": "yes"}
    (page,) = {desk.post(everybody, data=sent).location for _press in range(2)}
    with pytest.raises(KilledError):
        do_next(number)
    db.session.rollback()
    competition = db.session.get_one(Competition, number)
    assert len(proposed_codes(competition)) == people - 1
    assert do_next(number)
    assert desk.get(page).location == "/desk/X/awards"
    assert f"批准了 {people} 人" in desk.get("/desk/X/awards").text
    records = audit.record_contents(db.session.get_one(Competition, number), "grade.decide")
    assert len(records) == people
    again = desk.post(everybody, data=sent, follow_redirects=True)
    assert "没有待批准的人了" in again.text


def test_marks_are_locked_whole_or_not_and_grades_proposed_before_in_portions(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    large: None,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed between two portions, and once more as all was written but the commit."""
    competition = with_prizes(load)
    plain(competition)
    desk, number = visitor(app, "organiser", competition), competition.id
    # Nothing that goes over everybody is worked out while others wait for the lock.
    before_the_lock(monkeypatch, competition_lock, "find_blockers", "locks_to_set", "grades_due")
    before_the_lock(monkeypatch, publishing, "export_bundle", "score", "find_blockers", "packed")
    desk.post("/desk/X/lock", data={"checked": "yes"})
    monkeypatch.setattr(Run, "portion", 1)
    propose, parts = competition_lock.write_new_grades, []

    def dies_at_the_second(*arguments: Any) -> None:
        propose(*arguments)
        parts.append(arguments)
        if len(parts) == 2:
            raise KilledError

    monkeypatch.setattr(competition_lock, "write_new_grades", dies_at_the_second)
    with pytest.raises(KilledError):
        do_next(number)
    assert (len(proposed()), standing_of(number)) == (1, (CompetitionState.JUDGING, 0, 0))
    with monkeypatch.context() as patched:
        patched.setattr(Run, "finish", dying)
        with pytest.raises(KilledError):
            do_next(number)
    assert (len(proposed()), standing_of(number)) == (3, (CompetitionState.JUDGING, 0, 0))
    assert do_next(number)
    assert (len(proposed()), standing_of(number)) == (3, (CompetitionState.LOCKED, 2, 1))
    publish(db.session.get_one(Competition, number), organiser)
    competition = db.session.get_one(Competition, number)
    assert {code for code, _grade in proposed()} == set(proposed_codes(competition))
    assert not list(verify_chain(competition))
    assert not list(check_rows(competition))


def before_the_lock(monkeypatch: pytest.MonkeyPatch, module: ModuleType, *names: str) -> None:
    """Fail where one of these is called while the write lock is held."""

    def watched(name: str) -> Callable[..., Any]:
        act = getattr(module, name)

        def called(*arguments: Any, **keys: Any) -> Any:
            assert not is_writing(), name
            return act(*arguments, **keys)

        return called

    for name in names:
        monkeypatch.setattr(module, name, watched(name))


def dying(*_: Any, **__: Any) -> None:
    """The process ends."""
    raise KilledError


def proposed() -> list[tuple[str, int]]:
    """Who is proposed for which grade."""
    db.session.rollback()
    rows = select(Entrant.code, GradeDecision.grade).join(Entrant)
    return list(db.session.execute(rows.order_by(Entrant.code)).tuples())


def standing_of(number: int) -> tuple[CompetitionState, int, int]:
    """Its state, how many modules are locked, and how many records say that all is."""
    competition = db.session.get_one(Competition, number)
    here = AuditEntry.competition_id == number, AuditEntry.action == "marks.lock"
    records = db.session.scalar(select(func.count(AuditEntry.id)).where(*here)) or 0
    return competition.state, len(standing_locks(competition)), records


@pytest.mark.parametrize("kind", ["grade", "award"])
def test_certificates_are_issued_in_portions_and_a_kill_leaves_neither_gap_nor_double(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    large: None,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    people = len(approve_all(competition, organiser))
    assert people == 3
    body_for(competition)
    desk, number = visitor(app, "organiser", competition), competition.id
    press = f"/desk/X/certificates/issue/{kind}"
    dies_at_portion(monkeypatch, 2)
    page = desk.post(press, data={"reason": "急用"}).location
    with pytest.raises(KilledError):
        do_next(number)
    assert len(issued_of(kind)) == 1
    assert "做完 1，共 3" in desk.get(page).text
    # What stands in the way of the next portion ends it, and says what is out.
    with unit_of_work():
        db.session.get_one(Competition, number).state = CompetitionState.LOCKED
    assert do_next(number)
    text = desk.get(page).text
    assert "又解锁了" in text
    assert "发了的 1 张有效" in text
    with unit_of_work():
        db.session.get_one(Competition, number).state = CompetitionState.NOTICE
    # Stopped from its page after one more: what is out stays, and the rest is asked for again.
    page = desk.post(press, data={"reason": "急用"}).location
    with monkeypatch.context() as patched:
        stops_before_portion(patched, 2, lambda: desk.post(f"{page}/stop"))
        assert do_next(number)
    assert len(issued_of(kind)) == 2
    assert "发了的 1 张有效，编号不变" in desk.get(page).text
    page = desk.post(press, data={"reason": "急用"}).location
    assert do_next(number)
    assert desk.get(page).location == "/desk/X/certificates"
    issued = issued_of(kind)
    assert len({subject for subject, _number in issued}) == len(issued) == people
    for serials in series_of(kind, issued):
        assert serials == list(range(1, len(serials) + 1))
    competition = db.session.get_one(Competition, number)
    assert not list(verify_chain(competition))
    assert not list(check_records(competition))


def test_awards_that_others_leave_are_dealt_alike_in_portions(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    large: None,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    second_version(competition, organiser)
    issue_award_certificates(competition, organiser, "急用")
    # Who was struck out is back: all move down, so each waits for the place of the one below.
    reopen(competition, organiser)
    decision = db.session.scalars(select(Decision)).one()
    undo_decision(decision, "核实无误", official(competition, "C1"))
    lock_marks(competition, organiser)
    publish(competition, organiser)
    for row in consequences_of(competition):
        if row.state is ConsequenceState.OPEN:
            settle([row], "withdraw" if row.now is None else "replace", organiser)
    desk, number = visitor(app, "organiser", competition), competition.id
    dies_at_portion(monkeypatch, 2)
    desk.post("/desk/X/certificates/issue/award", data={"reason": "急用"})
    with pytest.raises(KilledError):
        do_next(number)
    db.session.rollback()
    # Nobody whose certificate is replaced is left without one by the kill.
    assert standing() == {("P2", "二等奖"): 1, ("P3", "三等奖"): 1}
    assert do_next(number)
    assert standing() == {("P1", "一等奖"): 1, ("P2", "二等奖"): 1, ("P3", "三等奖"): 1}
    assert series_of("award", issued_of("award")) == [list(range(1, 7))]
    assert not list(check_records(db.session.get_one(Competition, number)))


def test_a_job_is_done_once_the_log_has_taken_in_what_it_did(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    large: None,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = with_prizes(load)
    lock(competition, organiser)
    desk, number = visitor(app, "organiser", competition), competition.id

    def killed_over_the_log(page: str) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(sequencing, "catch_up", dies)
            with pytest.raises(KilledError):
                do_next(number)
        db.session.rollback()
        assert is_behind()
        assert desk.get(page).status_code == 200
        assert not desk.get(f"{page}/live").json["over"]

    def done(page: str, word: str) -> None:
        assert "记进总账" in desk.get(page).text
        assert do_next(number)
        assert not is_behind()
        assert word in desk.get(page, follow_redirects=True).text

    page = desk.post("/desk/X/publish").location
    killed_over_the_log(page)
    done(page, "已公布第 1 版")
    page = desk.post("/desk/X/certificates/issue/award", data={"reason": "急用"}).location
    killed_over_the_log(page)
    # The kill came after the only portion: nothing of it is left to be issued.
    issued = issued_of("award")
    assert do_next(number)
    assert not is_behind()
    assert desk.get(page).location == "/desk/X/certificates"
    assert issued_of("award") == issued
    assert len(db.session.scalars(select(Publication)).all()) == 1


def test_who_stops_publishing_over_the_log_is_told_that_it_is_published(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    large: None,
    asleep: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = with_prizes(load)
    lock(competition, organiser)
    desk, number = visitor(app, "organiser", competition), competition.id
    page = desk.post("/desk/X/publish").location
    monkeypatch.setattr(publishing, "catch_up_quietly", lambda: desk.post(f"{page}/stop"))
    assert do_next(number)
    assert "已公布第 1 版，只是还没记进总账" in desk.get(page).text


def dies() -> None:
    """In the place of the log's work: the process ends."""
    raise KilledError


def dies_at_portion(monkeypatch: pytest.MonkeyPatch, which: int) -> None:
    """Portions of one certificate; the process ends when all of that portion is written."""
    made, issue = [], issuing_jobs.issue_waiting

    def dying(*arguments: Any, **more: Any) -> object:
        made.append(issue(*arguments, **more))
        if len(made) == which:
            raise KilledError
        return made[-1]

    monkeypatch.setattr(Run, "portion", 1)
    monkeypatch.setattr(issuing_jobs, "issue_waiting", dying)


def stops_before_portion(
    monkeypatch: pytest.MonkeyPatch, which: int, stop: Callable[[], object]
) -> None:
    """Somebody stops the job when that portion is about to be written."""
    step, portions = Run.step, []

    def stopped(run: Run, *words: Any) -> None:
        step(run, *words)
        portions.append(words)
        if len(portions) == which:
            stop()

    monkeypatch.setattr(Run, "step", stopped)


def series_of(kind: str, issued: Sequence[tuple[str, str]]) -> list[list[int]]:
    """The serial numbers in the order of their issue: a grade's each, those of all awards."""
    if kind == "award":
        return [[int(number.split("第")[1].removesuffix("号")) for _who, number in issued]]
    parsed = [CertificateNumber.parse(number) for _who, number in issued]
    levels = {number.level for number in parsed}
    return [[number.serial for number in parsed if number.level == level] for level in levels]


def standing() -> dict[tuple[str, str], int]:
    """Valid award certificates by whose they are and what for, with their place of the prize."""
    db.session.rollback()
    rows = db.session.scalars(
        select(Certificate).where(
            Certificate.kind == "award", Certificate.state == CertificateState.VALID
        )
    )
    return {(row.subject, row.face["award"]): row.place or 0 for row in rows}


def issued_of(kind: str) -> list[tuple[str, str]]:
    """Certificates of a kind in the order of their issue: whose, and the number."""
    db.session.rollback()
    query = select(Certificate.subject, Certificate.number).where(Certificate.kind == kind)
    return list(db.session.execute(query.order_by(Certificate.id)).tuples())
