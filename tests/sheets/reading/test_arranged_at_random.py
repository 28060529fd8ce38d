"""Tables made at random in every arrangement: each person is read whole, nobody twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.reading import read_sheets
from compete.sheets.workbook.opened import open_workbook
from tests.sheets.reading.files import book_of, id_of

EVENTS = ("焊工", "电工", "钳工")
UNITS = (
    *("江南港集团有限公司", "清江港务有限公司", "淮海船闸管理所", "运河港务集团"),
    *("第一分公司", "第三项目部"),
)
_FIRST, _LAST = "赵钱孙李周吴郑王", "明华强敏静杰芳伟娜军"
Person = dict[str, Any]
Rows = list[list[Any]]
Made = tuple[Rows, list[str]]
_HEADS = {
    "name": ("姓名", "姓  名", "选手姓名", "参赛人员姓名"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "公民身份号码"),
    "phone": ("手机", "联系电话", "手机号码"),
    "unit": ("单位", "工作单位", "参赛单位", "所在单位"),
    "event": ("参赛工种", "赛项", "参赛项目", "报名工种"),
}


def _people(draw: random.Random) -> list[Person]:
    count = draw.randint(2, 9)
    people = [
        {
            "name": draw.choice(_FIRST) + "".join(draw.sample(_LAST, 2)),
            "id_number": id_of(100 + number),
            "phone": f"139{draw.randint(0, 99999999):08}",
            "unit": draw.choice(UNITS),
            "event": draw.choice(EVENTS),
        }
        for number in range(count)
    ]
    return sorted(people, key=lambda it: (it["unit"], it["event"]))


def _columns(draw: random.Random, *without: str) -> list[str]:
    keys = [key for key in _HEADS if key not in without]
    draw.shuffle(keys)
    return keys


def _head(draw: random.Random, keys: list[str]) -> list[Any]:
    return [draw.choice(_HEADS[key]) for key in keys]


def _above(draw: random.Random) -> Rows:
    lines = [["2026年职工技能竞赛报名表"], ["附件2"], ["联系人：王建国  电话：13900001111"], []]
    return draw.sample(lines, draw.randint(0, 3))


def _plain(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw)
    rows = [[it[key] for key in keys] for it in people]
    return [*_above(draw), _head(draw, keys), *rows], []


def _side_by_side(draw: random.Random, people: list[Person]) -> Made:
    keys, gap = _columns(draw), [None] * draw.randint(0, 1)
    head, half = _head(draw, keys), (len(people) + 1) // 2
    rows: Rows = []
    for number in range(half):
        right = people[half + number : half + number + 1]
        rows.append([people[number][key] for key in keys] + gap)
        rows[-1] += [it[key] for it in right for key in keys]
    return [*_above(draw), [*head, *gap, *head], *rows], []


def _across(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw)
    rows = [[draw.choice(_HEADS[key]), *(it[key] for it in people)] for key in keys]
    for row, key in zip(rows, keys, strict=True):
        for place in range(len(row) - 1, 1, -1):
            same = key in ("unit", "event") and row[place] == row[place - 1]
            if same and draw.random() < 0.5:
                row[place] = draw.choice(("同上", "〃", "″"))
    return rows, []


def _sections(draw: random.Random, people: list[Person], field: str) -> Made:
    keys = _columns(draw, field)
    rows: Rows = [*_above(draw), ["序号", *_head(draw, keys)]]
    merged: list[str] = []
    before = None
    for number, it in enumerate(people, start=1):
        if it[field] != before:
            before = it[field]
            ordinal = draw.choice(("", "一、", "（二）", "3."))
            count = draw.choice(("", "（3人）", " 共3人"))
            place = [None] * draw.randint(0, 1)
            rows.append([*place, f"{ordinal}{before}{count}"])
            if not place and draw.random() < 0.5:
                merged.append(f"A{len(rows)}:D{len(rows)}")
        rows.append([number, *(it[key] for key in keys)])
    return rows, merged


def _unit_sections(draw: random.Random, people: list[Person]) -> Made:
    return _sections(draw, people, "unit")


def _event_sections(draw: random.Random, people: list[Person]) -> Made:
    return _sections(draw, sorted(people, key=lambda it: it["event"]), "event")


def _blocks(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw)
    signs = draw.choice(([""], ["同上", "〃", '"', "″"]))
    rows: Rows = [*_above(draw), _head(draw, keys)]
    before = None
    for it in people:
        same = it["unit"] == before and draw.random() < 0.8
        rows.append([it[key] for key in keys])
        if same:
            rows[-1][keys.index("unit")] = draw.choice(signs) or None
        before = it["unit"]
    return rows, []


def _event_blocks(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw)
    by_event = sorted(people, key=lambda it: it["event"])
    rows: Rows = [*_above(draw), _head(draw, keys)]
    before = None
    events = [it["event"] for it in by_event]
    once = len({*events}) > 1 and 3 * len({*events}) <= 2 * len(events)
    for it in by_event:
        rows.append([it[key] for key in keys])
        if once and it["event"] == before:
            rows[-1][keys.index("event")] = None
        before = it["event"]
    return rows, []


def _pages(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw)
    title, head = ["2026年职工技能竞赛报名表"], _head(draw, keys)
    rows: Rows = []
    for at in range(0, len(people), 3):
        rows += [title, head, *([it[key] for key in keys] for it in people[at : at + 3])]
        rows.append([f"第 {at // 3 + 1} 页"])
    return rows, []


def _signs(event: str) -> list[str | None]:
    return ["√" if event == name else None for name in EVENTS]


def _ticks_alone(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw, "event")
    rows: Rows = [[*_head(draw, keys), *EVENTS]]
    for it in people:
        rows.append([*(it[key] for key in keys), *_signs(it["event"])])
    return rows, []


def _tables(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw, "unit")
    rows: Rows = []
    for unit in dict.fromkeys(it["unit"] for it in people):
        label = draw.choice(("单位：{}", "参赛单位（盖章）：{}   填报日期：2026.5.6", "代表队：{}"))
        rows += [[label.format(unit)], _head(draw, keys)]
        rows += [[it[key] for key in keys] for it in people if it["unit"] == unit]
        rows += [[] for _line in range(draw.randint(0, 1))]
    return rows, []


def _ticks(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw, "event")
    sign = draw.choice("√✓✔☑●")
    rows: Rows = [[*_head(draw, keys), "参赛项目", None, None], [None] * len(keys) + [*EVENTS]]
    for it in people:
        marks = [sign if it["event"] == name else None for name in EVENTS]
        rows.append([*(it[key] for key in keys), *marks])
    letters = "ABCDEFGH"
    first, last = letters[len(keys)], letters[len(keys) + 2]
    return rows, [f"{first}1:{last}1", *(f"{it}1:{it}2" for it in letters[: len(keys)])]


def _boxes(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw, "id_number")
    rows: Rows = [[*_head(draw, keys), "身份证号", *[None] * 17]]
    rows += [[*(it[key] for key in keys), *it["id_number"]] for it in people]
    return rows, [f"E1:{chr(ord('E') + 17)}1"]


def _unknown_head(draw: random.Random, people: list[Person]) -> Made:
    keys = _columns(draw)
    odd = {"name": "谁", "id_number": "编码", "phone": "联络", "unit": "所属", "event": "比什么"}
    rows = [[it[key] for key in keys] for it in people]
    half = max(len(rows) // 2, 1)
    above = [[odd[key] for key in keys]] if draw.random() < 0.5 else []
    return [*above, *rows[:half], [], _head(draw, keys), *rows[half:]], []


_ARRANGED: tuple[Callable[[random.Random, list[Person]], Made], ...] = (
    *(_plain, _side_by_side, _across, _unit_sections, _event_sections, _blocks),
    *(_tables, _ticks, _boxes, _unknown_head, _event_blocks, _pages, _ticks_alone),
)


@pytest.mark.parametrize("arranged", _ARRANGED, ids=lambda it: it.__name__.strip("_"))
def test_everybody_is_read_whole_in_every_arrangement(
    arranged: Callable[[random.Random, list[Person]], Made],
) -> None:
    draw = random.Random(f"people {arranged.__name__}")
    for number in range(40):
        people = _people(draw)
        rows, merged = arranged(draw, people)
        book = open_workbook(book_of({"报名": rows}, {"报名": merged}))
        reading = read_sheets(book, "people", EVENTS)
        keys = ("name", "id_number", "phone", "unit", "event")
        rows_read = sorted([str(row.values.get(key, "")) for key in keys] for row in reading.rows)
        wanted = sorted([it[key] for key in keys] for it in people)
        assert rows_read == wanted, (number, rows)
        assert {row.role for row in reading.rows} == {"entrant"}
        rows_named = {it.row for it in (*reading.rows, *reading.left_out)}
        heads = {it.head_row for it in reading.columns}
        for row, cells in enumerate(book.sheet("报名").rows, start=1):
            filled = any(cell_text(cell) for cell in cells)
            assert not filled or row in rows_named or heads & {row, row - 1} or arranged is _across


def teams_a_row(draw: random.Random) -> tuple[Rows, list[tuple[str, ...]]]:
    """A table with a team a row; of each person the role, name, unit, team, phone and number."""
    size = draw.randint(2, 4)
    style = draw.choice(("选手{}", "队员{}", "参赛选手{}"))
    signs = draw.choice(("1234", "一二三四", "ABCD"))
    way = draw.choice(("column", "section", "block"))
    head: list[Any] = ["序号", "参赛队", *([] if way == "section" else ["单位"])]
    leader = draw.random() < 0.7
    head += ["领队", "联系电话"] if leader else []
    with_ids = draw.random() < 0.5
    for place in range(size):
        head += [style.format(signs[place]), *(["身份证号"] if with_ids else [])]
    rows: Rows = [["报名表"], head]
    wanted: list[tuple[str, ...]] = []
    for team in range(draw.randint(2, 4)):
        unit = UNITS[team // 2 if way == "block" else team]
        row: list[Any] = [team + 1, f"{team}队", *([] if way == "section" else [unit])]
        if way == "section":
            rows.append([draw.choice(("", "一、")) + unit])
        elif way == "block" and team % 2:
            row[2] = None
        if leader:
            row += ["王领队"[:2] + str(team), "13900000001"]
            wanted.append(("leader", row[-2], unit, f"{team}队", "13900000001", ""))
        for place in range(size):
            name = _FIRST[team] + _LAST[place] + _LAST[team]
            number = id_of(team * 10 + place) if with_ids else ""
            if place == size - 1 and draw.random() < 0.3:
                row += [None, *([None] if with_ids else [])]
                continue
            row += [name, *([number] if with_ids else [])]
            wanted.append(("entrant", name, unit, f"{team}队", "", number))
        rows.append(row)
    return rows, wanted


def test_a_team_a_row_gives_everybody_their_team_and_unit() -> None:
    draw = random.Random("teams")
    for _number in range(40):
        rows, wanted = teams_a_row(draw)
        reading = read_sheets(open_workbook(book_of({"表": rows})), "people", EVENTS)
        keys = ("name", "unit", "team", "phone", "id_number")
        people = [(it.role, *(str(it.values.get(key, "")) for key in keys)) for it in reading.rows]
        assert sorted(people) == sorted(wanted), rows


def test_values_are_read_whole_whether_units_go_down_or_across() -> None:
    draw = random.Random("values")
    for _number in range(60):
        units = draw.sample(("一标段", "二标段", "三标段", "四标段"), draw.randint(2, 4))
        names = draw.sample(("违章次数", "安全教育", "产值（万元）", "质量"), draw.randint(2, 4))
        numbers = {(u, n): draw.randint(2, 99) for u in units for n in names}
        wanted = sorted((u, n.split("（")[0], str(it)) for (u, n), it in numbers.items())
        across = [["考核指标", *units], *([n, *(numbers[u, n] for u in units)] for n in names)]
        down = [["单位", *names], *([u, *(numbers[u, n] for n in names)] for u in units)]
        long = [["单位", "指标", "完成值"]]
        for u in units:
            long += [[u if place == 0 else None, n, numbers[u, n]] for place, n in enumerate(names)]
        half = (len(units) + 1) // 2
        beside = [[*down[0], *down[0]]]
        for place in range(half):
            right = down[1 + half + place : 2 + half + place]
            beside.append([*down[1 + place], *(right[0] if right else [])])
        measures = [draw.choice(("次", "人次", "%", "万元", "m³")) for _name in names]
        measured = [["单位", *(n.split("（")[0] for n in names)], [None, *measures], *down[1:]]
        for rows in (across, down, long, beside, measured):
            reading = read_sheets(open_workbook(book_of({"表": rows})), "values")
            rows_read = sorted(
                (it.values["unit"], it.values["indicator"], it.values["value"])
                for it in reading.rows
            )
            assert rows_read == wanted, rows


def _as_text(rows: Rows, between: str) -> str:
    return "\n".join(between.join("" if it is None else str(it) for it in row) for row in rows)


@pytest.mark.parametrize("arranged", _ARRANGED, ids=lambda it: it.__name__.strip("_"))
def test_a_table_is_the_same_as_workbook_text_file_and_pasted_block(
    arranged: Callable[[random.Random, list[Person]], Made],
) -> None:
    draw = random.Random(f"formats {arranged.__name__}")
    for _number in range(15):
        rows, merged = arranged(draw, _people(draw))
        width = max(map(len, rows))
        whole = [[*row, *[None] * (width - len(row))] for row in rows]
        if merged and arranged is not _ticks:
            # A text file keeps no merged cell.
            merged = []
        contents = [
            book_of({"-": rows}, {"-": merged}),
            _as_text(whole, "\t").encode(),
            _as_text(whole, ",").encode("gb18030"),
            _as_text(whole, ";").encode("utf-8-sig"),
        ]
        read = [
            [
                (row.row, row.role, dict(row.values))
                for row in read_sheets(open_workbook(content, name="-"), "people", EVENTS).rows
            ]
            for content in contents
        ]
        assert all(it == read[0] for it in read[1:]), rows


@pytest.mark.parametrize("arranged", _ARRANGED, ids=lambda it: it.__name__.strip("_"))
def test_each_cell_is_read_asked_told_or_left_out(
    arranged: Callable[[random.Random, list[Person]], Made],
) -> None:
    draw = random.Random(f"cells {arranged.__name__}")
    for _number in range(15):
        rows, merged = arranged(draw, _people(draw))
        extra = draw.choice((["备注", "替补"], ["鞋码", "42"], ["年度", "一等奖"]))
        if arranged in (_plain, _blocks):
            head = next(at for at, row in enumerate(rows) if len(row) >= 5)
            rows[head].append(extra[0])
            rows[-1] += [None] * (len(rows[head]) - 1 - len(rows[-1])) + [extra[1]]
        book = open_workbook(book_of({"表": rows}, {"表": merged}))
        reading = read_sheets(book, "people", EVENTS)
        values = {str(value) for row in reading.rows for value in row.values.values()}
        headings = {word for it in reading.columns for word in (it.heading, it.upper)}
        unread = {it.letters for it in reading.columns if it.field is None}
        out = {it.row for it in (*reading.left_out, *reading.remarks)}
        asked_texts = {it.found for it in reading.asked}
        for row, cells in enumerate(book.sheet("表").rows, start=1):
            for column, cell in enumerate(cells):
                text = " ".join(cell_text(cell).split())
                known = {*values, *headings, *asked_texts}
                assert (
                    not text or row in out or text in known
                    or chr(ord("A") + column) in unread or text in "√✓✔☑●"
                ), (row, column, text, rows)  # fmt: skip
