"""Ranks, ties, flags, vetoes and warnings."""

from __future__ import annotations

from typing import Any

import pytest

from compete.domain.bundle.types import Bundle
from tests.domain.labour.build import (
    indicator,
    labour_bundle,
    one_month,
    one_period,
    quarter,
    ranks,
    rows,
    value,
)


def veto(unit: str, period: str) -> dict[str, str]:
    return {"unit": unit, "period": period, "reason": "安全责任事故"}


def holders(bundle: Bundle, period: str) -> set[str]:
    return {unit for unit, row in rows(bundle, period).items() if row.flag}


def test_equal_totals_share_a_rank_and_the_next_is_skipped() -> None:
    assert ranks(one_month({"A": 80, "B": 90, "C": 80, "D": 70}), "M") == {
        "B": 1,
        "A": 2,
        "C": 2,
        "D": 4,
    }


def test_totals_are_compared_as_published() -> None:
    assert ranks(one_month({"A": "80.001", "B": "80.004"}), "M") == {"A": 1, "B": 1}


def test_each_group_has_ranks_of_its_own() -> None:
    bundle = one_month({"A": 80, "B": 90, "C": 70}, groups={"A": "甲", "B": "甲", "C": "乙"})
    assert ranks(bundle, "M") == {"C": 1, "B": 1, "A": 2}


def tied(**labour: Any) -> Bundle:
    """A and B tie at 80; A is ahead in x, B in y."""
    return labour_bundle(
        "AB",
        periods=one_period(),
        indicators=[indicator("x"), indicator("y")],
        values=[
            value("A", "M", "x", 50),
            value("A", "M", "y", 30),
            value("B", "M", "x", 30),
            value("B", "M", "y", 50),
        ],
        **labour,
    )


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ([], {"A": 1, "B": 1}),
        (["indicator:x"], {"A": 1, "B": 2}),
        (["indicator:y", "indicator:x"], {"B": 1, "A": 2}),
    ],
)
def test_tie_keys_separate_equal_totals_in_their_order(
    ties: list[str], expected: dict[str, int]
) -> None:
    assert ranks(tied(ties=ties), "M") == expected


def test_a_tie_key_over_months_is_the_mean_of_the_months_with_a_value() -> None:
    bundle = labour_bundle(
        "AB",
        periods=quarter("M1", "M2"),
        indicators=[indicator("x"), indicator("y")],
        ties=["indicator:x"],
        missing="zero",
        values=[
            value("A", "M1", "x", 40),
            value("A", "M1", "y", 40),
            value("A", "M2", "y", 80),
            value("B", "M1", "x", 30),
            value("B", "M1", "y", 50),
            value("B", "M2", "x", 40),
            value("B", "M2", "y", 40),
        ],
    )
    # A's one value of x is 40; B's two are 35 on average. All totals are 80.
    assert ranks(bundle, "Q") == {"A": 1, "B": 2}
    # In M2 A has no value of x, which is 0.
    assert ranks(bundle, "M2") == {"B": 1, "A": 2}


def test_tie_keys_are_exact_where_totals_are_rounded() -> None:
    bundle = labour_bundle(
        "AB",
        periods=one_period(),
        indicators=[indicator("x"), indicator("y")],
        ties=["indicator:x"],
        values=[
            value("A", "M", "x", "50.001"),
            value("A", "M", "y", "30"),
            value("B", "M", "x", "50.002"),
            value("B", "M", "y", "29.999"),
        ],
    )
    assert ranks(bundle, "M") == {"B": 1, "A": 2}


def test_without_flags_nobody_gets_one() -> None:
    assert holders(one_month({"A": 99}), "M") == set()


def test_no_flags_to_give_are_given_to_nobody() -> None:
    assert holders(one_month({"A": 99, "B": 98}, flags={"count": 0}), "M") == set()


def test_the_flag_goes_to_the_first_of_each_group() -> None:
    groups = {"A": "甲", "B": "甲", "C": "乙"}
    bundle = one_month({"A": 80, "B": 90, "C": 70}, groups=groups, flags={})
    assert holders(bundle, "M") == {"B", "C"}


