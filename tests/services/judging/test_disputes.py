from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from compete.domain import score
from compete.domain.values.states import SheetState
from compete.models import Act, AuditEntry, Ruling, db
from compete.services.accounts.pins import set_pin
from compete.services.judging.disputes import rule_dispute, send_panel_back
from compete.services.judging.panels.previous_round import previous_round_totals, previous_values
from compete.services.judging.panels.reveal import panel_of
from compete.services.judging.proof import check_signatures
from compete.services.judging.signing import sign_sheet, signing_state, standing_signature
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.act_seals import check_acts
from compete.services.sheets.values import standing_values
from tests.support.begun import copied
from tests.support.panels import PIN, SIGNATURE, Panel

WHY = "“操作平稳”差 2 档，看录像再评"


def disputed(panel: Panel) -> None:
    copied("one of three sheets apart", lambda: panel.fill_panel("3", "1", "1"))


def previous(panel: Panel, judge: str) -> dict[str, str | bool | None]:
    sheet = panel.sheet(judge)
    module = module_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)
    return previous_values(sheet, module)


def smooth(panel: Panel, judge: str) -> Decimal | None:
    sheet = panel.sheet(judge)
    return standing_values([sheet.id])[sheet.id].get("smooth")


@pytest.mark.each_database
def test_the_whole_panel_marks_again_and_both_rounds_stay_on_record(panel: Panel) -> None:
    disputed(panel)
    send_panel_back(panel.sheet("J2"), ["smooth"], WHY, panel.account("C1"))
    for judge, was in (("J1", "3"), ("J2", "1"), ("J3", "1")):
        sheet = panel.sheet(judge)
        assert (sheet.state, sheet.return_reason) == (SheetState.RETURNED, WHY)
        assert smooth(panel, judge) is None
        assert previous(panel, judge) == {"smooth": was}
    assert panel.refusal(panel.sheet("J1"), "submit") == "还有没评的：操作平稳"
    panel.act(panel.sheet("J1"), "mark", aspect="smooth", value="2")
    assert previous(panel, "J1") == {"smooth": "3"}
    panel.act(panel.sheet("J1"), "submit")
    assert previous(panel, "J1") == {}
    for judge in ("J2", "J3"):
        panel.fill(panel.sheet(judge), {"smooth": "1"})
    view = panel_of(panel.sheet("J1"))
    assert view is not None
    assert view.apart == []
    acts = db.session.scalars(
        select(Act)
        .where(Act.sheet_id == panel.sheet("J1").id, Act.aspect == "smooth")
        .order_by(Act.id)
    ).all()
    assert [(act.kind, act.value) for act in acts] == [
        ("mark", Decimal(3)),
        ("recall", None),
        ("mark", Decimal(2)),
    ]
    assert list(verify_chain(panel.competition)) == []
    assert list(check_acts(panel.competition)) == []


def test_only_the_chief_judge_has_a_panel_mark_again_or_rules(panel: Panel) -> None:
    disputed(panel)
    for somebody in (panel.organiser, panel.account("J1"), panel.account("S1")):
        with pytest.raises(Refused, match="只有裁判长"):
            send_panel_back(panel.sheet("J1"), ["smooth"], WHY, somebody)
        with pytest.raises(Refused, match="只有裁判长"):
            rule_dispute(panel.sheet("J1"), {"smooth": "2"}, WHY, somebody)


def test_sums_too_far_apart_stay_beside_the_sheets_that_come_back(panel: Panel) -> None:
    disputed(panel)
    send_panel_back(panel.sheet("J2"), [], "总分差得多", panel.account("C1"))
    came_to = {"J1": "23.50", "J2": "19.50", "J3": "19.50"}
    for judge in came_to:
        assert previous_round_totals(panel.sheet(judge)) == came_to
        # Nothing was called back: every value stands as it was.
        assert previous(panel, judge) == {}
        assert smooth(panel, judge) is not None
    panel.act(panel.sheet("J1"), "mark", aspect="smooth", value="2")
    panel.act(panel.sheet("J1"), "submit")
    assert previous_round_totals(panel.sheet("J1")) == {}
    # What J1 gives now stays hidden from who is still at it.
    assert previous_round_totals(panel.sheet("J3")) == came_to
    export_bundle(panel.competition)
    assert list(verify_chain(panel.competition)) == []
    assert list(check_acts(panel.competition)) == []


