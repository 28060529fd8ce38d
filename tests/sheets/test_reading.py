"""Finding people in workbooks as they really come: moved headers, merged cells, stray sheets."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from compete.sheets.registration.packed_rows import without
from compete.sheets.registration.reading import read_registration
from compete.sheets.registration.table import RawTable
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.files import with_sheet_xml
from tests.sheets.people import (
    HEADER,
    ID_1,
    ID_2,
    ID_3,
    notes,
    one_row,
    own_table,
    plan_of,
    raw_workbook,
    reasons,
    shared_text_table,
    workbook_of,
)

ROW = ("赵启明", ID_1, "海州港", "叉车司机")
OTHER = ("钱海峰", ID_2, "江南港", "叉车司机")


def notices(table: RawTable) -> str:
    """All that is said about the file."""
    return " ".join(str(notice) for notice in table.notices)


def refusal(data: bytes) -> str:
    """What the user is told of a file that is not taken."""
    with pytest.raises(WorkbookError) as caught:
        read_registration(data)
    return str(caught.value.message)


def test_the_template_reads_back_from_row_4_without_its_example() -> None:
    table = read_registration(workbook_of(one_row()))
    assert [row.number for row in table.people.rows] == [4]
    assert table.people.tables[0][1]["id_number"] == "D"
    assert table.notices == ()


def test_texts_kept_once_read_the_same_as_texts_in_their_cells() -> None:
    shared, inline = (read_registration(make(ROW)) for make in (shared_text_table, own_table))
    assert shared.people.rows[0].cells == inline.people.rows[0].cells


def test_a_header_further_down_is_found() -> None:
    rows = [["某某杯报名汇总"], [], ["填表人", "李"], list(HEADER), list(ROW)]
    table = read_registration(raw_workbook({"选手": rows}))
    assert table.people.rows[0].number == 5
    assert table.people.rows[0].cells["name"] == "赵启明"


def test_a_header_below_many_rows_of_instructions_is_found() -> None:
    rows = [*[["说明"]] * 30, list(HEADER), list(ROW)]
    assert read_registration(raw_workbook({"选手": rows})).people.rows[0].number == 32


@pytest.mark.parametrize(
    "title",
    ["身份证号", "身 份 证 号 码", "证件号码（必填）", "证件\n号码", "证件号码*", "证件号码："],
)
def test_a_column_is_known_by_other_names_too(title: str) -> None:
    table = read_registration(
        raw_workbook({"选手": [["姓名", title, "工作单位", "手机号码"], [*ROW[:3], "1"]]})
    )
    assert table.people.tables[0][1] == {"name": "A", "id_number": "B", "unit": "C", "phone": "D"}


def test_columns_may_stand_in_any_order() -> None:
    header, row = ["单位", "备注", "证件号码", "姓名"], ["海州港", "x", ID_1, "赵启明"]
    table = read_registration(raw_workbook({"选手": [header, row]}))
    assert table.people.rows[0].cells == {"unit": "海州港", "id_number": ID_1, "name": "赵启明"}
    assert table.people.tables[0][1]["name"] == "D"


def test_missing_columns_are_named() -> None:
    refusal_text = refusal(
        raw_workbook({"选手": [["证件号码", "单位", "手机"], [ID_1, "海州港", "13800000000"]]})
    )
    assert "“选手”页第 1 行" in refusal_text
    assert "姓名" in refusal_text


def test_of_two_columns_for_one_thing_the_first_is_read_and_the_other_is_told() -> None:
    data = raw_workbook({"选手": [["姓名", "证件号码", "单位", "身份证号"], [*ROW]]})
    table = read_registration(data)
    assert "D1" in notices(table)
    assert table.people.rows[0].cells["id_number"] == ID_1


def test_columns_of_their_own_are_left_unread_and_that_is_said() -> None:
    data = raw_workbook({"选手": [["序号", "姓名", "证件号码", "单位", "鞋码"], [1, *ROW[:3], 42]]})
    table = read_registration(data)
    assert "“选手”页没有读的列：鞋码" in notices(table)
    assert "序号" not in notices(table)
    assert table.people.rows[0].extras == ("42",)


def test_what_is_told_of_a_pasted_block_names_no_sheet() -> None:
    block = "\n".join(
        "\t".join(row)
        for row in (
            ["填报单位：海州港"],
            ["姓名", "身份证号", "鞋码", "身份", "证件号码"],
            ["赵启明", ID_1, "42", "选手", ""],
            ["孙教练", ID_2, "41", "教练", ""],
            ["合计", "", "", "", ""],
        )
    )
    table = read_registration(block.encode())
    notice_text = notices(without(table, frozenset({"id_number"})))
    for sentence in (
        "没有读的列：证件号码、鞋码",
        "没有读的行：1 填报单位：海州港（标题）",
        "没有读的行：5 合计（合计）",
        "孙教练（第 4 行）",
        "A1：没有单位，照上面写的“海州港”读",
    ):
        assert sentence in notice_text
    assert "E2：已经读了“身份证号”" in notice_text
    assert "“”" not in notice_text
    with pytest.raises(WorkbookError, match=r"^第 1 行的表头里没有：姓名"):
        read_registration(f"证件号码,单位,手机\n{ID_1},海州港,13800000000\n".encode())


def test_blank_rows_are_passed_over() -> None:
    table = read_registration(own_table(ROW, [], ["  ", "\u3000"], OTHER))
    assert [row.number for row in table.people.rows] == [2, 5]


def test_the_sheet_of_people_is_found_wherever_it_stands() -> None:
    data = raw_workbook({"封面": [["报名表"]], "单位": [["单位名称"]], "选手": [HEADER, ROW]})
    assert read_registration(data).people.name == "选手"


def test_a_sheet_of_another_name_will_do() -> None:
    data = raw_workbook({"封面": [["报名表"]], "Sheet2": [HEADER, ROW]})
    assert read_registration(data).people.name == "Sheet2"


def test_a_hidden_sheet_is_not_read() -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["选手"].sheet_state = "hidden"

    data = raw_workbook({"选手": [HEADER, ROW], "Sheet2": [HEADER, OTHER]}, hide)
    assert read_registration(data).people.name == "Sheet2"


def test_a_hidden_row_is_read_and_marked() -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["选手"].row_dimensions[3].hidden = True

    plan = plan_of(own_table(ROW, OTHER, change=hide))
    assert "隐藏" not in "".join(notes(plan, 0))
    assert "这一行在表里是隐藏的，也读了" in notes(plan, 1)


def merging(area: str) -> Any:
    """Merge this area before saving."""

    def change(book: openpyxl.Workbook) -> None:
        book["选手"].merge_cells(area)

    return change


def test_a_unit_merged_over_rows_counts_for_each() -> None:
    data = own_table(ROW, (OTHER[0], ID_2, None, "叉车司机"), change=merging("C2:C3"))
    plan = plan_of(data)
    assert reasons(plan, 1) == []
    assert "有合并单元格，每行都按同一个内容读" in notes(plan, 1)
    registration = plan.rows[1].registration
    assert registration is not None
    assert registration.unit == "U01"


def test_a_name_merged_over_rows_is_not_two_people_of_one_name() -> None:
    data = own_table(ROW, (None, ID_2, "江南港", "叉车司机"), change=merging("A2:A3"))
    assert reasons(plan_of(data), 1) == ["姓名 A3：没填"]


def test_merged_cells_below_the_last_person_make_nobody() -> None:
    assert len(plan_of(own_table(ROW, change=merging("C2:C400"))).rows) == 1


def test_a_formula_says_the_value_that_the_file_keeps() -> None:
    typed = '<c r="C2" t="inlineStr"><is><t>海州港</t></is>'.encode()
    calculated = '<c r="C2" t="str"><f>D9</f><v>海州港</v>'.encode()
    data = with_sheet_xml(own_table(ROW), typed, calculated)
    assert reasons(plan_of(data)) == []


def test_a_formula_without_a_value_is_refused_and_not_taken_for_empty() -> None:
    plan = plan_of(own_table(("=A1", ID_1, "海州港", "叉车司机")))
    (reason,) = reasons(plan)
    assert reason.startswith("姓名 A2：是公式")


def test_an_id_number_by_formula_is_refused() -> None:
    plan = plan_of(own_table(("赵启明", '="3200"&"00"', "海州港", "叉车司机")))
    assert [problem.column for problem in plan.rows[0].problems] == ["id_number"]


def test_formulas_in_columns_we_do_not_read_do_no_harm() -> None:
    header = ["序号", "姓名", "证件号码", "单位", "赛项"]
    data = raw_workbook({"选手": [header, ["=ROW()-1", *ROW]]})
    assert reasons(plan_of(data)) == []


def test_formulas_filled_down_below_the_last_person_make_nobody() -> None:
    rows = [(None, None, None, None, f"=MID(B{n},7,8)") for n in range(3, 30)]
    assert len(read_registration(own_table(ROW, *rows)).people.rows) == 1


def test_choices_filled_down_below_the_last_person_make_nobody_and_that_is_said() -> None:
    rows = [(None, None, "海州港", "叉车司机")] * 5
    table = read_registration(own_table(ROW, *rows))
    assert len(table.people.rows) == 1
    assert "有 5 行只选了下拉，没写人（从第 3 行起）" in notices(table)


def test_somebody_written_over_the_example_is_not_lost_in_silence() -> None:
    data = raw_workbook({"选手": [["编号", *HEADER[:4]], ["示例", *ROW], ["", *OTHER]]})
    table = read_registration(data)
    assert [row.number for row in table.people.rows] == [3]
    assert "第 2 行标着“示例”，没有读" in notices(table)


def test_a_unit_whose_name_begins_with_the_word_example_is_a_unit() -> None:
    data = raw_workbook(
        {
            "选手": [HEADER, ("赵启明", ID_1, "示例仓储公司", "叉车司机")],
            "单位": [["单位名称"], ["示例仓储公司"]],
        }
    )
    plan = plan_of(data)
    assert [unit.name for unit in plan.new_units] == ["示例仓储公司"]


def test_a_sheet_of_units_with_another_header_is_left_aside() -> None:
    data = raw_workbook({"选手": [HEADER, ROW], "单位": [["电话簿"], ["123"]]})
    assert read_registration(data).units is None


def test_too_many_new_units_at_once_are_refused() -> None:
    units = [["单位名称"], *([f"第{n}公司"] for n in range(2_001))]
    assert "最多 2000 行" in refusal(raw_workbook({"选手": [HEADER, ROW], "单位": units}))


def test_nothing_read_shows_an_id_number_in_a_log() -> None:
    data = own_table((*ROW[:1], ID_3, *ROW[2:]))
    assert ID_3 not in repr(read_registration(data))
    assert ID_3 not in repr(plan_of(data))


def test_every_sheet_of_people_is_read_and_a_row_of_the_second_says_its_sheet() -> None:
    wrong = ("钱", "1", "海州港", "叉车司机")
    plan = plan_of(raw_workbook({"甲": [HEADER, ROW], "乙": [HEADER, OTHER, wrong]}))
    assert [plan.people.row_name(row.number) for row in plan.rows] == ["2", "乙!2", "乙!3"]
    assert reasons(plan, 2)[0].startswith("证件号码 乙!B3")


def test_leaders_are_no_contestants_and_become_nobodys_leader_unasked() -> None:
    header = ["身份", "姓名", "身份证号", "工作单位", "参赛项目"]
    rows = [["领队", "王领", None, "海州港", None], ["选手", *ROW]]
    table = read_registration(raw_workbook({"选手": [header, *rows]}))
    (row,) = table.people.rows
    assert "leader" not in row.cells
    assert "王领 选手!2" in notices(table)


JOBS = ["姓名", "身份证号", "工作单位", "职务"]


@pytest.mark.parametrize(
    "job",
    ["领队", "副领队", "教练", "总教练", "领队兼教练", "教练员/领队", "工作人员", "联系人", "替补"],
)
@pytest.mark.parametrize("heading", ["职务", "岗位"])
def test_a_job_that_is_no_contestants_makes_none(heading: str, job: str) -> None:
    rows = [["王领", ID_3, "海州港", job], [*ROW[:3], "班长"], [*OTHER[:3], "选手"]]
    table = read_registration(raw_workbook({"选手": [[*JOBS[:3], heading], *rows]}))
    assert [row.cells["name"] for row in table.people.rows] == ["赵启明", "钱海峰"]
    assert "王领 选手!2" in notices(table)
    assert f"“{heading}”写着“{job}”的没有当选手" in notices(table)


@pytest.mark.parametrize(
    "job",
    [
        "叉车司机",
        "教练车司机",
        "安全监督",
        "管理人员",
        "技术指导",
        "后勤",
        "裁判科科长",
        "领队兼选手",
    ],
)
def test_a_job_of_a_contestant_stays_one(job: str) -> None:
    rows = [["王领", ID_3, "海州港", job], [*ROW[:3], "班长"]]
    table = read_registration(raw_workbook({"选手": [JOBS, *rows]}))
    assert [row.cells["name"] for row in table.people.rows] == ["王领", "赵启明"]
    assert table.people.rows[0].cells["post"] == job
    assert table.notices == ()


def test_a_leader_by_job_is_a_contestant_where_the_role_says_so() -> None:
    rows = [["王领", ID_3, "海州港", "领队", "选手"], [*ROW[:3], "教练", None]]
    table = read_registration(raw_workbook({"选手": [[*JOBS, "身份"], *rows]}))
    assert [row.cells["name"] for row in table.people.rows] == ["王领"]


def test_who_leads_and_competes_is_a_contestant_and_that_is_asked() -> None:
    header = ["姓名", "身份证号", "工作单位", "身份"]
    rows = [
        ["王领", None, "海州港", "领队"],
        ["孙两", ID_3, "海州港", "领队兼选手"],
        ["李双", None, "江南港", "教练兼领队"],
        [*ROW[:3], "队员"],
    ]
    table = read_registration(raw_workbook({"选手": [header, *rows]}))
    assert [row.cells["name"] for row in table.people.rows] == ["孙两", "赵启明"]
    assert "“选手”页 D3：“领队兼选手”是哪种身份？先当选手读" in notices(table)
    assert "“选手”页 D4：“教练兼领队”是哪种身份？没有当选手" in notices(table)
    assert "李双 选手!4" in notices(table)


def test_a_serial_number_is_no_code_and_that_is_asked() -> None:
    header = ["编号", "姓名", "身份证号", "工作单位", "参赛项目"]
    table = read_registration(raw_workbook({"选手": [header, [1, *ROW], [2, *OTHER]]}))
    assert all("code" not in row.cells for row in table.people.rows)
    assert "“选手”页 A1" in notices(table)


def test_an_error_leaves_a_secondary_cell_empty_and_is_told() -> None:
    header = [*HEADER[:4], "现等级"]
    data = raw_workbook({"选手": [header, [*ROW[:4], "#N/A"]]})
    plan = plan_of(data)
    assert reasons(plan) == []
    assert any("现等级 E2" in note for note in notes(plan, 0))


def test_rows_that_are_no_people_are_named() -> None:
    data = own_table(ROW, ["合计", None, None, 1], ["注：照实填写"])
    assert "没有读的行：3 合计 1（合计）" in notices(read_registration(data))


def test_the_unit_may_stand_above_the_table() -> None:
    rows = [
        ["填报单位（盖章）：海州港"],
        ["姓名", "身份证号", "参赛项目"],
        ["赵启明", ID_1, "叉车司机"],
    ]
    assert reasons(plan_of(raw_workbook({"选手": rows}))) == []


def test_a_leader_with_that_word_in_the_place_of_a_number_is_no_contestant() -> None:
    rows = [
        ["序号", "姓名", "证件号码", "单位"],
        [1, "陈甲", ID_3, "江南港"],
        ["领队", "王领", "", "江南港"],
    ]
    table = read_registration(raw_workbook({"选手": rows}))
    assert [row.cells["name"] for row in table.people.rows] == ["陈甲"]
    assert "王领" in notices(table)


def test_who_may_not_compete_is_asked_of_everybody_however_many() -> None:
    head = ["姓名", "手机", "单位", "备注"]
    rows = [[f"某{n}", f"1380000{n:04d}", "海州港", "退赛"] for n in range(150)]
    sentence = notices(read_registration(raw_workbook({"选手": [head, *rows]})))
    assert "D2、D3、" in sentence
    assert "、D151：“退赛”，还参加吗" in sentence
    many = [[f"某{n}", f"1390000{n:04d}", "海州港", "退赛"] for n in range(250)]
    sentence = notices(read_registration(raw_workbook({"选手": [head, *many]})))
    assert "、D201 等 250 个：“退赛”，还参加吗" in sentence


def test_what_is_left_out_of_a_long_file_is_named_with_its_words() -> None:
    rows: list[list[Any]] = [["姓名", "手机"]]
    for n in range(60):
        rows += [[f"第{n}建设有限公司"], [f"某{n}", f"1380000{n:04d}"]]
    sentence = notices(read_registration(raw_workbook({"选手": rows})))
    assert "120 第59建设有限公司（小标题）" in sentence
