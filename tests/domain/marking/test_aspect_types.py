"""How a judge's value becomes marks, one worked case and its edges for each type."""

from __future__ import annotations

from typing import Any

import pytest

from compete.domain.aspects.types import AspectType
from tests.domain.scoring.build import (
    Plain,
    aspect,
    event,
    mark,
    module,
    module_of,
    module_score,
    people,
    scored,
    stage,
)
from tests.support.aspect_types import TYPES


def marks_for(value: Any, the_aspect: Plain, **keys: Any) -> str:
    score: str = module_score(module(aspects=[the_aspect]), [mark("P1", value)], **keys)["score"]
    return score


def test_a_score_is_its_value() -> None:
    assert marks_for("7.35", aspect()) == "7.35"


@pytest.mark.parametrize(("value", "marks"), [(0, "0.00"), (1, "0.67"), (2, "1.33"), (3, "2.00")])
def test_a_judgement_is_a_share_of_its_scale(value: int, marks: str) -> None:
    assert marks_for(value, aspect(full=2, kind="judgement")) == marks


def test_a_judgement_may_have_another_scale() -> None:
    assert marks_for(3, aspect(full=10, kind="judgement", scale=5)) == "6.00"


@pytest.mark.parametrize(("value", "marks"), [(True, "4.00"), (False, "0.00")])
def test_a_measurement_is_all_or_nothing(value: bool, marks: str) -> None:
    assert marks_for(value, aspect(full=4, kind="measurement")) == marks


BANDS = [{"within": "0.5", "marks": "4"}, {"within": 1, "marks": "2.5"}]


@pytest.mark.parametrize(
    ("value", "marks"),
    [
        ("0", "4.00"),
        ("0.5", "4.00"),
        ("-0.5", "4.00"),
        ("0.51", "2.50"),
        ("-1", "2.50"),
        ("1.01", "0.00"),
    ],
)
def test_a_deviation_gets_the_first_band_it_lies_within(value: str, marks: str) -> None:
    assert marks_for(value, aspect(full=4, kind="measurement", bands=BANDS)) == marks


def test_bands_are_tried_in_the_order_of_the_list() -> None:
    bands = [{"within": "2", "marks": "1"}, {"within": "1", "marks": "4"}]
    assert marks_for("0.1", aspect(full=4, kind="measurement", bands=bands)) == "1.00"


@pytest.mark.parametrize(
    ("faults", "marks"), [(0, "10.00"), (3, "7.90"), (14, "0.20"), (15, "0.00")]
)
def test_faults_are_taken_off_and_never_below_nothing(faults: int, marks: str) -> None:
    assert marks_for(faults, aspect(kind="deduction", points="0.7")) == marks


TIMED = aspect(full=10, kind="time", full_at="60", zero_at="90")


@pytest.mark.parametrize(
    ("seconds", "marks"),
    [
        ("0", "10.00"),
        ("60", "10.00"),
        ("75", "5.00"),
        ("60.01", "10.00"),  # 9.9966…
        ("67.3", "7.57"),  # 7.5666…
        ("90", "0.00"),
        ("500", "0.00"),
    ],
)
def test_a_time_counts_on_a_line_between_its_ends(seconds: str, marks: str) -> None:
    assert marks_for(seconds, TIMED) == marks


def relative(values: Plain, better: str = "lower", **keys: Any) -> dict[str, str]:
    the_event = event(stage(module(aspects=[aspect(full=30, kind="relative", better=better)])))
    marks = [mark(code, value) for code, value in values.items()]
    results = scored(the_event, people(len(values)), marks, **keys)
    return {code: module_of(results, code)["score"] for code in values}


def test_the_lowest_quantity_gets_full_marks_and_the_others_their_share() -> None:
    assert relative({"P1": "20", "P2": "25", "P3": "70"}) == {
        "P1": "30.00",
        "P2": "24.00",
        "P3": "8.57",
    }


