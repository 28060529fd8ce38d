"""The workbook people download: drop-downs, text columns, hints, an example nobody reads."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from compete.sheets.registration.columns import PEOPLE_COLUMNS
from compete.sheets.registration.people import OfferedUnit, RegistrationOffer
from compete.sheets.registration.reading import read_registration
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import one_row, plan_of, port_offer, reasons, workbook_of


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return opened(workbook_of(one_row()))


@pytest.fixture(scope="module")
def people(book: openpyxl.Workbook) -> Worksheet:
    sheet = book["选手"]
    assert isinstance(sheet, Worksheet)
    return sheet


def rule_of(sheet: Worksheet, cell: str) -> DataValidation:
    """The rule on a cell."""
    (rule,) = (r for r in sheet.data_validations.dataValidation if cell in r.sqref)
    return rule


def listed(book: openpyxl.Workbook, rule: DataValidation) -> list[str]:
    """The words of a drop-down."""
    name, _, area = str(rule.formula1).partition("!")
    return [row[0].value for row in book[name.strip("'")][area.replace("$", "")]]


def test_people_come_first_and_the_lists_are_hidden(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["选手", "单位", "填表说明", "选项"]
    assert [book[name].sheet_state for name in book.sheetnames] == [
        "visible",
        "visible",
        "visible",
        "hidden",
    ]


@pytest.mark.parametrize(
    ("title", "first", "count"),
    [
        ("赛项", "叉车司机", 2),
        ("单位", "海州港", 6),
        ("组别", "职工", 3),
        ("现等级", "无", 6),
        ("性别", "男", 2),
        ("证件类型", "居民身份证", 6),
        ("代表队", "海州港代表队", 2),
    ],
)
def test_choices_have_drop_downs_down_to_the_last_row(
    book: openpyxl.Workbook, people: Worksheet, title: str, first: str, count: int
) -> None:
    (header,) = (cell for cell in people[2] if str(cell.value).strip("*") == title)
    rule = rule_of(people, f"{header.column_letter}20000")
    assert rule.type == "list"
    words = listed(book, rule)
    assert (words[0], len(words)) == (first, count)


def test_a_drop_down_may_be_longer_than_a_rule_may_hold() -> None:
    units = [OfferedUnit(f"U{n}", f"第{n}港务有限责任公司") for n in range(200)]
    offer = RegistrationOffer("竞赛", port_offer().events, units)
    book = opened(write_registration_workbook(offer))
    sheet = book["选手"]
    assert isinstance(sheet, Worksheet)
    words = listed(book, rule_of(sheet, "E4"))
    assert words == [unit.name for unit in units]
    assert len(",".join(words)) > 255


def test_new_units_may_be_typed_and_new_events_not(people: Worksheet) -> None:
    assert rule_of(people, "E4").errorStyle == "warning"
    assert rule_of(people, "H4").errorStyle in (None, "stop")


@pytest.mark.parametrize("title", ["编号", "姓名*", "证件号码*", "出生日期", "手机"])
def test_digits_stay_digits(people: Worksheet, title: str) -> None:
    (header,) = (cell for cell in people[2] if cell.value == title)
    assert people.column_dimensions[header.column_letter].number_format == "@"
    assert people[f"{header.column_letter}3"].number_format == "@"


def test_the_header_stays_in_sight_and_explains_itself(people: Worksheet) -> None:
    assert people.freeze_panes == "C4"
    assert [cell.value for cell in people[2]] == [column.header for column in PEOPLE_COLUMNS]
    for cell, column in zip(people[2], PEOPLE_COLUMNS, strict=True):
        assert cell.comment is not None
        assert cell.comment.text == str(column.hint)
        assert rule_of(people, f"{cell.column_letter}4").prompt == str(column.hint)


def test_hints_are_no_longer_than_excel_shows(people: Worksheet) -> None:
    for rule in people.data_validations.dataValidation:
        assert len(rule.prompt) <= 255
        assert len(rule.promptTitle) <= 32


def test_the_example_is_right_in_itself(people: Worksheet) -> None:
    example = {c.value.strip("*"): people.cell(3, c.column).value for c in people[2]}
    assert example["编号"] == "示例"
    people_row = one_row(
        name=example["姓名"],
        id_number=example["证件号码"],
        birth=example["出生日期"],
        gender=example["性别"],
        unit=example["单位"],
        event=example["赛项"],
        grade=example["现等级"],
        phone=example["手机"],
        group=example["组别"],
    )
    assert reasons(plan_of(workbook_of(people_row))) == []


def test_an_empty_template_has_nobody_in_it() -> None:
    sheet = opened(write_registration_workbook(port_offer()))["选手"]
    assert isinstance(sheet, Worksheet)
    assert sheet.max_row == 3


def test_the_page_of_instructions_speaks_of_every_starred_column(book: openpyxl.Workbook) -> None:
    text = "".join(str(row[1].value) for row in book["填表说明"].iter_rows() if row[1].value)
    for column in PEOPLE_COLUMNS:
        if column.required:
            assert str(column.title) in text


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_is_written_as_text(start: str) -> None:
    data = workbook_of(one_row(name=f"{start}1+1"))
    cell = opened(data)["选手"]["B4"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", f"{start}1+1", True)
    assert read_registration(data).people.rows[0].cells["name"] == f"{start}1+1"


def test_rows_come_back_as_they_were_written() -> None:
    row = one_row(code="0012", phone="13800000000", birth="1990.10", team="x", promoted="2020")
    cells = read_registration(workbook_of(row)).people.rows[0].cells
    assert cells == {
        "code": "0012",
        "name": "赵启明",
        "id_number": row["id_number"],
        "unit": "海州港",
        "birth": "1990.10",
        "event": "叉车司机",
        "team": "x",
        "phone": "13800000000",
        "promoted": "2020",
    }
