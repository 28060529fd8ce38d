"""Arbiters decide on the matter alone; the second instance is final; the chief carries it out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from compete.domain.values.states import AppealState, MoveError
from compete.models import (
    Account,
    Competition,
    OutcomeEntry,
    Recusal,
    Ruling,
    Sheet,
    db,
    utc_now,
)
from compete.services.accounts.accounts import account_of_judge
from compete.services.appeals.appeal_states import is_open, open_appeals, to_carry_out
from compete.services.appeals.arbiter_recusals import those_aside
from compete.services.appeals.arbiter_view import decided_value, matter_of
from compete.services.appeals.decisions import agree
from compete.services.appeals.evidence import files_until, is_added
from compete.services.appeals.filing import (
    accept_decision,
    add_evidence,
    file_appeal,
    go_on,
    withdraw_appeal,
)
from compete.services.appeals.ordered_rulings import carried_words, carry_out, rule_as_ordered
from compete.services.appeals.rules import set_appeal_rules
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import AppealRules
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.moves_by_appeals import moved_by_appeal
from compete.services.results.result_moves import final_blockers
from compete.services.sheets.entry_seals import seal_entry
from tests.support.announced import announce, reopen
from tests.support.appealing import Bench, appealed, decided, lodged, person
from tests.support.pictures import photo


def penalised(code: str) -> None:
    """Something of the contestant's is changed."""
    with unit_of_work() as session:
        row = OutcomeEntry(entrant_id=person(code).id, stage="S", module="m", status="dnf")
        session.add(row)
        session.flush()
        seal_entry(row)


@pytest.mark.each_database
def test_two_agree_before_it_stands(judged: Competition, bench: Bench) -> None:
    first, second, head = bench
    appeal = appealed()
    decision = decided(appeal, first, outcome="changed", value="0")
    assert (appeal.state, decision.stood_at) == (AppealState.FILED, None)
    for who, why in ((first, "另一位仲裁"), (head, "仲裁组定")):
        with pytest.raises(Refused, match=why):
            agree(decision, who)
    with pytest.raises(Refused, match="更少的仲裁"):
        set_appeal_rules(judged, AppealRules(arbiters=1), bench.first)
    agree(decision, second)
    assert appeal.state is AppealState.DECIDED
    assert to_carry_out(appeal)
    with pytest.raises(Refused, match="已经定了"):
        decided(appeal, first)
    assert list(verify_chain(judged)) == []
    assert list(check_rows(judged)) == []


@pytest.mark.each_database
def test_two_who_write_the_same_decision_agree(judged: Competition, bench: Bench) -> None:
    first, second, _head = bench
    appeal = appealed()
    keys = {"outcome": "changed", "value": "1", "orders": "这一项改成 1"}
    decided(appeal, first, reason="第一位", **keys | {"value": "0"})
    # What decides otherwise takes the place of the first; nobody agrees with oneself.
    mine = decided(appeal, second, reason="录像 3 分 20 秒", **keys)
    again = decided(appeal, second, reason="录像 3 分 21 秒", **keys)
    assert (mine.dropped_at is None, again.stood_at) == (False, None)
    penalised("P2")
    stale = again.marks
    made = decided(appeal, first, reason="看过录像", **keys)
    assert made.marks != stale
    assert (appeal.state, made.made_by) == (AppealState.FILED, first.id)
    same = decided(appeal, second, reason="录像 3 分 21 秒", **keys | {"value": "1.0"})
    assert (same.id, same.made_by, same.agreed_by) == (made.id, first.id, second.id)
    assert same.reason == "看过录像\n录像 3 分 21 秒"
    assert decided_value(same) == "1 次"
    assert appeal.state is AppealState.DECIDED
    assert to_carry_out(appeal)
    assert list(verify_chain(judged)) == []
    assert list(check_rows(judged)) == []


def test_one_is_enough_where_the_rules_say_so(
    judged: Competition, organiser: Account, bench: Bench
) -> None:
    set_appeal_rules(judged, AppealRules(arbiters=1), organiser)
    appeal = appealed()
    decided(appeal, bench.first)
    assert appeal.state is AppealState.DECIDED
    assert is_open(appeal)
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        assert not is_open(appeal)
        assert open_appeals(judged, None) == 0


def test_what_was_accepted_is_not_waited_for_any_longer(
    judged: Competition, organiser: Account, bench: Bench
) -> None:
    appeal, of_unit = appealed(), appealed("P3", by=organiser)
    with pytest.raises(Refused, match="没有等着接受"):
        accept_decision(appeal, None)
    for waiting_appeal, outcome in ((appeal, "changed"), (of_unit, "kept")):
        agree(
            decided(waiting_appeal, bench.first, outcome=outcome, orders="改成 1 次"), bench.second
        )
    with pytest.raises(Refused, match="由本人接受") as refused:
        accept_decision(appeal, organiser)
    assert refused.value.kind is Refusal.FORBIDDEN
    accept_decision(appeal, None)
    accept_decision(of_unit, organiser)
    # What is ordered is still to be done; what is not ordered is over.
    assert (to_carry_out(appeal), is_open(appeal), is_open(of_unit)) == (True, True, False)
    for again in (lambda: accept_decision(appeal, None), lambda: go_on(of_unit, "不服", None)):
        with pytest.raises((Refused, MoveError)):
            again()
    assert list(verify_chain(judged)) == []
    assert list(check_rows(judged)) == []