def test_sums_are_told_only_where_they_were_what_lay_apart(panel: Panel) -> None:
    disputed(panel)
    send_panel_back(panel.sheet("J2"), ["smooth"], WHY, panel.account("C1"))
    assert previous_round_totals(panel.sheet("J1")) == {}


def test_nobody_is_sent_back_before_all_are_in(panel: Panel) -> None:
    panel.fill(panel.sheet("J1"))
    with pytest.raises(Refused, match="还没交齐"):
        send_panel_back(panel.sheet("J1"), ["smooth"], WHY, panel.account("C1"))


@pytest.mark.each_database
def test_a_ruling_stands_on_every_sheet_and_in_the_bundle(panel: Panel) -> None:
    disputed(panel)
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "录像回看，个别顿挫", panel.account("C1"))
    assert {smooth(panel, judge) for judge in ("J1", "J2", "J3")} == {Decimal(2)}
    ruling = db.session.scalars(select(Ruling)).one()
    assert ruling.before == {"J1": "3", "J2": "1", "J3": "1"}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "dispute.rule")).one()
    assert entry.after["name"] == "操作平稳"
    bundle = export_bundle(panel.competition)
    rulings = {
        mark.judge: (mark.value, mark.extra) for mark in bundle.marks if mark.aspect == "smooth"
    }
    assert rulings["J1"] == (
        Decimal(2),
        {"ruled_by": "C1", "reason": "录像回看，个别顿挫", "was": "3"},
    )
    row = score(bundle).events[0].stages[0].standings
    modules = {standing.entrant: standing.modules["practice"] for standing in row}
    assert modules["E1"].flags == []
    assert modules["E1"].score == "21.50"


def test_the_judges_own_values_stay_on_record(panel: Panel) -> None:
    disputed(panel)
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "录像回看", panel.account("C1"))
    given = db.session.scalars(
        select(Act.value).where(Act.kind == "mark", Act.aspect == "smooth").order_by(Act.id)
    ).all()
    assert given == [Decimal(3), Decimal(1), Decimal(1)]
    author = db.session.scalars(select(Act.judge_id).where(Act.kind == "ruling")).first()
    assert author == panel.judge("C1").id
    assert list(check_acts(panel.competition)) == []


def test_a_ruling_is_corrected_until_it_is_locked_and_both_stay_on_record(panel: Panel) -> None:
    disputed(panel)
    chief = panel.account("C1")
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "录像回看", chief)
    with pytest.raises(Refused, match="“操作平稳”已经是这样裁定的"):
        rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "又按了一次", chief)
    with pytest.raises(Refused, match="没有超限"):
        rule_dispute(panel.sheet("J1"), {"belt": True}, "没人裁定过的", chief)
    rule_dispute(panel.sheet("J1"), {"smooth": "3"}, "上次看错了人", chief)
    first, second = db.session.scalars(select(Ruling).order_by(Ruling.id))
    assert (first.value, first.before) == (Decimal(2), {"J1": "3", "J2": "1", "J3": "1"})
    assert (second.value, second.before) == (Decimal(3), {"J1": "2", "J2": "2", "J3": "2"})
    assert second.reason == "上次看错了人"
    extras = {m.judge: m.extra for m in export_bundle(panel.competition).marks if m.extra}
    assert {judge: extra["was"] for judge, extra in extras.items() if "was" in extra} == {
        "J1": "3",
        "J2": "1",
        "J3": "1",
    }
    assert {smooth(panel, judge) for judge in ("J1", "J2", "J3")} == {Decimal(3)}
    assert list(check_acts(panel.competition)) == []


