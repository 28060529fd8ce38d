"""What the format does not forbid is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compete.domain import read_bundle
from compete.domain.bundle.reading import bundle_warnings
from tests.domain.bundle.sample import BUNDLES, GONE, changed, labour, refused, skills

X = "events[0]"
LAST = f"{X}.stages[1]"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{X}.ranking.style", "dense"),
        (f"{X}.ranking.ties", ["stage:s2", "module:theory", "aspect:neat", "age:younger"]),
        (f"{X}.stages[0].advance", {"per_unit": 3}),
        (f"{X}.stages[0].advance", GONE),
        (f"{LAST}.advance", {"top": 1}),
        (f"{X}.unit_ranking", {"medals": True}),
        (f"{X}.unit_ranking", {"points": {}}),
        (f"{X}.awards[0].top", 0),
        (f"{X}.awards[0].scope", "teams"),
        (f"{X}.items", GONE),
        (f"{X}.grades[0].when", GONE),
        (f"{X}.grades[0].when.pass_modules", "all"),
        (f"{X}.grades[0].grant", {"titles": ["能手"]}),
        (f"{X}.grades[0].grant", {"to": 2, "max_step": 1}),
        (f"{LAST}.modules[1].panel.min", GONE),
        (f"{LAST}.modules[1].panel", {"size": 3, "combine": "trimmed_mean", "drop_high": 5}),
        (f"{LAST}.modules[0].panel", {"drop_high": 1}),
        (f"{LAST}.modules[0].weight", "12.5"),
        ("entrants[0].grade", None),
        ("entrants[0].team", GONE),
        ("outcomes[0].reason", GONE),
        ("outcomes[0].module", "craft"),
        ("penalties[0].seconds", 5),
        ("marks[0].at", "2026-05-01T09:30:00+08:00"),
        ("marks", []),
        ("events[1].stages[0].parts", []),
    ],
)
def test_it_is_allowed(path: str, value: Any) -> None:
    plain = changed(skills(), path, value)
    if path.endswith("items"):
        plain = changed(plain, f"{X}.awards[2].scope", "entrants")
    assert refused(plain) == {}


@pytest.mark.parametrize("plain", [skills(), labour()], ids=["skills", "labour"])
def test_an_explicit_null_is_the_same_as_leaving_the_key_out(plain: Any) -> None:
    written = json.dumps(plain).encode()
    bundle = read_bundle(written)
    for key in ("extra", "teams", "marks", "times", "outcomes"):
        plain.setdefault(key, None)
    for event in plain.get("events", ()):
        event |= {key: event.get(key) for key in ("rounding", "ranking", "items", "awards")}
        for stage in event["stages"]:
            for module in stage["modules"]:
                module.setdefault("panel", None)
                for aspect in module["aspects"]:
                    aspect.setdefault("step", None)
                    aspect.setdefault("factor", None)
    with_nulls = json.dumps(plain).encode()
    assert with_nulls.count(b"null") > 2
    assert read_bundle(with_nulls) == bundle


def test_anything_may_stand_under_extra_in_any_object() -> None:
    kept = {"a": [1, 2.5, None, {"b": "x"}], "c": True, "d": 10**30}
    plain = json.loads(json.dumps(skills()))
    stack: list[Any] = [plain]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            stack += here.values()
            if "points" not in here and not set(here) <= {"1", "2"}:
                here["extra"] = kept
        elif isinstance(here, list):
            stack += here
    bundle = read_bundle(json.dumps(plain).encode())
    assert bundle.extra == kept
    assert bundle.marks[4].extra == kept
    assert bundle.events[0].stages[1].modules[1].panel.extra == kept


def test_under_extra_too_a_key_stands_once_and_numbers_end() -> None:
    text = json.dumps({**skills(), "extra": {"a": 77}})
    assert "extra.a" in refused(text.replace("77", '1, "a": 2').encode())
    assert "extra.a" in refused(text.replace("77", "1e999").encode())
    assert "extra.a" in refused(text.replace("77", "NaN").encode())
    assert "extra.a" in refused(text.replace("77", '"\\ud800"').encode())
    assert any(path.startswith("extra.a[0]") for path in refused(
        text.replace("77", "[" * 70 + "]" * 70).encode()
    ))  # fmt: skip


def test_weights_that_are_not_a_hundred_are_only_worth_a_warning() -> None:
    bundle = read_bundle(json.dumps(changed(skills(), f"{LAST}.modules[0].weight", 50)).encode())
    warned = {problem.path: str(problem.message) for problem in bundle_warnings(bundle)}
    assert "90" in warned[LAST]


def test_other_oddities_are_warned_of_too() -> None:
    plain = skills()
    plain["competition"]["ends"] = "2026-04-30"
    plain = changed(plain, f"{LAST}.advance", {"top": 1})
    plain = changed(plain, f"{LAST}.modules[0].panel", {"drop_low": 1})
    plain = changed(plain, f"{LAST}.modules[1].aspects[2].bands[0].marks", -1)
    plain = changed(plain, f"{LAST}.modules[0].aspects[0].bands", [{"within": 1, "marks": 1}])
    plain = changed(plain, f"{X}.awards[0].scope", "teams")
    plain = changed(plain, f"{X}.team_ranking", GONE)
    warned = [problem.path for problem in bundle_warnings(read_bundle(json.dumps(plain).encode()))]
    assert warned == [
        "competition.ends",
        f"{LAST}.modules[0].panel",
        f"{LAST}.modules[0].aspects[0].bands",
        f"{LAST}.modules[1].aspects[2].bands[0].marks",
        f"{LAST}.advance",
        f"{X}.awards[0].scope",
    ]


@pytest.mark.parametrize(("module", "count"), [("theory", 1), ("craft", 0)])
def test_ties_by_a_time_that_nobody_takes_are_warned_of(module: str, count: int) -> None:
    plain = changed(skills(), f"{X}.ranking.ties", ["part:hands", f"time:{module}"])
    warned = [problem.path for problem in bundle_warnings(read_bundle(json.dumps(plain).encode()))]
    assert warned == [f"{X}.ranking.ties[1]"] * count


def test_worked_cases_bring_no_warning() -> None:
    for path in BUNDLES:
        assert bundle_warnings(read_bundle(path.read_bytes())) == []


@pytest.mark.parametrize(
    ("ties", "is_warned"),
    [
        ([], True),
        (["part:hands"], True),
        (["time:quick"], False),
        (["aspect:best"], False),
        (["criterion:比速度"], False),
    ],
)
def test_equals_by_rounding_against_the_best_are_warned_of(
    ties: list[str], is_warned: bool
) -> None:
    """600.00, 600.01 and 600.02 seconds are all 100.00 points."""
    plain = changed(skills(), f"{LAST}.modules[2].weight", 1)
    plain = changed(plain, f"{LAST}.modules[2].aspects[1].criterion", "比速度")
    plain = changed(plain, f"{X}.ranking.ties", ties)
    bundle = read_bundle(json.dumps(plain).encode())
    warned = [str(warning.message) for warning in bundle_warnings(bundle)]
    assert any("aspect:best" in text and "time:quick" in text for text in warned) == is_warned
