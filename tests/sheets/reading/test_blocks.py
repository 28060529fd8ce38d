"""Pasted blocks go where names say, or cell for cell, at every door alike."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from compete.sheets.reading.blocks import (
    NAMES,
    NOWHERE,
    PLACES,
    Placed,
    Target,
    place_texts,
    place_values,
)
from compete.sheets.reading.known import read_named
from compete.sheets.workbook.opened import open_text

UNITS = ("一标段", "二标段", "三标段", "江南港（集团）有限公司")
INDICATORS = ("违章次数", "隐患整改率（%）", "安全教育", "应急演练")
PEOPLE = ("何立军", "王芳", "欧阳 娜娜", "John Smith")
JUDGES = ("沈国梁", "贺兰", "邵刚")
GRID = Target([[unit] for unit in UNITS], [[name] for name in INDICATORS])
Cells = dict[tuple[int, int], str]


def went(placed: Placed) -> Cells:
    return {(it.row, it.column): it.text for it in placed.squares if it.text}


def table(
    dice: random.Random, names: Sequence[str], heads: Sequence[str], corner: str
) -> tuple[str, Cells]:
    """A simple table as people make one, and what it says by row and column of the grid."""
    rows = dice.sample(range(len(names)), dice.randint(2, len(names)))
    columns = dice.sample(range(len(heads)), dice.randint(1, len(heads)))
    values: Cells = {
        (row, column): dice.choice(["3", "4.5", "12", "98", "7.25"])
        for row in rows
        for column in columns
        if dice.random() < 0.9
    }
    lines = [[corner, *(heads[column] for column in columns)]]
    lines += [[names[row], *(values.get((row, column), "") for column in columns)] for row in rows]
    if dice.random() < 0.3:
        lines = [[str(at) if at else "序号", *line] for at, line in enumerate(lines)]
    elif dice.random() < 0.3:
        lines = [[*line, "" if at else "备注"] for at, line in enumerate(lines)]
    elif dice.random() < 0.3:
        lines = [list(column) for column in zip(*lines, strict=True)]
    if dice.random() < 0.3:
        lines.insert(0, [dice.choice(["考评表", "2026年11月考核情况"])])
    end = dice.choice(["\n", "\r\n"])
    return end.join("\t".join(line) for line in lines), values


@pytest.mark.parametrize("seed", range(60))
def test_a_simple_table_lands_alike_through_every_door(seed: int) -> None:
    dice = random.Random(seed)
    text, values = table(dice, UNITS, INDICATORS, dice.choice(["单位", "项目部", "标段", ""]))
    placed = place_values(text, GRID, {})
    assert went(placed) == values, text
    assert not [it for it in placed.columns if it.state == "asked"], text
    book = open_text(text, name="-")
    reading = read_named(book, "values", units=UNITS, indicators=INDICATORS)
    by_command: Cells = {
        (UNITS.index(row.values["unit"]), INDICATORS.index(row.values["indicator"])): str(
            row.values["value"]
        )
        for row in reading.rows
    }
    assert by_command == values, text
    assert went(place_texts(text, GRID, {})) == values, text


@pytest.mark.parametrize("seed", range(40))
def test_marks_of_people_land_by_name(seed: int) -> None:
    dice = random.Random(seed)
    text, values = table(dice, PEOPLE, JUDGES, dice.choice(["姓名", "选手", ""]))
    grid = Target(
        [[f"{at:02}", name] for at, name in enumerate(PEOPLE, 1)], [[name] for name in JUDGES]
    )
    placed = place_texts(text, grid, {})
    assert went(placed) == values, text


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("1\t2\n3\t4", {(1, 1): "1", (1, 2): "2", (2, 1): "3", (2, 2): "4"}),
        # An empty line and an empty cell keep their places.
        ("1\n\n3", {(1, 1): "1", (3, 1): "3"}),
        ("1\t\t3", {(1, 1): "1", (1, 3): "3"}),
    ],
)
def test_a_block_without_a_word_goes_cell_for_cell_from_the_cursor(
    text: str, cells: Mapping[tuple[int, int], str]
) -> None:
    for place in (place_values, place_texts):
        placed = place(text, Target(GRID.rows, GRID.columns, (1, 1)), {})
        assert placed.by == PLACES
        assert went(placed) == cells


def test_what_is_beyond_the_grid_is_told() -> None:
    placed = place_values("1\t2\n3\t4", Target(GRID.rows, GRID.columns, (3, 3)), {})
    assert went(placed) == {(3, 3): "1"}
    assert [it.text for it in placed.out] == ["2", "3", "4"]


@pytest.mark.parametrize("place", [place_values, place_texts])
def test_names_beside_numbers_go_by_rows_and_from_the_cursors_column(place) -> None:  # type: ignore[no-untyped-def]
    placed = place("三标段\t5\n一标段\t6", Target(GRID.rows, GRID.columns, (0, 2)), {})
    assert went(placed) == {(2, 2): "5", (0, 2): "6"}


def test_a_heading_in_own_words_is_a_doubt_and_no_value_of_it_is_placed() -> None:
    text = "项目部\t违章次数（次）\t培训\n一标段\t1\t4.2\n二标段\t2\t5"
    placed = place_values(text, GRID, {})
    assert went(placed) == {(0, 0): "1", (1, 0): "2"}
    (asked,) = [it for it in placed.columns if it.state == "asked"]
    assert (asked.cell, asked.heading) == ("C1", "培训")
    assert went(place_values(text, GRID, {"C1": 2})) == {
        (0, 0): "1", (1, 0): "2", (0, 2): "4.2", (1, 2): "5",
    }  # fmt: skip
    assert went(place_values(text, GRID, {"C1": None})) == {(0, 0): "1", (1, 0): "2"}


def test_a_heading_of_a_turned_block_is_asked_once_and_answered_by_its_cell() -> None:
    text = "指标\t二标段\t一标段\n违章次数\t1\t0\n培训\t5\t4"
    placed = place_values(text, GRID, {})
    (asked,) = [it for it in placed.columns if it.state == "asked"]
    assert (asked.cell, asked.heading) == ("A3", "培训")
    cells = {(1, 0): "1", (0, 0): "0"}
    assert went(placed) == cells
    assert went(place_values(text, GRID, {"A3": 2})) == cells | {(1, 2): "5", (0, 2): "4"}


def test_heads_of_two_rows_below_a_title_go_by_their_lower_words() -> None:
    heads = "1月安全考核\n单位\t安全\t\t质量\n\t违章次数\t安全教育\t应急演练\n"
    text = f"{heads}二标段\t1\t4\t9\n一标段\t0\t5\t8"
    cells = {(1, 0): "1", (1, 2): "4", (1, 3): "9", (0, 0): "0", (0, 2): "5", (0, 3): "8"}
    assert went(place_values(text, GRID, {})) == cells


def test_a_block_that_names_nothing_here_goes_nowhere() -> None:
    placed = place_texts("江南港\t5\n清江港\t6", GRID, {})
    assert placed.by == NOWHERE
    assert not placed.squares
    assert [it.text for it in placed.asked] == ["江南港 5", "清江港 6"]


def test_who_is_not_here_is_asked_and_a_sum_is_left_out() -> None:
    grid = Target([["1", name] for name in PEOPLE], [[name] for name in JUDGES])
    text = "姓名\t评委1 沈国梁\t平均分\n王芳\t90\t90\n赵六\t80\t80\n最高分\t90\t90"
    placed = place_texts(text, grid, {})
    assert (placed.by, went(placed)) == (NAMES, {(1, 0): "90"})
    assert [it.text for it in placed.asked] == ["赵六"]
    assert [it.text for it in placed.out] == ["最高分 90 90"]


def test_two_of_one_name_are_told_apart_by_their_numbers() -> None:
    grid = Target([["01", "李强"], ["02", "李强"], ["03", "王芳"]], [["沈国梁"]])
    numbered = place_texts("参赛号\t姓名\t沈国梁\n02\t李强\t80\n03\t王芳\t70", grid, {})
    assert went(numbered) == {(1, 0): "80", (2, 0): "70"}
    bare = place_texts("姓名\t沈国梁\n李强\t80\n王芳\t70", grid, {})
    assert went(bare) == {(2, 0): "70"}
    assert [it.text for it in bare.asked] == ["李强"]
    other = place_texts("参赛号\t姓名\t沈国梁\n01\t王芳\t70", grid, {})
    assert went(other) == {}
    assert len(other.asked) == 1


def test_per_cent_is_one_number_however_it_is_written() -> None:
    at = Target(GRID.rows, GRID.columns, (0, 1))
    assert went(place_values("92.8%\n98", at, {})) == {(0, 1): "92.8", (1, 1): "98"}
    shares = place_values("0.928\n1", at, {})
    assert went(shares) == {(0, 1): "92.8", (1, 1): "100"}
    assert len(shares.asked) == 1
    mixed = place_values("0.928\n98", at, {})
    assert went(mixed) == {(1, 1): "98"}
    assert [it.text for it in mixed.asked] == ["0.928"]
