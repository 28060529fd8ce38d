"""A penalty, outcome or time that was changed, added or removed in the database is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from compete.models import Competition, db
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.judging.time_rulings import lift_time_ruling, rule_time
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.entry_seals import check_entries
from tests.support.begun import copied
from tests.support.panels import VALUES, Panel, bundle_of, open_panel
from tests.support.small import small
from tests.support.undoing import undo_decision

PENALTY = Proposal("penalty", "final", "practice", "带手机进场", "录像 12 分 30 秒", points="2")
ABSENT = Proposal("dns", "final", None, "没到", "检录表")


def faults_of(competition: Competition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    assert list(verify_chain(competition)) == []
    return [str(fault) for fault in check_entries(competition)]


def spoil(sql: str) -> None:
    with unit_of_work() as session:
        session.execute(text(sql))


@pytest.fixture
def decided(panel: Panel) -> Competition:
    """A penalty that stands, one that was taken back, and somebody who is absent."""

    def decide() -> None:
        chief, second = panel.account("C1"), panel.account("S1")
        confirm_proposal(propose_decision(panel.entrant("E1"), PENALTY, chief), second)
        taken_back = confirm_proposal(propose_decision(panel.entrant("E2"), PENALTY, chief), second)
        undo_decision(taken_back, "看错人", chief)
        confirm_proposal(propose_decision(panel.entrant("E2"), ABSENT, chief), second)

    copied("decided", decide)
    return panel.competition


@pytest.mark.each_database
def test_what_two_people_decided_fits_its_seal(decided: Competition) -> None:
    assert faults_of(decided) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("UPDATE penalty_entry SET points = points + 1000000 WHERE withdrawn_at IS NULL", "扣罚"),
        (
            "UPDATE penalty_entry SET entrant_id = (SELECT max(entrant_id) FROM penalty_entry)",
            "扣罚",
        ),
        ("UPDATE penalty_entry SET reason = 'x'", "扣罚"),
        ("UPDATE penalty_entry SET withdrawn_at = made_at", "扣罚"),
        ("UPDATE penalty_entry SET withdrawn_at = NULL", "扣罚"),
        ("UPDATE outcome_entry SET status = 'dq'", "缺考"),
        (
            "INSERT INTO outcome_entry (id, entrant_id, stage, status, made_at)"
            " SELECT id + 50, entrant_id, stage, 'dq', made_at FROM outcome_entry",
            "没有登记的缺考",
        ),
    ],
)
def test_what_was_changed_behind_the_programs_back_is_found(
    decided: Competition, change: str, word: str
) -> None:
    spoil(change)
    assert any(word in fault for fault in faults_of(decided))


@pytest.mark.each_database
def test_what_was_taken_away_is_found(decided: Competition) -> None:
    spoil("UPDATE decision SET penalty_id = NULL, outcome_id = NULL")
    spoil("DELETE FROM penalty_entry WHERE withdrawn_at IS NULL")
    assert faults_of(decided) == ["扣罚记下后被改过"]


@pytest.mark.each_database
def test_a_time_that_the_chief_judge_ruled_is_sealed(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(timed=True))
        for judge in ("J1", "J2", "J3"):
            panel.act(panel.sheet(judge), "watch_stop", aspect="run", value="480")
            panel.fill(panel.sheet(judge), {**VALUES, "run": "480"})
        sheet = panel.sheet("J1")
        rule_time(sheet, "470", "录像", panel.account("C1"))
        assert faults_of(panel.competition) == []
        lift_time_ruling(panel.sheet("J1"), "看错录像", panel.account("C1"))
        assert faults_of(panel.competition) == []
        rule_time(panel.sheet("J1"), "475", "录像", panel.account("C1"))
        spoil("UPDATE time_entry SET withdrawn_at = NULL")
        assert faults_of(panel.competition) == ["用时记下后被改过"]
        spoil("DELETE FROM time_entry")
        assert faults_of(panel.competition) == ["用时记下后被改过"] * 2


def test_what_came_with_a_bundle_is_not_taken_back(load: Callable[..., Competition]) -> None:
    competition = load(small(outcomes=[{"stage": "S", "entrant": "P3", "status": "dns"}]))
    spoil("UPDATE outcome_entry SET withdrawn_at = made_at")
    assert faults_of(competition) == ["缺考、退出或取消记下后被改过"]


@pytest.mark.parametrize("table", ["outcome_entry", "penalty_entry", "time_entry"])
def test_what_came_with_a_bundle_is_sealed_too(
    load: Callable[..., Competition], table: str
) -> None:
    place = {"stage": "S", "module": "m", "entrant": "P4"}
    competition = load(
        small(
            outcomes=[{"stage": "S", "entrant": "P3", "status": "dns"}],
            penalties=[place | {"points": 1, "reason": "带手机"}],
            times=[place | {"seconds": 80}],
        )
    )
    assert faults_of(competition) == []
    spoil(f"UPDATE {table} SET stage = 'x'")
    assert len(faults_of(competition)) == 1
    spoil(f"DELETE FROM {table}")
    assert len(faults_of(competition)) == 1


def test_a_record_from_before_there_were_seals_says_nothing(decided: Competition) -> None:
    spoil("UPDATE penalty_entry SET reason = 'x'")
    spoil(
        "UPDATE audit_entry SET after = NULL WHERE action = 'competition.load'",
    )
    db.session.rollback()
    assert list(check_entries(decided)) == []
