"""Totals over the tree: leaves, parts, adjustments, and what is missing."""

from __future__ import annotations

import pytest

from compete.domain.labour.rows import score_labour
from tests.domain.labour.build import (
    indicator,
    labour_bundle,
    one_month,
    one_period,
    quarter,
    ranks,
    rows,
    totals,
    value,
)

TWO = [indicator("x", 60), indicator("y", 40)]


def test_a_leaf_is_the_sum_of_its_indicators_and_adjustments() -> None:
    bundle = labour_bundle(
        "A",
        periods=one_period(),
        indicators=TWO,
        values=[value("A", "M", "x", "50.5"), value("A", "M", "y", "30.25")],
        adjustments=[
            {"unit": "A", "period": "M", "points": "2", "reason": "专利"},
            {"unit": "A", "period": "M", "points": "-0.5", "reason": "迟报"},
        ],
    )
    assert totals(bundle, "M") == {"A": "82.25"}


def test_a_whole_is_the_weighted_mean_of_its_rounded_parts() -> None:
    bundle = labour_bundle(
        "A",
        periods=quarter("M1", "M2", M1=2, M2=1),
        indicators=[indicator("x")],
        values=[value("A", "M1", "x", "90.005"), value("A", "M2", "x", "80")],
    )
    assert totals(bundle, "M1") == {"A": "90.01"}
    assert totals(bundle, "Q") == {"A": "86.67"}  # (2 × 90.01 + 80) ÷ 3 = 86.6733…


@pytest.mark.parametrize(("points", "shown"), [("0.125", "0.13"), ("-0.125", "-0.13")])
def test_totals_are_rounded_half_away_from_zero_and_may_be_negative(
    points: str, shown: str
) -> None:
    bundle = one_month(
        {"A": 0}, adjustments=[{"unit": "A", "period": "M", "points": points, "reason": "加减"}]
    )
    assert totals(bundle, "M") == {"A": shown}


def test_points_up_are_capped_together_and_points_down_are_not() -> None:
    bundle = one_month(
        {"A": 80},
        adjust_cap=3,
        adjustments=[
            {"unit": "A", "period": "M", "points": up, "reason": "加分"} for up in (2, 2, -1)
        ],
    )
    assert totals(bundle, "M") == {"A": "82.00"}


def test_the_cap_counts_each_period_by_itself() -> None:
    bundle = labour_bundle(
        "A",
        periods=quarter("M1", "M2"),
        indicators=[indicator("x")],
        values=[value("A", "M1", "x", 80), value("A", "M2", "x", 80)],
        adjust_cap=3,
        adjustments=[
            {"unit": "A", "period": period, "points": 5, "reason": "加分"} for period in ("M1", "Q")
        ],
    )
    assert totals(bundle, "M1") == {"A": "83.00"}
    assert totals(bundle, "Q") == {"A": "84.50"}  # (83 + 80) ÷ 2 + 3


def quarter_with_a_gap(missing: str) -> dict[str, object]:
    return {
        "periods": quarter("M1", "M2"),
        "indicators": TWO,
        "missing": missing,
        "values": [
            value("A", "M1", "x", 50),
            value("A", "M1", "y", 30),
            value("A", "M2", "x", 40),
            value("B", "M1", "x", 10),
            value("B", "M1", "y", 10),
            value("B", "M2", "x", 10),
            value("B", "M2", "y", 10),
        ],
    }


def test_a_missing_indicator_blocks_its_leaf_and_all_around_it() -> None:
    bundle = labour_bundle("AB", **quarter_with_a_gap("blocks"))
    assert totals(bundle, "M2") == {"B": "20.00", "A": None}
    assert ranks(bundle, "Q") == {"B": 1, "A": None}
    assert rows(bundle, "M2")["A"].missing == ["y"]
    assert rows(bundle, "Q")["A"].missing == []
    assert totals(bundle, "M1")["A"] == "80.00"


