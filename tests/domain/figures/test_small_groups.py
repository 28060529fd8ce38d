"""Nobody can work out how many people a small group has, whatever is shown around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.figures.small_groups import LEAST, without_small


def seen_of(sizes: Sequence[int]) -> object:
    """All that a reader sees who knows the names: rows, what is merged, its sum or nothing."""
    groups = without_small(sizes)
    rows = tuple((place, sizes[place]) for place in groups.shown)
    total = sum(sizes[place] for place in groups.merged) if groups.sum_told else None
    return rows, groups.merged, total


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_no_merged_group_is_worked_out(count: int) -> None:
    """Every list of sizes is tried: one that looks the same has another size at each merged place.

    That is all that a reader could do who knows the rule.
    """
    alike: defaultdict[object, list[tuple[int, ...]]] = defaultdict(list)
    for sizes in product(range(1, 9), repeat=count):
        alike[seen_of(sizes)].append(sizes)
    known = [
        (sizes, place)
        for same in alike.values()
        for sizes in same[:1]
        for place in without_small(sizes).merged
        if len({others[place] for others in same}) == 1
    ]
    # Larger groups would only add lists that look the same.
    assert known == []


@given(st.lists(st.integers(1, 60), max_size=30))
def test_each_group_stands_once_and_none_that_is_small_alone(sizes: list[int]) -> None:
    groups = without_small(sizes)
    assert sorted(groups.shown + groups.merged) == list(range(len(sizes)))
    assert all(sizes[place] >= LEAST for place in groups.shown)
    if groups.merged and groups.sum_told:
        assert len(groups.merged) >= 2
        assert sum(sizes[place] for place in groups.merged) >= LEAST


@given(st.lists(st.integers(LEAST, 60), max_size=30))
def test_where_none_is_small_all_are_shown(sizes: list[int]) -> None:
    groups = without_small(sizes)
    assert groups.shown == tuple(range(len(sizes)))
    assert groups.merged == ()
    assert groups.sum_told


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.randoms())
def test_the_order_of_the_groups_changes_nothing(sizes: list[int], chance: object) -> None:
    order = list(range(len(sizes)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    here, there = without_small(sizes), without_small([sizes[place] for place in order])
    assert {order[place] for place in there.merged} == set(here.merged)
    assert here.sum_told == there.sum_told


@pytest.mark.parametrize(
    ("sizes", "merged", "sum_told"),
    [
        ([4, 6, 9], (0, 1), True),
        ([6, 6, 4, 9], (0, 1, 2), True),
        ([2, 3, 30, 40], (0, 1, 2), True),
        ([3], (0,), False),
        ([1, 1, 1, 1, 1, 1], (0, 1, 2, 3, 4, 5), False),
        ([4, 4], (0, 1), False),
        ([3, 4], (0, 1), True),
        ([], (), True),
    ],
)
def test_what_goes_together(sizes: list[int], merged: tuple[int, ...], sum_told: bool) -> None:
    groups = without_small(sizes)
    assert (groups.merged, groups.sum_told) == (merged, sum_told)


def test_a_group_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        without_small([5, 0])
