"""Agreement of panels at its edges: too little, no difference, perfect, ties."""

from __future__ import annotations

import math
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compete.domain.reliability.alpha import Level, alpha_of_targets
from compete.domain.reliability.concordance import average_ranks, kendall_w
from compete.domain.reliability.icc import intraclass

MARKS = st.integers(0, 100)
TABLES = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(MARKS, min_size=k, max_size=k), min_size=2, max_size=9)
)


def test_one_entrant_is_too_little_for_any_agreement() -> None:
    assert intraclass([[80, 81, 82]]).reason is not None
    assert intraclass([[80, 81, 82]])["ICC(2,k)"].value is None
    assert kendall_w([[80, 81, 82]]).w is None
    alpha = alpha_of_targets([[80, 81]])
    assert alpha.value is None
    assert "不到 2 人" in str(alpha.reason)


def test_marks_that_are_all_the_same_have_no_agreement_to_speak_of() -> None:
    table = [[80, 80], [80, 80], [80, 80]]
    assert str(intraclass(table).reason) == "分数全都一样，算不出一致性"
    assert str(kendall_w(table).reason) == "每位裁判给的分都一样，排不出先后"
    assert alpha_of_targets([[80, 80], [80, 80]]).value is None


def test_judges_who_say_the_same_agree_perfectly() -> None:
    table = [[70, 70], [80, 80], [90, 90]]
    agreement = intraclass(table)
    assert {
        name: coefficient.value for name, coefficient in agreement.coefficients.items()
    } == pytest.approx(dict.fromkeys(agreement.coefficients, 1.0))
    assert agreement.f_targets is None
    assert kendall_w(table).w == 1


def test_a_judge_who_is_strict_throughout_hurts_case_two_but_not_case_three() -> None:
    agreement = intraclass([[70, 60], [80, 70], [90, 80], [75, 65]])
    assert agreement["ICC(3,1)"].value == pytest.approx(1)
    assert agreement["ICC(2,1)"].value < 0.7


def test_equal_values_share_the_mean_of_their_places() -> None:
    assert average_ranks([10, 20, 20, 30]) == [1, 2.5, 2.5, 4]
    assert average_ranks([5, 5, 5]) == [2, 2, 2]


def test_ties_are_corrected_in_the_denominator() -> None:
    # Both judges put the same two first, without telling them apart: full concordance.
    assert kendall_w([[9, 8], [9, 8], [5, 4]]).w == pytest.approx(1)


@given(TABLES)
def test_w_lies_between_none_and_all(table: list[list[int]]) -> None:
    w = kendall_w(table).w
    assert w is None or -1e-9 <= w <= 1 + 1e-9


@given(TABLES)
def test_no_coefficient_is_above_one_and_its_interval_holds_it(table: list[list[int]]) -> None:
    for name, coefficient in intraclass(table).coefficients.items():
        if coefficient.value is None:
            continue
        assert coefficient.value <= 1 + 1e-9, name
        if coefficient.low is not None and coefficient.high is not None:
            assert coefficient.low <= coefficient.value + 1e-9, name
            assert coefficient.high >= coefficient.value - 1e-9, name


@given(TABLES, st.integers(-50, 50))
@example([[42, 50, 77], [51, 82, 69], [93, 0, 93], [93, 50, 47]], -4)
def test_adding_the_same_points_for_everybody_changes_no_agreement(
    table: list[list[int]], points: int
) -> None:
    moved = [[mark + points for mark in row] for row in table]
    before, after = intraclass(table), intraclass(moved)
    for name, coefficient in before.coefficients.items():
        assert after[name].value == pytest.approx(coefficient.value, abs=1e-6), name


def test_gaps_are_passed_over_by_alpha() -> None:
    whole = alpha_of_targets([(1, 1), (2, 2), (3, 3), (4, 3)])
    gapped = alpha_of_targets([(1, 1), (2, 2), (3, 3), (4, 3), (5, None)])
    assert gapped.value == pytest.approx(whole.value)
    assert gapped.count == 4


GAPPED = st.integers(2, 4).flatmap(
    lambda k: st.lists(
        st.lists(st.integers(1, 6) | st.none(), min_size=k, max_size=k), min_size=2, max_size=8
    )
)


@pytest.mark.parametrize("level", get_args(Level))
@given(GAPPED)
def test_alpha_is_that_of_another_program(level: str, columns: list[list[int | None]]) -> None:
    alpha = alpha_of_targets(columns, level)
    if alpha.value is None:
        return
    import krippendorff

    theirs = krippendorff.alpha(
        [
            [math.nan if cell is None else cell for cell in row]
            for row in zip(*columns, strict=True)
        ],
        level_of_measurement=level,
    )
    assert alpha.value == pytest.approx(theirs, abs=1e-9)


def test_alpha_of_very_many_different_marks_takes_no_table_of_their_pairs() -> None:
    # A table of all pairs of twenty thousand values would be 3 GB.
    first = [number * 1.001 for number in range(20_000)]
    assert alpha_of_targets([(mark, mark + 0.0004) for mark in first]).value > 0.99


def test_of_two_entrants_the_order_can_be_agreed_on() -> None:
    assert kendall_w([[70, 60], [90, 80]]).w == 1
    assert kendall_w([[70, 90], [90, 70]]).w == 0


def test_what_was_worked_out_is_told_though_there_is_no_coefficient() -> None:
    none = kendall_w([[80, 70], [80, 70], [80, 70]])
    assert (none.w, none.n, none.k, none.s) == (None, 3, 2, 0)
    same = intraclass([[80, 80], [80, 80]])
    assert same.squares is not None
    assert (same.squares.n, same.squares.k, same.squares.between) == (2, 2, 0)
