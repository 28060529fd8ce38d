"""A catalogue or pool as a workbook: a row each, found by the headings its caller names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from compete.domain.values import Message, msg
from compete.sheets.reading.cells import fault_words
from compete.sheets.reading.columns import understand
from compete.sheets.reading.finding import TITLE, FoundTable, find_tables
from compete.sheets.reading.grid import Grid
from compete.sheets.reading.kinds import Field, Kind
from compete.sheets.reading.shapes import Column
from compete.sheets.reading.telling import (
    cell_told,
    cells_filled,
    columns_unread,
    rows_hidden,
    rows_left_out,
    sheet_without_head,
    sheets_hidden,
)
from compete.sheets.reading.words import reduced
from compete.sheets.workbook import Cell, Fault, OpenedWorkbook, WorkbookError, open_workbook
from compete.sheets.workbook.tables import Table, write_tables

Named: TypeAlias = Callable[[str, str], str | None]
"""The field of a heading, and of the word above it in a head of two rows."""
_SERIAL = frozenset({"序号", "no"})


class HeadedRows(list[tuple[int, dict[str, str]]]):
    """(row in the sheet, {field: text}); `notices` tell what was not read, and what was filled."""

    notices: list[Message]

    def __init__(self) -> None:
        super().__init__()
        self.notices = []


class HeadedTable:
    """A table with the columns of each field that `named` finds in its headings."""

    def __init__(self, table: FoundTable, kind: Kind, named: Named) -> None:
        self.table, self.sheet = table, table.grid.name
        self._known = understand(table, kind)
        self.columns: dict[str, list[Column]] = {}
        for column in self._known.columns:
            if (field := named(column.heading, column.upper)) is not None:
                self.columns.setdefault(field, []).append(column)
        self._read: list[tuple[int, int]] = []
        self._empty: list[tuple[int, Message]] = []

    def holds(self, column: Column) -> bool:
        """Whether anything stands below its heading."""
        return any(self._known.value(row, column.place) != "" for row in self.table.rows)

    def cell(self, row: int, column: Column) -> Cell:
        """What a cell says; what is read here is told in `notices`."""
        self._read.append((row, column.place))
        return self._known.value(row, column.place)

    def leave_out(self, row: int) -> None:
        """A row of the table that says nothing in any of its columns."""
        self._empty.append((row, msg("要的列都空着")))

    def notices(self) -> list[Message]:
        """What was filled, and the rows and columns with something in them that were not read."""
        grid, places = self.table.grid, {place for _row, place in self._read}
        filled = [
            f"{grid.letters(place)}{row}"
            for row, place in dict.fromkeys(self._read)
            if grid.lent(row, place)
        ]
        unread = [
            column.heading or msg("%(letters)s 列", letters=column.letters)
            for column in self._known.columns
            if column.place not in places
            and reduced(column.heading) not in _SERIAL
            and (column.heading or self.holds(column))
        ]
        return [
            *cells_filled(self.sheet, filled),
            *rows_hidden(self.sheet, grid.hidden & {row for row, _place in self._read}),
            *rows_left_out(self.sheet, [*self.table.left_out, *self._empty], (TITLE,)),
            *columns_unread(self.sheet, unread),
        ]


def headed_tables(
    book: OpenedWorkbook, kind: Kind, named: Named, wanted: Sequence[Collection[str]]
) -> tuple[list[HeadedTable], list[Message]]:
    """The tables that have one of each of the `wanted` fields, and what is said of the others."""
    found: list[HeadedTable] = []
    told: list[Message] = []
    for name in book.names:
        grid = Grid(book.sheet(name))
        sheet = find_tables(grid, kind)
        if not sheet.tables and any(map(grid.own, range(1, grid.last + 1))):
            told.append(sheet_without_head(name))
        for each in sheet.tables:
            table = HeadedTable(each, kind, named)
            if all(table.columns.keys() & choice for choice in wanted):
                found.append(table)
                continue
            told.append(
                msg(
                    "“%(sheet)s”页第 %(row)s 行起的表没有要的列，没有读",
                    sheet=name,
                    row=each.head_row,
                )
            )
    return found, told + sheets_hidden(book)


def read_headed_rows(
    content: bytes, headings: Mapping[str, Message], others: Mapping[str, str], most: int
) -> HeadedRows:
    """The rows of every table that has the first two fields, in all sheets.

    `others` says which field a further heading stands for.

    Raises `WorkbookError` for a file that cannot be opened, has no such table, no row, a cell
    without a value, or more rows than `most`.
    """
    kind = _kind(headings, others)
    wanted = list(headings)[:2]
    tables, told = headed_tables(
        open_workbook(content),
        kind,
        lambda heading, _upper: kind.field_of(heading)[1],
        [{field} for field in wanted],
    )
    if not tables:
        raise WorkbookError(
            msg(
                "没有找到“%(first)s”和“%(second)s”两列，请用这里导出的表",
                first=headings[wanted[0]],
                second=headings[wanted[1]],
            )
        )
    rows = HeadedRows()
    for table in tables:
        _take_rows(table, rows)
    if not rows:
        raise WorkbookError(msg("表里一行也没有"))
    if len(rows) > most:
        raise WorkbookError(msg("一次最多 %(most)s 行，表里有 %(n)s 行", most=most, n=len(rows)))
    rows.notices += told
    return rows


def _kind(headings: Mapping[str, Message], others: Mapping[str, str]) -> Kind:
    words = {field: [reduced(str(title))] for field, title in headings.items()}
    for heading, field in others.items():
        words[field].append(reduced(heading))
    fields = tuple(Field(field, " ".join(said)) for field, said in words.items())
    return Kind("rows", fields, unread="序号 备注 性别", must=tuple((key,) for key in [*words][:1]))


def _take_rows(table: HeadedTable, rows: HeadedRows) -> None:
    for number in table.table.rows:
        texts: dict[str, str] = {}
        for field, columns in table.columns.items():
            for column in columns:
                # Of two columns for one field the first that says something counts.
                if texts.get(field):
                    continue
                cell = table.cell(number, column)
                if isinstance(cell, Fault):
                    place = f"{column.letters}{number}"
                    raise WorkbookError(cell_told(table.sheet, place, fault_words(cell)))
                texts[field] = _text(cell)
        if any(texts.values()):
            rows.append((number, texts))
        else:
            table.leave_out(number)
    rows.notices += table.notices()


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def write_headed_rows(
    title: Message, headings: Mapping[str, Message], rows: Sequence[Mapping[str, str]]
) -> bytes:
    """What stands there, to be changed and read again; headings in Chinese, as read."""
    table = Table(
        name=title,
        title=title,
        columns=[str(heading) for heading in headings.values()],
        rows=[[row.get(field, "") for field in headings] for row in rows],
        frozen=1,
    )
    return write_tables([table])
