"""Accounts from before PINs can choose one, and what a panel signed outlives later migrations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from compete import create_app
from compete.config import Config
from compete.models import Account, TimeEntry, db
from compete.services.accounts.pins import check_pin, set_pin
from compete.services.closing.module_locks import lock_module
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    decisions_of,
    propose_decision,
)
from compete.services.judging.disputes import rule_dispute
from compete.services.judging.proof import check_signatures, count_signatures
from compete.services.judging.recusal import recusals_of, recuse_from_entrant
from compete.services.judging.sent_back_sheets import remind, send_sheet_back
from compete.services.judging.signing import sign_sheet
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.act_seals import check_acts
from compete.services.sheets.entry_seals import check_entries
from compete.services.sheets.locks_in_force import standing_locks
from tests.migrations.test_data_survives import with_a_rebuild
from tests.support.panels import PIN, SIGNATURE, Panel, bundle_of, open_panel

BEFORE_PINS = "0004"
BEFORE_REMINDERS = "0009"


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[[str], Flask]:
    """An application on the database named, whatever state that is in."""

    def make(url: str) -> Flask:
        config = Config.from_env({"COMPETE_DATA_DIR": str(tmp_path / "var")})
        return create_app(replace(config, database_url=url, testing=True))

    return make


@pytest.mark.each_database
def test_an_account_from_before_pins_has_tried_none_and_can_choose_one(
    empty_database_url: str, make_app: Callable[[str], Flask]
) -> None:
    with make_app(empty_database_url).app_context():
        upgrade(revision=BEFORE_PINS)
        with unit_of_work() as session:
            session.execute(
                text(
                    "INSERT INTO account (id, name, is_admin, active, session_epoch, created_at)"
                    " VALUES (1, '许静', false, true, 0, '2026-01-01 00:00:00')"
                )
            )
        upgrade()
        db.session.rollback()
        account = db.session.get_one(Account, 1)
        assert account.pin_tries == 0
        if db.engine.dialect.name == "postgresql":
            # The row was given its number by hand.
            with unit_of_work() as session:
                session.execute(text("SELECT setval('account_id_seq', 1)"))
        set_pin(db.session.get_one(Account, 1), PIN, PIN)
        check_pin(db.session.get_one(Account, 1), PIN)
        downgrade(revision=BEFORE_PINS)
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT name FROM account")).scalars().all() == ["许静"]
        db.session.remove()
        db.engine.dispose()


@pytest.mark.each_database
def test_what_a_panel_did_outlives_going_back_to_before_reminders_and_up_again(app: Flask) -> None:
    """On that way copies of what watches read are made too, in a table of times, and taken away."""
    brought = {"stage": "final", "module": "practice", "entrant": "E2", "seconds": 450}
    paper = ("J4", "E1", "paper")
    with app.app_context():
        panel = open_panel({**bundle_of(timed=True), "times": [brought]})
        for judge, seconds in (("J1", "470"), ("J2", "480"), ("J3", "500")):
            panel.act(panel.sheet(judge), "watch_stop", aspect="run", value=seconds)
        panel.fill(panel.sheet(*paper), {"all": "88"})
        send_sheet_back(panel.sheet(*paper), "再看一次", panel.account("C1"))
        remind(panel.sheet(*paper), panel.account("C1"))
        public_id = panel.sheet(*paper).public_id
        db.session.remove()
        downgrade(revision=BEFORE_REMINDERS)
        upgrade()
        sheet = panel.sheet(*paper)
        assert (sheet.public_id, sheet.return_reason) == (public_id, "再看一次")
        assert sheet.reminded_at is None
        remind(sheet, panel.account("C1"))
        # Going back past the seals drops what the records vouch for, so no chain is asked here.
        assert panel.sheet(*paper).reminded_at is not None
        assert db.session.query(TimeEntry).count() == 1
        times = {time.entrant: str(time.seconds) for time in export_bundle(panel.competition).times}
        assert times == {"E1": "480", "E2": "450"}, "the middle reading counts"
        assert list(check_entries(panel.competition)) == []


def test_signatures_rulings_locks_and_decisions_outlive_the_rebuilding_of_every_table(
    panel: Panel, tmp_path: Path
) -> None:
    panel.fill_panel("3", "1", "1")
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "录像回看", panel.account("C1"))
    set_pin(panel.account("J1"), PIN, PIN)
    sign_sheet(panel.sheet("J1"), pin=PIN, drawing=SIGNATURE, by=panel.account("J1"))
    penalty = Proposal("penalty", "final", "practice", "带手机", "录像", points="2")
    confirm_proposal(
        propose_decision(panel.entrant("E1"), penalty, panel.account("C1")), panel.account("S1")
    )
    recuse_from_entrant(panel.sheet("J3", "E2"), "是我徒弟", panel.account("J3"))
    for judge in ("J1", "J2"):
        panel.fill(panel.sheet(judge, "E2"))
    lock_module(panel.competition.events[0], "final", "practice", panel.account("C1"))
    upgrade(directory=with_a_rebuild(tmp_path))
    db.session.rollback()
    competition = panel.competition
    assert count_signatures(competition) == 1
    assert list(check_signatures(competition)) == []
    assert list(check_acts(competition)) == []
    assert list(verify_chain(competition)) == []
    assert len(standing_locks(competition)) == 1
    assert len(decisions_of(competition)) == 1
    assert len(recusals_of(competition)) == 1
