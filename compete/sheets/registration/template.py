"""Workbooks of registration: the template with its drop-downs, and the rows refused.

A list written into a drop-down itself may have 255 characters at most; a range of cells has
no such limit, so that a hidden sheet feeds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from compete.domain.grades.ladder import Ladder, grade_face, grades_of_ladder
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.sheets.registration.cells import NONE, Column, RowProblem
from compete.sheets.registration.columns import (
    HELP_SHEET,
    LISTS_SHEET,
    PEOPLE_BY_KEY,
    PEOPLE_COLUMNS,
    PEOPLE_SHEET,
    REASON_TITLE,
    UNIT_COLUMNS,
    UNITS_SHEET,
)
from compete.sheets.registration.people import OfferedUnit, RegistrationOffer, Tried
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.table import RawRow
from compete.sheets.texts import as_typed
from compete.sheets.workbook.cells import Fault
from compete.sheets.workbook.writing import (
    BAD_EDGE,
    BAD_FILL,
    BAD_FONT,
    BODY_FONT,
    EXAMPLE_FILL,
    HINT_FONT,
    TEXT_FORMAT,
    TITLE_FONT,
    WRAPPED,
    put_header,
    put_text,
    saved,
)

_FROZEN = 2
"""编号 and 姓名 stay in sight when one scrolls to the right."""


def _help(offer: RegistrationOffer) -> list[Message]:
    """The page of instructions, a sentence or two a line."""
    asked, listed_words = _asked_columns(offer), choices(offer)
    there = {column.key for column in asked} - (set() if offer.new_units else {"unit"})
    of_columns = (
        ("unit", msg("下拉里没有的单位，先写到“单位”页，再在“选手”页写同样的名字。")),
        ("event", msg("一个人报两个赛项，写两行。")),
        ("crew", msg("两人以上一起参赛的，每人写一行，“组合”写一样的名字；一个人参赛就空着。")),
        ("team", msg("代表队：不算团体就空着。写了新队名，会建一支新队。")),
        (
            "consent",
            msg(
                "同意公布全名：本人同意才选“同意”，空着就是没有问过。"
                "没有同意的，公布时姓名隐去一部分；本人随时能收回。"
            ),
        ),
    )
    return [
        msg("在“选手”页填人，从第 4 行起，一人一行。第 3 行是示例，不会读进去，留着也行。"),
        msg("带 * 的列一定要填：姓名、证件号码、单位、赛项。别的列不知道就空着。"),
        msg(
            "有下拉的列从下拉里选：%(columns)s。",
            columns=listed([column.title for column in asked if column.key in listed_words]),
        ),
        msg(
            "证件号码这一列已经设为文本。从别的表复制时，选“只粘贴文本”；"
            "变成 3.2E+17 这样就是末几位丢了，要重新填。"
        ),
        msg("身份证不用填性别和出生日期。填了就要和证件号码一致。"),
        msg("不是身份证的，先选证件类型，出生日期写到日，如 1990-01-01。"),
        *(line for key, line in of_columns if key in there),
        msg("编号空着，由系统接着往下编。"),
        msg("已经报过名的人再写一次，就是修改。空着的格不改，写“无”才清掉。"),
        msg("表里没写的人不会被删掉。"),
        msg("格里要写值，不要写公式。不要合并单元格。可以加自己的列，那些列不读。"),
        msg(
            "上传以后先看核对页：哪几行新增、变更、拒绝，拒绝的写明是哪一格、为什么。"
            "点“写入”之前什么都没改。"
        ),
        msg("拒绝的行可以下载，改好再传。同一个文件传两次，不会重复。"),
    ]


def write_registration_workbook(
    offer: RegistrationOffer, rows: Sequence[Mapping[str, str]] = ()
) -> bytes:
    """Write an .xlsx to fill: people, units, instructions, and drop-downs from a hidden sheet."""
    book, people = _new_book(offer)
    sources = _add_lists_sheet(book, offer)
    _lay_out_people(people, offer, sources)
    for number, row in enumerate(rows, start=FIRST_ROW):
        _put_row(people, number, 1, _asked_columns(offer), row)
    if offer.new_units:
        lay_out(book[UNITS_SHEET], UNIT_COLUMNS, title=str(msg("要新建的单位")))
    return saved(book)


def _asked_columns(offer: RegistrationOffer) -> tuple[Column, ...]:
    """The columns of the people's sheet, in their order."""
    return tuple(
        replace(column, title=_worded(offer, column.title), hint=_worded(offer, column.hint))
        for column in PEOPLE_COLUMNS
        if column.key not in offer.left_out
    )


def _worded(offer: RegistrationOffer, text: Message) -> Message:
    return Message(offer.wording(text).replace("%", "%%"))


def _new_book(offer: RegistrationOffer) -> tuple[Workbook, Worksheet]:
    """A workbook with its visible sheets in order; the people's sheet is in front.

    Where no unit may be made there is no sheet for it.
    """
    book = Workbook()
    people = book.active
    assert isinstance(people, Worksheet)
    people.title = offer.wording(PEOPLE_SHEET)
    if offer.new_units:
        book.create_sheet(UNITS_SHEET)
    _write_help(book.create_sheet(HELP_SHEET), [offer.wording(line) for line in _help(offer)])
    return book, people


