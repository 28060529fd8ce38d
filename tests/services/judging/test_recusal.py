from __future__ import annotations

import pytest
from flask import Flask

from compete.domain import score
from compete.domain.values.states import SheetState
from compete.models import Unit, db
from compete.services.accounts.pins import set_pin
from compete.services.closing.blockers import find_blockers
from compete.services.judging.recusal import (
    put_in_substitute,
    recuse_from_entrant,
    recuse_from_unit,
    reopen_recused,
    short_panels,
)
from compete.services.judging.signing import sign_sheet, signatures
from compete.services.judging.tablet_view import find_sheet, my_sheets
from compete.services.kernel.refusal import Refused
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.support.panels import PIN, SIGNATURE, Panel, bundle_of, open_panel

WHY = "是我徒弟"


def practice_of(panel: Panel, entrant: str = "E1") -> tuple[str | None, list[str]]:
    rows = score(export_bundle(panel.competition)).events[0].stages[0].standings
    module = next(row for row in rows if row.entrant == entrant).modules["practice"]
    return module.score, list(module.flags)


def kinds(panel: Panel) -> list[str]:
    live = live_results(panel.competition)
    return [blocker.kind for blocker in find_blockers(panel.competition, live.results)]


def unit(panel: Panel, code: str) -> Unit:
    return next(unit for unit in panel.competition.units if unit.code == code)


@pytest.mark.each_database
def test_who_withdraws_is_waited_for_no_more_and_the_rest_make_the_score(panel: Panel) -> None:
    panel.fill(panel.sheet("J1"), {"smooth": "0", "work": "1"})
    recuse_from_entrant(panel.sheet("J1"), WHY, panel.account("J1"))
    for judge in ("J2", "J3"):
        panel.fill(panel.sheet(judge), {"smooth": "2", "work": "17.5"})
    assert practice_of(panel) == ("21.50", [])
    assert {mark.judge for mark in export_bundle(panel.competition).marks} == {"J2", "J3"}
    assert short_panels(panel.competition) == []
    assert panel.refusal(panel.sheet("J1"), "mark", aspect="work", value="3").endswith(
        "已经回避，这一条没有记下"
    )


def test_the_closed_sheet_is_gone_from_the_judges_tablet(panel: Panel) -> None:
    sheet = panel.sheet("J1")
    recuse_from_entrant(sheet, WHY, panel.account("J1"))
    assert [sheet.label for sheet in my_sheets(panel.judge("J1"))] == ["E2"]
    assert find_sheet(panel.judge("J1"), sheet.public_id) is None


def test_with_too_few_left_the_desk_is_told_and_another_steps_in(panel: Panel) -> None:
    for judge in ("J1", "J2"):
        recuse_from_entrant(panel.sheet(judge), WHY, panel.account(judge))
    panel.fill(panel.sheet("J3"))
    assert "short" in kinds(panel)
    (short,) = short_panels(panel.competition)
    assert (short.sheet.label, short.left, short.least) == ("E1", 1, 2)
    with pytest.raises(Refused, match="已经在评或者回避"):
        put_in_substitute(short.sheet, panel.judge("J3"), panel.account("C1"))
    with pytest.raises(Refused, match="已经在评或者回避"):
        put_in_substitute(short.sheet, panel.judge("J2"), panel.account("C1"))
    with pytest.raises(Refused, match="不是裁判"):
        put_in_substitute(short.sheet, panel.judge("R1"), panel.account("C1"))
    put_in_substitute(short.sheet, panel.judge("J4"), panel.account("C1"))
    assert "short" not in kinds(panel)
    panel.fill(panel.sheet("J4"))
    assert practice_of(panel) == ("21.50", [])


def test_a_full_panel_takes_nobody_else(panel: Panel) -> None:
    recuse_from_entrant(panel.sheet("J1"), WHY, panel.account("J1"))
    put_in_substitute(panel.sheet("J1"), panel.judge("J4"), panel.account("C1"))
    with pytest.raises(Refused, match="裁判够了"):
        put_in_substitute(panel.sheet("J1"), panel.judge("C1"), panel.account("C1"))
    with pytest.raises(Refused, match="有人补上"):
        reopen_recused(panel.sheet("J1"), "误点", panel.account("C1"))


def test_a_judge_withdraws_from_all_of_a_unit(panel: Panel) -> None:
    recusal = recuse_from_unit(panel.judge("J2"), unit(panel, "U1"), WHY, panel.account("J2"))
    assert recusal.sheets == [panel.sheet("J2").public_id]
    assert panel.sheet("J2").state is SheetState.WITHDRAWN
    assert panel.sheet("J2", "E2").state is SheetState.NOT_BEGUN


def test_in_a_blind_event_only_the_organiser_withdraws_a_judge_from_a_unit(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(blind=True))
        for who in ("J2", "C1"):
            with pytest.raises(Refused, match="找组委会办"):
                recuse_from_unit(panel.judge("J2"), unit(panel, "U1"), WHY, panel.account(who))
        recuse_from_unit(panel.judge("J2"), unit(panel, "U1"), WHY, panel.organiser)
        assert panel.sheet("J2").state is SheetState.WITHDRAWN


@pytest.mark.each_database
def test_a_sheet_closed_by_mistake_is_opened_again(panel: Panel) -> None:
    panel.fill(panel.sheet("J1"))
    recuse_from_entrant(panel.sheet("J1"), WHY, panel.account("J1"))
    reopen_recused(panel.sheet("J1"), "点错了人", panel.account("C1"))
    assert panel.sheet("J1").state is SheetState.RETURNED
    panel.act(panel.sheet("J1"), "submit")
    assert panel.sheet("J1").state is SheetState.SUBMITTED


def test_a_reason_is_wanted(panel: Panel) -> None:
    with pytest.raises(Refused, match="理由"):
        recuse_from_entrant(panel.sheet("J1"), "  ", panel.account("J1"))


def test_a_signature_stays_as_evidence(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    set_pin(panel.account("J1"), PIN, PIN)
    sign_sheet(panel.sheet("J1"), pin=PIN, drawing=SIGNATURE, by=panel.account("J1"))
    recuse_from_entrant(panel.sheet("J1"), WHY, panel.account("J1"))
    (kept,) = signatures(panel.sheet("J1"))
    assert kept.superseded_why == WHY
    assert db.session.get(type(kept), kept.id) is not None


def test_the_watch_of_a_judge_who_withdrew_counts_no_more(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(timed=True))
        panel.act(panel.sheet("J1"), "watch_stop", aspect="run", value="83.5")
        panel.act(panel.sheet("J2"), "watch_stop", aspect="run", value="90")
        panel.act(panel.sheet("J2", "E2"), "watch_stop", aspect="run", value="70")

        def times() -> list[tuple[str, str]]:
            bundle = export_bundle(panel.competition)
            return [(time.entrant, str(time.seconds)) for time in bundle.times]

        assert times() == [("E1", "90"), ("E2", "70")]
        recuse_from_entrant(panel.sheet("J2"), WHY, panel.account("J2"))
        assert times() == [("E1", "83.5"), ("E2", "70")]
