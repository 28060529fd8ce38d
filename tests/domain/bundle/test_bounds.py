"""The format's bounds: what lies on one is read, what lies one beyond is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import Form
from tests.domain.bundle.sample import changed, labour, refused, skills

X = "events[0]"
CRAFT = f"{X}.stages[1].modules[1]"
RULE = f"{X}.grades[0]"
GEAR = "events[1].stages[0].modules[1].aspects[0]"

# A place, the most that it takes, and what is one too much.
EDGES: list[tuple[str, Any, Any]] = [
    ("units[0].name", "名" * 5000, None),
    ("competition.code", "长" * 100, "长" * 101),
    ("competition.code", "C", ""),
    (f"{X}.rounding.aspect", 12, 13),
    (f"{X}.rounding.module", 12, 13),
    (f"{X}.rounding.total", 12, 13),
    (f"{X}.rounding.total", 0, -1),
    (f"{CRAFT}.panel.size", 99, 100),
    (f"{CRAFT}.aspects[0].scale", 100, 101),
    (f"{CRAFT}.panel.drop_high", 1_000_000, 1_000_001),
    (f"{CRAFT}.panel.drop_low", 1_000_000, 1_000_001),
    (f"{X}.stages[0].advance.top", 1_000_000, 1_000_001),
    (f"{X}.stages[0].advance.per_unit", 1_000_000, 1_000_001),
    (f"{X}.team_ranking.best", 1_000_000, 1_000_001),
    (f"{X}.team_ranking.min_members", 1_000_000, 1_000_001),
    (f"{X}.awards[0].top", 1_000_000, 1_000_001),
    (f"{X}.awards[1].at_least", 1_000_000, 1_000_001),
    (f"{RULE}.when.max_rank", 1_000_000, 1_000_001),
    (f"{RULE}.when.item.max_rank", 1_000_000, 1_000_001),
    (f"{RULE}.when.min_ranked", 1_000_000, 1_000_001),
    (f"{RULE}.grant.up", 1_000_000, 1_000_001),
    (f"{RULE}.grant.max_step", 1_000_000, 1_000_001),
    (f"{GEAR}.checks", ["看"] * 50, ["看"] * 51),
    (f"{GEAR}.checks", ["看"] * 2, []),
    ("marks[0].value", "88.500000000000", "88.5000000000000"),
    (f"{X}.awards[0].min_total", "9" * 18 + "." + "9" * 12, "1" + "0" * 18),
    (f"{X}.awards[0].min_total", 10**18 - 1, 10**18),
]


@pytest.mark.parametrize(("path", "most", "beyond"), EDGES)
def test_a_bound_is_still_within(path: str, most: Any, beyond: Any) -> None:
    assert refused(changed(skills(), path, most)) == {}
    if beyond is not None:
        assert list(refused(changed(skills(), path, beyond))) == [path]


@pytest.mark.parametrize("path", ["labour.flags.count", "labour.flags.min_leaves"])
def test_a_bound_of_labour(path: str) -> None:
    assert refused(changed(labour(), path, 1_000_000)) == {}
    assert list(refused(changed(labour(), path, 1_000_001))) == [path]


def test_a_rank_that_brings_points() -> None:
    path = f"{X}.unit_ranking.points"
    assert refused(changed(skills(), path, {"1000000": 1})) == {}
    assert list(refused(changed(skills(), path, {"1000001": 1}))) == [f"{path}.1000001"]


def nested(levels: int, kind: type = dict) -> Any:
    """So many objects, or an object of lists, in one another, with a number in the last."""
    value: Any = 1
    for _ in range(levels - 1):
        value = {"x": value} if kind is dict else [value]
    return {"x": value}


@pytest.mark.parametrize("kind", [dict, list])
@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("path", ["extra", f"{GEAR}.extra", "marks[0].extra"])
def test_extra_is_at_most_sixty_levels_deep(path: str, form: Form, kind: type) -> None:
    plain = changed(skills(), path, nested(60, kind))
    assert read_bundle(json.dumps(plain).encode(), form=form)
    with pytest.raises(BundleError) as error:
        read_bundle(json.dumps(changed(skills(), path, nested(61, kind))).encode(), form=form)
    [problem] = error.value.problems
    assert problem.path.startswith(f"{path}.x")
    assert "60 层" in str(problem.message)


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("number", ["7.125e1", "7E1", "7e-1", "1E2"])
def test_a_number_with_an_exponent_is_refused(number: str, form: Form) -> None:
    data = json.dumps(skills()).replace("71.25", number).encode()
    with pytest.raises(BundleError) as error:
        read_bundle(data, form=form)
    [problem] = error.value.problems
    assert problem.path == "marks[7].value"
    assert "不写指数" in str(problem.message)


def test_under_extra_a_number_with_an_exponent_is_kept() -> None:
    data = json.dumps(changed(skills(), "extra", {"far": 71.5})).replace("71.5", "7.15e1").encode()
    assert read_bundle(data).extra == {"far": 71.5}


LISTS = ["levels", "groups", "awards", "pass_modules", "under", "roles"]


@pytest.mark.parametrize("key", LISTS)
def test_an_empty_list_under_when_is_refused(key: str) -> None:
    path = f"{RULE}.when.{key}"
    assert "空" in refused(changed(skills(), path, []))[path]
    assert refused(changed(skills(), path, None)) == {}


EMPTY = [
    "entrants[0].members", f"{X}.stages[0].parts", f"{X}.ranking.ties", f"{X}.team_ranking.ties",
    f"{X}.items[0].ties", f"{RULE}.grant.titles", f"{CRAFT}.aspects[1].bands",
    f"{X}.stages[1].modules[0].aspects[0].checks", "penalties", "outcomes", "times", "marks",
]  # fmt: skip


@pytest.mark.parametrize("path", EMPTY)
def test_elsewhere_an_empty_list_is_the_same_as_leaving_it_out(path: str) -> None:
    empty, null = changed(skills(), path, []), changed(skills(), path, None)
    assert read_bundle(json.dumps(empty).encode()) == read_bundle(json.dumps(null).encode())


def test_points_of_ranks_that_are_an_empty_list_are_missing() -> None:
    path = "labour.indicators[4].scoring.points"
    assert "列表" in refused(changed(labour(), path, []))[path]


def test_a_band_brings_no_more_than_the_aspect_has() -> None:
    path = f"{CRAFT}.aspects[2].bands[0].marks"
    assert refused(changed(skills(), path, "20")) == {}
    assert "20" in refused(changed(skills(), path, "20.01"))[path]


@pytest.mark.parametrize(
    ("value", "is_fit"),
    [(0, True), (3, True), ("3", True), (4, False), (-1, False), ("0.5", False)],
)
def test_a_checklist_takes_how_many_are_met(value: Any, is_fit: bool) -> None:
    messages = refused(changed(skills(), "marks[9].value", value))
    assert list(messages) == ([] if is_fit else ["marks[9].value"])
    if not is_fit:
        assert "0 到 3" in messages["marks[9].value"]


def test_a_checklist_takes_no_yes_or_no_and_needs_its_checks() -> None:
    assert list(refused(changed(skills(), "marks[9].value", True))) == ["marks[9].value"]
    assert list(refused(changed(skills(), f"{GEAR}.checks", None))) == [f"{GEAR}.checks"]
    assert list(refused(changed(skills(), f"{GEAR}.checks[0]", 1))) == [f"{GEAR}.checks[0]"]


def test_what_was_met_is_kept() -> None:
    bundle = read_bundle(json.dumps(changed(skills(), "marks[9].extra.met", [0, 2])).encode())
    assert bundle.marks[9].extra == {"met": [0, 2]}


@pytest.mark.parametrize(
    ("word", "value"),
    [("no", "no"), ("on", "on"), ("12:30", "12:30"), ("2026-05-01", "2026-05-01"), ("0x1F", "0x1F"),
     ("1_000", "1_000"), ("y", "y")],
)  # fmt: skip
def test_in_yaml_other_words_are_text(word: str, value: str) -> None:
    text = json.dumps(skills(), ensure_ascii=False).replace('"集团"', word)
    assert read_bundle(text.encode(), form="yaml").units[0].name == value


@pytest.mark.parametrize("word", ["true", "False", "7", "-7.5", "null", "~", ""])
def test_in_yaml_these_are_no_text(word: str) -> None:
    text = json.dumps(skills(), ensure_ascii=False).replace('"集团"', word)
    with pytest.raises(BundleError) as error:
        read_bundle(text.encode(), form="yaml")
    assert error.value.problems[0].path == "units[0].name"
