"""Proposed grades follow the results; what was decided stays until its ground is gone."""

from __future__ import annotations

import pytest

from compete.domain.values.states import CompetitionState, GradeState, MoveError
from compete.models import Account, AuditEntry, Competition, Entrant, GradeDecision, db
from compete.services.closing.grade_proposals import (
    decide_grades,
    grade_decisions_of,
    grades_due,
    write_grades,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.live import live_results
from tests.support.announced import lock
from tests.support.begun import copied

APPROVED, DEFERRED, REFUSED = GradeState.APPROVED, GradeState.DEFERRED, GradeState.REFUSED


@pytest.fixture
def locked(forklift: Competition, organiser: Account) -> Competition:
    """The forklift competition with its marks locked."""
    copied("locked", lambda: lock(forklift, organiser))
    return forklift


def decision(code: str) -> GradeDecision:
    return db.session.query(GradeDecision).join(Entrant).filter(Entrant.code == code).one()


def propose(competition: Competition, by: Account) -> None:
    with unit_of_work():
        write_grades(competition, grades_due(competition, live_results(competition).results), by)


def test_locking_proposes_what_the_results_promote(locked: Competition) -> None:
    rows = {
        row.entrant: (row.grade, row.rule)
        for event in live_results(locked).results.events
        for row in event.grades or ()
        if row.change == "promoted"
    }
    decisions = grade_decisions_of(locked)
    assert {
        decision.entrant.code: (decision.grade, decision.rule) for decision in decisions
    } == rows
    assert {decision.state for decision in decisions} == {GradeState.PROPOSED}
    assert all(decision.reasons for decision in decisions)
    assert decision("B01").present_grade == decision("B01").entrant.grade


def test_proposing_again_changes_nothing_that_was_decided(
    locked: Competition, organiser: Account
) -> None:
    decide_grades(locked, ["B01"], APPROVED, organiser)
    decide_grades(locked, ["B02"], DEFERRED, organiser, "补材料")
    propose(locked, organiser)
    assert decision("B01").state is APPROVED
    assert (decision("B02").state, decision("B02").decision_reason) == (DEFERRED, "补材料")


def test_a_grade_that_became_another_is_proposed_anew(
    locked: Competition, organiser: Account
) -> None:
    decide_grades(locked, ["B01"], APPROVED, organiser)
    with unit_of_work():
        decision("B01").grade = 5
    propose(locked, organiser)
    assert (decision("B01").state, decision("B01").grade) == (GradeState.PROPOSED, 2)


def test_the_same_grade_by_another_rule_is_proposed_anew(
    locked: Competition, organiser: Account
) -> None:
    decide_grades(locked, ["B01"], APPROVED, organiser)
    rule = decision("B01").rule
    with unit_of_work():
        decision("B01").rule = "another"
    propose(locked, organiser)
    assert (decision("B01").state, decision("B01").rule) == (GradeState.PROPOSED, rule)


def test_a_grade_that_no_longer_follows_lapses_on_record(
    locked: Competition, organiser: Account
) -> None:
    decide_grades(locked, ["B01"], APPROVED, organiser)
    with unit_of_work():
        decision("B01").entrant.grade = 1
    propose(locked, organiser)
    assert db.session.query(GradeDecision).join(Entrant).filter(Entrant.code == "B01").count() == 0
    entry = db.session.query(AuditEntry).filter_by(action="grade.lapse").one()
    assert (entry.subject, entry.before["state"]) == ("B01", "approved")


@pytest.mark.parametrize("state", [GradeState.ISSUED, GradeState.REVOKED])
def test_a_grade_with_a_certificate_out_is_never_touched(
    locked: Competition, organiser: Account, state: GradeState
) -> None:
    with unit_of_work():
        decision("B01").state = state
        decision("B01").entrant.grade = 1
    propose(locked, organiser)
    assert decision("B01").state is state
    with pytest.raises(MoveError):
        decide_grades(locked, ["B01"], DEFERRED, organiser, "晚了")


def test_decisions_go_back_and_forth_before_the_certificate(
    locked: Competition, organiser: Account
) -> None:
    for to, why in (
        (DEFERRED, "补材料"),
        (REFUSED, "材料不实"),
        (APPROVED, ""),
        (DEFERRED, "再看"),
    ):
        decide_grades(locked, ["B01"], to, organiser, why)
        assert decision("B01").state is to
        assert decision("B01").decision_reason == (why or None)
    assert decision("B01").decided_by == organiser.id


@pytest.mark.parametrize("to", [DEFERRED, REFUSED])
def test_holding_and_refusing_want_a_reason(
    locked: Competition, organiser: Account, to: GradeState
) -> None:
    with pytest.raises(Refused, match="都要写理由"):
        decide_grades(locked, ["B01"], to, organiser, "   ")
    with pytest.raises(Refused, match="最多 500 个字"):
        decide_grades(locked, ["B01"], to, organiser, "长" * 501)
    assert decision("B01").state is GradeState.PROPOSED


def test_of_two_who_approve_the_same_the_second_is_told_that_nothing_was_left(
    locked: Competition, organiser: Account
) -> None:
    assert decide_grades(locked, ["B01", "B02"], APPROVED, organiser) == 2
    assert decide_grades(locked, ["B01", "B02"], APPROVED, organiser) == 0
    assert db.session.query(AuditEntry).filter_by(action="grade.decide").count() == 2


def test_all_are_decided_or_none(locked: Competition, organiser: Account) -> None:
    with pytest.raises(Refused, match="没有拟晋升的等级"):
        decide_grades(locked, ["B01", "B02", "B99"], APPROVED, organiser)
    with pytest.raises(Refused, match="还没选人"):
        decide_grades(locked, [], APPROVED, organiser)
    assert {decision.state for decision in grade_decisions_of(locked)} == {GradeState.PROPOSED}


@pytest.mark.parametrize("to", [GradeState.PROPOSED, GradeState.ISSUED, GradeState.REVOKED])
def test_nobody_decides_what_only_a_certificate_brings(
    locked: Competition, organiser: Account, to: GradeState
) -> None:
    with pytest.raises(Refused, match="只能批准、缓办或不批准"):
        decide_grades(locked, ["B01"], to, organiser, "因为")


def test_nothing_is_decided_while_marks_are_open(locked: Competition, organiser: Account) -> None:
    with unit_of_work():
        locked.state = CompetitionState.JUDGING
    with pytest.raises(Refused, match="还没锁定"):
        decide_grades(locked, ["B01"], APPROVED, organiser)


def test_each_decision_is_on_record_once(locked: Competition, organiser: Account) -> None:
    decide_grades(locked, ["B01", "B02"], APPROVED, organiser)
    decide_grades(locked, ["B01", "B02"], APPROVED, organiser)
    entries = db.session.query(AuditEntry).filter_by(action="grade.decide").all()
    assert [(entry.subject, entry.before, entry.after["state"]) for entry in entries] == [
        ("B01", {"state": "proposed"}, "approved"),
        ("B02", {"state": "proposed"}, "approved"),
    ]
