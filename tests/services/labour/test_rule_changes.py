"""Rules changed after the first value: a reason, a second person, a version; nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from compete.domain import score
from compete.domain.bundle.labour_types import Indicator
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.kinds import ScoringType
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.roles import Role
from compete.domain.values.states import MoveError
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.changes import ChangeFilter, count_changes
from compete.services.labour.closing import close_period, publish_closed, unpublished_periods
from compete.services.labour.corrections import Wanted, agree_correction, ask_correction
from compete.services.labour.departments import save_department
from compete.services.labour.entry import Writer, enter_cells
from compete.services.labour.period_progress import period_stands, state_of
from compete.services.labour.rule_changes import (
    Touched,
    agree_rules,
    ask_rules,
    changes_of_rules,
    moved_by,
    refuse_rules,
    rules_version,
    touched_by,
    waiting_rules,
    withdraw_rules,
)
from compete.services.labour.rule_sheets import read_rules_book, rules_book
from compete.services.labour.rules import LabourRules, labour_rules
from compete.services.labour.sign_off import sign_off, sign_offs
from compete.services.results.snapshots import read_snapshot
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live_labour import labour_live
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.services.labour.made_up import PIN, act, recorder

FAULTS = {"甲": 4, "乙": 0, "丙": 10}
"""January's, at 3 points each: 甲 has 50 + 38, 乙 40 + 50, 丙 45 + 20."""


@pytest.fixture
def running(load: Callable[..., Competition], organiser: Account) -> Competition:
    """January is closed and published, February has its first values, March is empty."""
    safety = {"甲": 50, "乙": 40, "丙": 45}
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月", "三月"),
        indicators=[
            indicator("安全", 50),
            indicator("隐患", 50, scoring={"type": "deduction", "points": 3}),
        ],
        values=[
            *(value(unit, "一月", "安全", safety[unit]) for unit in "甲乙丙"),
            *(value(unit, "一月", "隐患", FAULTS[unit]) for unit in "甲乙丙"),
            value("甲", "二月", "安全", 45),
            value("甲", "二月", "隐患", 2),
        ],
        flags={"count": 1, "min": 80},
    )
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    return competition


@pytest.fixture
def second(running: Competition, organiser: Account) -> Account:
    account = create_account("周颖")
    grant_role(account, running, Role.ORGANISER, by=organiser)
    return account


def _with(rules: LabourRules, **changed: Indicator | None) -> LabourRules:
    """The rules with these indicators instead; None takes one away."""
    kept = [
        changed.pop(indicator_there.code, indicator_there)
        for indicator_there in rules.labour.indicators
    ]
    new = [*kept, *changed.values()]
    labour = replace(
        rules.labour,
        indicators=tuple(indicator_there for indicator_there in new if indicator_there is not None),
    )
    return LabourRules(labour, rules.departments, rules.units)


def _lighter(rules: LabourRules) -> LabourRules:
    """1 point for each fault instead of 3."""
    old = next(
        indicator_there
        for indicator_there in rules.labour.indicators
        if indicator_there.code == "隐患"
    )
    scoring = replace(old.scoring, points=Decimal(1))
    return _with(rules, 隐患=replace(old, scoring=scoring))


