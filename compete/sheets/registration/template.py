"""The registration workbook that people download, empty or with rows in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from compete.domain.values.messages import Message, msg
from compete.sheets.registration.columns import (
    HELP_SHEET,
    PEOPLE_COLUMNS,
    PEOPLE_SHEET,
    UNIT_COLUMNS,
    UNITS_SHEET,
    Column,
)
from compete.sheets.registration.layout import FIRST_ROW, lay_out, put_row
from compete.sheets.registration.lists import add_lists_sheet, choices
from compete.sheets.registration.people import RegistrationOffer, RegistrationRow
from compete.sheets.workbook.writing import (
    BODY_FONT,
    TITLE_FONT,
    WRAPPED,
    put_text,
    saved,
)

_FROZEN = 2
"""编号 and 姓名 stay in sight when one scrolls to the right."""

_NEW_UNITS = msg("下拉里没有的单位，先写到“单位”页，再在“选手”页写同样的名字。")
_CONSENT = msg(
    "同意公布全名：本人同意才选“同意”，空着就是没有问过。没有同意的，公布时姓名隐去一部分；本人随时能收回。"
)

HELP = (
    msg("在“选手”页填人，从第 4 行起，一人一行。第 3 行是示例，不会读进去，留着也行。"),
    msg("带 * 的列一定要填：姓名、证件号码、单位、赛项。别的列不知道就空着。"),
    msg(
        "有下拉的列从下拉里选：证件类型、单位、性别、赛项、代表队、组别、现等级、组合里的职责、文化程度、同意公布全名。"
    ),
    msg(
        "证件号码这一列已经设为文本。从别的表复制时，选“只粘贴文本”；"
        "变成 3.2E+17 这样就是末几位丢了，要重新填。"
    ),
    msg("身份证不用填性别和出生日期。填了就要和证件号码一致。"),
    msg("不是身份证的，先选证件类型，出生日期写到日，如 1990-01-01。"),
    _NEW_UNITS,
    msg("一个人报两个赛项，写两行。"),
    msg("两人以上一起参赛的，每人写一行，“组合”写一样的名字；一个人参赛就空着。"),
    msg("代表队：不算团体就空着。写了新队名，会建一支新队。"),
    _CONSENT,
    msg("编号空着，由系统接着往下编。"),
    msg("已经报过名的人再写一次，就是修改。空着的格不改，写“无”才清掉。"),
    msg("表里没写的人不会被删掉。"),
    msg("格里要写值，不要写公式。不要合并单元格。可以加自己的列，那些列不读。"),
    msg(
        "上传以后先看核对页：哪几行新增、变更、拒绝，拒绝的写明是哪一格、为什么。点“写入”之前什么都没改。"
    ),
    msg("拒绝的行可以下载，改好再传。同一个文件传两次，不会重复。"),
)
"""The page of instructions, a sentence or two a line."""


def write_registration_workbook(
    offer: RegistrationOffer, rows: Sequence[RegistrationRow] = ()
) -> bytes:
    """An .xlsx to fill: people, units, instructions, and drop-downs from a hidden sheet."""
    book, people = new_book(offer)
    sources = add_lists_sheet(book, choices(offer))
    lay_out_people(people, offer, sources)
    for number, row in enumerate(rows, start=FIRST_ROW):
        put_row(people, number, 1, asked_columns(offer), asdict(row))
    if offer.new_units:
        lay_out(book[UNITS_SHEET], UNIT_COLUMNS, title=str(msg("要新建的单位")))
    return saved(book)


def asked_columns(offer: RegistrationOffer) -> tuple[Column, ...]:
    """The columns of the people's sheet, in their order."""
    return tuple(column for column in PEOPLE_COLUMNS if column.key not in offer.left_out)


def new_book(offer: RegistrationOffer) -> tuple[Workbook, Worksheet]:
    """A workbook with its visible sheets in order; the people's sheet is in front.

    Where no unit may be made there is no sheet for it, and no instruction.
    """
    book = Workbook()
    people = book.active
    assert isinstance(people, Worksheet)
    people.title = PEOPLE_SHEET
    if offer.new_units:
        book.create_sheet(UNITS_SHEET)
    lines = [
        line
        for line in HELP
        if (offer.new_units or line is not _NEW_UNITS)
        and ("consent" not in offer.left_out or line is not _CONSENT)
    ]
    _write_help(book.create_sheet(HELP_SHEET), lines)
    return book, people


def lay_out_people(
    sheet: Worksheet,
    offer: RegistrationOffer,
    sources: dict[str, str],
    *,
    first_column: int = 1,
) -> None:
    """The people's sheet up to its first row; the example uses names that are on offer."""
    examples = {"event": offer.events[0].name} if offer.events else {}
    if offer.units:
        examples["unit"] = offer.units[0].name
    if offer.own_ladders and offer.grade_names:
        examples["grade"] = offer.grade_names[0]
    columns: Sequence[Column] = asked_columns(offer)
    if not offer.new_units:
        own = msg("只填本单位，从下拉里选")
        columns = tuple(replace(c, hint=own) if c.key == "unit" else c for c in columns)
    lay_out(
        sheet,
        columns,
        title=str(msg("%(competition)s 报名表", competition=offer.competition)),
        first_column=first_column,
        frozen_columns=_FROZEN,
        examples=examples,
        sources=sources,
    )


def _write_help(sheet: Worksheet, lines: Sequence[Message]) -> None:
    sheet.column_dimensions["A"].width = 5
    sheet.column_dimensions["B"].width = 88
    put_text(sheet, 1, 1, HELP_SHEET).font = TITLE_FONT
    for number, line in enumerate(lines, start=1):
        put_text(sheet, number + 2, 1, str(number)).font = BODY_FONT
        put_text(sheet, number + 2, 2, str(line)).alignment = WRAPPED
        sheet.row_dimensions[number + 2].height = 36 if len(str(line)) > 42 else 20