def test_a_mark_that_changed_meanwhile_has_to_be_looked_at_again(
    judged: Competition, bench: Bench
) -> None:
    appeal = appealed()
    decision = decided(appeal, bench.first)
    penalised("P2")
    with pytest.raises(Refused, match="刚才改过"):
        agree(decision, bench.second)
    agree(decided(appeal, bench.first), bench.second)


def test_what_another_put_forward_gives_way(judged: Competition, bench: Bench) -> None:
    appeal = appealed()
    first = decided(appeal, bench.first)
    second = decided(appeal, bench.second, outcome="dismissed")
    with pytest.raises(Refused, match="已经不在了"):
        agree(first, bench.second)
    agree(second, bench.first)
    assert not to_carry_out(appeal)


def test_who_is_near_steps_aside(judged: Competition, bench: Bench) -> None:
    appeal = appealed()
    with unit_of_work():
        of_unit = next(judge for judge in judged.judges if judge.name == "高原")
        of_unit.unit_id = person("P2").unit_id
    with pytest.raises(Refused, match="同一单位") as refused:
        decided(appeal, bench.first)
    assert refused.value.kind is Refusal.FORBIDDEN
    assert [name for name, _why in those_aside(appeal)] == ["高原"]


def test_who_is_recused_or_filed_it_steps_aside(
    judged: Competition, organiser: Account, bench: Bench
) -> None:
    appeal = appealed(by=bench.first)
    with pytest.raises(Refused, match="是他提的"):
        decided(appeal, bench.first)
    judge = next(judge for judge in judged.judges if judge.name == "方晓")
    row = Recusal(competition_id=judged.id, judge_id=judge.id, unit_id=person("P2").unit_id)
    row.sheets, row.reason, row.account_id = [], "老同事", organiser.id
    with unit_of_work() as session:
        session.add(row)
    with pytest.raises(Refused, match="登记了回避"):
        decided(appeal, bench.second)
    # Another unit's is not touched by it.
    decided(appealed("P3"), bench.second)


