"""Whatever changed, every process answers with what all of it, worked out anew, comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from compete.domain.bundle.labour_types import Flags
from compete.domain.values.kinds import Missing
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import Wanted, agree_correction, ask_correction
from compete.services.labour.head_counts import set_heads
from compete.services.labour.rule_changes import agree_rules, ask_rules
from compete.services.labour.rules import LabourRules, labour_rules
from compete.services.labour.sign_off import sign_off
from compete.services.registration.units.unit_list import add_units, rename_unit
from compete.services.scoring import live_labour
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up, same_as_anew

SEEN = 10**6
Step = Callable[[], object]


def test_no_change_leaves_anything_stale_in_any_process(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process makes each change, another last looked before it; both look after each."""
    contest = made_up(load, organiser)
    competition = contest.competition
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER)

    def look(process: str) -> None:
        monkeypatch.setattr(live_labour, "_KEY", process)
        same_as_anew(competition)

    look("this")
    look("another")
    monkeypatch.setattr(live_labour, "_KEY", "this")
    for what, step in _changes(contest, organiser, second):
        step()
        for process in ("this", "another"):
            try:
                look(process)
            except AssertionError as error:
                raise AssertionError(f"{process} process after {what}") from error
        monkeypatch.setattr(live_labour, "_KEY", "this")


def test_rules_that_ask_the_same_read_no_value_again(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = made_up(load, organiser)
    competition = contest.competition
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER)
    monkeypatch.setattr(live_labour, "_KEY", "this")
    labour_live(competition)
    read: list[int] = []
    whole = live_labour.export_bundle

    def noted(row: Competition) -> object:
        read.append(row.id)
        return whole(row)

    # Asked for and agreed to in another process, which works out what it moves.
    monkeypatch.setattr(live_labour, "_KEY", "another")
    rules = labour_rules(competition)
    labour = msgspec.structs.replace(
        rules.labour, adjust_cap=Decimal(1), ties=("indicator:安全",), periods=_heavier(rules)
    )
    agree_rules(ask_rules(competition, replace(rules, labour=labour), "改", organiser), second)
    monkeypatch.setattr(live_labour, "_KEY", "this")
    monkeypatch.setattr(live_labour, "export_bundle", noted)
    contest.enter(act("甲", "安全", "17"))
    assert labour_live(competition).bundle == whole(competition)
    assert read == []


def _changes(contest: Contest, organiser: Account, second: Account) -> list[tuple[str, Step]]:
    competition = contest.competition
    works = contest.writer(contest.works)

    def rules(**changes: Any) -> Step:
        def change() -> None:
            before = labour_rules(competition)
            others = before.labour
            others = msgspec.structs.replace(others, **{k: v(before) for k, v in changes.items()})
            wanted = replace(before, labour=others)
            agree_rules(ask_rules(competition, wanted, "改", organiser), second)

        return change

    def units(groups: Mapping[str, str]) -> Step:
        def change() -> None:
            wanted = replace(labour_rules(competition), units=list(groups.items()))
            agree_rules(ask_rules(competition, wanted, "分组", organiser), second)

        return change

    def corrected(*places: str, **more: str) -> Step:
        return lambda: agree_correction(
            ask_correction(competition, Wanted(*places, **more), organiser), second
        )

    def signed_and_closed() -> None:
        for unit in "甲乙丙":
            target = act(unit, "产值", "100", kind="target", seen=SEEN)
            contest.enter(target, act(unit, "产值", "90", seen=SEEN), by=works)
        contest.enter(
            *(msgspec.structs.replace(entry, seen=SEEN) for entry in everything()), period="一月"
        )
        for period in ("一月", "二月"):
            for row, account in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
                sign_off(row, period, pin=PIN, name=account.name, by=account)
            close_period(competition, period, "", organiser)

    return [
        ("a value", lambda: contest.enter(act("甲", "安全", "28"))),
        ("the same square again", lambda: contest.enter(act("甲", "安全", "11", seen=SEEN))),
        ("an undo", lambda: contest.enter(act("甲", "安全", "28", seen=SEEN))),
        ("a square emptied", lambda: contest.enter(act("甲", "安全", "", seen=SEEN))),
        ("a whole month", lambda: contest.enter(*everything())),
        ("a target", lambda: contest.enter(act("丙", "产值", "90", kind="target"), by=works)),
        ("a value by another", lambda: contest.enter(act("丙", "产值", "50"), by=works)),
        ("points", corrected("adjustment", "一月", "甲", "专利", points="2.5")),
        ("a veto", corrected("veto", "一月", "乙", "事故")),
        ("the veto lifted", corrected("lift", "一月", "乙", "查清了")),
        ("another weight", rules(periods=_heavier)),
        ("a cap", rules(adjust_cap=lambda _before: Decimal(1))),
        ("a tie key", rules(ties=lambda _before: ("indicator:安全",))),
        ("what is missing counts 0", rules(missing=lambda _before: Missing.ZERO)),
        ("flags", rules(flags=lambda _before: Flags(count=2, min=Decimal(10)))),
        ("groups", units({"甲": "土建", "乙": "机电", "丙": "土建"})),
        ("one goes away from its group", units({"甲": "土建", "乙": "土建", "丙": "机电"})),
        ("an indicator worth more", rules(indicators=_worth_more)),
        ("both months closed", signed_and_closed),
        ("it published", lambda: publish_closed(competition, organiser)),
        ("a correction", corrected("value", "二月", "丙", "抄错", indicator="安全", points="3")),
        ("a square corrected away", corrected("empty", "二月", "丙", "抄错", indicator="隐患")),
        ("published anew", lambda: publish_closed(competition, organiser, "更正")),
        ("how many work there", lambda: set_heads(competition, "二月", {"甲": 90}, organiser)),
        (
            "a name",
            lambda: rename_unit(competition.units[0], competition, "甲标", organiser, "改名"),
        ),
        ("a unit more", lambda: add_units(competition, ["丁"], organiser, group="土建")),
    ]


def _heavier(before: LabourRules) -> tuple[Any, ...]:
    first, *rest = before.labour.periods
    last = msgspec.structs.replace(rest[-1], weight=rest[-1].weight + 2)
    return (first, *rest[:-1], last)


def _worth_more(before: LabourRules) -> tuple[Any, ...]:
    *rest, last = before.labour.indicators
    return (*rest, msgspec.structs.replace(last, max=last.max + 10))
