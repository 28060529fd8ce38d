"""From a value to a score: one test for each row of the table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.labour.build import indicator, labour_bundle, one_period, totals, value


def total_of(scoring: dict[str, Any], number: int | str, full: int = 20, **keys: Any) -> str | None:
    bundle = labour_bundle(
        "A",
        periods=one_period(),
        indicators=[indicator("x", full, scoring=scoring)],
        values=[value("A", "M", "x", number, **keys)],
    )
    return totals(bundle, "M")["A"]


def test_a_score_is_the_value() -> None:
    assert total_of({"type": "score"}, "19.5") == "19.50"


@pytest.mark.parametrize(
    ("done", "target", "score"),
    [("80", "100", "16.00"), ("100", "100", "20.00"), ("130", "100", "20.00"), (1, 3, "6.67")],
)
def test_completion_counts_up_to_the_target(done: str, target: str, score: str) -> None:
    assert total_of({"type": "completion"}, done, target=target) == score


def test_completion_over_the_target_counts_up_to_its_cap() -> None:
    rule = {"type": "completion", "cap": "1.2"}
    assert total_of(rule, "110", target="100") == "22.00"
    assert total_of(rule, "150", target="100") == "24.00"


@pytest.mark.parametrize(
    ("number", "score"),
    [("70", "0.00"), ("80", "0.00"), ("85", "5.00"), ("100", "20.00"), ("104", "20.00")],
)
def test_a_line_is_flat_beyond_its_ends(number: str, score: str) -> None:
    assert total_of({"type": "linear", "zero_at": 80, "full_at": 100}, number) == score


@pytest.mark.parametrize(
    ("number", "score"), [("0", "20.00"), ("1", "20.00"), ("3", "10.00"), ("9", "0.00")]
)
def test_a_line_may_run_downward(number: str, score: str) -> None:
    assert total_of({"type": "linear", "zero_at": 5, "full_at": 1}, number) == score


@pytest.mark.parametrize(
    ("faults", "score"), [(0, "20.00"), (3, "12.50"), (8, "0.00"), (9, "0.00")]
)
def test_a_deduction_stops_at_nothing(faults: int, score: str) -> None:
    assert total_of({"type": "deduction", "points": "2.5"}, faults) == score


def ranked(rule: dict[str, Any], numbers: dict[str, int], **labour: Any) -> dict[str, str | None]:
    bundle = labour_bundle(
        "".join(numbers),
        periods=one_period(),
        indicators=[indicator("x", 10, scoring={"type": "rank", "points": [10, 8, 6], **rule})],
        values=[value(unit, "M", "x", number) for unit, number in numbers.items()],
        **labour,
    )
    return totals(bundle, "M")


def test_rank_points_are_shared_by_equal_values_and_end_with_the_list() -> None:
    assert ranked({}, {"A": 5, "B": 9, "C": 5, "D": 4, "E": 1}) == {
        "B": "10.00",
        "A": "8.00",
        "C": "8.00",
        "D": "0.00",
        "E": "0.00",
    }


def test_rank_points_go_to_the_lowest_where_lower_is_better() -> None:
    assert ranked({"better": "lower"}, {"A": 5, "B": 9, "C": 1}) == {
        "C": "10.00",
        "A": "8.00",
        "B": "6.00",
    }


def test_rank_points_are_dealt_in_each_group_by_itself() -> None:
    points = ranked({}, {"A": 5, "B": 9, "C": 1}, groups={"A": "土建", "B": "土建", "C": "机电"})
    assert points == {"B": "10.00", "A": "8.00", "C": "10.00"}


def test_a_unit_outside_the_groups_takes_no_place_in_rank_points() -> None:
    assert ranked({}, {"A": 5, "B": 9}, groups={"A": "土建"}) == {"A": "10.00"}


def test_rank_points_are_dealt_in_each_period_by_itself() -> None:
    bundle = labour_bundle(
        "AB",
        periods=[
            {"code": "Q", "name": "季"},
            {"code": "M1", "name": "一月", "part_of": "Q"},
            {"code": "M2", "name": "二月", "part_of": "Q"},
        ],
        indicators=[indicator("x", 10, scoring={"type": "rank", "points": [10, 7]})],
        values=[
            value("A", "M1", "x", 3),
            value("B", "M1", "x", 2),
            value("A", "M2", "x", 1),
            value("B", "M2", "x", 2),
        ],
    )
    assert totals(bundle, "M1") == {"A": "10.00", "B": "7.00"}
    assert totals(bundle, "M2") == {"B": "10.00", "A": "7.00"}


def test_the_later_of_two_values_replaces_the_earlier() -> None:
    bundle = labour_bundle(
        "A",
        periods=one_period(),
        indicators=[indicator("x")],
        values=[value("A", "M", "x", 50), value("A", "M", "x", 70)],
    )
    assert totals(bundle, "M") == {"A": "70.00"}
