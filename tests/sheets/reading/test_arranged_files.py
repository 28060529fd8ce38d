"""Files as people arrange them: what each row means, what is asked, and what was done unasked."""

from __future__ import annotations

from typing import Any

import pytest

from compete.sheets.reading.grid import Grid
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import Reading
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.reading.files import DATA, book_of

WHOLE = DATA / "whole"
NAN, QING, HUAI = "江南港集团有限公司", "清江港务有限公司", "淮海船闸管理所"
EVENTS = ("焊工", "电工")


def reading_of(kind: str, beginning: str, **names: Any) -> Reading:
    """The file whose name begins so, read."""
    (path,) = WHOLE.glob(f"{beginning}*")
    if kind == "people":
        names.setdefault("events", EVENTS)
    return read_sheets(open_workbook(path.read_bytes(), name="表"), kind, **names)


def column(reading: Reading, key: str) -> list[Any]:
    """A field of each row."""
    return [row.values.get(key) for row in reading.rows]


def triples(reading: Reading) -> list[tuple[Any, ...]]:
    """Unit, indicator and value of each row."""
    return [*zip(*(column(reading, it) for it in ("unit", "indicator", "value")), strict=True)]


def asked(reading: Reading, field: str) -> list[tuple[str, str]]:
    """The questions about a field: the cell, and what was found."""
    return [(f"{it.column}{it.row}", it.found) for it in reading.asked if it.field == field]


@pytest.mark.parametrize(
    ("name", "units", "cells"),
    [
        ("G04a", [NAN] * 6, ["C2"]),
        ("G04c", [NAN] * 6, ["A2"]),
        ("G04d", [NAN] * 6, ["A1"]),
        ("Q2h1", [None] * 2, []),
        ("P02a", [NAN] * 3 + [QING] * 3, ["A3", "A7"]),
        ("P02c", [NAN] * 3 + [QING] * 3, ["B3", "B7"]),
        ("Q2d", [NAN] * 3 + [QING] * 3, ["A2", "A7"]),
        ("P16", [NAN] * 2 + [QING] * 2, ["1", "1"]),
        ("G06b", [NAN] * 3 + [QING] * 3, ["B3", "B6"]),
        ("P15", [NAN] * 5, []),
        ("PA", [NAN] * 6, []),
        ("P04", [NAN] * 3 + [QING] * 3, []),
        ("Z12", [NAN] * 6, []),
        ("Z14", [NAN] * 6, []),
    ],
)
def test_a_unit_stands_where_people_write_it(
    name: str, units: list[str | None], cells: list[str]
) -> None:
    reading = reading_of("people", name)
    assert column(reading, "unit") == units
    assert [cell for cell, _text in asked(reading, "unit")] == cells
    assert {row.role for row in reading.rows} == {"entrant"}
    assert all(column(reading, "id_number"))


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("Q2_", ["焊工"] * 3 + ["电工"] * 3),
        ("Q2b", ["焊工"] * 3 + ["电工"] * 3),
        ("Q2f", ["焊工"] * 3 + [None] * 3),
    ],
)
def test_each_section_has_its_own_event(name: str, events: list[str | None]) -> None:
    reading = reading_of("people", name)
    assert column(reading, "event") == events
    assert len(asked(reading, "event")) == 2
    if None in events:
        assert asked(reading, "event")[1] == ("A6", "钳工报名表")


@pytest.mark.parametrize(("name", "count"), [("K7", 3), ("P01", 10), ("RX1", 5)])
def test_a_line_about_one_person_makes_nobody_a_leader(name: str, count: int) -> None:
    reading = reading_of("people", name)
    assert [row.role for row in reading.rows] == ["entrant"] * count
    assert not any(row.values.keys() & {"leader", "coach"} for row in reading.rows)


def test_a_head_not_understood_is_read_by_the_places_of_another() -> None:
    reading = reading_of("people", "Z12")
    assert column(reading, "name")[:2] == ["何静平", "金伟艳"]
    assert [(it.row, it.field) for it in reading.asked] == [(2, None)]
    assert not {3, 4, 5, 6} & {it.row for it in reading.left_out}


def test_fields_down_and_people_across_are_a_row_each() -> None:
    reading = reading_of("people", "P05")
    assert column(reading, "name") == ["沈平杰", "王敏明", "郑勇军"]
    assert column(reading, "event") == ["焊工", "电工", "焊工"]
    assert column(reading, "grade") == [3, 3, 3]


