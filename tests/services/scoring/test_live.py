"""Live results kept in memory: never other than those of a fresh scoring."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import delete, event

from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import msg
from compete.models import Account, Act, AuditEntry, Competition, db
from compete.services.closing.module_locks import set_must_sign
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.judging.act_intake import take_acts
from compete.services.judging.panels import module_watch
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.recusal import recuse_from_entrant
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import remembered, remembered_beside_marks
from compete.services.scoring import live
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results, live_scorer
from compete.services.scoring.mark_rows import marks_since
from tests.support.judging import Tablet, seat_and_open
from tests.support.signing_in import official


@pytest.fixture
def competition(fresh: Competition, organiser: Account) -> Competition:
    seat_and_open(fresh, organiser)
    return fresh


def fresh_results(competition: Competition) -> object:
    return Scorer(export_bundle(competition)).results


@pytest.mark.each_database
def test_marks_are_followed_without_scoring_everything_again(competition: Competition) -> None:
    first, second = Tablet(competition, "J1"), Tablet(competition, "J2")
    live_results(competition)
    with patch.object(live, "_scored", wraps=live._scored) as anew:
        for tablet in (first, second):
            for entrant, value in (("P1", "50"), ("P2", "40")):
                tablet.send(tablet.mark("a", value, entrant))
                tablet.send(tablet.mark("f", "1", entrant))
                tablet.send(tablet.mark("y", True, entrant))
                assert live_results(competition).results == fresh_results(competition)
        first.send(first.act("clear", "P1", aspect="f"))
        assert live_results(competition).results == fresh_results(competition)
        with live_scorer(competition) as live_state:
            assert live_state.scorer.results == live_state.results == fresh_results(competition)
        assert anew.call_count == 0


def test_what_is_no_mark_makes_everything_anew(
    competition: Competition, organiser: Account
) -> None:
    tablet = Tablet(competition, "J3")
    tablet.send(tablet.mark("s", "70", "P1"))
    before = live_results(competition).results
    chief, supervisor = official(competition, "C1"), official(competition, "S1")
    wanted = Proposal("dns", "S", None, "没来", "监督看到的")
    person = tablet.sheet("P1").entrant
    confirm_proposal(propose_decision(person, wanted, chief), supervisor)
    after = live_results(competition).results
    assert before != after == fresh_results(competition)


def test_a_setting_or_a_note_scores_nothing_again(
    competition: Competition, organiser: Account
) -> None:
    tablet = Tablet(competition, "J3")
    live_results(competition)
    event = competition.events[0]
    watch_module(event, "S", "t")
    with (
        patch.object(live, "_scored", wraps=live._scored) as anew,
        patch.object(module_watch, "_look_again", wraps=module_watch._look_again) as looked,
    ):
        set_must_sign(competition, False, organiser)
        with unit_of_work():
            audit.record(competition, organiser, "of.some.kind", "nothing that counts")
        live_results(competition)
        watch_module(event, "S", "t")
        assert (anew.call_count, looked.call_count) == (0, 0)
        # A mark that came with it is put in.
        tablet.send(*tablet.full("P1"))
        set_must_sign(competition, True, organiser)
        assert live_results(competition).results == fresh_results(competition)
        assert watch_module(event, "S", "t").totals == {
            tablet.judge.id: module_watch._fresh(event, "S", "t").totals[tablet.judge.id]
        }
        assert (anew.call_count, looked.call_args_list[0].args[-1]) == (
            0,
            {tablet.sheet("P1").entrant_id},
        )
    recuse_from_entrant(tablet.sheet("P1"), "同单位", tablet.account)
    assert live_results(competition).results == fresh_results(competition)


def test_a_backup_put_back_is_seen(competition: Competition) -> None:
    tablet = Tablet(competition, "J3")
    tablet.send(tablet.mark("s", "70", "P1"))
    before = live_results(competition).results
    last = db.session.query(AuditEntry).filter_by(competition_id=competition.id).count()
    tablet.send(tablet.mark("s", "90", "P1"))
    marked = live_results(competition).results
    assert marked != before
    # As if the file of before had been put back, and another mark had come since.
    with db.engine.begin() as connection:
        connection.execute(delete(Act).where(Act.value == 90))
        connection.execute(
            delete(AuditEntry).where(
                AuditEntry.competition_id == competition.id, AuditEntry.seq > last
            )
        )
    db.session.rollback()
    tablet.send(tablet.mark("s", "65", "P2"))
    assert live_results(competition).results == fresh_results(competition)


def test_what_is_rolled_back_is_not_kept(competition: Competition) -> None:
    tablet = Tablet(competition, "J3")
    mark = tablet.mark("s", "70", "P1")
    before = live_results(competition).results

    def mark_and_fail() -> None:
        with unit_of_work():
            take_acts(tablet.judge, [mark], tablet.account)
            assert live_results(competition).results != before
            raise Refused(msg("不收了"))

    with pytest.raises(Refused):
        mark_and_fail()
    assert live_results(competition).results == before == fresh_results(competition)


def test_what_was_worked_out_is_worked_out_again_after_any_record(
    competition: Competition,
) -> None:
    made = []

    def count() -> int:
        made.append(1)
        return len(made)

    assert remembered(competition, "n", count) == remembered(competition, "n", count) == 1
    tablet = Tablet(competition, "J3")
    tablet.send(tablet.mark("s", "70", "P1"))
    assert remembered(competition, "n", count) == 2
    with unit_of_work():
        # Not as it should be: nothing is recorded.
        competition.units[0].name = "改了名"
    assert remembered(competition, "n", count) == 3


def test_what_no_mark_changes_is_worked_out_again_after_anything_else(
    competition: Competition, organiser: Account
) -> None:
    made = []

    def count() -> int:
        made.append(1)
        return len(made)

    def seen() -> int:
        return remembered_beside_marks(competition, "n", count)

    tablet = Tablet(competition, "J3")
    assert seen() == 1
    tablet.send(*tablet.full("P1"))
    tablet.send(*tablet.full("P2"))
    assert seen() == seen() == 1
    set_must_sign(competition, True, organiser)
    tablet.send(*tablet.full("P3"))
    assert seen() == seen() == 2
    with unit_of_work():
        # Not as it should be: nothing is recorded.
        competition.units[0].name = "改了名"
        assert seen() == 3
    assert seen() == 4
    last = audit.chain_head(competition)[0]
    set_must_sign(competition, False, organiser)
    assert seen() == 5
    # As if the file of before had been put back, and a mark had come since.
    with db.engine.begin() as connection:
        connection.execute(
            delete(AuditEntry).where(
                AuditEntry.competition_id == competition.id, AuditEntry.seq > last
            )
        )
    db.session.rollback()
    tablet.send(*tablet.full("P4"))
    assert seen() == 6


def test_new_marks_are_found_by_their_numbers_and_not_by_the_sheets(
    competition: Competition,
) -> None:
    """However large the competition, one more mark is one row to read."""
    calls: list[tuple[str, Any]] = []

    def hear(_conn: object, _cursor: object, statement: str, values: Any, *_: Any) -> None:
        calls.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        marks_since(competition, 1)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    statement, values = next(call for call in calls if "act.id >" in call[0])
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    first = next(iter(plan)).detail
    assert first == "SEARCH act USING INTEGER PRIMARY KEY (rowid>?)"