def test_a_missing_indicator_counts_nothing_where_the_rules_say_zero() -> None:
    bundle = labour_bundle("AB", **quarter_with_a_gap("zero"))
    assert totals(bundle, "M2") == {"A": "40.00", "B": "20.00"}
    assert totals(bundle, "Q") == {"A": "60.00", "B": "20.00"}
    assert rows(bundle, "M2")["A"].missing == ["y"]


@pytest.mark.parametrize("missing", ["blocks", "zero"])
def test_a_unit_without_any_value_is_absent_and_the_leaf_is_left_out_of_the_mean(
    missing: str,
) -> None:
    bundle = labour_bundle(
        "A",
        periods=quarter("M1", "M2"),
        indicators=TWO,
        missing=missing,
        values=[value("A", "M1", "x", 50), value("A", "M1", "y", 30)],
        adjustments=[{"unit": "A", "period": "M2", "points": 9, "reason": "无效"}],
    )
    assert totals(bundle, "M2") == {"A": None}
    assert rows(bundle, "M2")["A"].missing == ["x", "y"]
    assert totals(bundle, "Q") == {"A": "80.00"}


def test_a_unit_absent_in_every_part_is_absent_in_the_whole() -> None:
    bundle = labour_bundle(
        "AB",
        periods=quarter("M1", "M2"),
        indicators=[indicator("x")],
        values=[value("B", "M1", "x", 50), value("B", "M2", "x", 60)],
        adjustments=[{"unit": "A", "period": "Q", "points": 9, "reason": "无效"}],
    )
    assert totals(bundle, "Q") == {"B": "55.00", "A": None}


def test_an_indicator_is_asked_only_in_its_own_leaves() -> None:
    bundle = labour_bundle(
        "A",
        periods=quarter("M1", "M2"),
        indicators=[indicator("x", periods=["M1"]), indicator("y", periods=["M2"])],
        values=[value("A", "M1", "x", 50), value("A", "M2", "y", 70)],
    )
    assert totals(bundle, "Q") == {"A": "60.00"}


def test_incomplete_units_come_after_the_ranked_and_before_the_absent() -> None:
    bundle = labour_bundle(
        "ABCDE",
        periods=one_period(),
        indicators=TWO,
        values=[
            value("B", "M", "x", 9),
            value("C", "M", "x", 1),
            value("D", "M", "x", 5),
            value("D", "M", "y", 5),
        ],
    )
    assert list(rows(bundle, "M")) == ["D", "B", "C", "A", "E"]


def test_groups_come_by_code_point_and_units_outside_them_not_at_all() -> None:
    bundle = one_month({"A": 1, "B": 2, "C": 3}, groups={"A": "机电", "C": "土建"})
    rows_by_unit = rows(bundle, "M")
    assert [(row.unit, row.group, row.rank) for row in rows_by_unit.values()] == [
        ("C", "土建", 1),
        ("A", "机电", 1),
    ]


def test_without_groups_the_group_is_none() -> None:
    assert rows(one_month({"A": 1}), "M")["A"].group is None


def test_periods_come_in_the_bundles_order_and_the_final_one_is_the_root() -> None:
    bundle = labour_bundle(
        "A",
        periods=[
            {"code": "M2", "name": "二月", "part_of": "Q"},
            {"code": "Q", "name": "季"},
            {"code": "M1", "name": "一月", "part_of": "Q"},
        ],
        indicators=[indicator("x")],
    )
    results = score_labour(bundle)
    assert [period.code for period in results.periods] == ["M2", "Q", "M1"]
    assert results.final == "Q"


def test_a_tree_as_deep_as_its_file_is_no_trouble() -> None:
    deep = 3000
    chain = [{"code": "P0", "name": "根"}] + [
        {"code": f"P{depth}", "name": "层", "part_of": f"P{depth - 1}"} for depth in range(1, deep)
    ]
    bundle = labour_bundle(
        "A",
        periods=chain,
        indicators=[indicator("x")],
        values=[value("A", f"P{deep - 1}", "x", 77)],
    )
    assert totals(bundle, "P0") == {"A": "77.00"}
