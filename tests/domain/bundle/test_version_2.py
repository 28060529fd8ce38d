"""What version 2 of the format reads and refuses, and version 1 does not know."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.schema import bundle_schema
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.kinds import VetoRank
from tests.domain.bundle.sample import Plain, changed, labour, mark, skills

V2 = "compete-bundle/2"
PLAYOFF = {"event": "X", "stage": "s1", "order": ["E2", ["E1"]], "kind": "lot", "reason": "r"}

OVERALL = {"code": "all", "name": "总表", "by": "ranks", "points": {"1": 9, "2": "7.5"}}
PRIZE = {"code": "safest", "name": "安全奖", "by": "indicator:safe", "top": 1}


def second(plain: Plain, **also: Any) -> Plain:
    return {**plain, "format": V2, **also}


def problems(plain: Plain) -> list[str]:
    """The places of what is wrong, by both ways into a bundle."""
    paths_of_versions = []
    for note in ({}, {"extra": {}}):
        try:
            read_bundle(json.dumps({**plain, **note}).encode())
            paths_of_versions.append([])
        except BundleError as error:
            paths_of_versions.append([problem.path for problem in error.problems])
    assert paths_of_versions[0] == paths_of_versions[1]
    return paths_of_versions[0]


def fits(plain: Plain) -> bool:
    return Draft202012Validator(bundle_schema()).is_valid(plain)


NEW: list[tuple[Plain, str, Any]] = [
    (skills(), "playoffs", [PLAYOFF]),
    (skills(), "events[0].ranking.ordinal_by", "code"),
    (skills(), "events[0].rounding", {"mode": "down"}),
    (skills(), "events[0].rounding", {"mode": "up"}),
    (skills(), "events[0].unit_ranking.shared", "average"),
    (skills(), "events[0].unit_ranking.shared", "full"),
    (skills(), "events[0].grades[0].when.pass_modules", "taken"),
    (skills(), "events[0].awards[0].within", 1),
    (skills(), "events[0].scale", {"of": 30, "centre": "mean", "spread": "none", "places": 1}),
    (skills(), "events[0].stages[0].modules[0].aspects[0].min", "-0.5"),
    (skills(), "events[0].awards[0].pass_modules", "all"),
    (skills(), "events[0].awards[0].pass_modules", "taken"),
    (skills(), "events[0].stages[1].modules[0].panel", {"combine": "sum", "reduced": "scale"}),
    (skills(), "overall", [OVERALL]),
    (labour(), "labour.veto_rank", "last"),
    (labour(), "labour.prizes", [PRIZE]),
]


@pytest.mark.parametrize(("plain", "path", "value"), NEW)
def test_version_1_refuses_what_came_later(plain: Plain, path: str, value: Any) -> None:
    if path.endswith("ordinal_by"):
        plain = changed(plain, "events[0].ranking.style", "ordinal")
    later = changed(plain, path, value)
    place = {"panel": f"{path}.reduced", "rounding": f"{path}.mode"}.get(path.split(".")[-1], path)
    assert problems(later) == [place]
    assert not fits(later)
    assert problems(second(later)) == []
    assert fits(second(later))
    bundle = read_bundle(json.dumps(second(later)).encode())
    assert read_bundle(write_bundle(bundle)) == bundle


def test_what_is_left_out_prefers_nobody() -> None:
    bundle = read_bundle(json.dumps(second(labour())).encode())
    assert bundle.labour is not None
    assert bundle.labour.veto_rank is VetoRank.NONE


@pytest.mark.parametrize("key", ["playoffs", "overall"])
def test_version_1_refuses_a_later_key_that_says_nothing(key: str) -> None:
    assert problems({**skills(), key: None}) == [key]


@pytest.mark.parametrize("code", ["E\t1", "\x7f", "a\x85", "\n"])
def test_a_control_character_in_a_code_is_refused(code: str) -> None:
    places = ["units[0].code", "judges[0].code", "entrants[0].code", "events[0].awards[0].code"]
    for place in places:
        plain = changed(skills(), place, code)
        assert place not in problems(plain)
        assert place in problems(second(plain))
        assert not fits(second(plain))


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({"events": ["X", "X"]}, "overall[0].events[1]"),
        ({"shared": "average"}, None),
        ({"by": "totals", "points": None, "shared": "full"}, "overall[0].shared"),
        ({"by": "medals", "points": None, "shared": "average"}, "overall[0].shared"),
    ],
)
def test_a_table_that_means_nothing_is_refused(table: Plain, place: str | None) -> None:
    plain = second(skills(), overall=[{**OVERALL, **table}])
    assert problems(plain) == ([] if place is None else [place])


def test_points_are_averaged_only_over_ranks_that_are_filled() -> None:
    dense = changed(second(skills()), "events[0].ranking.style", "dense")
    units = changed(dense, "events[0].unit_ranking.shared", "average")
    assert problems(units) == ["events[0].unit_ranking.shared"]
    table = {**dense, "overall": [{**OVERALL, "shared": "average"}]}
    assert problems(table) == ["overall[0].shared"]
    medals = changed(second(skills()), "events[0].unit_ranking", {"medals": True, "shared": "full"})
    assert problems(medals) == ["events[0].unit_ranking.shared"]


NEAT = "events[0].stages[1].modules[1].aspects[4]"


def attempted(*judged: tuple[str, Any], **keys: Any) -> Plain:
    """The sample with its last score by difficulty, and marks of these judges and difficulties."""
    plain = changed(second(skills()), f"{NEAT}.type", "factored")
    for key, value in ({"top": 5, "difficulties": [1, "2.0"]} | keys).items():
        plain = changed(plain, f"{NEAT}.{key}", value)
    marks = [mark("craft", "E1", judge, "neat", "4.5") | {"difficulty": it} for judge, it in judged]
    others = [it for it in plain["marks"] if it["aspect"] != "neat"]
    return {**plain, "marks": [*marks, *others]}


@pytest.mark.parametrize(
    ("plain", "places"),
    [
        (attempted(("J1", "2"), ("J2", 2.0)), []),
        (attempted(("J1", "1"), ("J2", "2"), ("J1", "2")), []),
        (attempted(("J1", "2"), ("J2", "1")), ["marks[1].difficulty"]),
        (attempted(("J1", "1"), ("J2", "2"), ("J1", "3")), ["marks[2].difficulty"]),
        (attempted(("J1", None)), ["marks[0].difficulty"]),
        (attempted(("J1", "x")), ["marks[0].difficulty"]),
        (attempted(("J1", 2), top=4), ["marks[0].value", f"{NEAT}.max"]),
        (attempted(("J1", 2), top=None), [f"{NEAT}.top"]),
        (attempted(("J1", 2), difficulties=[2, "2.00"]), [f"{NEAT}.difficulties[1]"]),
        (attempted(("J1", 2), difficulties=[0, 2]), [f"{NEAT}.difficulties[0]"]),
        (attempted(("J1", 2), difficulties=["x", 2]), [f"{NEAT}.difficulties[0]"]),
        (attempted(("J1", 2), step=0), [f"{NEAT}.step"]),
        (changed(attempted(("J1", 2)), "marks[1].difficulty", 2), ["marks[1].difficulty"]),
    ],
)
def test_a_difficulty_is_the_entrants_and_one_of_those_offered(
    plain: Plain, places: list[str]
) -> None:
    assert sorted(problems(plain)) == sorted(places)


@pytest.mark.parametrize("difficulties", [None, []])
def test_difficulties_to_choose_from_are_needed(difficulties: Any) -> None:
    plain = attempted(difficulties=difficulties)
    assert problems(plain) == [f"{NEAT}.difficulties"]


@pytest.mark.parametrize(
    ("ranking", "places"),
    [
        ({"style": "ordinal"}, ["events[0].ranking.style"]),
        ({"style": "ordinal", "ordinal_by": "code"}, []),
        ({"style": "dense", "ordinal_by": "code"}, ["events[0].ranking.ordinal_by"]),
        ({"ordinal_by": "code"}, ["events[0].ranking.ordinal_by"]),
        ({"style": "ordinal", "ordinal_by": "age"}, ["events[0].ranking.ordinal_by"]),
    ],
)
def test_who_is_preferred_is_said(ranking: Plain, places: list[str]) -> None:
    assert problems(second(changed(skills(), "events[0].ranking", ranking))) == places


@pytest.mark.parametrize(
    ("panel", "is_refused"),
    [
        ({"combine": "sum", "size": 2, "min": 1}, True),
        ({"combine": "sum", "size": 2, "min": 1, "reduced": "scale"}, False),
        ({"combine": "sum", "size": 2, "min": 2}, False),
        ({"combine": "sum", "size": 2, "reduced": "scale"}, False),
        ({"combine": "mean", "size": 2, "min": 1, "reduced": "scale"}, True),
        ({"combine": "sum", "size": 2, "min": 1, "reduced": "mean"}, True),
    ],
)
def test_a_sum_of_fewer_judges_is_scaled(panel: Plain, is_refused: bool) -> None:
    where = "events[0].stages[1].modules[0]"
    plain = changed(skills(), f"{where}.panel", panel)
    if panel["combine"] == "sum":
        plain = changed(plain, f"{where}.full", 200)
    assert problems(second(plain)) == ([f"{where}.panel.reduced"] if is_refused else [])


@pytest.mark.parametrize("code", ["e1", "E1 ", " E1", "Ｅ1", "　e１"])
def test_codes_of_people_that_look_alike_are_refused(code: str) -> None:
    twin = {"code": code, "name": "乙", "event": "X", "unit": "U1"}
    plain = skills()
    plain["entrants"].append(twin)
    last = len(plain["entrants"]) - 1
    assert problems(plain) == []
    assert problems(second(plain)) == [f"entrants[{last}].code"]
    twin |= {"code": "crew", "members": [{"code": "K", "name": "a"}, {"code": code, "name": "b"}]}
    assert problems(plain) == []
    assert problems(second(plain)) == [f"entrants[{last}].members[1].code"]


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("stage", "s9", "stage"),
        ("order", ["E1"], "order"),
        ("order", ["E1", "E1"], "order"),
        ("order", ["E1", ["E2", "E1"]], "order"),
        ("order", ["E1", "nobody"], "order"),
        ("order", ["E1", []], "order[1]"),
        ("order", "E1", "order"),
        ("kind", "toss", "kind"),
        ("reason", None, "reason"),
    ],
)
def test_a_playoff_is_among_people_of_the_event(key: str, value: Any, place: str) -> None:
    plain = second(skills(), playoffs=[{**PLAYOFF, key: value}])
    assert set(problems(plain)) == {f"playoffs[0].{place}"}
    stranger = second(skills(), playoffs=[{**PLAYOFF, "event": "Z"}])
    assert "playoffs[0].event" in problems(stranger)


@pytest.mark.parametrize(
    ("key", "is_refused"),
    [
        ("time:all", False),
        ("time:theory+craft", False),
        ("time:craft+quick+theory", False),
        ("time:theory+theory", True),
        ("time:theory+nothing", True),
        ("time:theory+", True),
        ("time:+", True),
        ("module:all", True),
    ],
)
def test_times_of_different_modules_may_be_added_up(key: str, is_refused: bool) -> None:
    for path in ("events[0].ranking.ties", "events[0].team_ranking.ties"):
        plain = changed(skills(), path, [key])
        assert problems(plain) == [f"{path}[0]"]
        assert problems(second(plain)) == ([f"{path}[0]"] if is_refused else [])


def test_a_module_with_the_whole_name_is_meant_before() -> None:
    plain = changed(skills(), "events[0].stages[0].modules[0].code", "all")
    plain = changed(plain, "events[0].ranking.ties", ["time:all"])
    plain["marks"] = [mark for mark in plain["marks"] if mark["stage"] != "s1"]
    plain |= {"outcomes": [], "penalties": [], "times": []}
    assert problems(plain) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("by", "indicator:none"),
        ("by", "heading:none"),
        ("by", "heading:"),
        ("by", "safe"),
        ("period", "q9"),
        ("top", 0),
        ("top", None),
        ("min", "x"),
        ("more", 1),
    ],
)
def test_a_prize_is_for_something_that_is_there(key: str, value: Any) -> None:
    plain = second(labour())
    plain["labour"]["prizes"] = [{**PRIZE, key: value}]
    assert problems(plain) == [f"labour.prizes[0].{key}"]
    plain["labour"]["prizes"] = [PRIZE, {**PRIZE, "by": "indicator:bad", "period": "q1"}]
    assert problems(plain) == ["labour.prizes[1].code"]


def test_marks_may_lie_below_zero_where_the_aspect_says_so() -> None:
    aspect = "events[0].stages[0].modules[0].aspects[0]"
    plain = second(skills())
    for least, value, places in [
        ("0.5", "88.5", [f"{aspect}.min"]),
        ("-1.5", "-1.5", []),
        ("-1.5", "-1.51", ["marks[0].value"]),
        ("0", "-0.01", ["marks[0].value"]),
    ]:
        spoilt = changed(changed(plain, f"{aspect}.min", least), "marks[0].value", value)
        assert problems(spoilt) == places


@pytest.mark.parametrize(
    ("keys", "places"),
    [
        ({}, ["events[0].scale.of"]),
        ({"of": 0}, ["events[0].scale.of"]),
        ({"of": -1}, ["events[0].scale.of"]),
        ({"of": 1, "centre": "mode"}, ["events[0].scale.centre"]),
        ({"of": 1, "spread": "iqr"}, ["events[0].scale.spread"]),
        ({"of": 1, "places": 13}, ["events[0].scale.places"]),
        ({"of": 1, "least": 0}, ["events[0].scale.least"]),
        ({"of": 1, "at": "-0.5", "extra": {}}, []),
    ],
)
def test_a_scale_says_what_one_spread_is(keys: Plain, places: list[str]) -> None:
    plain = second(changed(skills(), "events[0].scale", keys))
    assert problems(plain) == places


def test_awards_go_by_standard_scores_where_there_are_any() -> None:
    plain = second(changed(skills(), "events[0].awards[0].min_scaled", 700))
    assert problems(plain) == ["events[0].awards[0].min_scaled"]
    scaled = changed(plain, "events[0].scale", {"of": 30})
    assert problems(scaled) == []
    assert problems(changed(scaled, "events[0].awards[2].min_scaled", 1)) == [
        "events[0].awards[2].min_scaled"
    ]


@pytest.mark.parametrize(
    ("keys", "places"),
    [
        ({"events": ["X", "Z"]}, ["events[1]"]),
        ({"who": "people"}, ["who"]),
        ({"by": "wins"}, ["by"]),
        ({"by": "scaled", "points": None}, ["by", "by"]),
        ({"by": "totals"}, ["points"]),
        ({"points": None}, ["points"]),
        ({"points": {}}, ["points"]),
        ({"points": {"0": 1}}, ["points.0"]),
        ({"points": {"first": 1}}, ["points.first"]),
        ({"points": {"1": -1}}, ["points.1"]),
        ({"by": "awards", "points": {"gold": 1, "silver": 0}}, []),
        ({"by": "awards", "points": {"best": 1}}, ["points.best"]),
        ({"by": "awards", "points": {"gold": 1}, "events": ["Y"]}, ["points.gold"]),
        ({"by": "medals", "points": None, "ties": ["events", "medals"]}, []),
        (
            {"by": "medals", "points": None, "best": 1, "method": "sum", "places": 2},
            ["best", "method", "places"],
        ),
        ({"by": "medals", "points": None, "ties": ["medals", "best"]}, ["ties[1]"]),
        ({"ties": ["time"]}, ["ties[0]"]),
        ({"best": 0}, ["best"]),
        ({"least_events": 0}, ["least_events"]),
        ({"places": 13}, ["places"]),
        ({"method": "median"}, ["method"]),
        ({"more": 1}, ["more"]),
    ],
)
def test_a_table_counts_what_is_there(keys: Plain, places: list[str]) -> None:
    plain = second(skills(), overall=[{**OVERALL, **keys}])
    assert problems(plain) == [f"overall[0].{place}" for place in places]


def test_tables_have_codes_of_their_own_and_belong_to_skills() -> None:
    assert problems(second(skills(), overall=[OVERALL, OVERALL])) == ["overall[1].code"]
    assert problems(second(labour(), overall=[OVERALL])) == ["overall"]
