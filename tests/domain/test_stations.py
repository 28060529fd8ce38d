"""Stations stand as people count them, whatever is written around the number."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.stations import station_order


@pytest.mark.parametrize(
    "ordered",
    [
        ["1号工位", "2号工位", "10号工位"],
        ["A-11", "B-2", "B-10", "B-１１", "B-12"],
        ["99", "100", "101"],
        ["1-2", "1-10", "2-1", "10-1"],
        ["", "3", "焊1", "焊02", "焊2", "焊10"],
        ["一号", "二号", "三号", "九号", "十号", "十一号", "二十号", "二十三号"],
        ["甲台", "乙台", "丙台", "丁台", "癸台"],
        ["一楼乙", "二楼甲", "二楼乙"],
    ],
)
def test_numbers_count_and_texts_go_before(ordered: list[str]) -> None:
    mixed = ordered[:]
    random.Random(4).shuffle(mixed)
    assert sorted(mixed, key=station_order) == ordered


@given(
    st.lists(
        st.text(alphabet="2 10号AB-２甲丙三十", max_size=9), min_size=2, max_size=4, unique=True
    )
)
def test_any_two_names_can_be_compared_and_no_two_are_alike(names: list[str]) -> None:
    keys = [station_order(name) for name in names]
    assert len(set(keys)) == len(names)
    ordered = sorted(names, key=station_order)
    ordered.reverse()
    ordered.sort(key=station_order)
    assert ordered == sorted(names, key=station_order)
