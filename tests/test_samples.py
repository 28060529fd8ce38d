"""The sample competitions: made as their script makes them, and scored as they say."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import read_results, write_results
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.evaluation.unranked_results import unranked
from compete.domain.evaluation.verdicts import evaluate
from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.phone import check_mobile
from compete.domain.scoring.scorer import score
from compete.domain.values.kinds import Kind
from compete.sheets.reading.kinds import CANDIDATES, PEOPLE
from compete.sheets.registration.people import (
    KnownPeople,
    OfferedEvent,
    OfferedTeam,
    OfferedUnit,
    RegistrationOffer,
)
from compete.sheets.registration.plan import RowStatus
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration

SAMPLES = Path(__file__).parents[1] / "sample_events"
NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/bundle.*"))
OF_PEOPLE = [name for name in NAMES if name != "key-projects-labour"]


def bundle_file(name: str) -> tuple[Path, Literal["json", "yaml"]]:
    (path,) = (SAMPLES / name).glob("bundle.*")
    return path, "yaml" if path.suffix == ".yaml" else "json"


@cache
def sample(name: str) -> Bundle:
    path, form = bundle_file(name)
    return read_bundle(path.read_bytes(), form=form)


def test_the_six_samples_are_there() -> None:
    assert NAMES == [
        "coal-sampling",
        "key-projects-labour",
        "port-forklift",
        "pump-evaluation",
        "pump-station",
        "yangtze-recovery",
    ]


def test_the_samples_are_what_their_script_makes() -> None:
    made = subprocess.run(
        [sys.executable, str(SAMPLES / "make.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.stderr == ""
    assert made.returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_scoring_a_sample_gives_its_committed_results(name: str) -> None:
    assert write_results(score(sample(name))) == (SAMPLES / name / "results.json").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_written_and_read_again_is_the_same(name: str) -> None:
    path, own_form = bundle_file(name)
    bundle = sample(name)
    assert write_bundle(bundle, own_form) == path.read_bytes()
    forms: tuple[Literal["json", "yaml"], ...] = ("json", "yaml")
    for form in forms:
        assert read_bundle(write_bundle(bundle, form), form=form) == bundle


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_says_that_its_people_are_invented_and_how_it_was_made(name: str) -> None:
    note = (sample(name).competition.extra or {})["note"]
    assert "人员均为虚构" in note
    assert "sample_events/make.py" in note


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_the_people_have_numbers_nobody_can_have(name: str) -> None:
    entrants = sample(name).entrants
    numbers = [entrant.id_number or "" for entrant in entrants]
    assert len(set(numbers)) == len(numbers)
    for entrant in entrants:
        citizen_id = check_citizen_id(entrant.id_number or "", today=date(2022, 1, 1))
        assert citizen_id.number.startswith("3200")
        assert (citizen_id.birth, citizen_id.gender) == (entrant.birth, entrant.gender)
        assert check_mobile(entrant.phone or "").startswith("1990000")


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_the_registration_workbook_registers_everybody(name: str) -> None:
    bundle = sample(name)
    offer = RegistrationOffer(
        competition=bundle.competition.name,
        events=[OfferedEvent(event.code, event.name) for event in bundle.events],
        units=[OfferedUnit(unit.code, unit.name) for unit in bundle.units],
        teams=[OfferedTeam(team.code, team.name, team.event, team.unit) for team in bundle.teams],
    )
    of = CANDIDATES if bundle.competition.kind == Kind.EVALUATION else PEOPLE
    table = read_registration((SAMPLES / name / "registration.xlsx").read_bytes(), of=of)
    known = KnownPeople(id_key=lambda paper, number: f"{paper}:{number}")
    plan = plan_registration(table, offer, known, today=date(2026, 7, 1))
    assert {row.status for row in plan.rows} == {RowStatus.ADDED}
    registered = [row.registration for row in plan.rows if row.registration]
    assert [entrant.code for entrant in registered] == [entrant.code for entrant in bundle.entrants]
    assert [entrant.id_number for entrant in registered] == [
        entrant.id_number for entrant in bundle.entrants
    ]
    assert [entrant.unit for entrant in registered] == [entrant.unit for entrant in bundle.entrants]
    assert [entrant.team for entrant in registered] == [entrant.team for entrant in bundle.entrants]
    for row, entrant in zip(registered, bundle.entrants, strict=True):
        assert row.months == (entrant.trade.months if entrant.trade else None)
        assert row.grade_since == entrant.grade_since
        assert len(row.papers or ()) == len(entrant.papers)


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_nothing_in_a_sample_waits_for_a_ruling(name: str) -> None:
    bundle = sample(name)
    for event in unranked(score(bundle), bundle).events:
        for stage in event.stages:
            for row in stage.standings:
                assert row.status != "incomplete"
                assert not any("disputed" in module.flags for module in row.modules.values())


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_everybody_knows_when_to_be_where(name: str) -> None:
    bundle = sample(name)
    schedule = (bundle.competition.extra or {})["schedule"]
    modules = {
        (event.code, stage.code, module.code)
        for event in bundle.events
        for stage in event.stages
        for module in stage.modules
    }
    assert {(slot["event"], slot["stage"], slot["module"]) for slot in schedule} == modules
    first = bundle.events[0].stages[0].modules[0].code
    at_first = [who for slot in schedule if slot["module"] == first for who in slot["entrants"]]
    assert sorted(at_first) == [
        entrant.code
        for entrant in bundle.entrants
        if first not in {brought.of for brought in entrant.carried}
    ]
    judges = {judge.code for judge in bundle.judges}
    assert all(set(slot["judges"]) <= judges for slot in schedule)


def test_the_marks_come_from_the_judges_of_the_station() -> None:
    bundle = sample("port-forklift")
    schedule = (bundle.competition.extra or {})["schedule"]
    panel = {
        (slot["module"], who): set(slot["judges"]) for slot in schedule for who in slot["entrants"]
    }
    for mark in bundle.marks:
        assert mark.judge in panel[mark.module, mark.entrant]


def test_the_forklift_competition_ends_as_the_story_tells() -> None:
    bundle = sample("port-forklift")
    event = read_results((SAMPLES / "port-forklift" / "results.json").read_bytes()).events[0]
    assert bundle.competition.name == "2022年全省港口叉车司机职业技能竞赛"
    assert (len(bundle.entrants), len(bundle.units)) == (46, 12)
    unit = {entrant.code: entrant.unit for entrant in bundle.entrants}
    assert [unit[row.entrant] for row in event.standings[:3]] == ["U01"] * 3
    assert [row.total for row in event.standings[4:6]] == ["94.20", "94.20"]
    assert {"吕䶮", "王𠅤", "陈㛃"} <= {entrant.name for entrant in bundle.entrants}
    failed_theory = next(entrant for entrant in bundle.entrants if entrant.name == "林海涛").code
    assert failed_theory not in {row.entrant for row in event.grades or ()}


def test_only_the_home_province_gets_grades_from_the_recovery_competition() -> None:
    bundle = sample("yangtze-recovery")
    event = score(bundle).events[0]
    unit = {entrant.code: entrant.unit for entrant in bundle.entrants}
    assert bundle.competition.name == "首届长三角清障岗位（救援机械操作员）竞赛"
    assert len(bundle.teams) == 11
    assert len(event.items or ()) == 3
    assert {unit[row.entrant][:2] for row in event.grades or ()} == {"JS"}
    for item in event.items or ():
        assert {unit[row.entrant][:2] for row in item.standings[:4]} == {"JS"}


def test_four_of_the_pump_stations_are_honoured_and_the_first_goes_on() -> None:
    bundle = sample("pump-station")
    event = score(bundle).events[0]
    assert [row.title for row in event.honours or ()] == ["省部属企业五一创新能手"] * 4
    (nomination,) = (bundle.competition.extra or {})["nominations"]
    assert nomination["entrant"] == event.standings[0].entrant


_LEVELS = {"PUMP-5": "五级", "PUMP-4": "四级", "PUMP-3": "三级", "PUMP-2": "二级"}


def test_the_evaluation_says_what_became_of_its_147_people() -> None:
    bundle = sample("pump-evaluation")
    results = evaluate(bundle)
    note = (bundle.competition.extra or {})["note"]
    assert len(bundle.entrants) == sum(event.counts["entered"] for event in results.events) == 147
    assert "共 147 人" in note
    for event in results.events:
        counts = event.counts
        assert counts["incomplete"] == counts["dsq"] == 0
        assert (
            f"{_LEVELS[event.code]} {counts['entered']} 人，合格 {counts['pass']}、"
            f"不合格 {counts['fail']}、缺考 {counts['absent']}"
        ) in note
    short = [row for event in results.events for row in event.verdicts if not row.eligible]
    assert f"其中 {len(short)} 人申报条件不够" in note
    assert {row.verdict for row in short} == {"pass", "fail", "absent"}
    got = {row.entrant for event in results.events for row in event.grades}
    assert not got & {row.entrant for row in short}
    assert len(got) == sum(
        row.verdict == "pass" and row.eligible for event in results.events for row in event.verdicts
    )


def test_of_the_evaluation_some_bring_a_module_and_each_line_holds_for_somebody() -> None:
    bundle = sample("pump-evaluation")
    assert [len(entrant.carried) for entrant in bundle.entrants if entrant.carried] == [1, 1]
    assert sum(entrant.resit is not None for entrant in bundle.entrants) == 3
    for event, rules in zip(evaluate(bundle).events, bundle.events, strict=True):
        applied = {row.applies for row in event.verdicts} - {None}
        assert applied == {line.code for line in rules.apply}
    (second,) = (event for event in bundle.events if event.grade == 2)
    (review,) = (module for module in second.stages[0].modules if module.review)
    assert review.panel.size == 3


def test_the_labour_competition_has_130_units_and_is_computed_to_the_end() -> None:
    bundle = sample("key-projects-labour")
    assert bundle.competition.kind is Kind.LABOUR
    labour = score(bundle).labour
    assert labour is not None
    standings = {period.code: period.standings for period in labour.periods}
    assert len(standings[labour.final]) == 130
    assert all(row.total for row in standings[labour.final])
    flags = {quarter: [r for r in standings[quarter] if r.flag] for quarter in ("Q1", "Q3")}
    assert len(flags["Q1"]) == 4
    assert len(flags["Q3"]) == 3, "one group's flag stays vacant in the third quarter"
    passed_over = next(row for row in standings["Q3"] if row.vetoed)
    assert (passed_over.rank, passed_over.flag) == (1, False)
    assert any(row.warned for row in standings["Q2"])
