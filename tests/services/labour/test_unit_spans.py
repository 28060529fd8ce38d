"""A unit that comes late, leaves, or is merged: nobody waits for it, and nothing closed moves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.unit_spans import UnitSpan, unit_spans
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.labour_draft import (
    SpanDraft,
    labour_draft_in_force,
    labour_rules_of_draft,
)
from compete.services.competitions.templates import make_labour_edition
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.labour.closing import before_closing, close_period, publish_closed
from compete.services.labour.deadlines import filled_rows, late_list
from compete.services.labour.entry import CellAct
from compete.services.labour.rule_changes import agree_rules, ask_rules, moved_by
from compete.services.labour.rule_sheets import read_rules_book, rules_book
from compete.services.labour.rules import labour_rules, save_labour_rules
from compete.services.labour.sign_off import sign_off
from compete.services.registration.units.unit_list import add_units, remove_unit
from compete.services.results.bulletin import bulletin_of
from compete.services.results.snapshots import read_snapshot
from compete.services.rules.rules_saving import RulesRefused
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    """January is published; February is empty."""
    contest = made_up(load, organiser)
    reasons = [act(unit, "安全", "抽查", kind="reason", seen=10**6) for unit in "甲乙丙"]
    contest.enter(*reasons, period="一月")
    for department, account in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
        sign_off(department, "一月", pin=PIN, name=account.name, by=account)
    close_period(contest.competition, "一月", "", organiser)
    publish_closed(contest.competition, organiser)
    return contest


@pytest.fixture
def second(contest: Contest, organiser: Account) -> Account:
    account = create_account("周颖")
    grant_role(account, contest.competition, Role.ORGANISER, by=organiser)
    return account


def _leave(contest: Contest, organiser: Account, second: Account, **spans: UnitSpan) -> None:
    rules = replace(labour_rules(contest.competition), spans=spans)
    change = ask_rules(contest.competition, rules, "三标撤场", organiser)
    agree_rules(change, second)
    assert moved_by(change) == []


def _february(contest: Contest, units: str) -> list[CellAct]:
    return everything(list(units))


def _works(contest: Contest, units: str) -> None:
    by = contest.writer(contest.works)
    for unit in units:
        acts = [act(unit, "产值", "95"), act(unit, "产值", "100", kind="target")]
        contest.enter(*acts, by=by)


def test_who_has_left_is_awaited_nowhere_and_what_was_published_stays(
    contest: Contest, organiser: Account, second: Account
) -> None:
    competition = contest.competition
    newest = latest_publication(competition)
    assert newest is not None
    _bundle, published = read_snapshot(newest)
    _leave(contest, organiser, second, 丙=UnitSpan(last="一月"))
    contest.enter(*_february(contest, "甲乙"))
    _works(contest, "甲乙")
    late = late_list(competition, "二月")
    assert [row.lacking.open for row in late.departments] == [0, 0]
    for department, account in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
        sign_off(department, "二月", pin=PIN, name=account.name, by=account)
    refused = contest.enter(act("丙", "安全", "28")).refused
    assert [str(words) for _uuid, words in refused] == ["没有这一格"]
    live = labour_live(competition)
    assert live.away["二月"] == {"丙"}
    assert {row.unit: row.by_leaf["二月"] for row in filled_rows(competition, live, own=False)}[
        "丙"
    ] is None
    assert before_closing(competition, live, "二月").missing == []
    close_period(competition, "二月", "", organiser)
    close_period(competition, "Q", "", organiser)
    publish_closed(competition, organiser)
    again = latest_publication(competition)
    assert again is not None
    _bundle, republished = read_snapshot(again)
    assert published.labour is not None
    assert republished.labour is not None
    before, after = (
        {period.code: period.standings for period in results.labour.periods}["一月"]
        for results in (published, republished)
    )
    assert before == after
    quarter = {row.unit: row for row in live.standings["Q"]}
    january = {row.unit: row for row in live.standings["一月"]}
    assert quarter["丙"].total == january["丙"].total
    text = " ".join(bulletin_of(competition, "二月").chapters[0].before)
    assert "丙 一月以后退出" in text


def test_the_file_says_it_and_scores_the_same_without(
    contest: Contest, organiser: Account, second: Account
) -> None:
    _leave(contest, organiser, second, 丙=UnitSpan(last="一月", into="甲"))
    bundle = export_bundle(contest.competition)
    assert bundle.labour is not None
    (code,) = unit_spans(bundle.labour)
    assert unit_spans(bundle.labour)[code] == UnitSpan(last="一月", into="甲")
    again = score(read_bundle(write_bundle(bundle, "json")))
    plain = json.loads(write_bundle(bundle, "json"))
    del plain["labour"]["extra"]
    assert score(read_bundle(json.dumps(plain).encode())).labour == again.labour


def test_periods_in_which_there_is_something_cannot_be_left(
    contest: Contest, organiser: Account
) -> None:
    contest.enter(*everything("丙"))
    rules = replace(labour_rules(contest.competition), spans={"丙": UnitSpan(last="一月")})
    with pytest.raises(Refused, match="丙在二月已经有数"):
        ask_rules(contest.competition, rules, "撤场", organiser)
    with pytest.raises(Refused, match="写最后参加的一期"):
        remove_unit(
            next(it for it in contest.competition.units if it.name == "丙"),
            contest.competition,
            organiser,
        )


@pytest.mark.parametrize(
    ("row", "path", "words"),
    [
        (SpanDraft(unit="戊", last="一月"), "spans[0].unit", "没有“戊”"),
        (SpanDraft(unit="丙", last="五月"), "spans[0].last", "没有“五月”这一期"),
        (SpanDraft(unit="丙", last="季度"), "spans[0].last", "不直接打分"),
        (SpanDraft(unit="丙", first="二月", last="一月"), "spans[0].last", "在第一期前面"),
        (SpanDraft(unit="丙", into="甲"), "spans[0].last", "写"),
        (SpanDraft(unit="丙", last="一月", into="丙"), "spans[0].into", "另一家"),
        (SpanDraft(last="一月"), "spans[0].unit", "要填"),
    ],
)
def test_what_is_wrong_in_the_form_is_told_beside_it(
    contest: Contest, row: SpanDraft, path: str, words: str
) -> None:
    draft = replace(labour_draft_in_force(contest.competition), spans=(row,))
    with pytest.raises(RulesRefused) as refused:
        labour_rules_of_draft(contest.competition, draft)
    problems = {problem.path: str(problem.message) for problem in refused.value.problems}
    assert words in problems[path]


def test_form_and_workbook_say_it_alike(
    contest: Contest, organiser: Account, second: Account
) -> None:
    competition = contest.competition
    add_units(competition, ["丁"], organiser)
    draft = labour_draft_in_force(competition)
    rows = (
        SpanDraft(unit="丙", last="一月", into="丁"),
        SpanDraft(unit="丁", first="二月"),
    )
    rules = labour_rules_of_draft(competition, replace(draft, spans=rows))
    agree_rules(ask_rules(competition, rules, "丙、丁合并", organiser), second)
    assert [replace(row, was="") for row in labour_draft_in_force(competition).spans] == list(rows)
    book = read_rules_book(rules_book(competition))
    assert book.rules is not None
    assert book.rules.spans == labour_rules(competition).spans
    assert book.rules.spans == {
        "丙": UnitSpan(last="一月", into="丁"),
        "丁": UnitSpan(first="二月"),
    }


def test_next_year_begins_without_who_has_left(
    contest: Contest, organiser: Account, second: Account
) -> None:
    _leave(contest, organiser, second, 丙=UnitSpan(last="一月"))
    new = make_labour_edition(
        contest.competition, Beginnings(name="明年", code="L-2", year=2027), organiser
    )
    assert [unit.name for unit in new.units] == ["甲", "乙"]
    assert labour_rules(new).spans == {}


def test_before_the_first_value_one_person_sets_it(
    load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    plain = json.loads(write_bundle(export_bundle(contest.competition)))
    plain["competition"]["code"], plain["labour"]["values"] = "L2", []
    empty = load(plain)
    rules = replace(labour_rules(empty), spans={"丙": UnitSpan(first="二月")})
    save_labour_rules(empty, rules, organiser)
    assert labour_rules(empty).spans == {"丙": UnitSpan(first="二月")}
    silent = replace(labour_rules(empty), spans=None)
    save_labour_rules(empty, silent, organiser)
    assert labour_rules(empty).spans == {"丙": UnitSpan(first="二月")}


def test_who_is_in_a_closed_period_is_not_taken_out_of_the_whole(
    contest: Contest, organiser: Account
) -> None:
    """Out of all groups it would be gone from what is published."""
    units = [("甲", "土建"), ("乙", "土建"), ("丙", "")]
    rules = replace(labour_rules(contest.competition), units=units, away=["丙"])
    with pytest.raises(Refused, match="丙在一月有数，已经结账"):
        ask_rules(contest.competition, rules, "撤场", organiser)


def test_next_year_begins_with_the_rules_that_were_in_force_last(
    contest: Contest, organiser: Account, second: Account
) -> None:
    """A changed rule is two indicators until then; next year it is one, scored as last."""
    competition = contest.competition
    rules = labour_rules(competition)
    lighter = [
        msgspec.structs.replace(
            row, scoring=msgspec.structs.replace(row.scoring, points=Decimal(1))
        )
        if row.code == "隐患"
        else row
        for row in rules.labour.indicators
    ]
    wanted = replace(rules, labour=msgspec.structs.replace(rules.labour, indicators=tuple(lighter)))
    agree_rules(ask_rules(competition, wanted, "从轻", organiser, starts="二月"), second)
    assert len(labour_rules(competition).labour.indicators) == 4
    new = make_labour_edition(
        competition, Beginnings(name="明年", code="L-2", year=2027), organiser
    )
    begun = labour_rules(new)
    assert begun.labour.indicators == tuple(lighter)
    assert {name: list(codes) for name, codes in begun.departments.items()} == {
        "安全部": ["安全", "隐患"],
        "工程部": ["产值"],
    }