def _refused(kind: Refusal, act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.kind is kind
    return str(refused.value.message)


def _totals(competition: Competition, period: str) -> dict[str, str | None]:
    return {row.unit: row.total for row in labour_live(competition).standings[period]}


def _same_as_score(competition: Competition) -> bool:
    """Whether the exported file, written and read again, comes to what the pages say."""
    again = score(read_bundle(write_bundle(export_bundle(competition), "json")))
    return again.labour == labour_live(competition).period_results


def test_two_put_other_rules_in_force_and_published_periods_wait_to_be_announced_anew(
    running: Competition, second: Account, organiser: Account
) -> None:
    rules = _lighter(labour_rules(running))
    _refused(Refusal.INVALID, lambda: ask_rules(running, rules, " ", organiser))
    same = labour_rules(running)
    assert "一样" in _refused(
        Refusal.INVALID, lambda: ask_rules(running, same, "再看看", organiser)
    )
    change = ask_rules(running, rules, "扣分太重，各标段都反映", organiser)
    assert _totals(running, "一月") == {"乙": "90.00", "甲": "88.00", "丙": "65.00"}
    assert (rules_version(running), change.number, moved_by(change)) == (1, None, [])
    touched = touched_by(running, change)
    assert touched == Touched(4, 3, ["Q", "一月", "二月"], closed=1, published=1, signed=0)
    _refused(Refusal.CONFLICT, lambda: ask_rules(running, rules, "又一份", second))
    # Nobody agrees to their own, and only who asked takes it back.
    _refused(Refusal.CONFLICT, lambda: agree_rules(change, organiser))
    _refused(Refusal.CONFLICT, lambda: refuse_rules(change, "不行", organiser))
    _refused(Refusal.FORBIDDEN, lambda: withdraw_rules(change, second))

    agree_rules(change, second)
    assert _totals(running, "一月") == {"甲": "96.00", "乙": "90.00", "丙": "85.00"}
    assert (rules_version(running), change.number, waiting_rules(running)) == (2, 2, None)
    ranks = {(shift.period, shift.unit): shift.ranks for shift in moved_by(change)}
    assert ranks["一月", "甲"] == (2, 1)
    assert ranks["一月", "乙"] == (1, 2)
    assert state_of(period_stands(running), "一月").value == "corrected"
    assert _same_as_score(running)
    with pytest.raises(MoveError):
        agree_rules(change, second)
    # What was published stays as it was, until the next version says the other.
    before = latest_publication(running)
    assert before is not None
    assert unpublished_periods(running) == ["一月"]
    _refused(Refusal.INVALID, lambda: publish_closed(running, organiser))
    after = publish_closed(running, organiser, "规则改了")
    assert before.rule_versions == {}
    assert after.rule_versions == {"labour": {"version": 2, "sha256": change.sha256}}
    results_of_versions = [read_snapshot(publication)[1].labour for publication in (before, after)]
    firsts = [
        row.unit
        for results in results_of_versions
        if results is not None
        for period in results.periods
        if period.code == "一月"
        for row in period.standings
        if row.rank == 1
    ]
    assert firsts == ["乙", "甲"]
    assert list(verify_chain(running)) == []


def test_a_refusal_says_why_and_the_proposer_may_take_it_back(
    running: Competition, second: Account, organiser: Account
) -> None:
    rules = _lighter(labour_rules(running))
    change = ask_rules(running, rules, "试试", organiser)
    _refused(Refusal.INVALID, lambda: refuse_rules(change, " ", second))
    assert refuse_rules(change, "年中不改", second).ended_why == "年中不改"
    again = ask_rules(running, rules, "再提", second)
    withdraw_rules(again, second)
    ended = [(row.state, row.ended_why) for row in changes_of_rules(running)]
    assert ended == [(CorrectionState.DROPPED, None), (CorrectionState.DROPPED, "年中不改")]
    assert _totals(running, "一月")["甲"] == "88.00"
    # Rules that became others meanwhile are not overwritten.
    late = ask_rules(running, rules, "第三次", organiser)
    save_department(running, "安全部", ["安全"], None, organiser)
    assert "又变过" in _refused(Refusal.CONFLICT, lambda: agree_rules(late, second))
    assert list(verify_chain(running)) == []


def test_rules_from_a_period_on_leave_what_is_before_as_it_was(
    running: Competition, second: Account, organiser: Account
) -> None:
    safety = save_department(running, "安全部", ["安全", "隐患"], None, organiser)
    rules = _lighter(labour_rules(running))
    for starts, reason in (("一月", "已经结账"), ("二月", "已经填了"), ("七月", "没有")):
        assert reason in _refused(
            Refusal.INVALID,
            lambda starts=starts: ask_rules(running, rules, "减轻", organiser, starts=starts),
        )
    warned = LabourRules(
        replace(rules.labour, warn_below=Decimal(60)), rules.departments, rules.units
    )
    assert "不能只从一期起" in _refused(
        Refusal.INVALID, lambda: ask_rules(running, warned, "加黄牌", organiser, starts="三月")
    )
    change = ask_rules(running, rules, "减轻", organiser, starts="三月")
    assert touched_by(running, change) == Touched(0, 0, [], closed=0, published=0, signed=0)
    before = _totals(running, "一月"), _totals(running, "二月")
    agree_rules(change, second)
    assert (_totals(running, "一月"), _totals(running, "二月")) == before
    assert moved_by(change) == []
    assert unpublished_periods(running) == []
    now = {
        indicator_there.code: indicator_there
        for indicator_there in labour_rules(running).labour.indicators
    }
    assert (now["隐患"].periods, now["隐患"].scoring.points) == (("一月", "二月"), 3)
    assert (now["隐患-2"].periods, now["隐患-2"].scoring.points) == (("三月",), 1)
    assert safety.indicators == ["安全", "隐患", "隐患-2"]
    writer = Writer(running, recorder("周茹", running, safety), department=safety)
    done = enter_cells(writer, "三月", [act("甲", "安全", "50"), act("甲", "隐患-2", "4")])
    assert len(done.stored) == 2
    assert _totals(running, "三月")["甲"] == "96.00"
    assert _same_as_score(running)
    # The workbook has both, and is read back as it was.
    read = read_rules_book(rules_book(running)).rules
    assert read is not None
    assert "一样" in _refused(
        Refusal.INVALID, lambda: ask_rules(running, read, "又看看", organiser)
    )
    assert list(verify_chain(running)) == []


def test_what_would_be_lost_is_refused_by_name(
    running: Competition, second: Account, organiser: Account
) -> None:
    rules = labour_rules(running)
    safety, faults = rules.labour.indicators
    whole, _january, _february, march = rules.labour.periods
    new = Indicator(code="创新", name="创新", max=Decimal(5), scoring=safety.scoring)
    without_january = replace(rules.labour, periods=(whole, _february, march))
    in_parts = replace(march, code="三月上", name="三月上", part_of="二月")
    divided = replace(rules.labour, periods=(*rules.labour.periods, in_parts))
    needs_target = replace(faults, scoring=replace(safety.scoring, type=ScoringType.COMPLETION))
    for wanted, names in (
        (_with(rules, 隐患=None), ("隐患", "4 格", "一月")),
        (_with(rules, 安全=replace(safety, periods=("三月",))), ("安全", "一月")),
        (_with(rules, 安全=replace(safety, max=Decimal(42))), ("安全", "3 个数", "42")),
        (_with(rules, 创新=new), ("创新", "一月", "已经结账")),
        (LabourRules(without_january, {}, rules.units), ("一月", "不能去掉")),
        (LabourRules(divided, {}, rules.units), ("二月", "再分成")),
        (_with(rules, 隐患=needs_target), ("隐患", "没有目标")),
    ):
        message = _refused(
            Refusal.INVALID, lambda wanted=wanted: ask_rules(running, wanted, "改", organiser)
        )
        assert all(name in message for name in names), message
    # An indicator that comes in only where nothing is closed, and one that goes from then on.
    later = _with(
        rules,
        创新=replace(new, periods=("二月", "三月")),
        隐患=replace(faults, periods=("一月", "二月")),
    )
    agree_rules(ask_rules(running, later, "加一项", organiser), second)
    assert _totals(running, "二月")["甲"] is None, "what is asked for now is missing"
    # A value that a later one replaced holds nobody up, and stays on record.
    fixed = Wanted("value", "一月", "甲", "录错", indicator="安全", points="40")
    agree_correction(ask_correction(running, fixed, organiser), second)
    fixed = Wanted("value", "一月", "丙", "录错", indicator="安全", points="39")
    agree_correction(ask_correction(running, fixed, organiser), second)
    writer = Writer(running, organiser, unit=running.units[0])
    assert enter_cells(writer, "二月", [act("甲", "安全", "39", seen=10**6)]).stored
    rules = labour_rules(running)
    smaller = _with(rules, 安全=replace(rules.labour.indicators[0], max=Decimal(42)))
    with pytest.raises(Refused, match="安全有 1 个数"):
        ask_rules(running, smaller, "分值", organiser)
    smaller = _with(rules, 安全=replace(rules.labour.indicators[0], max=Decimal(45)))
    agree_rules(ask_rules(running, smaller, "分值", organiser), second)
    assert rules_version(running) == 3
    assert _same_as_score(running)
    assert list(verify_chain(running)) == []


def test_squares_that_were_emptied_again_hold_no_change_of_rules_up(
    running: Competition, second: Account, organiser: Account
) -> None:
    safety = save_department(running, "安全部", ["安全", "隐患"], None, organiser)
    clerk = Writer(running, recorder("周茹", running, safety), department=safety)
    rules = labour_rules(running)
    once = _with(rules, 隐患=replace(rules.labour.indicators[1], periods=("一月",)))
    without_march = replace(once.labour, periods=rules.labour.periods[:-1])
    wanted = LabourRules(without_march, rules.departments, rules.units)
    enter_cells(clerk, "三月", [act("乙", "安全", "1")])

    def refused() -> str:
        return _refused(Refusal.INVALID, lambda: ask_rules(running, wanted, "改", organiser))

    assert "三月" in refused()
    enter_cells(clerk, "三月", [act("乙", "安全", "", seen=10**6)])
    assert "隐患在二月已经填了 1 格（甲）" in refused()
    enter_cells(clerk, "二月", [act("甲", "隐患", "", seen=10**6)])
    agree_rules(ask_rules(running, wanted, "改", organiser), second)
    assert _totals(running, "二月")["甲"] == "45.00"
    assert _same_as_score(running)
    assert count_changes(running, ChangeFilter(None, None, None, True)) == 3, "all on record"
    assert list(verify_chain(running)) == []
    assert list(check_rows(running)) == []


def test_sign_offs_of_open_months_lapse_where_what_was_signed_is_scored_otherwise(
    running: Competition, second: Account, organiser: Account
) -> None:
    faults = save_department(running, "安全部", ["隐患"], None, organiser)
    other = save_department(running, "工程部", ["安全"], None, organiser)
    for department, name, points in ((faults, "周茹", "1"), (other, "陈平", "40")):
        code = department.indicators[0]
        by = recorder(name, running, department)
        acts = [act(unit, code, points, seen=10**6) for unit in "甲乙丙"]
        enter_cells(Writer(running, by, department=department), "二月", acts)
        sign_off(department, "二月", pin=PIN, name=name, by=by)
    change = ask_rules(running, _lighter(labour_rules(running)), "减轻", organiser)
    assert touched_by(running, change).signed == 1
    assert set(sign_offs(running, "二月")) == {faults.id, other.id}
    agree_rules(change, second)
    assert set(sign_offs(running, "二月")) == {other.id}
    assert list(verify_chain(running)) == []