def test_where_nothing_is_apart_there_is_nothing_to_rule_on(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    with pytest.raises(Refused, match="没有超限"):
        rule_dispute(panel.sheet("J1"), {"smooth": "1"}, "随便", panel.account("C1"))


def test_a_ruling_keeps_to_the_scale(panel: Panel) -> None:
    disputed(panel)
    for value in ("4", "1.5", "-1", "很好", ""):
        with pytest.raises(Refused, match="操作平稳"):
            rule_dispute(panel.sheet("J1"), {"smooth": value}, WHY, panel.account("C1"))
        assert smooth(panel, "J1") == Decimal(3), value


def test_a_ruling_and_a_re_mark_want_a_reason(panel: Panel) -> None:
    disputed(panel)
    with pytest.raises(Refused, match="理由"):
        rule_dispute(panel.sheet("J1"), {"smooth": "2"}, " ", panel.account("C1"))
    with pytest.raises(Refused, match="理由"):
        send_panel_back(panel.sheet("J1"), ["smooth"], "", panel.account("C1"))


def test_nobody_signs_before_the_panel_is_in_and_agreed(panel: Panel) -> None:
    panel.fill(panel.sheet("J1"), {"smooth": "3", "work": "17.5"})
    assert str(signing_state(panel.sheet("J1")).why) == "同组还没交齐，齐了再签"
    for judge in ("J2", "J3"):
        panel.fill(panel.sheet(judge), {"smooth": "1", "work": "17.5"})
    assert str(signing_state(panel.sheet("J1")).why) == "组里分差超限，裁判长处理以后再签"
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "录像回看", panel.account("C1"))
    assert signing_state(panel.sheet("J1")).ready
    set_pin(panel.account("J1"), PIN, PIN)
    signature = sign_sheet(panel.sheet("J1"), pin=PIN, drawing=SIGNATURE, by=panel.account("J1"))
    assert '"ruled":{"reason":"录像回看","ruled_by":"C1","was":"3"}' in signature.content
    assert list(check_signatures(panel.competition)) == []


@pytest.mark.each_database
def test_a_ruling_takes_the_signature_off_a_sheet_that_changes(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    set_pin(panel.account("J1"), PIN, PIN)
    sign_sheet(panel.sheet("J1"), pin=PIN, drawing=SIGNATURE, by=panel.account("J1"))
    from compete.services.judging.sent_back_sheets import send_sheet_back

    send_sheet_back(panel.sheet("J2"), "再看一次", panel.account("C1"))
    panel.fill(panel.sheet("J2"), {"smooth": "0"})
    rule_dispute(panel.sheet("J2"), {"smooth": "1"}, "录像回看", panel.account("C1"))
    assert panel.sheet("J1").state is SheetState.SUBMITTED
    assert standing_signature(panel.sheet("J1")) is None
    assert list(check_signatures(panel.competition)) == []


def test_what_is_published_tells_who_ruled_and_where_chosen_why_without_names(panel: Panel) -> None:
    disputed(panel)
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "许静漏看一次顿挫", panel.account("C1"))
    bundle = export_bundle(panel.competition, private=False)
    extras = {mark.judge: mark.extra for mark in bundle.marks if mark.aspect == "smooth"}
    assert extras["J1"] == {"ruled_by": "C1", "was": "3"}
    bundle = export_bundle(panel.competition, private=False, also=["reasons"])
    extras = {mark.judge: mark.extra for mark in bundle.marks if mark.aspect == "smooth"}
    assert extras["J1"] == {"ruled_by": "C1", "reason": "许*漏看一次顿挫", "was": "3"}
    assert all(mark.extra is None for mark in bundle.marks if mark.aspect != "smooth")
