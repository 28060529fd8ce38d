"""An event's rules changed once judging has begun: a reason, two who agree, a version."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.roles import Role
from compete.domain.values.states import MoveError, SheetState
from compete.models import RuleChange, RuleVersion, db
from compete.services.accounts.accounts import grant_role
from compete.services.accounts.pins import set_pin
from compete.services.accounts.sign_in_cards import show_card, standing_card
from compete.services.closing.module_locks import ask_unlock, confirm_unlock, lock_module
from compete.services.closing.paper_entry import enter_paper
from compete.services.judging.signed_content import sheet_content
from compete.services.judging.signing import sign_sheet, signatures, signed_content_of
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.people_seals import check_people
from compete.services.rules.changes import (
    NoLongerFitsError,
    Seat,
    agree_change,
    ask_change,
    refuse_change,
    rule_changes,
    seats_of,
    touched_by,
    waiting_changes,
    withdraw_change,
)
from compete.services.rules.rules_draft import RulesDraft
from compete.services.rules.rules_saving import RulesRefused, draft_in_force, save_rules
from compete.services.rules.stage_draft import AspectDraft, ModuleDraft
from compete.services.rules.taking_effect import Redone, moved_by
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.locks_in_force import standing_locks
from tests.services.rules.asking import (
    PRACTICE,
    ask,
    aspects,
    both_agree,
    draft_of,
    lighter,
    of_rows,
)
from tests.services.sheets.test_difficulties import dives
from tests.support.panels import PIN, SIGNATURE, Panel, open_panel
from tests.support.together import together


def marked(panel: Panel) -> None:
    """E1 is ahead by the practice, E2 by the paper."""
    panel.fill_panel("3", "3", "3", entrant="E1")
    panel.fill_panel("1", "1", "1", entrant="E2")
    for entrant, points in (("E1", "60"), ("E2", "95")):
        panel.fill(panel.sheet("J4", entrant, "paper"), {"all": points})


def sign(panel: Panel, judge: str, module: str = "practice") -> None:
    account = panel.account(judge)
    if account.pin_hash is None:
        set_pin(account, PIN, PIN)
    sign_sheet(panel.sheet(judge, module=module), pin=PIN, drawing=SIGNATURE, by=account)


def refused(panel: Panel, draft: RulesDraft) -> list[tuple[str, str]]:
    """Where and why the rules cannot be asked for; nothing is written."""
    with pytest.raises(RulesRefused) as why:
        ask(panel, draft)
    assert db.session.scalars(select(RuleChange)).all() == []
    return [(problem.path, str(problem.message)) for problem in why.value.problems]


def test_a_change_is_in_force_once_both_have_agreed_and_all_follows(panel: Panel) -> None:
    marked(panel)
    before = live_results(panel.competition).event("FORK")
    change = ask(panel, lighter(panel))
    assert live_results(panel.competition).event("FORK") == before
    agree_change(change, Seat.SUPERVISOR, panel.account("S1"))
    assert (change.state, panel.competition.events[0].rules.number) == (CorrectionState.ASKED, 1)
    assert live_results(panel.competition).event("FORK") == before
    assert moved_by(change) == []
    agree_change(change, Seat.CHIEF, panel.account("C1"))
    assert (change.state, change.number) == (CorrectionState.AGREED, 2)
    event = panel.competition.events[0]
    assert (event.rules.number, event.rules.reason) == (2, "技术文件写错了")
    now = live_results(panel.competition).event("FORK")
    assert now != before
    totals = {
        row.entrant: (old.total, row.total)
        for old, row in zip(
            sorted(before.standings, key=lambda row: row.entrant),
            sorted(now.standings, key=lambda row: row.entrant),
            strict=True,
        )
    }
    assert {shift.entrant: shift.totals for shift in moved_by(change)} == totals
    # What stands in the database, what its file comes to, and what the page says are one.
    bundle = export_bundle(panel.competition)
    assert score(read_bundle(write_bundle(bundle))).events[0] == now
    assert list(verify_chain(panel.competition)) == []
    assert list(check_people(panel.competition)) == []


def test_what_it_scores_anew_is_told_in_numbers(panel: Panel) -> None:
    marked(panel)
    assert touched_by(ask(panel, lighter(panel))).sheets == 0
    impact = touched_by(waiting_changes(panel.competition)[0])
    assert (impact.people, impact.redone) == (2, (Redone.TOTALS, Redone.RANKS))
    withdraw_change(waiting_changes(panel.competition)[0], panel.organiser)
    impact = touched_by(ask(panel, aspects(panel, max="8")))
    assert (impact.sheets, impact.signed, impact.people) == (6, 0, 2)
    withdraw_change(waiting_changes(panel.competition)[0], panel.organiser)
    impact = touched_by(ask(panel, aspects(panel, name="平稳")))
    assert (impact.sheets, impact.people, impact.redone) == (0, 0, ())


@pytest.mark.parametrize(
    ("keys", "path", "why"),
    [
        ({"type": "score"}, "stages[0].modules[1].aspects[0].type", "类型不能改"),
        ({"own": {"levels": "差\n好"}}, "stages[0].modules[1].aspects[0].levels", "分几档不能改"),
        ({"unit": "次"}, "stages[0].modules[1].aspects[0].unit", "单位不能改"),
    ],
)
def test_what_would_make_marks_mean_something_else_is_refused_in_its_place(
    panel: Panel, keys: dict[str, str], path: str, why: str
) -> None:
    marked(panel)
    ((where, sentence),) = refused(panel, aspects(panel, **keys))
    assert where == path
    assert why in sentence
    assert "操作平稳" in sentence


def test_rows_modules_stages_judges_and_blindness_stay(panel: Panel) -> None:
    marked(panel)
    module = draft_in_force(panel.competition.events[0]).stages[0].modules[PRACTICE]
    ((_where, sentence),) = refused(panel, of_rows(panel, *module.aspects[1:]))
    assert "“实操”的“操作平稳”已经评了 6 张，不能去掉" in sentence
    more = (*module.aspects, AspectDraft(name="安全", max="4"))
    ((where, sentence),) = refused(panel, of_rows(panel, *more))
    assert (where, sentence) == (
        "stages[0].modules[1].aspects[2].name",
        "“实操”已经评了，不能再加评分点",
    )
    where, sentence = refused(panel, draft_of(panel, size="2", min="2"))[0]
    assert where == "stages[0].modules[1].panel.size"
    draft = draft_in_force(panel.competition.events[0])
    stage = draft.stages[0]
    first = replace(stage, modules=stage.modules[:1])
    assert "实操已经有评分表，不能去掉" in refused(panel, replace(draft, stages=(first,)))[0][1]
    added = ModuleDraft(
        name="加试", weight="0", full="10", aspects=(AspectDraft(name="口试", max="10"),)
    )
    three = replace(stage, modules=(*stage.modules, added))
    ((where, sentence),) = refused(panel, replace(draft, stages=(three,)))
    assert (where, "不能再加模块" in sentence) == ("stages[0].modules[2].name", True)
    two = (stage, replace(first, was="", name="加赛", modules=(added,)))
    assert "赛段不能增减" in refused(panel, replace(draft, stages=two))[0][1]
    assert refused(panel, replace(draft, blind=True)) == [("blind", "评分已经开始，盲评不能改")]


def test_marks_that_the_new_rules_have_no_room_for_are_counted(panel: Panel) -> None:
    marked(panel)
    # What was taken back stays on record, and in a file with its history.
    panel.act(panel.sheet("J1"), "note", note="看过")
    ((where, sentence),) = refused(panel, aspects(panel, 1, max="17"))
    assert where == "stages[0].modules[1].aspects[1].max"
    assert "已经评的有 6 张放不进去" in sentence
    assert ask(panel, aspects(panel, 1, max="18")).base == 1


def test_a_module_without_marks_is_still_free(panel: Panel) -> None:
    panel.fill_papers()
    module = draft_in_force(panel.competition.events[0]).stages[0].modules[PRACTICE]
    rows = (
        replace(module.aspects[0], max="10"),
        AspectDraft(name="安全", max="16", own={"step": "1"}),
    )
    change = both_agree(panel, ask(panel, of_rows(panel, *rows)))
    assert change.number == 2
    sheet = panel.sheet("J1")
    assert "评分表里没有“work”这一项" in panel.refusal(sheet, "mark", aspect="work", value="1")
    panel.act(sheet, "mark", aspect="smooth", value="2")


def test_a_locked_module_stays_until_it_is_unlocked(panel: Panel) -> None:
    marked(panel)
    event = panel.competition.events[0]
    lock_module(event, "final", "practice", panel.organiser)
    ((where, sentence),) = refused(panel, aspects(panel, max="8"))
    assert (where, "“实操”锁着" in sentence) == ("stages[0].modules[1].name", True)
    draft = draft_in_force(event)
    ranking = replace(draft.ranking, module="1")
    ((where, sentence),) = refused(panel, replace(draft, ranking=ranking))
    assert (where, "实操锁着" in sentence) == ("rounding.module", True)
    # What it counts is no part of what was locked.
    withdraw_change(ask(panel, lighter(panel)), panel.organiser)
    (lock,) = standing_locks(panel.competition)
    ask_unlock(lock, "规则要改", panel.account("C1"))
    confirm_unlock(lock, panel.organiser)
    change = ask(panel, aspects(panel, max="8"))
    # Locked in between, it does not fit any more; nothing of the agreement is written.
    agree_change(change, Seat.CHIEF, panel.account("C1"))
    lock_module(panel.competition.events[0], "final", "practice", panel.organiser)
    with pytest.raises(NoLongerFitsError, match="锁着"):
        agree_change(change, Seat.SUPERVISOR, panel.account("S1"))
    db.session.expire_all()
    assert (change.supervisor_by, panel.competition.events[0].rules.number) == (None, 1)


def test_marks_that_come_meanwhile_are_asked_again(panel: Panel) -> None:
    change = ask(panel, aspects(panel, 1, max="17"))
    agree_change(change, Seat.CHIEF, panel.account("C1"))
    panel.act(panel.sheet("J1"), "mark", aspect="work", value="17.5")
    with pytest.raises(NoLongerFitsError, match="1 张放不进去"):
        agree_change(change, Seat.SUPERVISOR, panel.account("S1"))
    refuse_change(change, Seat.SUPERVISOR, "已经有 17.5 分了", panel.account("S1"))
    assert (change.state, change.ended_why) == (CorrectionState.DROPPED, "已经有 17.5 分了")
    with pytest.raises(MoveError):
        agree_change(change, Seat.SUPERVISOR, panel.account("S1"))


def test_each_refusal_of_asking(panel: Panel) -> None:
    event = panel.competition.events[0]
    with pytest.raises(Refused, match="写明为什么改规则") as why:
        ask_change(event, lighter(panel), 1, "  ", panel.organiser)
    assert why.value.kind is Refusal.INVALID
    assert ask_change(event, draft_in_force(event), 1, "没改", panel.organiser) is None
    with pytest.raises(Refused, match="别人存过"):
        ask_change(event, lighter(panel), 7, "改", panel.organiser)
    with pytest.raises(Refused, match="评分已经开始，规则不能在这里改"):
        save_rules(event, lighter(panel), 1, panel.organiser)
    change = ask(panel, lighter(panel))
    with pytest.raises(Refused, match="已经有一份改动在等裁判长和监督"):
        ask(panel, draft_of(panel, name="驾驶"))
    assert [rule_change.id for rule_change in rule_changes(event)] == [change.id]


def test_each_refusal_of_agreeing(panel: Panel) -> None:
    change = ask(panel, lighter(panel))
    chief, supervisor = panel.account("C1"), panel.account("S1")
    for seat, by in (
        (Seat.CHIEF, supervisor),
        (Seat.SUPERVISOR, chief),
        (Seat.CHIEF, panel.organiser),
        (Seat.SUPERVISOR, panel.account("R1")),
    ):
        for act in (
            lambda seat=seat, by=by: agree_change(change, seat, by),
            lambda seat=seat, by=by: refuse_change(change, seat, "不行", by),
        ):
            with pytest.raises(Refused, match="这一步不归你办") as why:
                act()
            assert why.value.kind is Refusal.FORBIDDEN
    grant_role(panel.organiser, panel.competition, Role.CHIEF, by=panel.organiser)
    with pytest.raises(Refused, match="这是你提的"):
        agree_change(change, Seat.CHIEF, panel.organiser)
    agree_change(change, Seat.CHIEF, chief)
    with pytest.raises(Refused, match="裁判长已经同意了"):
        agree_change(change, Seat.CHIEF, chief)
    grant_role(chief, panel.competition, Role.SUPERVISOR, by=panel.organiser)
    with pytest.raises(Refused, match="你已经同意过了"):
        agree_change(change, Seat.SUPERVISOR, chief)
    for why_ in ("", " "):
        with pytest.raises(Refused, match="写明为什么不同意"):
            refuse_change(change, Seat.SUPERVISOR, why_, supervisor)
    with pytest.raises(Refused, match="提出的人才能撤回"):
        withdraw_change(change, supervisor)
    withdraw_change(change, panel.organiser)
    assert (change.state, change.ended_why) == (CorrectionState.DROPPED, None)
    for again in (
        lambda: agree_change(change, Seat.SUPERVISOR, supervisor),
        lambda: withdraw_change(change, panel.organiser),
    ):
        with pytest.raises(MoveError):
            again()
    assert panel.competition.events[0].rules.number == 1
    assert list(verify_chain(panel.competition)) == []


def test_whose_card_another_had_in_hand_is_no_other_person(panel: Panel) -> None:
    change = ask(panel, lighter(panel))
    chief = panel.account("C1")
    standing_card(chief)
    assert show_card(chief, panel.competition, panel.organiser) is not None
    with pytest.raises(Refused, match="看过你的登录卡"):
        agree_change(change, Seat.CHIEF, chief)
    seat = seats_of(change, chief)[0]
    assert (seat.open, "看过你的登录卡" in str(seat.why_not)) == (False, True)


def test_who_had_the_others_card_in_hand_does_not_agree_beside_them(panel: Panel) -> None:
    change = ask(panel, lighter(panel))
    chief, supervisor = panel.account("C1"), panel.account("S1")
    standing_card(chief)
    agree_change(change, Seat.CHIEF, chief)
    assert show_card(chief, panel.competition, supervisor) is not None
    with pytest.raises(Refused, match="你看过沈国梁的登录卡"):
        agree_change(change, Seat.SUPERVISOR, supervisor)
    assert "你看过沈国梁的登录卡" in str(seats_of(change, supervisor)[1].why_not)


def test_a_paper_that_one_recorder_has_read_keeps_its_rows(panel: Panel) -> None:
    read = {"smooth": Decimal(2), "work": Decimal("17.5")}
    enter_paper(panel.sheet("J1"), read, signed=True, by=panel.account("R1"))
    module = draft_in_force(panel.competition.events[0]).stages[0].modules[PRACTICE]
    ((_where, sentence),) = refused(panel, of_rows(panel, *module.aspects[1:]))
    assert "“操作平稳”已经评了 1 张，不能去掉" in sentence


def test_a_seat_that_nobody_can_take_is_told(panel: Panel) -> None:
    change = ask(panel, lighter(panel))
    chief, supervisor = seats_of(change, panel.organiser)
    assert (chief.vacant, supervisor.vacant) == (True, True)
    account = panel.account("C1")
    chief, supervisor = seats_of(change, account)
    assert (chief.open, chief.vacant, supervisor.vacant) == (True, False, True)
    assert "没有能登录的监督" in str(supervisor.why_not)


def test_what_was_signed_is_signed_anew_where_its_marks_come_out_otherwise(panel: Panel) -> None:
    marked(panel)
    for judge in ("J1", "J2", "J3"):
        sign(panel, judge)
    sign(panel, "J4", "paper")
    both_agree(panel, ask(panel, lighter(panel)))
    assert panel.sheet("J1").state is SheetState.SIGNED
    version = panel.sheet("J1").version
    change = ask(panel, aspects(panel, max="8"))
    assert touched_by(change).signed == 3
    both_agree(panel, change)
    sheet = panel.sheet("J1")
    assert (sheet.state, sheet.version > version) == (SheetState.SUBMITTED, True)
    assert panel.sheet("J4", module="paper").state is SheetState.SIGNED
    first = signatures(sheet)[0]
    assert first.superseded_why == "规则换成了第 3 版"
    # What was signed is what it was, by the rules of its day.
    assert signed_content_of(first) == sheet_content(sheet, first.last_act, 1)
    sign(panel, "J1")
    assert signed_content_of(signatures(panel.sheet("J1"))[0])["rules"]["version"] == 3
    assert list(verify_chain(panel.competition)) == []


def test_of_two_who_agree_at_once_none_is_lost(app: Flask, panel: Panel) -> None:
    marked(panel)
    number = ask(panel, lighter(panel)).id

    def agree(seat: Seat, code: str) -> None:
        change = db.session.get_one(RuleChange, number)
        agree_change(change, seat, panel.account(code))

    panel.account("C1"), panel.account("S1")
    answers = together(app, lambda: agree(Seat.CHIEF, "C1"), lambda: agree(Seat.SUPERVISOR, "S1"))
    assert answers == [None, None]
    change = db.session.get_one(RuleChange, number)
    assert (change.state, change.number) == (CorrectionState.AGREED, 2)
    assert len(db.session.scalars(select(RuleVersion)).all()) == 2


def test_a_type_that_the_files_version_cannot_say_is_refused_in_words(panel: Panel) -> None:
    own = {"step": "0.5", "top": "10", "difficulties": "1\n2"}
    with pytest.raises(RulesRefused) as refusal:
        ask(panel, aspects(panel, 1, type="factored", own=own))
    assert [(it.path, str(it.message)) for it in refusal.value.problems] == [
        (
            "stages[0].modules[1].aspects[1].type",
            "“给分乘难度系数”要竞赛文件第 2 版，这场竞赛用的是第 1 版",
        )
    ]


def test_a_difficulty_finer_than_is_kept_is_refused_at_its_line(app: Flask) -> None:
    own = {"step": "0.5", "top": "10", "difficulties": "1\n1.0000001\n2"}
    with app.app_context():
        panel = open_panel(dives())
        with pytest.raises(RulesRefused) as refusal:
            ask(panel, aspects(panel, 1, own=own))
    assert [it.path for it in refusal.value.problems] == [
        "stages[0].modules[1].aspects[1].difficulties[1]"
    ]
