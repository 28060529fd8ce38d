from __future__ import annotations

import json
from decimal import Decimal

import pytest

from compete.domain.values.states import SheetState
from compete.services.closing.module_locks import lock_module
from compete.services.closing.paper_entry import (
    PaperState,
    differing_papers,
    enter_paper,
    paper_readings,
    paper_state,
    settle_paper,
)
from compete.services.judging.proof import check_signatures
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.judging.signing import standing_signature
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.act_seals import check_acts
from tests.support.panels import Panel

READ = {"smooth": Decimal(2), "work": Decimal("17.5")}


def enter(
    panel: Panel, who: str, values: dict[str, Decimal] | None = None, *, signed: bool = True
) -> PaperState:
    return enter_paper(panel.sheet("J1"), values or READ, signed=signed, by=panel.account(who))


@pytest.mark.each_database
def test_two_readings_that_agree_become_the_judges_marks(panel: Panel) -> None:
    assert enter(panel, "R1").word == "waits"
    assert panel.sheet("J1").state is SheetState.NOT_BEGUN
    assert enter(panel, "R2").word == "settled"
    assert panel.sheet("J1").state is SheetState.SIGNED
    marks = {mark.aspect: mark for mark in export_bundle(panel.competition).marks}
    assert {code: mark.value for code, mark in marks.items()} == READ
    assert {mark.judge for mark in marks.values()} == {"J1"}
    assert marks["work"].extra == {"on_paper": True, "entered_by": ["R1", "R2"]}
    assert list(check_acts(panel.competition)) == []
    assert list(verify_chain(panel.competition)) == []


def test_the_signature_on_paper_is_kept_with_its_hash(panel: Panel) -> None:
    enter(panel, "R1")
    enter(panel, "R2")
    signed = standing_signature(panel.sheet("J1"))
    assert signed is not None
    assert (signed.method, signed.drawing) == ("paper", None)
    assert json.loads(signed.content)["total"] == "21.50"
    assert list(check_signatures(panel.competition)) == []


def test_a_paper_without_a_signature_is_submitted_and_no_more(panel: Panel) -> None:
    enter(panel, "R1", signed=False)
    enter(panel, "R2", signed=False)
    assert panel.sheet("J1").state is SheetState.SUBMITTED


def test_where_they_differ_both_learn_the_rows_and_neither_the_figures(panel: Panel) -> None:
    enter(panel, "R1")
    state = enter(panel, "R2", {**READ, "work": Decimal(17)})
    assert state.word == "differs"
    assert state.differs == ["work"]
    assert state.mine is not None
    assert state.mine.values["work"] == "17"
    other = paper_state(panel.sheet("J1"), panel.account("R1"))
    assert other.differs == ["work"]
    assert other.mine is not None
    assert other.mine.values["work"] == "17.5"
    assert panel.sheet("J1").state is SheetState.NOT_BEGUN
    assert differing_papers(panel.competition) == [panel.sheet("J1")]
    assert enter(panel, "R2").word == "settled"
    assert differing_papers(panel.competition) == []


def test_the_same_number_written_otherwise_is_no_difference(panel: Panel) -> None:
    enter(panel, "R1")
    assert enter(panel, "R2", {**READ, "work": Decimal("17.50")}).word == "settled"


def test_a_signature_that_only_one_has_seen_is_a_difference(panel: Panel) -> None:
    enter(panel, "R1")
    state = enter(panel, "R2", signed=False)
    assert state.signature_differs
    assert state.word == "differs"


@pytest.mark.each_database
def test_the_chief_judge_settles_what_they_cannot(panel: Panel) -> None:
    enter(panel, "R1")
    enter(panel, "R2", {"smooth": Decimal(3), "work": Decimal(17)})
    first, second = paper_readings(panel.sheet("J1"))
    choice = {"smooth": first.id, "work": second.id}
    with pytest.raises(Refused, match="只有裁判长"):
        settle_paper(panel.sheet("J1"), choice, True, "看纸", panel.account("R1"))
    with pytest.raises(Refused, match="都要选"):
        settle_paper(panel.sheet("J1"), {"work": 1}, True, "看纸", panel.account("C1"))
    with pytest.raises(Refused, match="理由"):
        settle_paper(panel.sheet("J1"), choice, True, "", panel.account("C1"))
    settle_paper(panel.sheet("J1"), choice, True, "看过纸质表", panel.account("C1"))
    values = {mark.aspect: mark.value for mark in export_bundle(panel.competition).marks}
    assert values == {"smooth": Decimal(2), "work": Decimal(17)}
    assert panel.sheet("J1").state is SheetState.SIGNED


@pytest.mark.parametrize("who", ["J1", "J2", "C1"])
def test_judges_do_not_enter_paper(panel: Panel, who: str) -> None:
    with pytest.raises(Refused, match="记分员"):
        enter(panel, who)


def test_a_supervisor_may_be_the_second(panel: Panel) -> None:
    enter(panel, "R1")
    assert enter(panel, "S1").word == "settled"


def test_a_sheet_that_is_in_is_not_entered_over(panel: Panel) -> None:
    enter(panel, "R1")
    panel.fill(panel.sheet("J1"))
    with pytest.raises(Refused, match="已经提交"):
        enter(panel, "R2")


@pytest.mark.each_database
def test_a_sheet_sent_back_is_read_anew(panel: Panel) -> None:
    enter(panel, "R1")
    enter(panel, "R2")
    send_sheet_back(panel.sheet("J1"), "纸上改过", panel.account("C1"))
    assert paper_state(panel.sheet("J1"), panel.account("R1")).word == "none"
    new = {**READ, "work": Decimal(18)}
    assert enter(panel, "R1", new).word == "waits"
    assert enter(panel, "R2", new).word == "settled"
    assert list(check_acts(panel.competition)) == []


def test_every_row_must_be_read(panel: Panel) -> None:
    with pytest.raises(Refused, match="成品"):
        enter(panel, "R1", {"smooth": Decimal(2)})


def test_under_a_lock_no_paper_is_entered(panel: Panel) -> None:
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)
    lock_module(panel.competition.events[0], "final", "practice", panel.account("C1"))
    with pytest.raises(Refused, match="已经锁定"):
        enter(panel, "R1")