def test_a_team_a_row_is_a_row_a_person() -> None:
    reading = reading_of("people", "P18")
    assert [row.role for row in reading.rows] == ["leader", *["entrant"] * 3] * 3
    assert column(reading, "unit") == [NAN] * 4 + [QING] * 4 + [HUAI] * 4
    assert column(reading, "team")[::4] == ["甲队", "乙队", "丙队"]
    assert [bool(it) for it in column(reading, "phone")] == [True, False, False, False] * 3
    pairs = reading_of("people", "Q9")
    assert column(pairs, "name")[:2] == ["魏静秀", "钱娟静"]
    assert all(column(pairs, "id_number"))


def test_two_rows_a_person_are_refused() -> None:
    with pytest.raises(WorkbookError, match="占了两行"):
        reading_of("people", "Z10")


def test_ticks_dittos_and_boxes() -> None:
    ticks = reading_of("people", "P07", events=(*EVENTS, "钳工"))
    assert column(ticks, "event") == ["焊工", "电工", "焊工", "电工"]
    dittos = reading_of("people", "P15")
    assert column(dittos, "event") == ["焊工"] * 5
    assert {it.row for it in dittos.remarks} == {3, 4, 5, 6}
    assert column(reading_of("people", "P06_"), "id_number") == ["32000020020125640X"]


def test_headings_are_long_numbers_or_of_two_fields() -> None:
    assert len(reading_of("people", "Z1_").rows) == 4
    years = reading_of("people", "Z2")
    assert len(years.rows) == 4
    assert {it.heading for it in years.columns} >= {"2024", "2025"}
    both = reading_of("people", "P06b")
    assert column(both, "unit") == ["清江港务有限公司机电科"] * 3
    assert len(asked(both, "unit")) == 3
    papers = reading_of("people", "Z7")
    assert all(column(papers, "id_number"))
    assert asked(papers, "id_number") == [("D1", "证件")]


def test_roles_and_states_are_asked() -> None:
    roles = reading_of("people", "G07")
    assert [row.role for row in roles.rows] == [
        *("leader", "coach", "entrant", "entrant", "other", "official"),
    ]
    assert asked(roles, "role") == [("C6", "候补")]
    states = reading_of("people", "K6")
    assert asked(states, "note") == [("F2", "退赛"), ("F3", "取消参赛资格"), ("F4", "替补")]
    assert len(states.rows) == 3


def test_samples_and_sums_of_other_sheets_are_not_read() -> None:
    samples = reading_of("people", "Q4")
    assert [(it.name, it.why is None) for it in samples.sheets] == [
        ("报名表", True),
        ("填写样例", False),
    ]
    assert len(reading_of("people", "Q5").rows) == 6
    sums = reading_of("people", "PS")
    assert len(sums.rows) == 4
    assert {it.row for it in sums.left_out if it.sheet == "汇总"} == {2, 3, 4, 5}
    assert [it.row for it in sums.remarks if it.sheet == "汇总"] == [0]
    schemes = reading_of("scheme", "SG")
    assert (schemes.total, schemes.said, len(schemes.rows)) == ("200", "200", 4)
    assert len(reading_of("units", "UC_").rows) == 3


def test_text_files_lose_no_row() -> None:
    assert all(column(reading_of("people", "F07"), "id_number"))
    unpaired = reading_of("people", "F15b")
    assert len(unpaired.rows) == 5
    assert column(unpaired, "note")[1] == '"未闭合'
    broken = reading_of("people", "F12b")
    assert [cell for cell, _text in asked(broken, "name")] == ["B2", "B3", "B4"]
    assert column(reading_of("people", "X03"), "name")[0] == "何静杰"


def test_a_section_of_arbiters_has_no_chief_judge() -> None:
    assert column(reading_of("judges", "JE"), "duty") == [
        *("chief", "judge", "chief", "judge", "arbiter", "arbiter"),
    ]