def test_the_highest_quantity_gets_full_marks_where_higher_is_better() -> None:
    assert relative({"P1": "20", "P2": "25"}, "higher") == {"P1": "24.00", "P2": "30.00"}


def outcome(code: str, status: str, **keys: Any) -> Plain:
    return {"stage": "S", "entrant": code, "status": status, "reason": "记录", **keys}


@pytest.mark.parametrize("where", [{}, {"module": "m"}])
def test_who_has_an_outcome_sets_no_best_and_gets_no_more_than_full(where: Plain) -> None:
    points = relative({"P1": "10", "P2": "25"}, outcomes=[outcome("P1", "dsq", **where)])
    assert points == {"P1": "30.00", "P2": "30.00"}


def test_without_anyone_to_set_the_best_there_are_no_marks() -> None:
    points = relative({"P1": "10"}, outcomes=[outcome("P1", "dsq")])
    assert points == {"P1": "0.00"}


def test_a_relative_aspect_of_someone_who_did_not_finish_is_nothing() -> None:
    points = relative({"P1": "10", "P2": "25"}, outcomes=[outcome("P1", "dnf")])
    assert points == {"P1": "0.00", "P2": "30.00"}


def seconds(code: str, number: str) -> Plain:
    return {"stage": "S", "module": "m", "entrant": code, "seconds": number, "reason": "违规"}


def test_penalty_seconds_count_in_a_relative_time_and_in_the_best() -> None:
    points = relative({"P1": "20", "P2": "25"}, penalties=[seconds("P1", "10")])
    assert points == {"P1": "25.00", "P2": "30.00"}


def test_penalty_seconds_leave_a_quantity_alone_of_which_more_is_better() -> None:
    points = relative({"P1": "20", "P2": "25"}, "higher", penalties=[seconds("P2", "10")])
    assert points == {"P1": "24.00", "P2": "30.00"}


def test_penalty_seconds_are_added_to_a_time() -> None:
    assert marks_for("65", TIMED, penalties=[seconds("P1", "4"), seconds("P1", "6")]) == "5.00"


def test_the_best_is_looked_for_only_among_those_who_reached_the_stage() -> None:
    run = module(aspects=[aspect(full=30, kind="relative")])
    two = event(
        stage(module(), code="A", advance={"top": 1}),
        stage(run, code="B"),
    )
    marks = [mark("P1", "90", stage_code="A"), mark("P2", "80", stage_code="A")]
    marks += [mark("P1", "40", stage_code="B"), mark("P2", "20", stage_code="B")]
    results = scored(two, people(2), marks)
    assert results["stages"][1]["standings"][0]["modules"]["m"]["score"] == "30.00"
    assert len(results["stages"][1]["standings"]) == 1


def test_the_later_of_two_marks_counts() -> None:
    the_module = module(aspects=[aspect()])
    assert module_score(the_module, [mark("P1", "3"), mark("P1", "8")])["score"] == "8.00"


@pytest.mark.parametrize(("value", "marks"), [(0, "0.00"), (1, "3.33"), (2, "6.67"), (3, "10.00")])
def test_a_checklist_is_a_share_of_its_checks(value: int, marks: str) -> None:
    assert marks_for(value, aspect(kind="checklist", checks=["帽", "鞋", "带"])) == marks


def test_judges_of_a_checklist_differ_by_marks_not_by_checks() -> None:
    """Only a judgement's spread is in its own grades."""
    checks = [aspect(kind="checklist", checks=["帽", "鞋"])]
    two = module(aspects=checks, panel={"size": 2, "at": "aspect", "max_spread": "4"})
    marks = [mark("P1", 1, "J1"), mark("P1", 2, "J2")]
    assert module_score(two, marks)["flags"] == ["disputed"]
    two["panel"]["max_spread"] = "5"
    assert module_score(two, marks)["flags"] == []


def test_every_type_is_tried_in_what_the_tests_make_up() -> None:
    assert set(TYPES) == {kind.value for kind in AspectType}