def test_all_who_share_the_last_flags_rank_get_one() -> None:
    scores = {"A": 90, "B": 80, "C": 80, "D": 80, "E": 70}
    assert holders(one_month(scores, flags={"count": 2}), "M") == {"A", "B", "C", "D"}


def test_a_flag_stays_vacant_where_nobody_reaches_the_line() -> None:
    assert holders(one_month({"A": "89.99", "B": 80}, flags={"min": 90}), "M") == set()
    assert holders(one_month({"A": "90", "B": 80}, flags={"min": 90, "count": 2}), "M") == {"A"}


def test_a_negative_total_is_below_the_default_line() -> None:
    bundle = one_month(
        {"A": 0},
        adjustments=[{"unit": "A", "period": "M", "points": -1, "reason": "扣分"}],
        flags={},
    )
    assert holders(bundle, "M") == set()


def test_a_vetoed_unit_is_passed_over_but_keeps_its_rank() -> None:
    bundle = one_month({"A": 90, "B": 80}, vetoes=[veto("A", "M")], flags={})
    assert holders(bundle, "M") == {"B"}
    assert ranks(bundle, "M") == {"A": 1, "B": 2}
    assert rows(bundle, "M")["A"].vetoed


def two_months(**labour: Any) -> Bundle:
    return labour_bundle(
        "AB",
        periods=quarter("M1", "M2"),
        indicators=[indicator("x")],
        values=[
            value("A", "M1", "x", 90),
            value("A", "M2", "x", 90),
            value("B", "M1", "x", 80),
        ],
        **labour,
    )


def test_a_veto_reaches_the_periods_around_it_and_no_other() -> None:
    bundle = two_months(vetoes=[veto("A", "M1")], flags={})
    vetoed = {period: rows(bundle, period)["A"].vetoed for period in ("Q", "M1", "M2")}
    assert vetoed == {"Q": True, "M1": True, "M2": False}
    assert holders(bundle, "Q") == {"B"}
    assert holders(bundle, "M2") == {"A"}


def test_a_veto_of_the_whole_does_not_reach_its_parts() -> None:
    bundle = two_months(vetoes=[veto("A", "Q")], flags={})
    assert holders(bundle, "M1") == {"A"}
    assert holders(bundle, "Q") == {"B"}


def test_a_unit_absent_in_too_many_leaves_is_not_fit() -> None:
    bundle = two_months(vetoes=[veto("A", "Q")], flags={"min_leaves": 2, "periods": ["Q"]})
    assert holders(bundle, "Q") == set()


def test_flags_go_only_in_the_listed_periods() -> None:
    bundle = two_months(flags={"periods": ["Q"]})
    assert holders(bundle, "Q") == {"A"}
    assert holders(bundle, "M1") == set()


def test_a_total_below_the_warning_line_is_warned_where_flags_go() -> None:
    bundle = two_months(flags={"periods": ["Q"]}, warn_below="85")
    assert rows(bundle, "Q")["B"].warned
    assert not rows(bundle, "Q")["A"].warned
    assert not rows(bundle, "M1")["B"].warned


def test_a_total_on_the_warning_line_and_no_total_at_all_are_not_warned() -> None:
    bundle = labour_bundle(
        "AB",
        periods=one_period(),
        indicators=[indicator("x")],
        values=[value("A", "M", "x", 85)],
        flags={},
        warn_below=85,
    )
    assert not any(row.warned for row in rows(bundle, "M").values())


def test_what_lists_say_of_units_outside_the_groups_is_ignored() -> None:
    bundle = one_month(
        {"A": 90, "B": 95},
        groups={"A": "甲"},
        vetoes=[veto("B", "M")],
        adjustments=[{"unit": "B", "period": "M", "points": 1, "reason": "加分"}],
        flags={},
    )
    assert list(rows(bundle, "M")) == ["A"]
    assert holders(bundle, "M") == {"A"}