@pytest.mark.parametrize("role", ["C1", "J1", "S1"])
def test_nobody_else_decides(judged: Competition, bench: Bench, role: str) -> None:
    judge = next(judge for judge in judged.judges if judge.code == role)
    appeal = appealed()
    with pytest.raises(Refused, match="仲裁组定"):
        decided(appeal, account_of_judge(judge, judged, None))


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"outcome": "x"},
        {"outcome": "changed"},
        {"outcome": "changed", "value": "-1"},
        {"outcome": "changed", "value": "abc"},
        {"outcome": "redone"},
    ],
)
def test_what_is_lacking_is_refused(
    judged: Competition, bench: Bench, wrong: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        decided(appealed(), bench.first, **wrong)
    assert refused.value.kind is Refusal.INVALID


def test_the_second_instance_is_final(judged: Competition, bench: Bench) -> None:
    first, second, head = bench
    appeal = appealed()
    agree(decided(appeal, first, outcome="changed", value="0"), second)
    go_on(appeal, "录像里没碰到", None)
    assert (appeal.state, to_carry_out(appeal)) == (AppealState.SECOND, False)
    assert is_open(appeal)
    with pytest.raises(Refused, match="等总仲裁"):
        decided(appeal, first)
    decided(appeal, head, outcome="kept")
    assert appeal.state is AppealState.FINAL
    # The last word stands: what the first ordered is not to be done.
    assert not to_carry_out(appeal)
    assert not is_open(appeal)
    with pytest.raises(MoveError):
        go_on(appeal, "再来", None)


def test_it_goes_on_within_the_time_alone(judged: Competition, bench: Bench) -> None:
    appeal = appealed()
    with pytest.raises(MoveError):
        go_on(appeal, "还没定", None)
    agree(decided(appeal, bench.first), bench.second)
    with pytest.raises(Refused) as refused:
        go_on(appeal, " ", None)
    assert refused.value.kind is Refusal.INVALID
    with (
        time_machine.travel(utc_now() + timedelta(hours=2, minutes=1)),
        pytest.raises(Refused, match="没有收"),
    ):
        go_on(appeal, "晚了", None)


def test_withdrawn_in_the_second_instance_the_first_stands(
    judged: Competition, bench: Bench
) -> None:
    appeal = appealed()
    agree(decided(appeal, bench.first, outcome="changed", value="0"), bench.second)
    go_on(appeal, "不服", None)
    withdraw_appeal(appeal, None)
    assert appeal.state is AppealState.FINAL
    assert to_carry_out(appeal)


def test_the_chief_carries_out_once_something_changed(judged: Competition, bench: Bench) -> None:
    chief = account_of_judge(next(j for j in judged.judges if j.code == "C1"), judged, None)
    appeal = appealed()
    agree(decided(appeal, bench.first, outcome="redone", orders="重做这一项"), bench.second)
    with pytest.raises(Refused, match="还没看到改动"):
        carry_out(appeal, "重做了", chief)
    penalised("P2")
    with pytest.raises(Refused, match="裁判长办"):
        carry_out(appeal, "重做了", bench.first)
    with pytest.raises(Refused, match="写一句"):
        carry_out(appeal, " ", chief)
    carry_out(appeal, "重做了", chief)
    assert not to_carry_out(appeal)
    with pytest.raises(Refused, match="没有要办的"):
        carry_out(appeal, "又来", chief)


def test_arbiters_see_marks_and_no_sums(judged: Competition, bench: Bench) -> None:
    matter = matter_of(appealed())
    assert matter.aspect is not None
    assert [line.code for line in matter.lines] == ["f", "a", "y"]
    assert matter.lines[0].values == ["1 次", "1 次"]
    assert len(matter.judges) == 2
    sheets = db.session.scalars(select(Sheet).where(Sheet.entrant_id == person("P2").id)).all()
    assert len(sheets) == 3


def test_what_was_ordered_is_ruled_and_moves_whom_it_said(
    judged: Competition, organiser: Account, bench: Bench
) -> None:
    announce(judged, organiser)
    event = judged.events[0]
    chief = account_of_judge(next(j for j in judged.judges if j.code == "C1"), judged, None)
    appeal = appealed("P3")
    assert moved_by_appeal(appeal) is None
    assert "appeals" in {blocker.kind for blocker in final_blockers(event)}
    agree(decided(appeal, bench.first, outcome="changed", value="0"), bench.second)
    supposed = moved_by_appeal(appeal)
    assert supposed is not None
    assert (supposed.supposed, supposed.unknown) == (True, False)
    assert "P3" in {line.code for line in supposed.lines}
    with pytest.raises(Refused):
        rule_as_ordered(appeal, chief)
    reopen(judged, organiser)
    with pytest.raises(Refused, match="裁判长办"):
        rule_as_ordered(appeal, bench.first)
    rule_as_ordered(appeal, chief)
    assert not to_carry_out(appeal)
    # The record keeps what was written; a reader of English is told it in English.
    assert appeal.carried_how == "照决定裁定"
    assert (
        carried_words(appeal).render(
            lambda text: "Rule as ordered" if text == "照决定裁定" else text
        )
        == "Rule as ordered"
    )
    rulings = db.session.scalars(select(Ruling).where(Ruling.entrant_id == appeal.entrant_id)).all()
    assert [(row.aspect, row.value) for row in rulings] == [("f", 0)]
    # What really stands now is what was reckoned before.
    done = moved_by_appeal(appeal)
    assert done is not None
    assert (done.lines, done.supposed) == (supposed.lines, False)
    assert list(verify_chain(judged)) == []
    assert list(check_rows(judged)) == []


def test_nothing_is_decided_while_files_may_follow(
    judged: Competition, organiser: Account, bench: Bench
) -> None:
    appeal = file_appeal(person("P2"), lodged(item="S/m"), None)
    until = files_until(appeal)
    assert until - appeal.filed_at == timedelta(minutes=10)
    with pytest.raises(Refused, match="文件可以跟到"):
        decided(appeal, bench.first)
    with pytest.raises(Refused, match="过了再改短"):
        set_appeal_rules(judged, AppealRules(file_minutes=5), organiser)
    with time_machine.travel(until - timedelta(seconds=1)):
        add_evidence(appeal, "", [photo()], None)
    with time_machine.travel(until + timedelta(seconds=1)):
        decision = decided(appeal, bench.first)
        # What comes later is put with it as well, and is told apart.
        add_evidence(appeal, "旁边的人也看见了", [], None)
        set_appeal_rules(judged, AppealRules(file_minutes=10, answer_hours=3), organiser)
        agree(decision, bench.second)
    assert [is_added(row) for row in appeal.evidence] == [False, True]
    assert appeal.state is AppealState.DECIDED
    set_appeal_rules(judged, AppealRules(file_minutes=5), organiser)


@pytest.mark.parametrize("minutes", [-1, 61])
def test_files_follow_for_an_hour_at_most(
    judged: Competition, organiser: Account, minutes: int
) -> None:
    with pytest.raises(Refused, match="0 到 60"):
        set_appeal_rules(judged, AppealRules(file_minutes=minutes), organiser)
