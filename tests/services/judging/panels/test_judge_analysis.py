"""Judges judged, from the sheets of a competition in the database."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.domain.aspects.types import AspectType
from compete.domain.values.states import SheetState
from compete.models import Competition, Sheet, db
from compete.services.competitions.loading import load_bundle
from compete.services.judging.panels.judge_analysis import Analysis, analyse
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.kernel.transactions import unit_of_work
from tests.support.contest import contest

STRICT = {"J5": -5.0, "J6": 2.2}


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(contest(bias=STRICT))


def practice(competition: Competition) -> Analysis:
    event = competition.events[0]
    return analyse(event, "final", module_of(rules_of(event), "final", "practice"))


@pytest.mark.each_database
def test_the_strict_and_the_lenient_judge_are_named_to_the_chief(
    competition: Competition,
) -> None:
    analysis = practice(competition)
    assert [str(advice.text) for advice in analysis.advice if advice.kind == "severity"] == [
        "J5 沈岳 偏严，建议赛间复述标准",
        "J4 邵建华、J6 罗平 相差 2.2 分，看不出是谁偏，请一起复述标准",
    ]
    assert analysis.reports["J5"].severity.shrunk.value == pytest.approx(-5.9, abs=0.6)
    assert analysis.sheets == 72
    assert analysis.full == 100


def test_each_panel_is_a_table_of_its_own(competition: Competition) -> None:
    panels = {panel.judges: panel for panel in practice(competition).panels}
    assert set(panels) == {("J1", "J2", "J3"), ("J4", "J5", "J6")}
    calm, quarrel = panels["J1", "J2", "J3"], panels["J4", "J5", "J6"]
    assert calm.entrants == quarrel.entrants == 12
    assert calm.icc["ICC(2,1)"].value > 0.95 > quarrel.icc["ICC(2,1)"].value
    # Strict or lenient throughout, they still put the same people first.
    assert quarrel.w.w > 0.9


def test_the_severity_shows_on_the_aspect_where_it_lies(competition: Competition) -> None:
    aspects = practice(competition).reports["J5"].aspects
    assert aspects["finish"].shrunk.value < -3
    assert aspects["smooth"].shrunk.value == pytest.approx(0)


def test_a_module_marked_by_one_judge_has_nobody_to_compare_with(
    competition: Competition,
) -> None:
    event = competition.events[0]
    analysis = analyse(event, "final", module_of(rules_of(event), "final", "paper"))
    assert analysis.reports == {}
    assert analysis.panels == []
    assert analysis.advice == []


def test_sheets_that_are_not_in_do_not_count(competition: Competition) -> None:
    with unit_of_work():
        sheets = db.session.query(Sheet).filter_by(module="practice").execution_options(noted=True)
        sheets.update({"state": SheetState.RETURNED})
    analysis = practice(competition)
    assert analysis.sheets == 0
    assert analysis.reports == {}


def test_marks_brought_in_together_take_the_planned_times(competition: Competition) -> None:
    report = practice(competition).reports["J1"]
    # Twelve turns of a quarter of an hour, from the first start to the last.
    assert report.hours == pytest.approx(2.75)
    assert report.drift.value is not None


def test_kindness_to_the_own_unit_needs_judges_of_a_unit(competition: Competition) -> None:
    assert practice(competition).reports["J1"].own_bias.value is None
    with unit_of_work():
        judge = next(judge for judge in competition.judges if judge.code == "J1")
        judge.unit_id = competition.units[0].id
    bias = practice(competition).reports["J1"].own_bias
    assert bias.count == 6
    assert not bias.clear


@pytest.mark.parametrize("sample", ["yangtze-recovery", "coal-sampling", "pump-station"])
def test_every_module_of_the_samples_can_be_looked_at(here: Flask, sample: str) -> None:
    from tests.support.competitions import load_sample

    competition = load_sample(sample)
    kinds = set()
    for event in competition.events:
        for stage in rules_of(event).stages:
            for module in stage.modules:
                kinds |= {aspect.type for aspect in module.aspects}
                analysis = analyse(event, stage.code, module)
                assert set(analysis.alphas) == {aspect.code for aspect in module.aspects}
    assert AspectType.SCORE in kinds or AspectType.DEDUCTION in kinds
