"""A department's squares out to Excel and in again: looked at whole before any is written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition, LabourValueEntry, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.refusal import Refused
from compete.services.labour.departments import save_department
from compete.services.labour.entry import Writer
from compete.services.labour.squares import grid_of
from compete.services.labour.workbooks import BookPreview, department_book, preview_book
from compete.sheets.workbook.refusal import WorkbookError
from tests.domain.labour.build import indicator, labour_bundle
from tests.services.labour.made_up import Contest, act, made_up, recorder
from tests.sheets.reading.files import book_of


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def opened(contest: Contest, writer: Writer | None = None, period: str = "二月") -> Any:
    content = department_book(writer or contest.writer(contest.safety), period)
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(book: Any, changes: Mapping[str, Any]) -> bytes:
    for place, value in changes.items():
        book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def looked_at(contest: Contest, changes: Mapping[str, Any]) -> BookPreview:
    book = opened(contest)
    return preview_book(contest.writer(contest.safety), "二月", filled(book, changes))


def test_it_says_what_stands_and_what_is_lacking_is_empty(contest: Contest) -> None:
    unit = contest.competition.units[1]
    contact = create_account("谢长林")
    grant_role(contact, contest.competition, Role.CONTACT, unit=unit)
    own = Writer(contest.competition, contact, unit=unit)
    contest.enter(act("乙", "安全", "29"), by=own)
    contest.enter(act("甲", "安全", "28.5"), act("甲", "安全", "临边", kind="reason"))
    sheet = opened(contest).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[0] == [
        *("编号", "单位", "组"),
        *("安全 自评", "安全（满 30） 考评", "安全 扣分原因"),
        *("隐患 自评", "隐患（满 30） 考评", "隐患 扣分原因"),
    ]
    assert rows[1][:6] == ["甲", "甲", None, None, 28.5, "临边"]
    assert rows[2][3:5] == [29, None]
    # Brought back as it was, it changes nothing; a value and its reason are one square.
    preview = looked_at(contest, {})
    assert (preview.cells, preview.problems, preview.same) == ([], [], 1)


def test_what_it_would_write_is_told_and_nothing_is_written(contest: Contest) -> None:
    contest.enter(act("甲", "安全", "28.5"))
    before = db.session.scalar(select(func.count(LabourValueEntry.id)))
    preview = looked_at(
        contest,
        {"E3": 27, "E4": 9.1 * 3, "F4": "少一次演练", "H3": "０", "H4": 10, "H5": ""},
    )
    assert [(cell.place, cell.kind, cell.text, cell.was) for cell in preview.cells] == [
        ("E3", "value", "27", "28.5"),
        ("H3", "value", "０", ""),
        # 9.1 × 3 is 27.299999999999997 to Excel, and 27.3 to whoever looks.
        ("E4", "value", "27.3", ""),
        ("F4", "reason", "少一次演练", ""),
        ("H4", "value", "10", ""),
    ]
    standing = grid_of(contest.competition, "二月").standing
    assert preview.cells[0].seen == next(iter(standing.values())).id
    assert [str(cell.ask) for cell in preview.cells if cell.ask] == [
        "10 是上期 1 的 10 倍以上，对就再确认一次"
    ]
    assert db.session.scalar(select(func.count(LabourValueEntry.id))) == before


def test_a_reason_that_stays_beside_another_value_is_written_with_it(contest: Contest) -> None:
    contest.enter(act("甲", "安全", "20"), act("甲", "安全", "临边", kind="reason"))
    preview = looked_at(contest, {"E3": 21})
    assert [(cell.place, cell.text) for cell in preview.cells] == [("E3", "21"), ("F3", "临边")]


def test_each_fault_names_its_row_and_column(contest: Contest) -> None:
    preview = looked_at(
        contest,
        {
            **{"E3": "良", "H3": -1, "E4": 31, "F4": "字" * 501},
            **{"A5": "丁", "E5": 20, "A6": "甲", "E6": 20, "A7": "乙", "B7": "甲", "E7": 20},
            **{"B8": "丙", "E8": 1.2345678, "B9": "甲"},
        },
    )
    assert [(problem.place, problem.what, str(problem.why)) for problem in preview.problems] == [
        ("E3", "甲 安全（满 30） 考评", "“良”不是数"),
        ("H3", "甲 隐患（满 30） 考评", "-1 小于 0"),
        ("E4", "乙 安全（满 30） 考评", "31 超过满分 30"),
        ("F4", "乙 安全 扣分原因", "最多 500 个字，现在是 501 个"),
        ("A5", "丁", "没有这个单位"),
        ("6", "甲", "第 3 行已经有这一家"),
        ("A7", "甲", "编号 乙 是乙"),
        ("E8", "丙 安全（满 30） 考评", "“1.2345678”不是数"),
    ]
    assert preview.cells == []


def test_the_table_of_another_period_or_department_is_refused(contest: Contest) -> None:
    safety = contest.writer(contest.safety)
    with pytest.raises(Refused, match="一月 安全部打分表”，这里要“劳动竞赛 二月 安全部打分表"):
        preview_book(safety, "二月", filled(opened(contest, period="一月"), {}))
    works = opened(contest, contest.writer(contest.works))
    with pytest.raises(Refused, match="工程部打分表”，这里要"):
        preview_book(safety, "二月", filled(works, {}))
    twice = filled(opened(contest), {"I2": "安全（满 30） 考评", "E3": 1, "I3": 2})
    with pytest.raises(WorkbookError, match="有两列"):
        preview_book(safety, "二月", twice)
    with pytest.raises(WorkbookError):
        preview_book(safety, "二月", b"PK not a workbook")


def test_a_unit_is_known_beside_words_that_ask_for_its_seal(contest: Contest) -> None:
    rows = [["序号", "单位", "安全"], [1, "甲（盖章）", 27], [2, "乙 (公章)", 26]]
    preview = preview_book(contest.writer(contest.safety), "二月", book_of({"表": rows}))
    assert [(cell.name, cell.text) for cell in preview.cells] == [("甲", "27"), ("乙", "26")]
    assert preview.problems == []


def safety_sheet(number: int, *titles: str) -> list[list[Any]]:
    return [*([title] for title in titles), ["单位", "安全"], ["甲", number]]


@pytest.mark.parametrize(
    ("name", "titles", "own_title"),
    [
        ("1月", ("2022年1月安全统计表",), "2022年1月安全统计表"),
        ("Sheet1", ("安全统计表", "2022 年 01 月"), "2022 年 01 月"),
        ("１月份", ("安全统计表",), "１月份"),
        ("表", ("二〇二二年一月安全统计表", "填报日期：2022年2月"), "二〇二二年一月安全统计表"),
        ("2月", ("1月安全统计表",), "1月安全统计表"),
    ],
)
def test_figures_of_another_period_are_refused(
    contest: Contest, name: str, titles: tuple[str, ...], own_title: str
) -> None:
    content = book_of({name: safety_sheet(28, *titles)})
    wanted = f"这是“{own_title}”，这里要“劳动竞赛 二月 安全部打分表”"
    with pytest.raises(Refused) as refused:
        preview_book(contest.writer(contest.safety), "二月", content)
    assert str(refused.value.message) == wanted


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("2月", ("2022年2月安全统计表", "填报日期：2022年1月")),
        ("12月", ()),
        ("表", ("安全统计表", "1月31日")),
        ("1—2月", ("季度安全统计表",)),
        ("表", ("近1个月安全统计表",)),
    ],
)
def test_figures_of_no_other_period_are_read(
    contest: Contest, name: str, titles: tuple[str, ...]
) -> None:
    content = book_of({name: safety_sheet(28, *titles)})
    preview = preview_book(contest.writer(contest.safety), "二月", content)
    assert [cell.text for cell in preview.cells] == ["28"]


def test_of_sheets_of_several_periods_that_of_the_open_one_is_read(contest: Contest) -> None:
    sheets = {f"{n}月": safety_sheet(20 + n, f"2022年{n}月安全统计表") for n in (1, 2)}
    preview = preview_book(contest.writer(contest.safety), "二月", book_of(sheets))
    assert [(cell.unit, cell.text) for cell in preview.cells] == [("甲", "22")]
    assert preview.problems == []
    assert "“1月”是别的一期，这里填的是 二月，没有读" in map(str, preview.notices)


def test_a_column_that_nobody_knows_is_asked_and_remembered_for_the_department(
    contest: Contest, organiser: Account
) -> None:
    writer = contest.writer(contest.safety)
    content = book_of({"2月": [["单位", "现场得分", "排名", "备注"], ["甲", 28, 1, "好"]]})
    asked = preview_book(writer, "二月", content)
    assert asked.cells == []
    assert [(it.letters, it.heading, it.samples) for it in asked.unknown] == [
        ("B", "现场得分", ["28"])
    ]
    (value,) = (it for it in asked.choices if it.startswith("安全") and it.endswith("考评"))
    answers = {asked.unknown[0].key: value}
    preview = preview_book(writer, "二月", content, answers, organiser)
    assert [(it.unit, it.indicator, it.text) for it in preview.cells] == [("甲", "安全", "28")]
    later = preview_book(writer, "二月", content)
    assert [it.text for it in later.cells] == ["28"]
    assert later.said == answers
    undone = preview_book(writer, "二月", content, {asked.unknown[0].key: ""}, organiser)
    assert undone.cells == []
    made_up = preview_book(writer, "二月", content, {asked.unknown[0].key: "没有的"}, organiser)
    assert made_up.cells == []


def test_a_quarter_beside_its_month_is_not_another_period(
    load: Callable[..., Competition], organiser: Account
) -> None:
    periods = [
        {"code": "Y", "name": "全年"},
        {"code": "Q1", "name": "一季度", "part_of": "Y"},
        {"code": "M12", "name": "2021年12月", "part_of": "Q1"},
        {"code": "I1", "name": "一季度检查", "part_of": "Q1"},
        {"code": "Q2", "name": "二季度", "part_of": "Y"},
        {"code": "M24", "name": "2022年12月", "part_of": "Q2"},
    ]
    bundle = labour_bundle("甲乙", periods=periods, indicators=[indicator("安全", 30)])
    competition = load(json.loads(write_bundle(bundle)))
    department = save_department(competition, "安全部", ["安全"], Decimal(5), organiser)
    writer = Writer(competition, recorder("周茹", competition, department), department=department)

    def is_read(period: str, name: str, *titles: str) -> bool:
        try:
            return bool(
                preview_book(writer, period, book_of({name: safety_sheet(9, *titles)})).cells
            )
        except Refused:
            return False

    assert is_read("M12", "12月", "一季度劳动竞赛")
    assert is_read("M12", "2021年12月", "全年统计表")
    assert is_read("M24", "2021年12月—2022年12月")
    assert is_read("I1", "表", "一季度检查打分")
    assert not is_read("M12", "2022年12月")
    assert not is_read("M12", "一季度")
    assert not is_read("M12", "一季度检查")
    assert not is_read("I1", "二季度")


def test_targets_have_a_column_of_their_own(contest: Contest) -> None:
    writer = contest.writer(contest.works)
    book = opened(contest, writer)
    heads = [cell.value for cell in book.active[2]]
    assert heads[3:] == ["产值 目标", "产值 自评", "产值 考评", "产值 扣分原因"]
    preview = preview_book(writer, "二月", filled(book, {"D3": 0, "F3": 90, "D4": 100}))
    assert [(cell.kind, cell.text) for cell in preview.cells] == [
        ("value", "90"),
        ("target", "100"),
    ]
    assert [str(problem.why) for problem in preview.problems] == ["目标要大于 0"]
    assert Decimal(preview.cells[0].text) == 90


def test_a_cell_without_a_value_is_named_and_its_square_stays(contest: Contest) -> None:
    contest.enter(act("甲", "安全", "28.5"), act("甲", "安全", "临边", kind="reason"))
    preview = looked_at(
        contest,
        {
            "E3": "=28+0.4",
            "F3": "#N/A",
            "H3": 1,
            "E4": "#REF!",
            "F4": "临边",
            "A5": "#N/A",
            "E5": 20,
        },
    )
    assert [problem.place for problem in preview.problems] == ["E3", "F3", "E4", "A5"]
    assert "#REF!" in preview.problems[2].what
    assert "公式" in str(preview.problems[0].why)
    assert [cell.place for cell in preview.cells] == ["H3"]


def test_a_percentage_is_no_number_and_its_square_stays(contest: Contest) -> None:
    book = opened(contest)
    book.active["E3"].number_format = "0.0%"
    preview = preview_book(contest.writer(contest.safety), "二月", filled(book, {"E3": 0.285}))
    assert [problem.place for problem in preview.problems] == ["E3"]
    assert "28.5%" in str(preview.problems[0].why)


def test_headings_written_another_way_are_known_and_points_are_no_count(contest: Contest) -> None:
    preview = looked_at(
        contest, {"B2": "单 位", "E2": "安全(满30)考评", "H2": "隐患得分", "E3": 20}
    )
    assert [(cell.indicator, cell.text) for cell in preview.cells] == [("安全", "20")]
    assert any("隐患得分" in str(notice) for notice in preview.notices)
    preview = looked_at(contest, {"E2": "安全", "H2": "隐患（处）", "E3": 20, "H3": 1})
    assert [(cell.place, cell.text) for cell in preview.cells] == [("E3", "20"), ("H3", "1")]


def test_a_heading_in_another_unit_of_measure_is_asked(
    load: Callable[..., Competition], organiser: Account
) -> None:
    periods = [{"code": "M1", "name": "一月"}]
    row = indicator("产值", 30) | {"name": "产值（万元）"}
    bundle = labour_bundle("甲乙", periods=periods, indicators=[row])
    competition = load(json.loads(write_bundle(bundle)))
    department = save_department(competition, "安全部", ["产值"], Decimal(5), organiser)
    writer = Writer(competition, recorder("周茹", competition, department), department=department)
    for heading, read in (("产值（元）", 0), ("产值", 2), ("产值（万元）", 2)):
        book = book_of({"表": [["单位", heading], ["甲", 12], ["乙", 9]]})
        preview = preview_book(writer, "M1", book)
        assert (len(preview.cells), len(preview.unknown)) == (read, int(not read)), heading


def test_units_across_that_are_none_are_named_by_their_cells(contest: Contest) -> None:
    rows = [["指标", "甲", "乙公司"], ["安全", 20, 21], ["隐患", 0, 1]]
    preview = preview_book(contest.writer(contest.safety), "二月", book_of({"表": rows}))
    assert [(cell.place, cell.text) for cell in preview.cells] == [("B2", "20"), ("B3", "0")]
    assert [(it.place, it.what) for it in preview.problems] == [("C1", "乙公司")]


def test_a_head_of_two_rows_under_titles_is_read_and_what_is_no_row_is_told(
    contest: Contest,
) -> None:
    rows: list[list[Any]] = [
        ["二月安全考核汇总表"],
        ["填报单位：安全部", None, None, "日期：3月2日"],
        ["序号", "参赛单位", "安全（30分）", None, "隐患", "备注"],
        [None, None, "得分", "扣分原因", "处", None],
        [1, "甲", 28, "临边", 0, "好"],
        [2, "乙", 27, None, 1, None],
        ["合计", None, 55],
        ["填表人：周茹", None, "审核：陈平"],
    ]
    merged = ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "F3:F4")
    content = book_of({"汇总": rows, "说明": [["每月 5 日前报"]]}, {"汇总": merged})
    preview = preview_book(contest.writer(contest.safety), "二月", content)
    assert [(cell.place, cell.indicator, cell.kind, cell.text) for cell in preview.cells] == [
        ("C5", "安全", "value", "28"),
        ("D5", "安全", "reason", "临边"),
        ("E5", "隐患", "value", "0"),
        ("C6", "安全", "value", "27"),
        ("E6", "隐患", "value", "1"),
    ]
    assert preview.problems == []
    notice_text = " ".join(map(str, preview.notices))
    for lacking in ("备注", "7（合计）", "8（签名、盖章或日期）", "“说明”页"):
        assert lacking in notice_text


def test_groups_of_indicators_stand_above_them(contest: Contest) -> None:
    rows: list[list[Any]] = [
        ["单位", "安全管理", None, "合计"],
        [None, "安全", "隐患", None],
        ["甲", 28, 1, 29],
    ]
    content = book_of({"表": rows}, {"表": ("A1:A2", "B1:C1", "D1:D2")})
    preview = preview_book(contest.writer(contest.safety), "二月", content)
    assert [(cell.place, cell.indicator) for cell in preview.cells] == [
        ("B3", "安全"),
        ("C3", "隐患"),
    ]


def test_a_merged_cell_is_of_each_row_and_tables_of_several_sheets_are_read(
    contest: Contest,
) -> None:
    safety: list[list[Any]] = [["单位", "安全"], ["甲", 28], ["乙", None], ["丙", 30]]
    danger: list[list[Any]] = [["单位", "隐患"], ["甲", 1], ["乙", 2]]
    content = book_of({"安全": safety, "隐患": danger}, {"安全": ["B2:B3"]})
    preview = preview_book(contest.writer(contest.safety), "二月", content)
    assert [(cell.place, cell.unit, cell.indicator, cell.text) for cell in preview.cells] == [
        ("安全!B2", "甲", "安全", "28"),
        ("安全!B3", "乙", "安全", "28"),
        ("安全!B4", "丙", "安全", "30"),
        ("隐患!B2", "甲", "隐患", "1"),
        ("隐患!B3", "乙", "隐患", "2"),
    ]
    assert "B3" in " ".join(map(str, preview.notices))


def test_a_second_value_for_a_square_and_a_unit_that_is_none_are_told(contest: Contest) -> None:
    rows: list[list[Any]] = [["单位", "安全"], ["甲", 28], ["甲", 27], ["丁", None]]
    preview = preview_book(contest.writer(contest.safety), "二月", book_of({"表": rows}))
    assert [cell.text for cell in preview.cells] == ["28"]
    assert [(problem.place, problem.what) for problem in preview.problems] == [
        ("3", "甲"),
        ("A4", "丁"),
    ]


def test_of_months_below_an_indicator_that_of_the_open_period_is_read(contest: Contest) -> None:
    rows: list[list[Any]] = [
        *(["单位", "安全", None, "隐患", None], [None, "1月", "2月", "1月", "2月"]),
        *(["甲", 20, 28, 1, 0], ["乙", 21, 27, 2, 1]),
    ]
    content = book_of({"表": rows}, {"表": ("A1:A2", "B1:C1", "D1:E1")})
    preview = preview_book(contest.writer(contest.safety), "二月", content)
    assert [(cell.place, cell.indicator, cell.text) for cell in preview.cells] == [
        *(("C3", "安全", "28"), ("E3", "隐患", "0")),
        *(("C4", "安全", "27"), ("E4", "隐患", "1")),
    ]