def _lay_out_people(
    sheet: Worksheet,
    offer: RegistrationOffer,
    sources: dict[str, str],
    *,
    first_column: int = 1,
) -> None:
    """Lay out the people's sheet up to its first row; the example uses names that are on offer."""
    examples = {"event": offer.events[0].name} if offer.events else {}
    if offer.units:
        examples["unit"] = offer.units[0].name
    tried = offer.events[0].tried if offer.events else None
    if tried is not None:
        examples |= _example_of_trying(offer.events[0].ladder, tried)
    elif offer.own_ladders and offer.grade_names:
        examples["grade"] = offer.grade_names[0]
    columns: Sequence[Column] = _asked_columns(offer)
    if not offer.new_units:
        own = msg("只填本单位，从下拉里选")
        columns = tuple(replace(it, hint=own) if it.key == "unit" else it for it in columns)
    lay_out(
        sheet,
        columns,
        title=str(msg("%(competition)s 报名表", competition=offer.competition)),
        first_column=first_column,
        frozen_columns=_FROZEN,
        examples=examples,
        sources=sources,
    )


def _example_of_trying(ladder: Ladder, tried: Tried) -> dict[str, str]:
    """The grade below the one tried for, since some day before it; none where there is none."""
    below = [grade for grade in grades_of_ladder(ladder) if grade > tried.grade]
    if not below:
        return {"grade": str(NONE), "grade_since": "", "certificate": ""}
    return {"grade": grade_face(min(below), ladder)}


def _write_help(sheet: Worksheet, lines: Sequence[str]) -> None:
    sheet.column_dimensions["A"].width = 5
    sheet.column_dimensions["B"].width = 88
    put_text(sheet, 1, 1, HELP_SHEET).font = TITLE_FONT
    for number, line in enumerate(lines, start=1):
        put_text(sheet, number + 2, 1, str(number)).font = BODY_FONT
        put_text(sheet, number + 2, 2, line).alignment = WRAPPED
        sheet.row_dimensions[number + 2].height = 36 if len(line) > 42 else 20


TITLE_ROW, HEADER_ROW, EXAMPLE_ROW, FIRST_ROW = 1, 2, 3, 4


def lay_out(
    sheet: Worksheet,
    columns: Sequence[Column],
    *,
    title: str,
    first_column: int = 1,
    frozen_columns: int = 0,
    examples: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> None:
    """Lay out title, header and example row; columns count from 1, `sources` are ranges of lists.

    Where Excel would turn digits into numbers, the whole column is set to text.
    """
    put_text(sheet, TITLE_ROW, 1, title).font = TITLE_FONT
    sheet.row_dimensions[TITLE_ROW].height = 30
    sheet.row_dimensions[HEADER_ROW].height = 26
    for place, column in enumerate(columns, start=first_column):
        letter = get_column_letter(place)
        put_header(sheet, HEADER_ROW, place, column.header, str(column.hint))
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        dimension.font = BODY_FONT
        example = (examples or {}).get(column.key, column.example)
        cell = put_text(sheet, EXAMPLE_ROW, place, example)
        cell.font, cell.fill = HINT_FONT, EXAMPLE_FILL
        if column.text:
            dimension.number_format = cell.number_format = TEXT_FORMAT
        _add_drop_down(sheet, column, letter, (sources or {}).get(column.key))
    sheet.freeze_panes = f"{get_column_letter(first_column + frozen_columns)}{FIRST_ROW}"


def _put_row(
    sheet: Worksheet,
    row: int,
    first_column: int,
    columns: Sequence[Column],
    texts: Mapping[str, str],
) -> None:
    """Put one row of texts by column key; empty ones leave the cell alone."""
    for place, column in enumerate(columns, start=first_column):
        text = texts.get(column.key, "")
        if text:
            cell = put_text(sheet, row, place, text)
            if column.text:
                cell.number_format = TEXT_FORMAT


LAST_ROW = 20_000
"""Drop-downs and hints reach down to here."""

_OPEN = frozenset({"unit", "team"})
"""Lists one may write something new beside."""


def choices(offer: RegistrationOffer) -> dict[str, Sequence[str]]:
    """The words of each drop-down by column key; empty lists are left out."""
    named: dict[str, Sequence[str]] = {
        "unit": [unit.name for unit in offer.units],
        "event": [event.name for event in offer.events],
        "team": list(dict.fromkeys(team.name for team in offer.teams)),
        "grade": ["无", *offer.grade_names],
    }
    lists = {
        column.key: named.get(column.key, [str(word) for word in column.choices.values()])
        for column in PEOPLE_COLUMNS
    }
    return {key: words for key, words in lists.items() if words and key not in offer.left_out}


def _add_lists_sheet(book: Workbook, offer: RegistrationOffer) -> dict[str, str]:
    """Write the lists into a hidden sheet; gives the range of each by column key."""
    sheet = book.create_sheet(LISTS_SHEET)
    sheet.sheet_state = "hidden"
    ranges = {}
    for place, (key, words) in enumerate(choices(offer).items(), start=1):
        put_text(sheet, 1, place, offer.wording(PEOPLE_BY_KEY[key].title))
        for row, word in enumerate(words, start=2):
            put_text(sheet, row, place, word)
        letter = get_column_letter(place)
        ranges[key] = f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(words) + 1}"
    return ranges


