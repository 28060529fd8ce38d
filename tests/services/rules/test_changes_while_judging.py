"""What comes while rules change: marks, locks, tablets that marked by the old rules."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask

from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.states import SheetState
from compete.models import AuditEntry, RuleChange, db
from compete.services.closing.module_locks import lock_module
from compete.services.judging.act_intake import take_acts
from compete.services.judging.tablet_view import sheet_data
from compete.services.kernel.chain_checks import verify_chain
from compete.services.rules.changes import NoLongerFitsError, Seat, agree_change
from compete.services.rules.rules_saving import RulesRefused
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.act_rules import ActIn
from compete.services.sheets.act_seals import check_acts
from compete.services.sheets.locks_in_force import standing_locks
from tests.services.rules.asking import ask, aspects, both_agree, lighter
from tests.support.panels import Panel
from tests.support.together import together


def sound(panel: Panel) -> None:
    """What stands can be written, read and scored, and comes to what the pages show."""
    bundle = read_bundle(write_bundle(export_bundle(panel.competition, history=True)))
    assert bundle.marks
    now = read_bundle(write_bundle(export_bundle(panel.competition)))
    assert score(now).events[0] == live_results(panel.competition).event("FORK")
    assert list(verify_chain(panel.competition)) == []
    assert list(check_acts(panel.competition)) == []


def agreed_once(panel: Panel, number: int) -> Callable[[], object]:
    """The supervisor's word to what the chief judge agreed to."""

    def agree() -> None:
        change = db.session.get_one(RuleChange, number)
        agree_change(change, Seat.SUPERVISOR, panel.account("S1"))

    return agree


def asked_and_agreed_by_one(panel: Panel) -> int:
    change = ask(panel, aspects(panel, 1, max="17"))
    agree_change(change, Seat.CHIEF, panel.account("C1"))
    panel.account("S1")
    return change.id


@pytest.mark.each_database
def test_a_mark_and_the_rules_without_room_for_it_never_stand_together(
    app: Flask, panel: Panel
) -> None:
    panel.fill(panel.sheet("J4", module="paper"), {"all": "80"})
    number = asked_and_agreed_by_one(panel)
    panel.account("J1")

    def mark() -> list[str]:
        act = ActIn(str(uuid4()), panel.sheet("J1").public_id, "mark", "work", "17.5")
        taken = take_acts(panel.judge("J1"), [act], panel.account("J1"))
        return [str(why) for _uuid, why in taken.refused]

    refusal, marked = together(app, agreed_once(panel, number), mark)
    in_force = panel.competition.events[0].rules.number == 2
    if in_force:
        assert refusal is None
        assert "17.5 没有记下" in marked[0]
    else:
        assert isinstance(refusal, NoLongerFitsError)
        assert marked == []
    sound(panel)


@pytest.mark.each_database
def test_a_lock_and_other_rules_for_it_come_one_after_the_other(app: Flask, panel: Panel) -> None:
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)
    number = ask(panel, aspects(panel, max="8")).id
    agree_change(db.session.get_one(RuleChange, number), Seat.CHIEF, panel.account("C1"))
    panel.account("S1")

    def lock() -> None:
        lock_module(panel.competition.events[0], "final", "practice", panel.organiser)

    refusal, locked = together(app, agreed_once(panel, number), lock)
    assert locked is None
    assert len(standing_locks(panel.competition)) == 1
    change = db.session.get_one(RuleChange, number)
    if refusal is None:
        assert (change.state, change.number) == (CorrectionState.AGREED, 2)
    else:
        assert isinstance(refusal, NoLongerFitsError)
        assert change.state is CorrectionState.ASKED
    sound(panel)


def test_what_was_marked_offline_by_the_old_rules_counts_by_the_new_where_it_fits(
    panel: Panel,
) -> None:
    sheet = panel.sheet("J1")
    before = sheet_data(sheet)
    both_agree(panel, ask(panel, aspects(panel, 1, max="17")))
    # Nobody signs what this tablet has not shown.
    assert panel.sheet("J1").version == before["version"] + 1
    # The tablet held these while it had no network; they come now.
    why = panel.refusal(panel.sheet("J1"), "mark", aspect="work", value="17.5")
    assert "17.5 没有记下" in why
    panel.act(panel.sheet("J1"), "mark", aspect="smooth", value="3")
    assert "还有没评的：成品" in panel.refusal(panel.sheet("J1"), "submit")
    after = sheet_data(panel.sheet("J1"))
    assert (after["state"], after["values"]) == ("begun", {"smooth": "3"})
    assert after["rules"] != before["rules"]
    panel.act(panel.sheet("J1"), "mark", aspect="work", value="17")
    panel.act(panel.sheet("J1"), "submit")
    assert panel.sheet("J1").state is SheetState.SUBMITTED
    # What was refused is in the record, whole.
    records = db.session.query(AuditEntry).filter_by(action="acts.take").all()
    refused = [act for record in records for act in (record.after or {}).get("refused", [])]
    assert [act["act"]["value"] for act in refused if act["act"]["kind"] == "mark"] == ["17.5"]
    sound(panel)


def test_a_tablet_is_only_troubled_by_what_its_own_sheet_says(panel: Panel) -> None:
    before = sheet_data(panel.sheet("J1"))
    both_agree(panel, ask(panel, lighter(panel)))
    after = sheet_data(panel.sheet("J1"))
    assert (after["rules"], after["version"]) == (before["rules"], before["version"])


def test_marks_that_were_taken_back_still_want_room(panel: Panel) -> None:
    sheet = panel.sheet("J1")
    panel.act(sheet, "mark", aspect="work", value="19")
    panel.act(sheet, "mark", aspect="work", value="12")
    change = ask(panel, aspects(panel, 1, max="19"))
    both_agree(panel, change)
    sound(panel)
    with pytest.raises(RulesRefused, match="有 1 处要改"):
        ask(panel, aspects(panel, 1, max="18"))