def test_schemes_by_numbering_levels_and_points() -> None:
    parts = reading_of("scheme", "SA")
    assert (parts.total, parts.said, len(parts.rows)) == ("100", "100", 5)
    assert column(parts, "criterion")[0] == "队伍建设好/项目部班子建设"
    assert {it.row for it in parts.left_out} >= {3, 4, 8}
    fine = reading_of("scheme", "SC")
    assert column(fine, "name")[:2] == ["焊脚(10±1)mm，凸度≤1.5mm", "咬边深度≤0.5mm"]
    odd = reading_of("scheme", "SD")
    assert column(odd, "max") == [None, "20", "10", "60", None, None]
    assert [cell for cell, _text in asked(odd, "max")] == ["D2", "D6", "D7"]
    levels = reading_of("scheme", "SE")
    assert column(levels, "levels")[0] == ["差：0-11", "中：12-14", "良：15-17", "优：18-20"]
    weights = reading_of("scheme", "SF")
    assert [f"{it.column}{it.row}" for it in weights.asked] == ["D1"]
    assert column(weights, "max") == ["100", "60", "40"]
    halves = reading_of("scheme", "SH")
    assert (halves.total, len(halves.rows)) == ("100", 7)
    two = reading_of("scheme", "SJ")
    assert asked(two, "max") == [("C1", "甲组配分"), ("D1", "乙组配分")]
    assert column(two, "max") == [None, None]
    labour = reading_of("scheme", "SO")
    assert (labour.of, column(labour, "department")[0]) == ("labour", "安全部")
    assert set(column(labour, "cycle")) == {"月", "季"}


def test_values_keep_their_magnitudes_and_percentages() -> None:
    large = reading_of("values", "VB")
    assert {text for _cell, text in asked(large, "value")} >= {"1.2亿"}
    assert asked(large, "target") == [("B5", "12.5万")]
    assert {row.values["unit"] for row in large.rows} == {"一标段", "二标段"}
    signs = reading_of("values", "VJ")
    assert {"↓3.2%", "+1.2%", "1.2‰", "约13"} <= {text for _c, text in asked(signs, "value")}
    shares = reading_of("values", "VP")
    assert column(shares, "value") == ["95.2", "98.5", "96.4", "97", "92.8", "100"]
    assert not asked(shares, "value")


def test_values_of_blocks_periods_and_the_same_cell() -> None:
    assert column(reading_of("values", "VF"), "unit") == ["一标段"] * 2 + ["二标段"] * 2
    twice = reading_of("values", "VG")
    assert column(twice, "value") == [None, None, None, None, "14", "13"]
    assert len(asked(twice, "value")) == 4
    months = reading_of("values", "VM")
    assert column(months, "period") == ["5月"] * 4 + ["6月"] * 4
    across = reading_of("values", "VT")
    assert triples(across)[:3] == [
        *(("一标段", "违章次数", "0"), ("一标段", "产值", "1200"), ("二标段", "违章次数", "2")),
    ]


def test_a_pasted_block_goes_by_words() -> None:
    names = {"units": ("一标段", "二标段", "三标段")}
    block = reading_of("values", "PB", **names)
    assert triples(block)[:3] == [
        *(
            ("二标段", "违章次数", "1"),
            ("二标段", "隐患整改率", "92.8"),
            ("二标段", "合格率", "97"),
        ),
    ]
    own = reading_of(
        "values", "PC", indicators=("违章次数", "隐患整改率（%）", "安全教育"), **names
    )
    assert {row.values["indicator"] for row in own.rows} == {"违章次数", "隐患整改率（%）"}
    assert asked(own, "indicator") == [("D1", "培训得分")]
    assert len(reading_of("values", "PD", **names).rows) == 9


def test_two_columns_that_may_be_the_mark_are_both_asked() -> None:
    marks = reading_of("marks", "MB")
    assert [cell for cell, _text in asked(marks, "mark")] == ["C1", "D1", "E1"]
    assert column(marks, "mark") == [None, None]
    chosen = reading_of("marks", "MB", modules=("实操成绩",))
    assert column(chosen, "mark") == ["90", "60"]


def test_a_long_list_is_not_walked_to_its_end_from_each_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [["序号", "姓名", "手机"]] + [[f"第{n}号", "张三", f"138{n:08}"] for n in range(1000)]
    seen: list[int] = []
    own = Grid.own
    monkeypatch.setattr(Grid, "own", lambda grid, row: seen.append(row) or own(grid, row))
    reading = read_sheets(open_workbook(book_of({"表": rows})), "people")
    assert len(reading.rows) == 1000
    assert len(seen) < 30 * len(rows)
