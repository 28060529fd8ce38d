"""Refused rows as a workbook to mend and upload again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from compete.domain.values.messages import Translate, msg
from compete.sheets.registration.cells import Column, RowProblem
from compete.sheets.registration.columns import (
    REASON_TITLE,
    UNIT_COLUMNS,
    UNITS_SHEET,
)
from compete.sheets.registration.people import OfferedUnit
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan
from compete.sheets.registration.table import RawRow
from compete.sheets.registration.template import (
    FIRST_ROW,
    HEADER_ROW,
    add_lists_sheet,
    asked_columns,
    lay_out,
    lay_out_people,
    new_book,
    put_row,
)
from compete.sheets.texts import as_typed
from compete.sheets.workbook.cells import Fault
from compete.sheets.workbook.writing import (
    BAD_EDGE,
    BAD_FILL,
    BAD_FONT,
    WRAPPED,
    put_header,
    put_text,
    saved,
)

_REASON_WIDTH = 52
_FIRST_COLUMN = 2
"""The reasons stand in column A, where nobody overlooks them."""


def write_refused_workbook(plan: RegistrationPlan, translate: Translate | None = None) -> bytes:
    """Write the template with the refused rows as typed, each with its reasons in front.

    Reasons name the cells of this workbook. On reading it back the column of
    reasons is passed over, as are the rows' former places.
    """
    offer = plan.offer
    book, people = new_book(offer)
    new = [OfferedUnit(unit.code, unit.name) for unit in plan.new_units]
    offer = replace(offer, units=[*offer.units, *new])
    sources = add_lists_sheet(book, offer)
    lay_out_people(people, offer, sources, first_column=_FIRST_COLUMN)
    _reason_header(people)
    columns = asked_columns(offer)
    extras_from = _FIRST_COLUMN + len(columns)
    for place, title in enumerate(plan.people.extra_titles, start=extras_from):
        put_header(people, HEADER_ROW, place, title)
    for number, row in enumerate(plan.refused, start=FIRST_ROW):
        origin = plan.people.row_name(row.number)
        _put_refused(people, number, columns, row, origin, translate)
        for place, text in enumerate(row.raw.extras, start=extras_from):
            if text:
                put_text(people, number, place, text)
    if offer.new_units:
        _put_units(book[UNITS_SHEET], plan, translate)
    return saved(book)


def _put_refused(
    sheet: Worksheet,
    number: int,
    columns: Sequence[Column],
    row: PlannedRow,
    origin: str,
    translate: Translate | None,
) -> None:
    _put_typed(sheet, number, columns, row.raw)
    reasons = _reasons(sheet, number, columns, row.problems, translate)
    was = msg("原第 %(row)s 行", row=origin).render(translate)
    _put_reason(sheet, number, [was, *reasons])


def _put_units(sheet: Worksheet, plan: RegistrationPlan, translate: Translate | None) -> None:
    lay_out(sheet, UNIT_COLUMNS, title=str(msg("要新建的单位")), first_column=_FIRST_COLUMN)
    _reason_header(sheet)
    rows = {row.number: row for row in plan.units.rows} if plan.units else {}
    problems: dict[int, list[RowProblem]] = {}
    for refused in plan.unit_problems:
        problems.setdefault(refused.number, []).append(refused.problem)
    for number, (former, found) in enumerate(problems.items(), start=FIRST_ROW):
        _put_typed(sheet, number, UNIT_COLUMNS, rows[former])
        _put_reason(sheet, number, _reasons(sheet, number, UNIT_COLUMNS, found, translate))


def _put_typed(sheet: Worksheet, number: int, columns: Sequence[Column], raw: RawRow) -> None:
    texts = {
        key: as_typed(value) for key, value in raw.cells.items() if not isinstance(value, Fault)
    }
    put_row(sheet, number, _FIRST_COLUMN, columns, texts)


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
