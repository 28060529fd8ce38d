"""Somebody who goes on and leaves before the stage begins is followed by the next in order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.bundle.event_types import Advance
from compete.domain.ranking.next_in_rank import called_up
from compete.domain.scoring.scorer import score
from compete.models import Account, Competition, Decision, RuleChange, db
from compete.services.closing.module_locks import lock_module
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.editions import next_edition
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.notice import print_notice
from compete.services.rules.changes import Seat, agree_change
from compete.services.rules.next_in_rank import ask_successor, successors
from compete.services.rules.taking_effect import besides_of
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.services.results.test_notice import text_of
from tests.support.announced import plain
from tests.support.signing_in import official, signed_in
from tests.support.two_stages import next_of, person, two_stages


def last_fields(page: str) -> dict[str, str]:
    """The hidden fields that the page's own button sends."""
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page)
    pairs = (re.search(r'name="([^"]*)".*value="([^"]*)"', it) for it in inputs)
    return {pair[1]: pair[2] for pair in pairs if pair}


def test_the_next_in_order_follows_by_a_rule_that_three_have_seen(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = two_stages(load)
    plain(made)
    lock_module(made.events[0], "A", "m", organiser)
    assert successors(made) == []
    chief, supervisor = official(made, "C1"), official(made, "S1")
    gone = Proposal("dns", "B", None, "因病退出", "诊断证明")
    confirm_proposal(propose_decision(person("P2"), gone, chief), supervisor)
    (waiting,) = successors(made)
    assert (waiting.leaver, waiting.next) == ("P2", ("P3",))
    with unit_of_work():
        change_settings(made, call_up=False)
    assert successors(made) == []
    with pytest.raises(Refused, match="不递补"):
        ask_successor(made, "E", "P2", organiser)
    with unit_of_work():
        change_settings(made, call_up=True)
    desk = signed_in(app, organiser)
    assert "/desk/X/next-stage/successor" in desk.get("/desk/X/next-stage").text
    assert "P3" in desk.get("/desk/X/next-stage/successor?event=E&who=P2").text
    change = ask_successor(made, "E", "P2", organiser)
    with pytest.raises(Refused):
        ask_successor(made, "E", "P2", organiser)
    agree_change(change, Seat.CHIEF, chief)
    assert "P3" not in next_of(made).people
    agree_change(change, Seat.SUPERVISOR, supervisor)
    assert set(next_of(made).people) == {"P1", "P3"}
    assert successors(made) == []
    advance = rules_of(made.events[0]).stages[0].advance
    assert advance == Advance(top=2, without=("P2",))
    rules, live = rules_of(made.events[0]), live_results(made)
    rows = live.results.events[0].stages[0].standings
    assert called_up(live.bundle, rules.stages[0], rows) == (["P2"], ["P3"])
    assert "钱*不参加，孙*依次递补" in text_of(print_notice(made, "E"))
    rows = {row.entrant: row.rank for row in live_results(made).results.events[0].standings}
    assert rows["P4"] == 3


def test_where_units_have_places_the_next_of_the_unit_follows(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = two_stages(load, {"per_unit": 1})
    plain(made)
    lock_module(made.events[0], "A", "m", organiser)
    chief, supervisor = official(made, "C1"), official(made, "S1")
    gone = Proposal("dns", "B", None, "因病退出", "诊断证明")
    confirm_proposal(propose_decision(person("P1"), gone, chief), supervisor)
    desk = signed_in(app, organiser)
    page = desk.get("/desk/X/next-stage/successor?event=E&who=P1")
    assert "P2" in page.text
    # Its button asks for what the page shows.
    asked = desk.post("/desk/X/next-stage/successor", data=last_fields(page.text))
    assert asked.status_code == 302
    (change,) = db.session.query(RuleChange).all()
    agree_change(change, Seat.CHIEF, chief)
    agree_change(change, Seat.SUPERVISOR, supervisor)
    assert set(next_of(made).people) == {"P2", "P3"}
    assert "赵*明不参加，钱*依次递补" in text_of(print_notice(made, "E"))
    for file in (export_bundle(made), export_bundle(made, private=False)):
        assert score(file).events[0].stages[0].standings == (
            live_results(made).results.events[0].stages[0].standings
        )
    again = next_edition(made, Beginnings(code="Y", name="下一届")).bundle
    assert [unit.code for unit in again.units] == ["U1", "U2"]
    assert again.events[0].stages[0].advance == Advance(per_unit=1)


def test_who_is_absent_from_each_module_leaves_the_stage(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = two_stages(load)
    lock_module(made.events[0], "A", "m", organiser)
    chief, supervisor = official(made, "C1"), official(made, "S1")
    gone = Proposal("dns", "B", "m", "因病退出", "诊断证明")
    confirm_proposal(propose_decision(person("P2"), gone, chief), supervisor)
    (waiting,) = successors(made)
    assert (waiting.leaver, waiting.next) == ("P2", ("P3",))


def test_who_goes_on_withdraws_from_the_stage_to_come(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = two_stages(load)
    desk = signed_in(app, organiser)
    page = "/desk/X/entrants/P2/"
    assert "递补" not in desk.get(page).text
    lock_module(made.events[0], "A", "m", organiser)
    assert "不能再递补" in desk.get("/desk/X/next-stage").text
    assert "要改先由两个人解锁" in desk.get("/desk/X/entrants/P3/").text
    card = desk.get(page).text
    assert "要改先由两个人解锁" not in card
    assert "开始以后不能再递补" in card
    typed = {"reason": "因病退出", "evidence": "诊断证明"}
    assert desk.post(f"{page}withdraw", data=typed).location == "/desk/X/decisions"
    (decision,) = db.session.query(Decision).all()
    assert (decision.kind, decision.stage, decision.module) == ("dns", "B", None)
    confirm_proposal(decision, official(made, "C1"))
    assert [it.leaver for it in successors(made)] == ["P2"]


def test_a_change_of_rules_moves_no_award_while_a_stage_is_to_come(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    first = {"code": "first", "name": "一等奖", "top": 1}
    made = two_stages(load, awards=[first])
    lock_module(made.events[0], "A", "m", organiser)
    chief, supervisor = official(made, "C1"), official(made, "S1")
    gone = Proposal("dns", "B", None, "因病退出", "诊断证明")
    confirm_proposal(propose_decision(person("P2"), gone, chief), supervisor)
    change = ask_successor(made, "E", "P2", organiser)
    agree_change(change, Seat.CHIEF, chief)
    agree_change(change, Seat.SUPERVISOR, supervisor)
    assert besides_of(change) == []
