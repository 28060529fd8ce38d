"""From an uploaded file to a table of raw cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter

from compete.domain.values import Message, listed, msg
from compete.sheets.registration.columns import (
    EXAMPLE_MARK,
    HELP_SHEET,
    LISTS_SHEET,
    PEOPLE_BY_KEY,
    PEOPLE_COLUMNS,
    PEOPLE_SHEET,
    PERSON_KEYS,
    UNIT_COLUMNS,
    UNITS_SHEET,
)
from compete.sheets.registration.headers import Header, find_header
from compete.sheets.registration.packed_rows import packed
from compete.sheets.registration.table import RawRow, RawSheet, RawTable
from compete.sheets.registration.texts import as_typed, tidy
from compete.sheets.resting import resting_collector
from compete.sheets.workbook import (
    DEFAULT_LIMITS,
    Limits,
    OpenedSheet,
    OpenedWorkbook,
    WorkbookError,
    open_workbook,
)
from compete.sheets.workbook.archive import BROKEN
from compete.sheets.workbook.opened import Cell

_SHARED_BY_MERGING = frozenset({"unit", "team", "event", "group", "grade", "parent"})
"""Columns where a merged cell plainly means: the same for all these rows."""

MOST_UNITS = 2_000
"""Rows of the sheet of units in one upload."""

_MUST_HAVE = ("name", "id_number", "unit")
_READ: list[Cell] = []
"""Stands in place of each row that was read."""
_NONE: frozenset[str] = frozenset()


def read_registration(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> RawTable:
    """Open an upload and read its people and new units.

    `WorkbookError` when the file as a whole cannot be used: no workbook,
    locked, too large, no header, nobody in it.
    """
    with resting_collector():
        return _table(open_workbook(data, limits))


def says_registration(data: bytes) -> bool:
    """Whether a workbook has people in it. Raises `WorkbookError` for what is no workbook."""
    book = open_workbook(data)
    for name in book.names:
        try:
            header = find_header(book.sheet(name), PEOPLE_COLUMNS, ())
        except WorkbookError:
            # It has two of one of our columns.
            return True
        if header is not None and {"name", "id_number"} <= {*header.places}:
            return True
    return False


def _table(book: OpenedWorkbook) -> RawTable:
    sheet, header = _people_sheet(book)
    notices: list[Message] = []
    if book.has_macros:
        notices.append(msg("文件里有宏，没有运行，只读了单元格"))
    people = _read(sheet, header, "name", notices)
    if not people.rows:
        raise WorkbookError(msg("“%(sheet)s”页里没有人。填好再传", sheet=sheet.name))
    return RawTable(people, _units(book, notices), tuple(notices))


def _people_sheet(book: OpenedWorkbook) -> tuple[OpenedSheet, Header]:
    """The sheet 选手, or else the first one with a header we know."""
    candidates = sorted(
        (name for name in book.names if name not in (UNITS_SHEET, HELP_SHEET, LISTS_SHEET)),
        key=lambda name: name.strip() != PEOPLE_SHEET,
    )
    for name in candidates:
        sheet = book.sheet(name)
        header = find_header(sheet, PEOPLE_COLUMNS, _MUST_HAVE)
        if header:
            return sheet, header
    raise WorkbookError(
        msg("没找到表头。表里要有一行写着：姓名、证件号码、单位。从这里下载报名表，填好再传")
    )


def _units(book: OpenedWorkbook, notices: list[Message]) -> RawSheet | None:
    if UNITS_SHEET not in book.names:
        return None
    sheet = book.sheet(UNITS_SHEET)
    header = find_header(sheet, UNIT_COLUMNS, ("unit_name",))
    if header is None:
        return None
    units = _read(sheet, header, "unit_name", notices)
    if len(units.rows) > MOST_UNITS:
        raise WorkbookError(msg("“单位”页最多 %(most)s 行，分几次传", most=MOST_UNITS))
    return units


def _read(sheet: OpenedSheet, header: Header, name_key: str, notices: list[Message]) -> RawSheet:
    filled_down: list[int] = []
    rows = packed(_kept(sheet, header, name_key, notices, filled_down))
    if filled_down:
        notices.append(
            msg(
                "有 %(count)s 行只选了下拉，没写人（从第 %(row)s 行起），没有读",
                count=len(filled_down),
                row=filled_down[0],
            )
        )
    if header.extras:
        notices.append(
            msg(
                "“%(sheet)s”页的这些列没有读：%(titles)s",
                sheet=sheet.name,
                titles=listed(header.extras),
            )
        )
    return RawSheet(sheet.name, header.letters, rows, tuple(header.extras))


def _kept(
    sheet: OpenedSheet,
    header: Header,
    name_key: str,
    notices: list[Message],
    filled_down: list[int],
) -> Iterator[RawRow]:
    """The rows without examples and without those that name nobody, of which is told."""
    for row in _rows(sheet, header):
        if _is_example(row, name_key):
            if _example_was_changed(row, name_key):
                notices.append(
                    msg(
                        "第 %(row)s 行标着“示例”，没有读。要报这个人，把“示例”两个字删掉",
                        row=row.number,
                    )
                )
        elif name_key == "name" and not _speaks_of_someone(row):
            filled_down.append(row.number)
        else:
            yield row


def _rows(sheet: OpenedSheet, header: Header) -> Iterator[RawRow]:
    """The rows below the header that hold anything in our columns."""
    places = tuple(header.places.items())
    in_order = tuple(header.places)
    pick = _picker(tuple(header.places.values()))
    extra_places = tuple(header.extras.values())
    formulas = sheet.scan.formulas
    merged = _merged_values(sheet, header)
    for place in range(header.row, len(sheet.rows)):
        number, row = place + 1, sheet.rows[place]
        # What was read is not kept twice: there may be a hundred thousand.
        sheet.rows[place] = _READ
        cells: dict[str, Cell] = {
            key: value
            for key, value in zip(in_order, pick(row), strict=True)
            if value.__class__ is not str or (value and not value.isspace())
        }
        typed = bool(cells)
        calculated = (
            frozenset(key for key, place in places if (number, place + 1) in formulas)
            if formulas
            else _NONE
        )
        shared = _NONE
        if number in merged:
            shared = frozenset(merged[number])
            for key, value in merged[number].items():
                cells.setdefault(key, value)
        # Formulas filled down below the last person are no people.
        if (typed and not calculated.issuperset(cells)) or calculated & {"name", "id_number"}:
            extras = (
                tuple(tidy(as_typed(row[place])) for place in extra_places) if extra_places else ()
            )
            hidden = number in sheet.scan.hidden_rows
            yield RawRow(number, cells, calculated, shared, hidden, extras)


def _picker(columns: tuple[int, ...]) -> Callable[[list[Cell]], tuple[Cell, ...]]:
    """What takes the cells of these columns out of a row."""
    if len(columns) == 1:
        return lambda row: (row[columns[0]],)
    return itemgetter(*columns)


def _merged_values(sheet: OpenedSheet, header: Header) -> dict[int, dict[str, Cell]]:
    """Row number to the values that cells merged downward lend to it."""
    by_place = {place + 1: key for key, place in header.places.items() if key in _SHARED_BY_MERGING}
    lent: dict[int, dict[str, Cell]] = {}
    total = 0
    for top, left, bottom, right in sheet.scan.merged:
        if top <= header.row or left != right or left not in by_place or top > len(sheet.rows):
            continue
        value = sheet.rows[top - 1][left - 1]
        last = min(bottom, len(sheet.rows))
        total += last - top
        if total > len(sheet.rows) * len(by_place):
            raise WorkbookError(BROKEN)  # areas that overlap, which Excel never writes
        for number in range(top + 1, last + 1):
            if value != "":
                lent.setdefault(number, {})[by_place[left]] = value
    return lent


def _is_example(row: RawRow, name_key: str) -> bool:
    """Marked so in the column of codes or, in a sheet of people without codes, by the name."""
    value = row.cells.get("code" if name_key == "name" else "unit_code")
    if value is None and name_key == "name":
        value = row.cells.get("name")
    return isinstance(value, str) and tidy(value).startswith(EXAMPLE_MARK)


def _example_was_changed(row: RawRow, name_key: str) -> bool:
    value = row.cells.get(name_key)
    return (
        name_key == "name"
        and value is not None
        and tidy(as_typed(value)) != PEOPLE_BY_KEY["name"].example
    )


def _speaks_of_someone(row: RawRow) -> bool:
    return not PERSON_KEYS.isdisjoint(row.cells) or bool(row.formulas & {"name", "id_number"})
