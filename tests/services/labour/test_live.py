"""What stands after some entries is the same as all worked out anew from the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
from flask import Flask

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import Wanted, agree_correction, ask_correction
from compete.services.labour.period_progress import closed_periods, corrected_periods
from compete.services.labour.rule_changes import agree_rules, ask_rules
from compete.services.labour.rules import labour_rules
from compete.services.registration.units.unit_list import add_units, rename_unit
from compete.services.scoring import live_labour
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live_labour import keep_labour_live, labour_live
from tests.domain.labour.build import one_month
from tests.services.labour.made_up import act, made_up, same_as_anew
from tests.support.statements import statements

SEEN = 10**6


def test_after_entries_the_same_stands_as_worked_out_anew(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = made_up(load, organiser)
    competition = contest.competition
    labour_live(competition)
    anew: list[int] = []
    whole = live_labour.export_bundle

    def noted(row: Competition) -> object:
        anew.append(row.id)
        return whole(row)

    monkeypatch.setattr(live_labour, "export_bundle", noted)
    works = contest.writer(contest.works)
    steps = [
        lambda: contest.enter(act("甲", "安全", "28"), act("乙", "隐患", "2")),
        lambda: contest.enter(act("甲", "安全", "25", seen=SEEN)),
        lambda: contest.enter(act("甲", "安全", "", seen=SEEN)),
        lambda: contest.enter(act("甲", "安全", "九", seen=SEEN)),
        lambda: contest.enter(act("丙", "产值", "90"), by=works),
        lambda: contest.enter(act("丙", "产值", "100", kind="target", seen=SEEN), by=works),
        lambda: contest.enter(act("甲", "安全", "20", seen=SEEN), period="一月"),
    ]
    for step in steps:
        assert step().refused == []
        same_as_anew(competition)
    assert anew == [], "nothing was read anew as a whole"


def test_after_what_two_agree_to_only_that_is_read(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points, vetoes, a unit's name: what was entered is not read again."""
    contest = made_up(load, organiser)
    competition = contest.competition
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER)
    labour_live(competition)
    whole, anew = live_labour.export_bundle, list[int]()

    def noted(row: Competition) -> object:
        anew.append(row.id)
        return whole(row)

    def corrected(wanted: Wanted) -> None:
        agree_correction(ask_correction(competition, wanted, organiser), second)

    monkeypatch.setattr(live_labour, "export_bundle", noted)
    steps = [
        lambda: corrected(Wanted("adjustment", "一月", "甲", "成果", points="2")),
        lambda: corrected(Wanted("veto", "一月", "乙", "亡人事故")),
        lambda: contest.enter(act("甲", "安全", "28")),
        lambda: corrected(Wanted("lift", "一月", "乙", "撤销了")),
        lambda: rename_unit(competition.units[0], competition, "甲标", organiser),
    ]
    for step in steps:
        step()
        same_as_anew(competition)
    assert anew == []
    add_units(competition, ["丁"], organiser)
    same_as_anew(competition)
    assert anew, "another unit takes part"


def test_agreeing_to_rules_works_the_year_out_once(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood is kept, and what the new rules give is kept for the pages that follow."""
    competition = made_up(load, organiser).competition
    rules = labour_rules(competition)
    labour = rules.labour
    first = msgspec.structs.replace(labour.indicators[0], max=Decimal(40))
    others = msgspec.structs.replace(labour, indicators=(first, *labour.indicators[1:]))
    change = ask_rules(competition, replace(rules, labour=others), "太轻", organiser)
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER)
    labour_live(competition)
    anew: list[int] = []
    whole = live_labour.export_bundle

    def noted(row: Competition) -> object:
        anew.append(row.id)
        return whole(row)

    monkeypatch.setattr(live_labour, "export_bundle", noted)
    agree_rules(change, second)
    same_as_anew(competition)
    assert len(anew) == 1


def test_what_came_beside_the_rules_is_not_missed(
    load: Callable[..., Competition], organiser: Account
) -> None:
    """Values that somebody wrote in between count: then nothing is kept for others."""
    contest = made_up(load, organiser)
    competition = contest.competition
    stood = labour_live(competition)
    contest.enter(act("甲", "安全", "28"))
    keep_labour_live(competition, stood, "labour.rules.change")
    live = labour_live(competition)
    assert live is not stood
    assert live.bundle == export_bundle(competition)


def test_what_hangs_on_an_event_is_not_read_where_there_is_none(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made_up(load, organiser).competition
    with statements(db.engine) as queries:
        bundle = export_bundle(competition)
    assert bundle.labour is not None
    assert bundle.labour.values
    idle = (" sheet", " member", " team", " outcome_entry", " penalty_entry", " time_entry", " act")
    assert not [text for text in queries if any(f"FROM{table} " in text for table in idle)]


def test_the_states_of_periods_are_read_once_until_one_moves(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(json.loads(write_bundle(one_month({"甲": 95, "乙": 60}))))
    closed_periods(competition)
    with statements(db.engine) as queries:
        assert closed_periods(competition) == []
        assert corrected_periods(competition) == []
    assert not [text for text in queries if "FROM period_stand" in text]
    close_period(competition, "M", "", organiser)
    assert closed_periods(competition) == ["M"]
    publish_closed(competition, organiser)
    assert closed_periods(competition) == ["M"]
    assert corrected_periods(competition) == []
