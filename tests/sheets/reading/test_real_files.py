"""Files of the real world, each of which lost something on its way in before."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import load_workbook

from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import Reading
from compete.sheets.workbook.opened import open_workbook
from tests.sheets.reading.files import EVENTS, book_of, id_of, read, reading_of


def values(reading: Reading, field: str) -> list[object]:
    return [row.values.get(field) for row in reading.rows]


def asked(reading: Reading) -> set[tuple[int, str]]:
    return {(it.row, it.column) for it in reading.asked}


def test_a_summary_with_title_note_and_signatures() -> None:
    reading = reading_of("people", "汇总表.xlsx")
    assert [row.row for row in reading.rows] == [4, 5, 6, 7, 8, 9]
    assert set(values(reading, "event")) == {"叉车司机"}
    assert reading.rows[0].values["birth"] == "1999-03"
    assert {it.row for it in reading.left_out} == {1, 2, 10, 11}
    assert not reading.asked


def test_a_head_of_two_rows_keeps_the_lower_words() -> None:
    reading = reading_of("people", "两行表头.xlsx")
    fields = {column.letters: column.field for column in reading.columns}
    assert (fields["F"], fields["H"], fields["I"], fields["J"]) == (
        *("phone", "event", "grade", "group"),
    )
    assert set(values(reading, "grade")) == {4}


def test_every_sheet_with_people_is_read() -> None:
    reading = reading_of("people", "两页都有人_有赛项列.xlsx")
    assert [(sheet.name, sheet.rows) for sheet in reading.sheets] == [("焊工", 3), ("电工", 4)]


@pytest.mark.parametrize("name", ["gbk.csv", "旧格式.xls", "开放格式.ods"])
def test_other_formats_keep_every_digit(name: str) -> None:
    reading = reading_of("people", name)
    numbers = [str(number) for number in values(reading, "id_number")]
    assert len(numbers) >= 2
    assert all(len(number) == 18 for number in numbers)


def test_whole_numbers_of_an_old_workbook_are_numbers() -> None:
    reading = reading_of("scheme", "旧格式评分表.xls")
    assert (values(reading, "max"), reading.total, reading.said) == (["30", "70"], "100", "100")
    assert not reading.asked


@pytest.mark.parametrize("name", ["旧格式.xls", "开放格式.ods"])
def test_other_formats_tell_merged_and_hidden_cells(name: str) -> None:
    reading = reading_of("people", name)
    assert values(reading, "unit")[:2] == ["江南港", "江南港"]
    assert any("隐藏" in it.why.text for it in reading.remarks)
    assert [sheet.why is None for sheet in reading.sheets] == [True, False]


def test_values_of_formulas_are_those_that_the_file_keeps() -> None:
    reading = reading_of("people", "公式有缓存.xlsx")
    assert values(reading, "gender") == ["男", "女", "男"]
    assert not reading.asked


def test_errors_are_questions() -> None:
    reading = reading_of("people", "错误值当值粘贴.xlsx")
    assert asked(reading) == {(2, "G"), (3, "H"), (4, "C"), (5, "E")}
    assert "unit" not in reading.rows[3].values


def test_other_headings_are_understood() -> None:
    reading = reading_of("people", "身份证件号码_推荐单位.xlsx")
    assert {column.field for column in reading.columns if column.heading != "序号"} == {
        *("name", "gender", "id_number", "unit", "event", "grade", "phone"),
    }


def test_a_serial_number_is_nobodys_code() -> None:
    reading = reading_of("people", "编号其实是序号.xlsx")
    assert set(values(reading, "code")) == {None}
    assert asked(reading) == {(1, "A")}


def test_the_usual_writings_of_a_grade() -> None:
    reading = reading_of("people", "等级写法.xlsx")
    assert len(reading.rows) == 33
    assert {it.found for it in reading.asked} == {"特级技师", "首席技师", "助理工程师"}


def test_odd_names_are_asked() -> None:
    reading = reading_of("people", "怪姓名.xlsx")
    fine = {row.values["name"] for row in reading.rows} - {
        row.values["name"] for row in reading.rows if (row.row, "A") in asked(reading)
    }
    assert fine == {"Zhang San", "张三丰", "阿不都·热合曼"}


def test_leaders_and_coaches_keep_their_role() -> None:
    reading = reading_of("people", "领队教练和选手同表_身份列.xlsx")
    assert [row.role for row in reading.rows] == ["leader", "coach", "entrant", "entrant"]


def test_tables_of_leaders_below_the_contestants() -> None:
    reading = read(
        "people",
        [
            ["选手信息"],
            ["序号", "姓名", "身份证号"],
            [1, "张三", id_of(1)],
            ["领队信息"],
            ["序号", "姓名", "手机"],
            [1, "王领", "13900000011"],
            ["教练信息"],
            ["序号", "姓名", "手机"],
            [1, "赵教", "13900000012"],
        ],
        *("A1:C1", "A4:C4", "A7:C7"),
    )
    assert [(row.row, row.role) for row in reading.rows] == [
        *((3, "entrant"), (6, "leader"), (9, "coach")),
    ]


def test_forms_of_one_person_are_one_table() -> None:
    form = [
        ["报名表"],
        ["姓名", "张三", "性别", "男", "出生年月", "1990.3"],
        ["身份证号码", id_of(1), None, None, "联系电话", "13900000001"],
        ["工作单位", "江南港", None, None, "现技能等级", "高级工"],
        ["单位意见", "（盖章）"],
    ]
    reading = read("people", form, "A1:F1", "B3:D3", "B4:D4")
    (row,) = reading.rows
    assert row.values["unit"] == "江南港"
    assert row.values["grade"] == 3
    assert row.values["birth"] == "1990-03"


def test_of_the_unit_that_sends_and_the_one_that_employs_the_first_counts() -> None:
    reading = read(
        "people",
        [["姓名", "工作单位", "参赛单位"], ["张三", "甲公司", "江南港"]],
    )
    assert reading.rows[0].values == {"name": "张三", "unit": "江南港"}
    assert not reading.asked


def test_a_unit_stands_above_a_table_without_its_column() -> None:
    reading = reading_of("people", "本单位的表.xlsx")
    assert set(values(reading, "unit")) == {"江南港"}


def test_a_merged_unit_belongs_to_each_judge() -> None:
    reading = reading_of("judges", "单位合并.xlsx")
    assert values(reading, "unit") == ["江南港", "江南港", "清江港"]
    assert {it.row for it in reading.remarks} == {3}


def test_judges_with_blanks_in_their_heading() -> None:
    reading = reading_of("judges", "裁判名单.xlsx")
    assert values(reading, "duty") == ["chief", "judge", "judge"]


def test_sums_and_seals_are_no_units() -> None:
    reading = read("units", [["单位名称"], ["江南港"], ["清江港"], ["合计：2家"], ["（盖章）"]])
    assert values(reading, "name") == ["江南港", "清江港"]
    assert {it.row for it in reading.left_out} == {4, 5}


def test_the_finer_column_is_the_name_of_an_aspect() -> None:
    reading = reading_of("scheme", "考核项目加考核内容.xlsx")
    assert values(reading, "name")[:3] == ["劳保着装", "工件清理", "参数选择"]
    assert values(reading, "criterion")[3:6] == ["焊缝外观"] * 3
    assert (reading.total, reading.said) == ("100", "100")


def test_a_merged_rule_holds_for_each_aspect() -> None:
    reading = reading_of("scheme", "鉴定内容_扣分标准.xlsx")
    assert len(set(values(reading, "rule")[1:5])) == 1
    assert values(reading, "max") == ["20", "4", "4", "4", "2", "20"]


def test_two_aspects_of_one_name_and_a_wrong_sum_are_asked() -> None:
    rows: Sequence[Sequence[object]] = [
        ["项目", "考核要点", "配分"],
        ["甲", "一", 5],
        ["甲", "一", 5],
        ["合计", None, 11],
    ]
    reading = read("scheme", rows)
    assert asked(reading) == {(3, "B"), (4, "C")}


def test_an_international_sheet_is_read_by_its_headings() -> None:
    reading = reading_of("scheme", "CIS现行_Criterion.xlsx")
    assert values(reading, "type") == [
        *("measurement", "deduction", "judgement", "score", "score"),
    ]
    assert reading.rows[2].values["levels"] == [
        *("Poor", "Meets industry standard", "Above standard", "Excellent"),
    ]
    assert (reading.total, reading.said) == ("10", "10")


def test_a_monthly_table_is_units_by_indicators() -> None:
    reading = reading_of("values", "月度汇总表.xlsx")
    assert [row.values for row in reading.rows][:3] == [
        {"unit": "土建01标", "indicator": "隐患和违章", "value": "28", "period": "2022年5月"},
        {"unit": "土建01标", "indicator": "实体质量抽检", "value": "28.5", "period": "2022年5月"},
        {"unit": "土建01标", "indicator": "产值完成", "value": "1728", "period": "2022年5月"},
    ]


def test_errors_and_formulas_without_a_value_are_no_values() -> None:
    reading = reading_of("values", "错误值和无缓存公式.xlsx")
    # The period that the sheet's name gives is asked once.
    assert asked(reading) == {(1, "A"), (3, "H"), (4, "E"), (4, "H")}


def test_target_and_value_stand_under_their_indicator() -> None:
    reading = read(
        "values",
        [
            ["单位", "产值（万元）", None, "安全"],
            [None, "目标", "完成", None],
            ["甲标", 100, 110, 28],
        ],
        *("A1:A2", "B1:C1", "D1:D2"),
    )
    assert [row.values for row in reading.rows] == [
        {"unit": "甲标", "indicator": "产值", "target": "100", "value": "110"},
        {"unit": "甲标", "indicator": "安全", "value": "28"},
    ]


def test_one_value_a_row() -> None:
    reading = read("values", [["单位", "指标", "完成值"], ["甲标", "产值", "1,234.5"]])
    assert reading.rows[0].values == {"unit": "甲标", "indicator": "产值", "value": "1234.5"}


def test_what_stands_above_indicators_is_no_indicator() -> None:
    rows: list[list[object]] = [
        ["单位", "安全管理", None, "进度", None, "备注"],
        [None, "隐患整改", "培训率", "产值（万元）", "工程量", None],
        ["甲标", 1, 98, 120, 7, "好"],
    ]
    for merged in (("A1:A2", "B1:C1", "D1:E1", "F1:F2"), ()):
        reading = read("values", rows, *merged)
        assert [(it.values["indicator"], it.values["value"]) for it in reading.rows] == [
            *(("隐患整改", "1"), ("培训率", "98"), ("产值", "120"), ("工程量", "7")),
        ]
        assert not reading.asked


def test_a_head_of_two_rows_without_merged_cells_keeps_every_column() -> None:
    rows: list[list[object]] = [
        ["汇总表"],
        ["序号", "基本信息", None, None, "所在单位", "联系方式", None],
        [None, "姓名", "性别", "身份证号", None, "手机", "邮箱"],
        [1, "张三", "男", id_of(1), "江南港", "13900000001", "a@b.cn"],
        [2, "李四", "男", id_of(3), "清江港", "13900000002", "c@d.cn"],
    ]
    reading = read("people", rows)
    assert values(reading, "unit") == ["江南港", "清江港"]
    assert values(reading, "name") == ["张三", "李四"]
    assert not reading.asked


@pytest.mark.parametrize("form", ["0.0%", "0%", '0"%"', "General"])
def test_a_percentage_is_a_hundred_times_its_number(form: str) -> None:
    book = load_workbook(io.BytesIO(book_of({"表": [["单位", "合格率"], ["甲标", 0.98]]})))
    book["表"]["B2"].number_format = form
    out = io.BytesIO()
    book.save(out)
    reading = read_sheets(open_workbook(out.getvalue()), "values", EVENTS)
    assert [it.values["value"] for it in reading.rows] == ["98"]
    # What shows no % is only taken for a share because the whole column is between 0 and 1.
    assert asked(reading) == (set() if form in ("0.0%", "0%") else {(1, "B")})


def test_a_unit_is_read_without_the_words_that_ask_for_its_seal() -> None:
    rows = [["参赛单位：江南港（盖章）"], ["姓名", "身份证号"], ["张三", id_of(1)]]
    assert values(read("people", rows), "unit") == ["江南港"]
    heads = ["单位名称", "联系人", "联系电话"]
    units = read("units", [heads, ["江南港（公章）", "李四", "13900000001"]])
    assert values(units, "name") == ["江南港"]
    assert not units.asked


def test_a_row_without_marks_is_asked_about_whatever_an_earlier_sheet_asked_of_its_number() -> None:
    head = ["项目", "考核要点", "配分", "评分标准"]
    first = [head, ["甲", "一", 5, "看"], ["甲", "二", "二十", "看"]]
    second = [head, ["乙", "三", 5, "看"], ["乙", "四", None, "看"]]
    book = open_workbook(book_of({"上": first, "下": second}))
    questions = read_sheets(book, "scheme", EVENTS).asked
    places = [(it.sheet, it.row, it.field) for it in questions]
    assert places == [("上", 3, "max"), ("下", 3, "max")]
