"""What an evaluation may not say is refused at its place, by both ways into a bundle."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import bundle_warnings
from compete.domain.bundle.schema import bundle_schema
from compete.domain.bundle.writing import write_bundle
from tests.domain.bundle.sample import EXAMPLES, GONE, Plain, changed, labour, skills
from tests.support.evaluation import evaluation

SCHEMA = Draft202012Validator(bundle_schema())
EVENT, STAGE = "events[0]", "events[0].stages[0]"
PERSON, AGAIN = "entrants[0]", "entrants[1]"


def places(plain: Plain) -> list[str]:
    """The places of what is wrong, the same by the quick way in and by the slow one."""
    paths_of_readings = []
    for note in ({}, {"extra": {}}):
        try:
            read_bundle(json.dumps({**plain, **note}).encode())
            paths_of_readings.append([])
        except BundleError as error:
            paths_of_readings.append([problem.path for problem in error.problems])
    assert paths_of_readings[0] == paths_of_readings[1]
    return paths_of_readings[0]


def test_the_sample_is_right_and_comes_back() -> None:
    for plain in (
        evaluation(),
        json.loads((EXAMPLES / "evaluation-small.bundle.json").read_text()),
    ):
        assert places(plain) == []
        assert SCHEMA.is_valid(plain)
        bundle = read_bundle(json.dumps(plain).encode())
        assert bundle_warnings(bundle) == []
        for form in ("json", "yaml"):
            assert read_bundle(write_bundle(bundle, form), form=form) == bundle  # type: ignore[arg-type]


OF_ANOTHER_SHAPE: list[tuple[str, Any]] = [
    (f"{EVENT}.verdict", GONE),
    (f"{EVENT}.verdict", "ranked"),
    (f"{EVENT}.occupation", GONE),
    (f"{EVENT}.occupation", None),
    (f"{EVENT}.grade", GONE),
    (f"{EVENT}.grade", 6),
    (f"{EVENT}.ranking", {}),
    (f"{EVENT}.team_ranking", {"best": 1}),
    (f"{EVENT}.unit_ranking", {"medals": True}),
    (f"{EVENT}.items", [{"code": "i", "name": "i", "of": "theory"}]),
    (f"{EVENT}.awards", [{"code": "a", "name": "a", "top": 1}]),
    (f"{EVENT}.grades", "national"),
    (f"{EVENT}.rounding.total", 2),
    (f"{EVENT}.carry_months", 0),
    (f"{EVENT}.carry_months", 121),
    (f"{EVENT}.apply[0].when.years_in_grade", 0),
    (f"{EVENT}.apply[0].when.years_in_grade", 100),
    (f"{EVENT}.apply[0].when.years_in_trade", "3"),
    (f"{EVENT}.apply[0].when.min_age", 100),
    (f"{EVENT}.apply[0].when.groups", []),
    (f"{EVENT}.apply[0].when.papers.of", []),
    (f"{EVENT}.apply[0].when.papers.years", 100),
    (f"{EVENT}.apply[0].when.max_rank", 3),
    (f"{EVENT}.apply[0].when", GONE),
    (f"{STAGE}.carry", {"from": "s", "weight": 1, "own": 1}),
    (f"{STAGE}.advance", {"top": 1}),
    (f"{STAGE}.parts[0].weight", 40),
    (f"{STAGE}.modules[0].aspects[0].type", "relative"),
    ("teams", [{"code": "T", "name": "T", "event": "A", "unit": "U"}]),
    (
        "playoffs",
        [{"event": "A", "stage": "s", "order": ["P1", "P2"], "kind": "lot", "reason": "r"}],
    ),
    ("labour", {}),
    (f"{PERSON}.team", "T"),
    (f"{PERSON}.promoted", 2026),
    (f"{PERSON}.members", [{"code": "a", "name": "a"}, {"code": "b", "name": "b"}]),
    (f"{PERSON}.trade.at", GONE),
    (f"{PERSON}.trade.months", -1),
    (f"{PERSON}.trade.months", "3.5"),
    (f"{PERSON}.papers[0].since", GONE),
    (f"{PERSON}.carried[0].from.publication", GONE),
    (f"{PERSON}.carried[0].from.publication", 2),
    (f"{PERSON}.carried[0].until", GONE),
    (f"{PERSON}.carried[0].void", {"day": "2026-01-01"}),
    (f"{AGAIN}.resit.attempt", 1),
    (f"{AGAIN}.resit.attempt", 100),
    (f"{AGAIN}.resit.event", GONE),
]


@pytest.mark.parametrize(("path", "value"), OF_ANOTHER_SHAPE)
def test_a_wrong_shape_is_refused_by_reader_and_schema(path: str, value: Any) -> None:
    plain = changed(evaluation(), path, value)
    place = f"{path}.reason" if path.endswith("void") else path
    assert place in places(plain)
    assert not SCHEMA.is_valid(plain)


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"competition.starts": GONE}, ["events[0].on", "events[1].on"]),
    ({"competition.starts": GONE, f"{EVENT}.on": "2026-05-10"}, ["events[1].on"]),
    ({f"{PERSON}.grade_since": "2026-02-30"}, [f"{PERSON}.grade_since"]),
    ({f"{EVENT}.apply[1].code": "from-5"}, [f"{EVENT}.apply[1].code"]),
    ({f"{EVENT}.apply[0].when": {}}, [f"{EVENT}.apply[0].when"]),
    ({f"{EVENT}.apply[0].when": {"extra": {"a": 1}}}, [f"{EVENT}.apply[0].when"]),
    ({f"{STAGE}.modules[0].weight": 100}, [f"{STAGE}.modules[0].weight"]),
    ({f"{STAGE}.modules[1].weight": GONE}, [f"{STAGE}.modules[1].weight"]),
    ({f"{STAGE}.modules[1].weight": None}, [f"{STAGE}.modules[1].weight"]),
    ({f"{STAGE}.modules[3].panel.size": 4}, [f"{STAGE}.modules[3].panel.size"]),
    ({f"{STAGE}.modules[3].panel.size": 5}, []),
    (
        {f"{STAGE}.modules[3].panel": {"size": 1}},
        ["marks[3].judge", "marks[4].judge", f"{STAGE}.modules[3].panel.size"],
    ),
    ({f"{STAGE}.modules[3].panel.min": 2}, [f"{STAGE}.modules[3].panel.min"]),
    ({f"{STAGE}.modules[3].panel.min": 3}, []),
    ({f"{PERSON}.grade": 4}, [f"{PERSON}.grade"]),
    ({f"{PERSON}.grade": 3}, [f"{PERSON}.grade"]),
    ({f"{PERSON}.grade": GONE}, [f"{PERSON}.grade_since"]),
    ({f"{PERSON}.grade_since": "2026-05-10"}, []),
    ({f"{PERSON}.grade_since": "2026-05-11"}, [f"{PERSON}.grade_since"]),
    ({f"{PERSON}.trade.at": "2026-05-11"}, [f"{PERSON}.trade.at"]),
    ({f"{EVENT}.on": "2024-05-10"}, [f"{PERSON}.trade.at"]),
    ({f"{PERSON}.id_number": "2", f"{AGAIN}.id_number": "2"}, []),
    ({f"{AGAIN}.id_number": "1", f"{AGAIN}.resit": GONE}, [f"{AGAIN}.id_number"]),
    ({f"{AGAIN}.resit": GONE, "events[1].occupation.track": "乙"}, []),
    ({f"{AGAIN}.resit": GONE, "events[1].occupation.code": "乙"}, []),
    ({f"{AGAIN}.resit": GONE, "events[1].grade": 3}, [f"{AGAIN}.id_number"]),
    ({f"{AGAIN}.resit.competition": "other"}, [f"{AGAIN}.id_number"]),
    ({f"{AGAIN}.resit.competition": "EV"}, []),
    ({f"{AGAIN}.resit.event": "Q"}, [f"{AGAIN}.resit.event"]),
    ({f"{AGAIN}.resit.entrant": "Q"}, [f"{AGAIN}.resit.entrant", f"{AGAIN}.id_number"]),
    ({f"{AGAIN}.resit.attempt": 3}, [f"{AGAIN}.resit.attempt"]),
    ({"events[1].grade": 3}, [f"{AGAIN}.resit.event"]),
    ({"events[1].occupation.track": "乙"}, [f"{AGAIN}.resit.event"]),
    ({f"{AGAIN}.event": "A"}, [f"{AGAIN}.resit.event"]),
    ({f"{PERSON}.carried[0].of": "one"}, [f"{PERSON}.carried[0].of", "marks[0].module"]),
    ({f"{PERSON}.carried[0].of": "Q"}, [f"{PERSON}.carried[0].of"]),
    ({f"{PERSON}.carried[0].mark": "59.99"}, [f"{PERSON}.carried[0].mark"]),
    ({f"{PERSON}.carried[0].mark": "100"}, []),
    ({f"{PERSON}.carried[0].mark": "100.01"}, [f"{PERSON}.carried[0].mark"]),
    ({f"{PERSON}.carried[0].mark": "72.505"}, [f"{PERSON}.carried[0].mark"]),
    ({f"{PERSON}.carried[0].mark": "72.500"}, []),
    ({f"{PERSON}.carried[0].until": "2026-05-10"}, []),
    ({f"{PERSON}.carried[0].until": "2026-05-09"}, [f"{PERSON}.carried[0].until"]),
    (
        {
            f"{PERSON}.carried[0].until": "2026-05-09",
            f"{PERSON}.carried[0].void": {"day": "2026-05-01", "reason": "r"},
        },
        [],
    ),
    ({f"{EVENT}.carry_months": GONE}, [f"{PERSON}.carried"]),
    ({"marks[0].module": "theory"}, ["marks[0].module"]),
    ({"outcomes[0]": {"stage": "s", "entrant": "P1", "status": "dns"}}, []),
    (
        {"outcomes[0]": {"stage": "s", "module": "theory", "entrant": "P1", "status": "dns"}},
        ["outcomes[0].module"],
    ),
    (
        {"penalties[0]": {"stage": "s", "module": "theory", "entrant": "P1", "points": 1}},
        ["penalties[0].module"],
    ),
    (
        {f"{PERSON}.carried[0].of": "hands", f"{PERSON}.carried[0].mark": "60"},
        ["marks[0].module", "marks[1].module"],
    ),
]


@pytest.mark.parametrize(("changes", "paths"), WRONG)
def test_what_contradicts_itself_is_refused_at_its_place(
    changes: dict[str, Any], paths: list[str]
) -> None:
    plain = evaluation()
    for path, value in changes.items():
        plain = changed(plain, path, value)
    assert places(plain) == paths


def test_a_second_stage_is_refused() -> None:
    plain = evaluation()
    more = {**plain["events"][0]["stages"][0], "code": "t"}
    assert places(changed(plain, f"{EVENT}.stages[1]", more)) == [f"{EVENT}.stages"]


def test_a_part_is_called_as_no_module_is() -> None:
    plain = json.loads(json.dumps(evaluation()).replace('"hands"', '"theory"'))
    assert f"{STAGE}.parts[0].code" in places(plain)


def test_nothing_is_brought_twice() -> None:
    plain = evaluation()
    twice = [plain["entrants"][0]["carried"][0]] * 2
    assert places(changed(plain, f"{PERSON}.carried", twice)) == [f"{PERSON}.carried[1].of"]


def test_who_comes_a_third_time_may_go_by_those_before() -> None:
    plain = evaluation()
    plain["events"].append({**plain["events"][0], "code": "C"})
    third = {"code": "P3", "name": "三", "event": "C", "unit": "U", "id_number": "1"}
    resit = {"event": "B", "entrant": "P2", "attempt": 3}
    assert places(changed(plain, "entrants[2]", {**third, "resit": resit})) == []
    resit = {"event": "A", "entrant": "P1", "attempt": 2}
    assert places(changed(plain, "entrants[2]", {**third, "resit": resit})) == [
        "entrants[2].id_number"
    ]


def test_people_who_re_sit_each_other_are_refused() -> None:
    plain = changed(evaluation(), f"{PERSON}.resit", {"event": "B", "entrant": "P2", "attempt": 3})
    assert places(plain) == [f"{AGAIN}.resit.attempt"]


OWN: list[tuple[Plain, str, Any]] = [
    (skills(), "events[0].verdict", "pass"),
    (skills(), "events[0].grade", 4),
    (skills(), "events[0].cite", "4.2"),
    (skills(), "events[0].on", "2026-05-10"),
    (skills(), "events[0].apply", [{"code": "a", "when": {"min_age": 18}}]),
    (skills(), "events[0].carry_months", 12),
    (skills(), "events[0].stages[0].modules[0].review", False),
    (skills(), "entrants[0].grade_since", "2020-01-01"),
    (skills(), "entrants[0].trade", {"months": 3, "at": "2020-01-01"}),
    (skills(), "entrants[0].papers", [{"kind": "a", "since": "2020-01-01"}]),
    (skills(), "entrants[0].carried", [{}]),
    (skills(), "entrants[0].resit", {"event": "X", "entrant": "E1", "attempt": 2}),
]


@pytest.mark.parametrize(("plain", "path", "value"), OWN)
@pytest.mark.parametrize("version", [1, 2])
def test_other_kinds_have_none_of_it(plain: Plain, path: str, value: Any, version: int) -> None:
    plain = {**changed(plain, path, value), "format": f"compete-bundle/{version}"}
    assert places(plain) == [path]
    assert not SCHEMA.is_valid(plain)


def test_version_1_knows_no_evaluations() -> None:
    plain = {**evaluation(), "format": "compete-bundle/1"}
    assert "competition.kind" in places(plain)
    assert not SCHEMA.is_valid(plain)


@pytest.mark.parametrize("nothing", [None, []])
def test_a_key_of_other_kinds_may_stand_without_a_value(nothing: Any) -> None:
    for path in ("teams", f"{EVENT}.awards", f"{PERSON}.members"):
        plain = changed(evaluation(), path, nothing)
        assert places(plain) == []
        assert SCHEMA.is_valid(plain)
    for plain in (skills(), labour()):
        second = {**plain, "format": "compete-bundle/2"}
        for path in ("entrants[0].papers", "events[0].apply") if plain.get("events") else ():
            assert places(changed(second, path, nothing)) == []


@pytest.mark.parametrize("path", ["events[0].stages[0].modules[0].weight"])
@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("value", [GONE, None])
def test_elsewhere_a_weight_is_always_said(path: str, version: int, value: Any) -> None:
    plain = {**changed(skills(), path, value), "format": f"compete-bundle/{version}"}
    assert places(plain) == [path]
    assert not SCHEMA.is_valid(plain)


def test_a_high_grade_without_a_review_is_told() -> None:
    plain = changed(evaluation(), f"{STAGE}.modules[3]", GONE)
    plain["events"][1]["stages"] = plain["events"][0]["stages"]
    plain["marks"] = [mark for mark in plain["marks"] if mark["module"] != "review"]
    for grade, paths in ((4, []), (2, ["events[0]", "events[1]"]), (1, ["events[0]", "events[1]"])):
        for event in plain["events"]:
            event["grade"] = grade
        warnings = bundle_warnings(read_bundle(json.dumps(plain).encode()))
        assert [warning.path for warning in warnings] == paths
