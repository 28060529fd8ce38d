"""One reading: a table gives the same rows at every door that takes its kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from compete.services.closing.marks_lists import MARKS_ROWS
from compete.services.competitions.officials_upload import OFFICIAL_ROWS
from compete.services.directory.expert_fields import EXPERT_ROWS
from compete.services.kernel.refusal import Refused
from compete.services.registration.units.unit_list import UNIT_ROWS, read_unit_names
from compete.sheets.headed_rows import read_headed_rows
from compete.sheets.labour_values import UNIT, column_of, read_value_rows
from compete.sheets.reading.answers import Answers
from compete.sheets.reading.blocks import Target, place_values
from compete.sheets.reading.cells import read_duty, read_id
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.small import read_small
from compete.sheets.registration.reading import RegistrationBook, read_registration
from compete.sheets.registration.table import RawRow
from compete.sheets.schemes.reading import read_schemes
from compete.sheets.texts import as_typed
from compete.sheets.workbook.limits import AT_ONCE_LIMITS, LARGE_LIMITS
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import column_letters
from tests.sheets.reading.files import book_of, id_of
from tests.sheets.reading.test_arranged_at_random import (
    _ARRANGED,
    EVENTS,
    UNITS,
    Made,
    Person,
    _as_text,
    _people,
    teams_a_row,
)

_KEYS = ("name", "id_number", "phone", "unit", "event")
_MERGED = ("ticks", "boxes")
"""What a text cannot say: heads that lie over several columns."""


def _of_desk(rows: Iterable[RawRow]) -> list[list[str]]:
    people = []
    for row in rows:
        texts = {key: as_typed(row.cells.get(key) or "").strip() for key in _KEYS}
        number, _why = read_id(texts["id_number"])
        people.append([*({**texts, "id_number": str(number or "")}.values())])
    return sorted(people)


def _of_reading(rows: Iterable[Any]) -> list[list[str]]:
    return sorted([str(row.values.get(key, "")) for key in _KEYS] for row in rows)


@pytest.mark.parametrize("arranged", _ARRANGED, ids=lambda it: it.__name__.strip("_"))
def test_a_list_of_people_is_the_same_at_every_door(
    arranged: Callable[[random.Random, list[Person]], Made],
) -> None:
    draw = random.Random(f"doors {arranged.__name__}")
    for _number in range(12):
        people = _people(draw)
        rows, merged = arranged(draw, people)
        wanted = sorted([it[key] for key in _KEYS] for it in people)
        book = book_of({"报名": rows}, {"报名": merged})
        width = max(map(len, rows))
        text = _as_text([[*row, *[None] * (width - len(row))] for row in rows], "\t")
        doors = {
            "command": _of_reading(read_sheets(open_workbook(book), "people", EVENTS).rows),
            "desk": _of_desk(read_registration(book, events=EVENTS).people.rows),
            "job": _of_desk(
                RegistrationBook(book, limits=LARGE_LIMITS, events=EVENTS).table().people.rows
            ),
        }
        if arranged.__name__.strip("_") not in _MERGED:
            pasted = read_registration(text.encode(), events=EVENTS)
            doors["pasted"] = _of_desk(pasted.people.rows)
            # The small form has no events, and its people no numbers.
            small = [(row[0], *row[2:4]) for row in _of_reading(read_small(text, "people").rows)]
            assert sorted(small) == sorted((it[0], *it[2:4]) for it in wanted), rows
        for name, read in doors.items():
            assert read == wanted, (name, rows)


def test_people_typed_a_line_each_are_the_same_at_every_door() -> None:
    draw = random.Random("typed lines")
    for _number in range(30):
        people = _people(draw)
        between = draw.choice((" ", "，", "\t", "  "))
        numbered = draw.choice(("", "{}. ", "{}、")) if between != "\t" else ""
        title = draw.choice(("", "报名接龙\n", "2026年技能比武\n\n")) if numbered else ""
        keys = draw.choice(
            (("unit", "phone"), ("unit", "id_number"), ("unit", "phone", "id_number"))
        )
        lines = [
            numbered.format(at) + between.join(str(it[key]) for key in ("name", *keys))
            for at, it in enumerate(people, start=1)
        ]
        text = title + "\n".join(lines) + f"\n共{len(lines)}人"
        kept = ("name", *keys)
        wanted = sorted([it[key] if key in kept else "" for key in _KEYS] for it in people)
        book = open_workbook(text.encode(), name="-")
        doors = {
            "command": _of_reading(read_sheets(book, "people", EVENTS).rows),
            "desk": _of_desk(read_registration(text.encode(), events=EVENTS).people.rows),
            "small": _of_reading(read_small(text, "people").rows),
        }
        for name, read in doors.items():
            assert read == wanted, (name, text)


def test_teams_a_row_are_the_same_at_the_desk_and_pasted() -> None:
    draw = random.Random("teams at the doors")
    for _number in range(20):
        rows, whole = teams_a_row(draw)
        wanted = sorted([*it[1:4], it[5]] for it in whole if it[0] == "entrant")
        width = max(map(len, rows))
        text = _as_text([[*row, *[None] * (width - len(row))] for row in rows], "\t")
        for data in (book_of({"表": rows}), text.encode()):
            people = read_registration(data, events=EVENTS).people.rows
            keys = ("name", "unit", "team", "id_number")
            assert sorted([as_typed(it.cells.get(key) or "") for key in keys] for it in people) == (
                wanted
            ), rows


def test_a_merged_number_is_nothing_of_a_teams_people() -> None:
    rows: list[list[Any]] = [
        ["序号", "队名", "选手1", "选手2", "参赛单位"],
        *([1, "一队", "张三", "李四", UNITS[0]], [None, "二队", "王五", "赵六", None]),
    ]
    book = book_of({"表": rows}, {"表": ["A2:A3", "E2:E3"]})
    people = read_registration(book, events=EVENTS).people.rows
    assert [(as_typed(it.cells["team"]), it.cells["unit"]) for it in people] == [
        *(("一队", UNITS[0]), ("一队", UNITS[0]), ("二队", UNITS[0]), ("二队", UNITS[0]))
    ]


def test_a_sheet_beside_those_of_events_is_of_none_of_them() -> None:
    head = ["姓名", "身份证号", "手机", "单位"]
    book = book_of(
        {
            name: [head, [f"张{n}", id_of(n), f"1380000000{n}", UNITS[0]]]
            for n, name in enumerate(("焊工", "车工", "电工报名"), start=1)
        }
    )
    wanted = [["张1", "焊工"], ["张2", ""], ["张3", "电工"]]
    reading = read_sheets(open_workbook(book), "people", EVENTS)
    assert [[it[0], it[4]] for it in _of_reading(reading.rows)] == wanted
    desk = read_registration(book, events=EVENTS)
    assert [[it[0], it[4]] for it in _of_desk(desk.people.rows)] == wanted
    assert any("车工" in str(it) and "赛项" in str(it) for it in desk.notices)


_DUTIES = {"裁判长": "chief", "裁判员": "judge", "记录员": "recorder", "监督员": "supervisor"}
Sheets = dict[str, list[list[Any]]]


def _judges(draw: random.Random) -> list[dict[str, str]]:
    duties = ["裁判长", *draw.choices([*_DUTIES][1:], k=draw.randint(2, 6))]
    names = draw.sample(
        [f"{first}{last}" for first in "赵钱孙李周吴" for last in "明华强敏"], len(duties)
    )
    return [
        {"name": name, "duty": duty, "unit": draw.choice(UNITS)}
        for name, duty in zip(names, duties, strict=True)
    ]


def _line(it: dict[str, str], keys: tuple[str, ...] = ("name", "duty", "unit")) -> list[Any]:
    return [it[key] for key in keys]


def _plain_judges(_draw: random.Random, judges: list[dict[str, str]]) -> Sheets:
    return {"裁判": [["姓名", "职责", "单位"], *map(_line, judges)]}


def _judges_by_duty(_draw: random.Random, judges: list[dict[str, str]]) -> Sheets:
    rows: list[list[Any]] = [["姓名", "单位"]]
    for duty in dict.fromkeys(it["duty"] for it in judges):
        rows.append([f"{duty}"])
        rows += [_line(it, ("name", "unit")) for it in judges if it["duty"] == duty]
    return {"裁判": rows}


def _judges_by_sheet(_draw: random.Random, judges: list[dict[str, str]]) -> Sheets:
    return {
        duty: [
            ["姓名", "单位"],
            *(_line(it, ("name", "unit")) for it in judges if it["duty"] == duty),
        ]
        for duty in dict.fromkeys(it["duty"] for it in judges)
    }


def _judges_by_unit(_draw: random.Random, judges: list[dict[str, str]]) -> Sheets:
    rows: list[list[Any]] = [["姓名", "职责"]]
    for unit in dict.fromkeys(it["unit"] for it in judges):
        rows.append([unit])
        rows += [_line(it, ("name", "duty")) for it in judges if it["unit"] == unit]
    return {"裁判": rows}


def _judges_side_by_side(_draw: random.Random, judges: list[dict[str, str]]) -> Sheets:
    head, half = ["姓名", "职责", "单位"], (len(judges) + 1) // 2
    rows = [
        [*_line(judges[at]), None, *(_line(judges[half + at]) if half + at < len(judges) else [])]
        for at in range(half)
    ]
    return {"裁判": [[*head, None, *head], *rows]}


def _judges_across(_draw: random.Random, judges: list[dict[str, str]]) -> Sheets:
    heads = {"name": "姓名", "duty": "职责", "unit": "单位"}
    return {"裁判": [[head, *(it[key] for it in judges)] for key, head in heads.items()]}


def _judges_twice(draw: random.Random, judges: list[dict[str, str]]) -> Sheets:
    head, half = ["姓名", "职责", "单位"], len(judges) // 2
    return {
        "填写样例": [head, ["某某", "裁判员", "某某公司"]],
        "第一组": [head, *map(_line, judges[:half])],
        "第二组": [head, *map(_line, judges[half:])],
        "汇总": [head, *map(_line, draw.sample(judges, len(judges)))],
    }


@pytest.mark.parametrize(
    "arranged",
    [
        *(_plain_judges, _judges_by_duty, _judges_by_sheet, _judges_by_unit),
        *(_judges_side_by_side, _judges_across, _judges_twice),
    ],
    ids=lambda it: it.__name__.strip("_"),
)
def test_a_list_of_judges_is_the_same_for_the_command_and_on_its_page(
    arranged: Callable[[random.Random, list[dict[str, str]]], Sheets],
) -> None:
    draw = random.Random(f"judges {arranged.__name__}")
    for _number in range(12):
        judges = _judges(draw)
        book = book_of(arranged(draw, judges))
        wanted = sorted([it["name"], _DUTIES[it["duty"]], it["unit"]] for it in judges)
        command = read_sheets(open_workbook(book), "judges").rows
        assert (
            sorted([str(it.values[key]) for key in ("name", "duty", "unit")] for it in command)
            == wanted
        )
        page = read_headed_rows(book, OFFICIAL_ROWS)
        # What the page shows is the word of a role; written words of ours stay as they are.
        assert not page.faults
        assert (
            sorted(
                [texts["name"], str(read_duty(texts["duty"])[0]), texts["unit"]]
                for _row, texts in page
            )
            == wanted
        )
        # Each row is one of its own, to be put right by its number.
        assert len({number for number, _texts in page}) == len(judges)
        if arranged in (_plain_judges, _judges_side_by_side, _judges_across):
            units = read_headed_rows(book, EXPERT_ROWS, Answers({"职责": "kind"}))
            assert sorted(texts["unit"] for _row, texts in units) == sorted(
                it["unit"] for it in judges
            )


def _in_columns(draw: random.Random, head: list[Any], rows: list[list[Any]]) -> Sheets:
    """A table as it is, two side by side, or a head again between its rows."""
    half = (len(rows) + 1) // 2
    way = draw.randrange(3)
    if way == 0:
        return {"表": [["2026年一览"], head, *rows]}
    if way == 1:
        pairs = [
            [*rows[at], None, *(rows[half + at] if half + at < len(rows) else [])]
            for at in range(half)
        ]
        return {"表": [[*head, None, *head], *pairs]}
    return {"表": [head, *rows[:half], head, *rows[half:]]}


def test_units_are_the_same_for_the_command_on_their_page_and_pasted() -> None:
    draw = random.Random("units at every door")
    for _number in range(20):
        names = draw.sample(
            [*UNITS, "东港物流有限公司", "西港集团", "南港第二工程局", "第三项目部", "第一工区"],
            draw.randint(3, 6),
        )
        head = draw.choice((["序号", "单位名称", "联系人"], ["序号", "参赛单位", "联系人"]))
        rows = [[n, name, "张三丰"] for n, name in enumerate(names, start=1)]
        sheets = _in_columns(draw, head, [*rows, ["合计", f"共{len(names)}家", None]])
        book = book_of(sheets)
        command = [str(it.values["name"]) for it in read_sheets(open_workbook(book), "units").rows]
        page = [texts["name"] for _row, texts in read_headed_rows(book, UNIT_ROWS)]
        text = _as_text(sheets["表"], "\t")
        pasted = [name for _row, name in read_unit_names(text).rows]
        assert sorted(command) == sorted(page) == sorted(pasted) == sorted(names), sheets


def test_lines_of_units_are_read_as_any_list_of_them() -> None:
    lines = ["参赛单位名单", "1. 第一分公司", "2. 三班", "", "江南港集团有限公司（一队）"]
    read = read_unit_names("\n".join([*lines, "（以下空白）", "填表人：李四"]))
    wanted = [(2, "第一分公司"), (3, "三班"), (5, "江南港集团有限公司（一队）")]
    assert read.rows == wanted
    assert not read.plain
    assert [str(it)[:16] for it in read.notices] == [
        *(
            "第 1 行没有当单位：参赛单位名",
            "第 6 行没有当单位：（以下空白",
            "第 7 行没有当单位：填表人：李",
        )
    ]
    assert read_unit_names("三班\n四班").plain
    for table in ("三班\t张三\n四班\t李四", "三班,张三\n四班,李四"):
        with pytest.raises(Refused, match="只贴名称那一列"):
            read_unit_names(table)


def test_marks_are_the_same_for_the_command_and_on_their_page() -> None:
    draw = random.Random("marks at every door")
    for _number in range(20):
        people = [f"{first}一" for first in draw.sample("赵钱孙李周吴", draw.randint(3, 6))]
        marks = [
            draw.choice(("缺考", draw.randint(0, 100), draw.randint(0, 199) / 2)) for _it in people
        ]
        rows = [
            [f"E{n}", who, mark] for n, (who, mark) in enumerate(zip(people, marks, strict=True))
        ]
        head = ["准考证号", "姓名", draw.choice(("成绩", "卷面成绩", "理论成绩"))]
        book = book_of(_in_columns(draw, head, rows))
        wanted = sorted(
            (code, who, f"{mark:g}" if mark != "缺考" else mark) for code, who, mark in rows
        )
        command = read_sheets(open_workbook(book), "marks").rows
        keys = ("code", "name", "mark")
        assert sorted(tuple(str(it.values[key]) for key in keys) for it in command) == wanted
        page = read_headed_rows(book, MARKS_ROWS)
        assert sorted(tuple(texts[key] for key in keys) for _row, texts in page) == wanted


def test_an_absence_beside_a_mark_is_asked_by_the_command_and_on_the_page() -> None:
    draw = random.Random("absences at every door")
    for _number in range(20):
        rows = [["准考证号", "姓名", "成绩", "备注"]]
        wanted, doubtful = [], []
        for n, who in enumerate(draw.sample("赵钱孙李周吴", 5), start=2):
            mark = draw.choice((88, 0, None, "缺考"))
            note = draw.choice(("缺考", "未到", None, "补考"))
            rows.append([f"E{n}", f"{who}一", mark, note])
            absent = note in ("缺考", "未到")
            wanted.append((f"E{n}", "缺考" if mark is None and absent else str(mark)))
            if absent and mark != "缺考":
                doubtful.append(n)
        book = book_of({"表": rows})
        reading = read_sheets(open_workbook(book), "marks")
        page = read_headed_rows(book, MARKS_ROWS)
        read = [(it.values["code"], str(it.values.get("mark"))) for it in reading.rows]
        assert read == [(code, mark) for code, mark in wanted], rows
        assert [it.row for it in reading.asked if it.column == "D"] == doubtful
        shown = {texts["code"]: texts.get("mark") for _row, texts in page}
        assert shown == {code: mark if mark != "None" else None for code, mark in wanted}, rows
        notices = " ".join(map(str, page.notices))
        assert all(f"D{row}" in notices for row in doubtful), (notices, rows)


def test_labour_values_are_the_same_for_the_command_at_the_desk_and_pasted() -> None:
    draw = random.Random("values at every door")
    for _number in range(30):
        units = draw.sample(UNITS, draw.randint(2, 4))
        names = draw.sample(("违章次数", "安全教育", "产值（万元）", "质量"), draw.randint(2, 4))
        numbers = {(u, n): draw.randint(2, 99) for u in units for n in names}
        wanted = sorted((u, n, str(it)) for (u, n), it in numbers.items())
        across = [["考核指标", *units], *([n, *(numbers[u, n] for u in units)] for n in names)]
        down = [["单位", *names], *([u, *(numbers[u, n] for n in names)] for u in units)]
        example = ["某某公司", *(1 for _name in names)]
        long: list[list[Any]] = [["单位", "指标", "完成值"]]
        for unit in units:
            again = draw.choice((None, "同上", unit))
            long += [
                [again if place else unit, name, numbers[unit, name]]
                for place, name in enumerate(names)
            ]
        for rows, headings in (
            (across, names),
            (down, names),
            (long, ["指标", "值"]),
        ):
            sheets = {"填写样例": [rows[0], example], "表": rows}
            book = book_of(sheets)
            command = read_sheets(open_workbook(book), "values", units=units, indicators=names).rows
            keys = ("unit", "indicator", "value")
            assert sorted(tuple(it.values[key] for key in keys) for it in command) == wanted, rows
            read = read_value_rows(
                book,
                [[UNIT], *([it] for it in headings)],
                (),
                500,
                units=units,
                alike=lambda heading, _upper: {"完成值": "值"}.get(heading) or column_of(heading),
            )
            desk = [
                (it.texts[UNIT], it.texts.get("指标", name), it.texts[place])
                for it in read.rows
                for name, place in (
                    [("", "值")] if rows is long else [(name, name) for name in names]
                )
            ]
            assert sorted(desk) == wanted, rows
            target = Target([[unit] for unit in units], [[name] for name in names])
            placed = place_values(_as_text(rows, "\t"), target, {}).squares
            pasted = [(units[it.row], names[it.column], it.text) for it in placed]
            assert sorted(pasted) == wanted, rows


def _cells_with(sheets: Sheets, text: str) -> list[str]:
    """The cells in which a text stands, such as 表!C5."""
    return [
        f"{name}!{column_letters(at + 1)}{row}"
        for name, rows in sheets.items()
        for row, cells in enumerate(rows, start=1)
        for at, cell in enumerate(cells)
        if cell == text
    ]


@pytest.mark.parametrize("arranged", _ARRANGED, ids=lambda it: it.__name__.strip("_"))
def test_a_doubtful_cell_is_named_where_it_stands_at_every_door(
    arranged: Callable[[random.Random, list[Person]], Made],
) -> None:
    draw = random.Random(f"doubts {arranged.__name__}")
    for _number in range(6):
        people = _people(draw)
        wrong = f"{people[-1]['id_number'][:17]}{(int(people[-1]['id_number'][:3]) + 1) % 9}"
        wrong = wrong if read_id(wrong)[0] is None else f"{wrong[:17]}X"
        people[-1]["id_number"] = wrong
        rows, merged = arranged(draw, people)
        places = _cells_with({"报名": rows}, wrong)
        if arranged.__name__ == "_boxes":
            row = next(n for n, it in enumerate(rows, start=1) if people[-1]["phone"] in it)
            places = [f"报名!E{row}"]
        book = book_of({"报名": rows}, {"报名": merged})
        asked = read_sheets(open_workbook(book), "people", EVENTS).asked
        named = {f"{it.sheet}!{it.column}{it.row}" for it in asked if it.found == wrong}
        assert named == {*places}, rows
        desk = read_registration(book, events=EVENTS).people
        row_of = next(it for it in desk.rows if it.cells.get("id_number") == wrong)
        assert desk.cell("id_number", row_of) == places[0].removeprefix("报名!"), rows


@pytest.mark.parametrize("arranged", [_plain_judges, _judges_across, _judges_side_by_side])
def test_a_cell_without_a_value_is_told_of_its_own_person(
    arranged: Callable[[random.Random, list[dict[str, str]]], Sheets],
) -> None:
    draw = random.Random(f"faults {arranged.__name__}")
    for _number in range(6):
        judges = _judges(draw)
        judges[-1]["unit"] = "#N/A"
        sheets = arranged(draw, judges)
        page = read_headed_rows(book_of(sheets), OFFICIAL_ROWS)
        number = next(row for row, texts in page if texts["name"] == judges[-1]["name"])
        assert page.faults.keys() == {number}
        place = _cells_with(sheets, "#N/A")[0].replace("裁判!", "“裁判”页 ")
        assert str(page.faults[number]["unit"]).startswith(place)


_LARGE = 200_000
"""From so many bytes on a list of people at the desk is read by a job."""


def _noise(number: int) -> str:
    return random.Random(number).randbytes(700).hex()


def _people_of(more: int) -> list[str]:
    rows = [
        ["姓名", "身份证号", "手机", "单位", "赛项", "备注", "情况"],
        ["张三", id_of(1), "13900000001", UNITS[0], "焊工", "退赛", ""],
        ["李四", id_of(2), "13900000002", None, "电工", None, "资格不符，取消"],
        ["王五", id_of(3), "13900000003", None, "焊工", None, ""],
    ]
    rows += [
        [f"赵{'明华强'[n % 3]}", None, None, UNITS[0], "焊工", _noise(n), ""] for n in range(more)
    ]
    data = book_of({"表": rows})
    assert (len(data) > _LARGE) == bool(more)
    return [str(it) for it in RegistrationBook(data, limits=AT_ONCE_LIMITS).table().notices]


def _values_of(more: int) -> list[str]:
    rows: list[list[Any]] = [["单位", "产值", "培训", "备注"], ["一标段", 1, 2, ""], ["", 3, 4, ""]]
    rows += [["满分", 50, 50, ""], *([f"{n}标段", n, n, _noise(n)] for n in range(2, more))]
    data = book_of({"表": rows})
    assert (len(data) > _LARGE) == bool(more)
    wanted = [["单位"], ["产值", "培训"]]
    return [str(it) for it in read_value_rows(data, wanted, ["产值", "培训"], 2000).notices]


def _scheme_of(more: int) -> list[str]:
    rows: list[list[Any]] = [
        ["项目", "配分", "评分标准"],
        ["外观", "20%", "看"],
        ["尺寸", "+5", "量"],
    ]
    rows += [[f"第{n}点", 1, _noise(n)] for n in range(more)]
    data = book_of({"表": rows})
    assert (len(data) > _LARGE) == bool(more)
    lines = [line for part in read_schemes(data).schemes for line in part.lines]
    return [str(problem) for line in lines[:2] for problem in line.problems]


@pytest.mark.parametrize(
    ("asked", "more"), [(_people_of, 400), (_values_of, 400), (_scheme_of, 280)]
)
def test_a_large_table_asks_what_a_small_one_asks(
    asked: Callable[[int], list[str]], more: int
) -> None:
    small, large = asked(0), asked(more)
    assert small
    assert [it for it in small if it not in large] == []


def test_what_is_read_while_somebody_waits_has_a_last_row() -> None:
    rows = [["单位", "产值"], *(["一标段", 1] for _row in range(AT_ONCE_LIMITS.rows))]
    data = book_of({"表": rows})
    with pytest.raises(WorkbookError, match="第 10001 行还有内容，最多读到第 10000 行"):
        read_value_rows(data, [["单位"], ["产值"]], ["产值"], 2000)
    with pytest.raises(WorkbookError, match="最多读到第 10000 行"):
        RegistrationBook(data, limits=AT_ONCE_LIMITS)


def test_many_blocks_are_one_sentence_that_names_each() -> None:
    rows: list[list[Any]] = [["姓名", "单位", "赛项"]]
    for n in range(30):
        rows += [[f"张{n}一", f"第{n}分公司", "焊工"], [f"李{n}二", None, "电工"]]
    notices = [str(it) for it in read_registration(book_of({"表": rows}), events=EVENTS).notices]
    blank = [it for it in notices if "这一格空着" in it]
    assert len(blank) == 1
    assert all(f"B{2 * n + 3} 第{n}分公司" in blank[0] for n in range(1, 30))
