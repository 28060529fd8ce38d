"""Marking schemes: out and in again, what people write by hand, what is wrong with a row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from compete.sheets.reading.reading import read_sheets
from compete.sheets.scheme_aspects import Scheme, SchemeAspect, SchemeForm
from compete.sheets.schemes.reading import read_schemes
from compete.sheets.schemes.writing import HEADINGS, write_scheme
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.reading.files import DATA, book_of

A = SchemeAspect
EVERY_TYPE = [
    A(name="防护到位", criterion="安全", type="measurement", max="10"),
    A(name="差错", criterion="安全", type="deduction", max="20.5", unit="次", own={"points": "2"}),
    A(
        name="平稳",
        criterion="操作",
        type="judgement",
        max="10",
        factor="2",
        own={"levels": "差\n中\n良\n优"},
    ),
    A(
        name="五档",
        criterion="操作",
        type="judgement",
        max="10",
        own={"levels": "差\n中\n良\n优\n特"},
    ),
    A(name="没有话", criterion="操作", type="judgement", max="10", own={"scale": "5"}),
    A(
        name="堆码",
        type="measurement",
        max="10",
        unit="毫米",
        own={"bands": "10 10\n20.5 8\n30 -1"},
    ),
    A(
        name="着装",
        criterion="操作",
        type="checklist",
        max="5",
        own={"checks": "安全帽\n2 号劳保鞋"},
    ),
    A(
        name="用时",
        type="time",
        max="5",
        standard="第 1 节",
        own={"full_at": "60", "zero_at": "160.5"},
    ),
    A(name="最快", type="relative", max="5", own={"better": "lower"}),
    A(name="最多", type="relative", max="5", factor="0.5", unit="个；秒", own={"better": "higher"}),
    A(name="卷面", type="score", max="5", hint="每次扣 5 分\n0 差 1 中 2 良", own={"step": "0.5"}),
    A(name="=1+1", type="score", max="0.000000000001"),
]


@pytest.mark.parametrize("form", SchemeForm)
def test_what_goes_out_comes_in_again(form: SchemeForm) -> None:
    read = read_scheme(write_scheme(form, "叉车司机", "实操", EVERY_TYPE))
    assert [line.aspect for line in read.lines] == EVERY_TYPE
    assert (read.form, read.sheet, list(read.warnings)) == (form, "实操", [])
    assert not any(line.problems or line.notes for line in read.lines)
    rng = Random(form.value)
    for _ in range(4):
        some = rng.sample(EVERY_TYPE, rng.randint(1, len(EVERY_TYPE)))
        some = [replace(it, hint=rng.choice(["", it.hint, "看清"])) for it in some]
        again = read_scheme(write_scheme(form, "E", "a/b", some))
        assert [line.aspect for line in again.lines] == some


def test_what_eleven_columns_cannot_say_is_said_in_words() -> None:
    data = write_scheme(SchemeForm.COLUMNS, "叉车", "实操", EVERY_TYPE)
    book = open_workbook(data)
    explanation = "\n".join(str(row[0]) for row in book.sheet("说明").rows)
    for aspect in EVERY_TYPE:
        plain = aspect.name in ("防护到位", "平稳")
        assert (f"“{aspect.name}”不是合格不合格" in explanation) is not plain, aspect.name
    assert "“平稳”的得分乘 2 再算" in explanation
    rows = book.sheet("实操").rows
    assert [row[2] for row in rows if row[2:3] and row[2] in ("M", "J")].count("J") == 1
    trade = write_scheme(SchemeForm.TRADE, "叉车", "实操", EVERY_TYPE)
    assert "不是合格不合格" not in str(open_workbook(trade).sheet("说明").rows)


def read_scheme(data: bytes) -> Scheme:
    """The only scheme of a workbook, with what is told of both."""
    book = read_schemes(data)
    (scheme,) = book.schemes
    return replace(scheme, warnings=[*scheme.warnings, *book.warnings])


def sheet_of(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    book.save(out)
    return out.getvalue()


def messages_by_line(scheme: Scheme) -> dict[int, list[str]]:
    return {
        line.number: [str(it) for it in (*line.problems, *line.notes)]
        for line in scheme.lines
        if line.problems or line.notes
    }


def test_a_sheet_of_the_trade_as_people_write_it() -> None:
    rows = [
        ["叉车司机技能操作评分表", *[None] * 6],
        ["序号", "考核项目", "考核 要点", "配分（分）", "评分标准", "扣分", "备注"],
        [1, "安全", "劳保穿戴", 5, "每漏一样扣 2.5 分，扣完为止", None, "看"],
        [2, None, "鸣笛", "5分", "未鸣笛不得分"],
        [None, "小计", None, 9],
        [3, "操作", "平稳", 10.5, "0 多次急停　1 有急停　2 个别顿挫　3 全程平稳"],
        [4, None, "偏差", "９．５", "10mm以内10分，20mm以内8分，以外0分"],
        [5, None, "时间", 20, "每超时 1 分钟扣 2 分，扣完为止"],
        [6, "精神面貌", None, 50, None],
        [],
        [None, "合计", None, 98],
    ]
    read = read_scheme(sheet_of(rows, ["B3:B4", "B6:B8"]))
    aspect_rows = [
        (it.aspect.criterion, it.aspect.name, it.aspect.type, it.aspect.max) for it in read.lines
    ]
    assert aspect_rows == [
        ("安全", "劳保穿戴", "deduction", "5"),
        ("安全", "鸣笛", "score", "5"),
        ("操作", "平稳", "judgement", "10.5"),
        ("操作", "偏差", "measurement", "9.5"),
        ("操作", "时间", "score", "20"),
        ("", "精神面貌", "score", "50"),
    ]
    aspects = [line.aspect for line in read.lines]
    assert (aspects[0].own, aspects[0].hint) == ({"points": "2.5"}, "每漏一样扣 2.5 分，扣完为止")
    assert aspects[2].own["levels"] == "多次急停\n有急停\n个别顿挫\n全程平稳"
    assert aspects[3].own["bands"] == "10 10\n20 8"
    assert [line.says_type for line in read.lines] == [True, False, True, True, False, False]
    assert set(messages_by_line(read)) == {3, 6, 7}
    assert [str(it) for it in read.warnings] == [
        "第 5 行写的合计是 9，评分点加起来是 10",
        "第 11 行写的合计是 98，评分点加起来是 100",
        "没有读的列：备注",
    ]


def test_rows_that_are_wrong_say_their_row_and_stay() -> None:
    rows = [
        ["项目", "考核要点", "配分", "评分标准", "类型"],
        ["甲", "没有分", None, "看"],
        ["乙", "合在一起", 5],
        [None, "第二个", None],
        ["丙", "不是数", "二十"],
        [None, None, 5],
        ["丁", "公式", "=1+"],
        ["戊", "日期", None],
        ["己", "不认得", 5, "", "打分"],
        ["庚", "字太多" * 100, 5],
    ]
    data = sheet_of(rows, ["C3:C4"])
    read = read_scheme(data)
    wrong = messages_by_line(read)
    assert len(read.lines) == 7
    assert wrong[2] == ["C2：配分没写"]
    assert wrong[4] == ["C4：配分和上一行合成了一格，每行各写各的"]
    assert wrong[5] == ["C5：“二十”不是数"]
    assert "C7：是公式" in wrong[7][0]
    assert wrong[9] == ["E9：类型“打分”不认得"]
    assert wrong[10] == ["考核要点有 300 个字，最多 200 个"]
    assert read.lines[3].aspect.max == "二十"
    # A name without marks or words under its own heading is told, whatever it was meant to be.
    assert [str(it) for it in read.warnings] == [
        "没有读的行：6（只有序号）",
        "没有读的行：8（小标题）",
    ]


def test_eleven_columns_as_others_write_them() -> None:
    rows: list[list[Any]] = [
        ["Skill: Forklift"],
        ["Criterion", "Description", "Meas (M)", "Judg (J)", "Total"],
        ["Total", None, 3.5, 1.5, 6],
        [*HEADINGS, "Criterion A", 4],
        ["A", "Driving"],
        ["A1", "Poles", "m", "No pole hit", None, "0.5 off per pole", "camera", 2, "1,5", "A"],
        [],
        [None, None, "J", "Smooth", None, "look at the load", None, 3, 1.5, "A"],
        *([None, None, None, None, level, f"level {level}"] for level in range(4)),
        [*HEADINGS, "Criterion B", 2],
        ["B1", "Paper", "J", "Neat", None, None, None, None, 1, "B"],
        *([None, None, None, None, level, f"level {level}"] for level in range(3)),
        ["B2", "More", "X", None, None, None, None, None, 1, "B"],
        [None, None, "M", "No mark", None, None, None, None, None, "B"],
        [None, None, None, None, 0, "level 0"],
    ]
    read = read_scheme(sheet_of(rows))
    first, second, third, *_rest = [line.aspect for line in read.lines]
    assert (first.type, first.criterion, first.max, first.standard) == (
        "score",
        "Poles",
        "1.5",
        "2",
    )
    assert first.hint == "0.5 off per pole\ncamera"
    assert (second.type, second.own["levels"]) == (
        "judgement",
        "level 0\nlevel 1\nlevel 2\nlevel 3",
    )
    assert (second.criterion, second.hint, third.criterion) == (
        "Poles",
        "look at the load",
        "Paper",
    )
    wrong = messages_by_line(read)
    assert "现在是 3 行" in wrong[14][0]
    assert wrong[18] == ["C18：Aspect Type 是“X”，应当是 M 或 J", "D18：考核要点没写"]
    assert wrong[19] == ["E20：是一档的说明，上面不是 J 的评分点", "I19：配分没写"]
    assert [str(it) for it in read.warnings] == [
        "第 4 行写的合计是 4，评分点加起来是 3",
        "第 3 行写的 M 合计是 3.5，评分点加起来是 2.5",
        "第 3 行写的 J 合计是 1.5，评分点加起来是 2.5",
        "第 3 行写的合计是 6，评分点加起来是 5",
        "表里有 2 个大项，都读进这一个模块",
    ]


def test_an_international_sheet_of_today_is_read_by_its_headings() -> None:
    read = read_scheme((DATA / "CIS现行_Criterion.xlsx").read_bytes())
    aspects = [(it.aspect.criterion, it.aspect.type, it.aspect.max) for it in read.lines]
    assert aspects == [
        ("Page layout", "measurement", "1"),
        ("Page layout", "deduction", "2"),
        ("Page layout", "judgement", "3"),
        ("Form", "score", "2"),
        ("Form", "score", "2"),
    ]
    assert read.lines[1].aspect.own == {"points": "0.5"}
    assert read.lines[2].aspect.own["levels"].startswith("Poor\n")
    assert [line.says_type for line in read.lines] == [True, True, True, False, False]
    assert not any(line.problems for line in read.lines)
    assert [str(it) for it in read.warnings] == ["表里有 2 个大项，都读进这一个模块"]


_LEVELS = ("Poor", "Meets the standard", "Above it", "Excellent")
_ONE_CELL = "\n".join(f"{level} - {words}" for level, words in enumerate(_LEVELS))
_ENGLISH = (
    *("Sub Criterion ID", "Sub Criterion Name or Description", "Day of Marking"),
    *("Aspect Type (M=Meas / J=Judg)", "Aspect - Description", "Judge Score"),
    *("Extra Description (Meas) / Score Description (Judg)", "Requirement (Measurement Only)"),
    *("WSSS Section", "Calculation Row (Export only)", "Max Mark"),
)
_IN_BOTH = (
    *("Sub Criterion ID 子标准编号", "Sub Criterion Name or Description 子标准名称"),
    *("Day of Marking", "Aspect Type 类型", "Aspect - Description 评分点描述"),
    *("Judg Score 评判等级", "Extra Aspect Description 补充描述", "Requirement 要求"),
    *("WSSS Section 标准章节", "Calculation Row (Export only)", "Max Mark 配分"),
)
_CHINESE = (
    *("子项编号", "子项名称", "评分日", "类型 M=测量 J=评判", "评分点描述", "评判等级"),
    *("补充说明或等级描述", "要求或公称尺寸", "WSSS 章节", "计算行", "配分"),
)


@pytest.mark.parametrize("head", [_ENGLISH, _IN_BOTH, _CHINESE])
def test_heads_as_sheets_of_today_have_them_are_read_alike_by_both_doors(
    head: Sequence[str],
) -> None:
    blank: list[Any] = [None] * 5
    rows: list[list[Any]] = [
        [*head, "Criterion A", "Total Mark", "=SUM(K2:K20)"],
        ["A1", "Page", "Day 1"],
        [None, None, None, "M", "Stays", None, "Yes/No", "while scrolling", "WSSS 1", "C8", 1],
        [None, None, None, "测量", "Links", None, "-0.5 per broken link", "4", 1, None, 2],
        [None, None, None, "J", "Below", None, "Look twice", None, 2, None, 1],
        *([*blank, level, words] for level, words in enumerate(_LEVELS)),
        [None, None, None, "评判", "In one cell", None, _ONE_CELL, None, 2, None, 1],
        [None, None, None, "J", "Four lines", None, "\n".join(_LEVELS), None, 2, None, 1],
        [None, None, None, "J", "Beside it", 0, _LEVELS[0], None, 2, None, 1],
        *([*blank, level, _LEVELS[level]] for level in (1, 2, 3)),
    ]
    content = sheet_of(rows)
    reading = read_sheets(open_workbook(content), "scheme")
    types = ["measurement", "deduction", *["judgement"] * 4]
    assert [row.values["type"] for row in reading.rows] == types
    assert [row.values["levels"] for row in reading.rows[2:]] == [[*_LEVELS]] * 4
    assert [row.values.get("rule") for row in reading.rows[2:]] == ["Look twice", None, None, None]
    # The total alone is asked: its formula keeps no value.
    assert [(it.row, it.column, it.field) for it in reading.asked] == [(1, "N", "max")]
    scheme = read_scheme(content)
    assert [line.aspect.type for line in scheme.lines] == types
    assert {line.aspect.own.get("levels") for line in scheme.lines[2:]} == {"\n".join(_LEVELS)}
    assert [line.aspect.hint for line in scheme.lines[2:]] == ["Look twice", "", "", ""]
    assert not any(line.problems for line in scheme.lines)
    assert any("N1：是公式" in str(it) for it in scheme.warnings)


def test_levels_that_are_not_four_are_asked() -> None:
    for words in ("Poor; fair; good; best", "0 - Poor\n1 - fair\n2 - good", "One line"):
        row = [None, None, "J", "Looks", None, words, None, 1, 2]
        (line,) = read_scheme(sheet_of([HEADINGS, row])).lines
        assert "现在是 0 行" in str(line.problems[0])
        assert line.aspect.hint == words


def test_columns_in_another_order_and_others_beside_them_are_told() -> None:
    head = [HEADINGS[8], "Aspect ID", *HEADINGS[:8], "Criterion A", 2]
    rows = [head, [None, None, "A1", "Poles"], [2, "x1", None, None, "M", "Pole", None, "Yes/No"]]
    read = read_scheme(sheet_of(rows))
    (line,) = read.lines
    assert (line.aspect.name, line.aspect.type, line.aspect.max) == ("Pole", "measurement", "2")
    assert [str(it) for it in read.warnings] == ["没有读的列：Aspect ID"]


def test_the_table_on_top_is_held_against_each_criterion() -> None:
    levels = [[None, None, None, None, level, f"level {level}"] for level in range(4)]
    rows: list[list[Any]] = [
        ["Criterion", "Description", "Meas (M)", "Judg (J)", "Total"],
        ["A", "Preparation", 10, 5, 15],
        # Its sum is not what the aspects below come to, and neither is what is measured.
        ["B", "Driving", "85,00", 5, 90],
        ["C", "Nothing", None, None, None],
        ["Total", None, 90, 10, 100],
        [*HEADINGS, "Criterion A", 15],
        ["A1", "Check", "M", "Helmet", None, None, None, 1, 10, "A"],
        [None, None, "J", "Order", None, None, None, 1, 5, "A"],
        *levels,
        [*HEADINGS, "Criterion B", 85],
        ["B1", "Drive", "M", "No pole hit", None, None, None, 2, 80, "B"],
        [None, None, "J", "Smooth", None, None, None, 2, 5, "B"],
        *levels,
    ]
    assert [str(it) for it in read_scheme(sheet_of(rows)).warnings] == [
        "第 3 行写的 M 合计是 85，评分点加起来是 80",
        "第 3 行写的合计是 90，评分点加起来是 85",
        "表里有 2 个大项，都读进这一个模块",
    ]


def test_what_is_no_scheme_is_refused_and_no_merged_area_exhausts_us() -> None:
    for data, why in (
        (b"PK\x03\x04", "坏了"),
        (sheet_of([["姓名", "单位"], ["甲", "乙"]]), "没有找到表头"),
        (sheet_of([["项目", "配分"]]), "表头下面没有评分点"),
        (
            sheet_of([["项目", "配分"], *([f"第 {n} 项", 1] for n in range(301))]),
            "最多 300 个评分点",
        ),
    ):
        with pytest.raises(WorkbookError, match=why):
            read_scheme(data)
    rows = [["项目", "考核要点", "配分"], *(["甲", f"第 {n} 项", 1] for n in range(200))]
    many = [f"A{n}:A1048000" for n in range(2, 400)]
    assert len(read_scheme(sheet_of(rows, [])).lines) == 200
    data = sheet_of(rows)
    from tests.sheets.files import with_sheet_xml

    cells = "".join(f'<mergeCell ref="{area}"/>' for area in many)
    joined = f"</sheetData><mergeCells>{cells}</mergeCells>".encode()
    with pytest.raises(WorkbookError):
        read_scheme(with_sheet_xml(data, b"</sheetData>", joined))


def test_the_finer_of_two_columns_is_the_point_and_two_of_one_name_are_refused() -> None:
    read = read_scheme((DATA / "考核项目加考核内容.xlsx").read_bytes())
    assert [line.aspect.name for line in read.lines][:3] == ["劳保着装", "工件清理", "参数选择"]
    assert read.lines[1].aspect.criterion == "焊前准备"
    assert not any(line.problems for line in read.lines)
    rows = [["项目", "考核要点", "配分"], ["甲", "一", 5], ["甲", "一", 5]]
    assert read_scheme(book_of({"表": rows})).lines[1].problems


def test_an_upload_takes_the_rows_that_the_command_reads_and_no_others() -> None:
    rows: list[list[Any]] = [
        ["项目", "步骤", "考核要点", "配分", "评分标准", "扣分办法", "实测", "没见过的"],
        ["一、准备"],
        ["甲", "检查", "帽", "1,000", "看", "每处扣 5 分"],
        [None, "清理", None, 5, "Yes/No"],
        [None, None, "鞋", 2, "#N/A"],
        ["总分", None, None, 1007],
        ["乙", None, "没有分", None, None, None, None, "看"],
        ["丙", None, "帽", 1.5],
        [None, "再看", "#REF!", 1],
        [None, None, None, 9],
        ["注：扣完为止"],
        ["加试"],
        ["考核要点", "配分"],
        ["跑", 3],
        ["合计", 4],
    ]
    content = sheet_of(rows, ["A2:H2", "A8:A9"])
    reading = read_sheets(open_workbook(content), "scheme")
    scheme = read_scheme(content)
    assert [
        (it.number, it.aspect.criterion or None, it.aspect.name, it.aspect.max, it.aspect.type)
        for it in scheme.lines
    ] == [
        (it.row, *(it.values.get(key) for key in ("criterion", "name", "max", "type")))
        for it in reading.rows
    ]
    assert [line.number for line in scheme.lines] == [3, 4, 5, 8, 9, 14]
    assert messages_by_line(scheme)[5] == ["E5：格子里是错误值，没有读"]
    assert [str(it) for it in scheme.warnings] == [
        "第 15 行写的合计是 4，评分点加起来是 3",
        "没有读的行：2、7（小标题）",
        "没有读的行：10（只有序号）",
        "没有读的行：11（注）",
        "没有读的列：实测、没见过的",
    ]


def test_the_rules_column_is_known_by_other_names() -> None:
    read = read_scheme((DATA / "鉴定内容_扣分标准.xlsx").read_bytes())
    assert read.lines[0].aspect.type == "deduction"
    assert "误差" in read.lines[3].aspect.hint


HEAD = ["项目", "考核要点", "配分"]


def modules_of_four(**more: list[list[Any]]) -> bytes:
    """A sheet for each of four modules, and further ones."""
    sheets = {
        f"模块{n}": [HEAD, ["操作", f"装车{n}", 15], ["", f"卸车{n}", 10], ["合计", "", 25]]
        for n in (1, 2, 3, 4)
    }
    return book_of({**sheets, **more})


def test_a_workbook_with_a_sheet_for_each_module_is_read_whole_and_its_sums_are_none() -> None:
    sums = [["模块", "内容", "配分"], *([f"模块{n}", "实操", 25] for n in (1, 2, 3, 4))]
    book = read_schemes(modules_of_four(汇总=[*sums, ["合计", "", 100]]))
    assert [it.sheet for it in book.schemes] == ["模块1", "模块2", "模块3", "模块4"]
    assert [[line.aspect.name for line in it.lines] for it in book.schemes] == [
        [f"装车{n}", f"卸车{n}"] for n in (1, 2, 3, 4)
    ]
    assert [str(it) for it in book.warnings] == [
        "“汇总”页是模块1、模块2、模块3、模块4的汇总，没有再读一遍"
    ]
    # A sum that is wrong is no module either, and is told.
    sums[2] = ["模块2", "实操", 30]
    book = read_schemes(modules_of_four(汇总=sums))
    assert len(book.schemes) == 4
    assert str(book.warnings[1]) == ("“汇总”页 第 3 行：写的是 30，“模块2”页的配分加起来是 25")


def test_a_sheet_of_sums_that_stands_first_is_not_the_module() -> None:
    sums = [HEAD, ["汇总", "模块A", 60], ["汇总", "模块B", 40]]
    modules = {"模块A": [HEAD, ["操作", "装车", 60]], "模块B": [HEAD, ["操作", "卸车", 40]]}
    book = read_schemes(book_of({"汇总": sums, **modules}))
    assert [(it.sheet, it.lines[0].aspect.name) for it in book.schemes] == [
        ("模块A", "装车"),
        ("模块B", "卸车"),
    ]
    assert read_scheme(book_of({"汇总": sums})).sheet == "汇总"
    # What lies beside is told with its sheet.
    book = read_schemes(modules_of_four(说明=[["看清楚再打分"]], 备用=[HEAD]))
    assert [str(it) for it in book.warnings] == ["“备用”页表头下面没有评分点"]


def headed(read: Scheme) -> list[tuple[str, str]]:
    return [(line.aspect.criterion, line.aspect.name) for line in read.lines]


ROWS_OF_TWO = [["戴安全帽", 10, "看"], ["穿鞋", 10, "看"], ["装车", 50, "看"], ["卸车", 30, "看"]]


@pytest.mark.parametrize(
    "titles", [("一、安全（20分）", "二、操作（80分）"), ("安全（20分）", "操作（满分80分）")]
)
@pytest.mark.parametrize("merged", [True, False])
def test_a_row_of_a_heading_with_points_is_the_criterion_of_those_below(
    titles: tuple[str, str], merged: bool
) -> None:
    first, second = titles
    rows = [["考核内容", "配分", "评分标准"], [first], *ROWS_OF_TWO[:2], [second], *ROWS_OF_TWO[2:]]
    read = read_scheme(sheet_of(rows, ["A2:C2", "A5:C5"] if merged else ()))
    bare = [title.partition("、")[2] or title for title in titles]
    assert headed(read) == [
        (bare[0], "戴安全帽"),
        (bare[0], "穿鞋"),
        (bare[1], "装车"),
        (bare[1], "卸车"),
    ]
    assert [str(it) for it in read.warnings] == []
    # What it says is held against them, and it is no aspect.
    rows[3] = ["穿鞋", 15, "看"]
    read = read_scheme(sheet_of(rows, ["A2:C2", "A5:C5"] if merged else ()))
    assert len(read.lines) == 4
    assert "第 2 行写的合计是 20，评分点加起来是 25" in [str(it) for it in read.warnings]


def test_points_in_a_column_of_criteria_are_held_against_its_aspects() -> None:
    rows = [
        ["项目", "考核要点", "配分"],
        ["一、安全（20分）", "戴安全帽", 10],
        ["", "穿鞋", 10],
        ["二、操作（80分）", "装车", 50],
    ]
    read = read_scheme(sheet_of(rows))
    assert [it.aspect.criterion for it in read.lines] == [rows[1][0]] * 2 + [rows[3][0]]
    assert [str(it) for it in read.warnings] == ["第 4 行写的合计是 80，评分点加起来是 50"]
    # The same words in each row are one heading.
    rows[2][0] = rows[1][0]
    rows[3][2] = 80
    assert [str(it) for it in read_scheme(sheet_of(rows)).warnings] == []


def test_how_marks_are_given_is_read_where_there_is_a_type_for_it_and_told_else() -> None:
    levels = "0 没做\n1 做了一半\n2 做好\n3 做得很好"
    rows = [
        ["考核要点", "配分", "评分方式", "评分标准"],
        ["安全", 10, "客观", "每掉一件扣 2 分"],
        ["平稳", 9, "主观", levels],
        ["整洁", 10, "评判", "看整洁"],
        ["尺寸", 10, "测量", "看尺寸"],
        ["用时", 10, "计时", "600 秒以内满分，900 秒没分"],
    ]
    read = read_scheme(sheet_of(rows))
    assert [line.aspect.type for line in read.lines][:4] == [
        "deduction",
        "judgement",
        "score",
        "score",
    ]
    assert read.lines[1].aspect.levels == ["没做", "做了一半", "做好", "做得很好"]
    assert read.lines[4].aspect.type == "time"
    assert [line.problems for line in read.lines][:4] == [[], [], [], []]
    assert [str(it) for it in read.warnings] == [
        "C1：“评判”、“测量”不是单独的给分办法，照评分标准读；评判要写出四档"
    ]