def _add_drop_down(sheet: Worksheet, column: Column, letter: str, source: str | None) -> None:
    """Add a drop-down, or for columns without a list only the hint beside the selected cell."""
    if source:
        rule = DataValidation(type="list", formula1=source, allow_blank=True)
        rule.showErrorMessage = True
        rule.errorTitle = str(column.title)
        if column.key in _OPEN:
            rule.errorStyle = "warning"
            rule.error = str(msg("下拉里没有这个名字。是新的就留着，写错了就改"))
        else:
            rule.error = str(msg("从下拉里选一个"))
    else:
        rule = DataValidation(type="textLength", operator="between", formula1="0", formula2="100")
        rule.showErrorMessage = False
    rule.showInputMessage = True
    rule.promptTitle = str(column.title)
    rule.prompt = str(column.hint)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)


_REASON_WIDTH = 52
_FIRST_COLUMN = 2
"""The reasons stand in column A, where nobody overlooks them."""


def write_refused_workbook(plan: RegistrationPlan, translate: Translate | None = None) -> bytes:
    """Write the template with the refused rows as typed, each with its reasons in front.

    Reasons name the cells of this workbook. On reading it back the column of
    reasons is passed over, as are the rows' former places.
    """
    offer = plan.offer
    book, people = _new_book(offer)
    new = [OfferedUnit(unit.code, unit.name) for unit in plan.new_units]
    offer = replace(offer, units=[*offer.units, *new])
    sources = _add_lists_sheet(book, offer)
    _lay_out_people(people, offer, sources, first_column=_FIRST_COLUMN)
    _reason_header(people)
    columns = _asked_columns(offer)
    extras_from = _FIRST_COLUMN + len(columns)
    for place, title in enumerate(plan.people.extra_titles, start=extras_from):
        put_header(people, HEADER_ROW, place, title)
    for number, row in enumerate(plan.refused, start=FIRST_ROW):
        _put_typed(people, number, columns, row.raw)
        was = msg("原第 %(row)s 行", row=plan.people.row_name(row.number)).render(translate)
        reasons = _reasons(people, number, columns, row.problems, translate)
        _put_reason(people, number, [was, *reasons])
        for place, text in enumerate(row.raw.extras, start=extras_from):
            if text:
                put_text(people, number, place, text)
    if offer.new_units:
        _put_units(book[UNITS_SHEET], plan, translate)
    return saved(book)


def _put_units(sheet: Worksheet, plan: RegistrationPlan, translate: Translate | None) -> None:
    lay_out(sheet, UNIT_COLUMNS, title=str(msg("要新建的单位")), first_column=_FIRST_COLUMN)
    _reason_header(sheet)
    rows = {row.number: row for row in plan.units.rows} if plan.units else {}
    problems: dict[int, list[RowProblem]] = {}
    for refused in plan.unit_problems:
        problems.setdefault(refused.number, []).append(refused.problem)
    for number, (former, faults) in enumerate(problems.items(), start=FIRST_ROW):
        _put_typed(sheet, number, UNIT_COLUMNS, rows[former])
        _put_reason(sheet, number, _reasons(sheet, number, UNIT_COLUMNS, faults, translate))


def _put_typed(sheet: Worksheet, number: int, columns: Sequence[Column], raw: RawRow) -> None:
    texts = {
        key: as_typed(value) for key, value in raw.cells.items() if not isinstance(value, Fault)
    }
    _put_row(sheet, number, _FIRST_COLUMN, columns, texts)


def _reasons(
    sheet: Worksheet,
    number: int,
    columns: Sequence[Column],
    problems: Sequence[RowProblem],
    translate: Translate | None,
) -> list[str]:
    """Mark the bad cells and say what is wrong with each, by its place in this workbook."""
    places = {column.key: place for place, column in enumerate(columns, start=_FIRST_COLUMN)}
    sentences = []
    for problem in problems:
        cell = sheet.cell(number, places[problem.column])
        cell.fill, cell.border, cell.font = BAD_FILL, BAD_EDGE, BAD_FONT
        here = replace(problem, cell=f"{get_column_letter(places[problem.column])}{number}")
        sentences.append(here.message.render(translate))
    return sentences


def _reason_header(sheet: Worksheet) -> None:
    put_header(sheet, HEADER_ROW, 1, REASON_TITLE)
    sheet.column_dimensions["A"].width = _REASON_WIDTH


def _put_reason(sheet: Worksheet, number: int, sentences: Sequence[str]) -> None:
    cell = put_text(sheet, number, 1, "\n".join(sentences))
    cell.font, cell.alignment = BAD_FONT, WRAPPED
    sheet.row_dimensions[number].height = 18 * max(len(sentences), 1) + 4
