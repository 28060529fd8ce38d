"""An act that was changed, added, removed or moved in the database is found by its seal."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from compete.models import Account, Act, AuditEntry, Competition, db
from compete.services.judging.disputes import rule_dispute, send_panel_back
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.act_seals import _rows, check_acts, prints_of, seal_of
from tests.support.begun import copied
from tests.support.judging import Tablet, seat_and_open
from tests.support.panels import Panel

SERVICES = Path(__file__).parents[3] / "compete" / "services"
LAST = "(SELECT max(id) FROM act)"


def faults_of(competition: Competition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [f"{seq} {fault}" for seq, fault in check_acts(competition)]


def spoil(sql: str) -> None:
    with unit_of_work() as session:
        session.execute(text(sql))


@pytest.fixture
def hall(fresh: Competition, organiser: Account) -> Competition:
    seat_and_open(fresh, organiser)

    def send() -> None:
        first, second = Tablet(fresh), Tablet(fresh, "J2")
        first.send(first.mark("a", "30.50", note="第二次", at="2026-09-16T09:00:00+08:00", seq=1))
        second.send(*second.full())
        first.send(*first.full("P2"))

    copied("three sheets sent", send)
    return fresh


@pytest.mark.each_database
def test_acts_that_were_left_alone_fit_their_seals(hall: Competition) -> None:
    assert faults_of(hall) == []


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE act SET value = value + 1000000 WHERE id = {LAST} - 1",
        "UPDATE act SET note = 'x' WHERE note IS NOT NULL",
        f"UPDATE act SET judge_id = judge_id + 1 WHERE id = {LAST}",
        f"UPDATE act SET sheet_id = (SELECT min(sheet_id) FROM act) WHERE id = {LAST}",
        f"UPDATE act SET held_at = '2020-01-01 00:00:00.000000' WHERE id = {LAST}",
        f"UPDATE act SET said_at = '2020' WHERE id = {LAST}",
        f"UPDATE act SET kind = 'note' WHERE id = {LAST}",
        f"DELETE FROM act WHERE id = {LAST}",
        "DELETE FROM act WHERE note IS NOT NULL",
        f"UPDATE act SET id = id + 1000 WHERE id = {LAST} - 1",
        f"UPDATE sheet SET module = 'x' WHERE id = (SELECT sheet_id FROM act WHERE id = {LAST})",
    ],
)
def test_an_act_changed_behind_the_programs_back_is_found(hall: Competition, change: str) -> None:
    spoil(change)
    assert any("改过" in fault for fault in faults_of(hall))
    assert list(verify_chain(hall)) == []


def test_an_act_spoilt_beyond_reading_is_found(hall: Competition) -> None:
    spoil(f"UPDATE act SET held_at = 'never' WHERE id = {LAST}")
    assert any("改过" in fault for fault in faults_of(hall))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ([f"UPDATE act SET value = value + 1000000 WHERE id = {LAST} - 1"], "act 8 value"),
        (
            [
                f"UPDATE act SET aspect = 'f', tablet = 'x' WHERE id = {LAST} - 3",
                f"UPDATE act SET kind = 'note' WHERE id = {LAST}",
            ],
            "act 6 aspect, act 6 tablet, act 9 kind",
        ),
        ([f"UPDATE act SET prints = '00' WHERE id = {LAST}"], "act 9 prints"),
        ([f"UPDATE act SET held_at = 'never' WHERE id = {LAST} - 1"], "act 8"),
        ([f"DELETE FROM act WHERE id = {LAST} - 2"], "act 7"),
        # A number that this batch never had is not taken for one of its acts.
        (
            [
                "UPDATE audit_entry SET after = json_set(after, '$.acts.last', 10)"
                " WHERE id = (SELECT max(id) FROM audit_entry WHERE action = 'acts.take')",
                f"DELETE FROM act WHERE id = {LAST} - 2",
            ],
            "act −1",
        ),
    ],
)
def test_what_was_spoilt_is_named(hall: Competition, changes: list[str], named: str) -> None:
    for change in changes:
        spoil(change)
    (fault,) = faults_of(hall)
    assert fault.endswith(f" 这一批评分动作写入后被改过 ({named})")


def test_the_sheets_that_acts_moved_on_are_sealed_in_their_competition(hall: Competition) -> None:
    assert list(check_rows(hall)) == []
    spoil("UPDATE sheet SET version = version + 1 WHERE state = 'submitted'")
    assert {(row.table, row.column) for row in check_rows(hall)} == {("sheet", "version")}


def test_a_print_is_of_all_that_stands_in_an_act() -> None:
    act = dict.fromkeys(["uuid", "value", "said_at", "extra"], "x") | {"tablet_seq": 7}
    brought = act | {"extra": {"by": "J2", "files": ["a"]}}
    assert prints_of(brought) == prints_of(act | {"extra": {"files": ["a"], "by": "J2"}})
    assert prints_of(brought)[:-4] == prints_of(act)[:-4]
    assert prints_of(brought)[-4:] != prints_of(act)[-4:]
    assert prints_of(act | {"value": Decimal("30.50")}) == prints_of(
        act | {"value": Decimal("30.5")}
    )


@pytest.mark.each_database
def test_an_act_slipped_in_afterwards_is_found(hall: Competition) -> None:
    spoil(
        "INSERT INTO act (id, uuid, sheet_id, judge_id, kind, aspect, value, held_at)"
        " SELECT id + 7, 'forged', sheet_id, judge_id, 'mark', 'a', 60000000, held_at"
        f" FROM act WHERE id = {LAST}"
    )
    (fault,) = faults_of(hall)
    assert "没有登记" in fault


def test_an_act_slipped_in_before_all_others_is_found(hall: Competition) -> None:
    spoil(
        "INSERT INTO act (id, uuid, sheet_id, judge_id, kind, aspect, value, held_at)"
        " SELECT -7, 'forged', sheet_id, judge_id, 'mark', 'a', 60000000, held_at"
        f" FROM act WHERE id = {LAST}"
    )
    (fault,) = faults_of(hall)
    assert "没有登记" in fault


@pytest.mark.each_database
def test_a_sheet_that_was_given_to_another_is_found(hall: Competition) -> None:
    spoil(
        "UPDATE sheet SET stage = 'y', entrant_id = (SELECT max(id) FROM entrant)"
        f" WHERE id = (SELECT sheet_id FROM act WHERE id = {LAST})"
    )
    assert any("改过" in fault for fault in faults_of(hall))


def test_marks_that_came_with_the_bundle_are_sealed_too(judged: Competition) -> None:
    assert db.session.scalar(select(func.count(Act.id)))
    assert faults_of(judged) == []
    spoil("UPDATE act SET value = value + 1000000 WHERE id = (SELECT min(id) FROM act)")
    assert faults_of(judged)


@pytest.mark.each_database
def test_what_a_chief_judge_called_back_or_ruled_is_sealed(panel: Panel) -> None:
    panel.fill_panel("3", "1", "1")
    send_panel_back(panel.sheet("J2"), ["smooth"], "看录像再评", panel.account("C1"))
    assert faults_of(panel.competition) == []
    panel.fill_panel("3", "1", "1")
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "看录像", panel.account("C1"))
    assert faults_of(panel.competition) == []
    spoil("UPDATE act SET value = 3000000 WHERE kind = 'ruling'")
    assert faults_of(panel.competition)


def test_what_was_recorded_before_there_were_seals_is_passed_over(hall: Competition) -> None:
    with unit_of_work() as session:
        session.execute(
            text(
                "UPDATE audit_entry SET after = json_remove(after, '$.acts')"
                " WHERE action = 'acts.take' AND seq ="
                " (SELECT min(seq) FROM audit_entry WHERE action = 'acts.take')"
            )
        )
    assert faults_of(hall) == []


@pytest.mark.parametrize("form", [1, 2, 3])
def test_a_seal_from_before_it_said_its_form_fits_in_any_of_the_first(
    hall: Competition, form: int
) -> None:
    with unit_of_work() as session:
        for entry in session.scalars(select(AuditEntry).filter_by(action="acts.take")):
            batch = Act.id.between(entry.after["acts"]["first"], entry.after["acts"]["last"])
            entry.after = entry.after | {"acts": seal_of(_rows(form, [batch]))}
    assert faults_of(hall) == []
    spoil(f"UPDATE act SET value = value + 1000000 WHERE id = {LAST} - 1")
    assert len(faults_of(hall)) == 1


def test_a_seal_of_a_form_that_nobody_knows_fits_nothing(hall: Competition) -> None:
    spoil(
        "UPDATE audit_entry SET after = json_set(after, '$.acts.form', 99)"
        " WHERE action = 'acts.take'"
    )
    assert len(faults_of(hall)) == 3


def test_marks_of_a_bundle_from_before_there_were_seals_are_passed_over(
    judged: Competition,
) -> None:
    spoil("UPDATE audit_entry SET after = json_remove(after, '$.acts')")
    assert faults_of(judged) == []
    spoil("UPDATE audit_entry SET after = json_remove(after, '$.marks')")
    (fault,) = faults_of(judged)
    assert "没有登记" in fault


def test_whoever_adds_acts_seals_them() -> None:
    for file in SERVICES.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        adds = "insert(Act)" in source or " Act(\n" in source
        if adds and file.name != "loading_marks.py":
            assert "seal_acts(" in source, file.name
