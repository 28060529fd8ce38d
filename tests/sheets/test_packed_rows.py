"""Rows of a large sheet, packed: they come out as they went in, however they are asked for."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from compete.sheets.registration.packed_rows import PackedRows, numbered, packed, without
from compete.sheets.registration.table import RawRow, RawSheet, RawTable

ROWS = [
    RawRow(
        number,
        {"name": f"赵{number}", "birth": date(1990, 1, 1), "promoted": 2019.0, "post": "班长"},
        frozenset({"unit"}) if number % 7 == 0 else frozenset(),
        hidden=number % 11 == 0,
        extras=("备注",),
    )
    for number in range(9, 2_600, 2)
]


def test_a_large_sheet_comes_out_as_it_went_in() -> None:
    rows = packed(iter(ROWS), loose=1000)
    assert isinstance(rows, PackedRows)
    assert len(rows) == len(ROWS)
    assert list(rows) == ROWS
    assert (rows[0], rows[999], rows[1000], rows[-1]) == (ROWS[0], ROWS[999], ROWS[1000], ROWS[-1])
    assert list(rows[990:1010]) == ROWS[990:1010]
    with pytest.raises(IndexError):
        rows[len(ROWS)]


def test_a_small_one_stays_plain() -> None:
    assert packed(iter(ROWS[:1000]), loose=1000) == tuple(ROWS[:1000])
    assert packed(iter(())) == ()


@pytest.mark.parametrize(
    "rows", [tuple(ROWS), packed(iter(ROWS), loose=1000)], ids=["plain", "packed"]
)
def test_rows_are_found_by_their_number(rows: tuple[RawRow, ...] | PackedRows) -> None:
    wanted = [1, 9, 10, 2_007, 2_009, 2_599, 9_999]
    assert numbered(rows, wanted) == {n: ROWS[(n - 9) // 2] for n in (9, 2_007, 2_009, 2_599)}


def test_columns_are_left_out_of_packed_rows_too() -> None:
    table = RawTable(
        RawSheet("选手", [(0, {"name": "A", "post": "B"})], packed(iter(ROWS), loose=1000))
    )
    left = without(table, frozenset({"post"}))
    assert len(left.people.rows) == len(ROWS)
    assert all("post" not in row.cells and row.cells["name"] for row in left.people.rows)
    assert len(left.notices) == 1
    assert without(table, frozenset({"team"})) is table


def test_packed_rows_take_a_fraction_of_the_memory() -> None:
    rows = packed(iter(ROWS), loose=1000)
    assert isinstance(rows, PackedRows)
    plain = sum(sys.getsizeof(row) + sys.getsizeof(row.cells) for row in ROWS)
    assert sum(len(pack) for pack in rows._packs) < plain / 3
