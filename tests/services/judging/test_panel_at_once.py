"""Two people who do the same at the same moment: once is enough, and nobody waits for ever."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.values.states import SheetState
from compete.models import Act, Decision, LockEntry, PenaltyEntry, SignedSheet, db
from compete.services.accounts.pins import MOST_TRIES, check_pin, is_locked, set_pin
from compete.services.closing.module_locks import lock_module
from compete.services.closing.paper_entry import enter_paper
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.judging.signing import sign_sheet
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find_own
from compete.services.sheets.act_seals import check_acts
from tests.support.panels import PIN, SIGNATURE, Panel
from tests.support.together import together

pytestmark = pytest.mark.each_database
READ = {"smooth": Decimal(2), "work": Decimal("17.5")}


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_decision_confirmed_by_two_at_once_counts_once(app: Flask, panel: Panel) -> None:
    penalty = Proposal("penalty", "final", "practice", "带手机", "录像", points="2")
    number = propose_decision(panel.entrant("E1"), penalty, panel.account("C1")).id

    def second(who: str) -> None:
        decision = find_own(Decision, panel.competition, number)
        assert decision is not None
        confirm_proposal(decision, panel.account(who) if who else panel.organiser)

    results = together(app, lambda: second("S1"), lambda: second(""))
    assert sorted(type(result).__name__ for result in results) == ["MoveError", "NoneType"]
    assert count(PenaltyEntry) == 1


def test_a_module_locked_by_two_at_once_has_one_lock(app: Flask, panel: Panel) -> None:
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)

    def lock(who: str) -> None:
        by = panel.account(who) if who else panel.organiser
        lock_module(panel.competition.events[0], "final", "practice", by)

    results = together(app, lambda: lock("C1"), lambda: lock(""))
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert count(LockEntry) == 1


def test_two_recorders_at_once_make_one_set_of_marks(app: Flask, panel: Panel) -> None:
    def enter(who: str) -> str:
        return enter_paper(panel.sheet("J1"), READ, signed=True, by=panel.account(who)).word

    assert sorted(together(app, lambda: enter("R1"), lambda: enter("R2"))) == ["settled", "waits"]
    assert count(Act) == 3
    assert panel.sheet("J1").state is SheetState.SIGNED
    assert list(check_acts(panel.competition)) == []


def test_a_sheet_signed_on_two_tablets_at_once_has_one_signature(app: Flask, panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    set_pin(panel.account("J1"), PIN, PIN)

    def sign() -> str:
        signature = sign_sheet(
            panel.sheet("J1"), pin=PIN, drawing=SIGNATURE, by=panel.account("J1")
        )
        return signature.sha256

    first, second = together(app, sign, sign)
    assert first == second
    assert count(SignedSheet) == 1
    assert list(verify_chain(panel.competition)) == []


def test_wrong_pins_tried_side_by_side_are_all_counted(app: Flask, panel: Panel) -> None:
    set_pin(panel.account("J1"), PIN, PIN)
    tries = [lambda: check_pin(panel.account("J1"), "9153")] * (MOST_TRIES + 3)
    assert all(isinstance(answer, Refused) for answer in together(app, *tries))
    assert is_locked(panel.account("J1"))
    with pytest.raises(Refused):
        check_pin(panel.account("J1"), PIN)
