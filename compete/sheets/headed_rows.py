"""A catalogue or pool as a workbook: a row each, found by the headings its caller names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import TypeAlias

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.answers import (
    NOTHING_SAID,
    Answers,
    ColumnRead,
    answer,
    answered_columns,
    distinct_columns,
)
from compete.sheets.reading.cells import fault_words
from compete.sheets.reading.columns import understand
from compete.sheets.reading.finding import find_tables
from compete.sheets.reading.found_tables import FoundTable
from compete.sheets.reading.grid import Grid
from compete.sheets.reading.kinds import Field, Kind
from compete.sheets.reading.shapes import Column
from compete.sheets.reading.telling import (
    cell_sentence,
    cells_filled,
    columns_unread,
    of_sheet,
    rows_hidden,
    rows_left_out,
    sheet_without_head,
    sheets_hidden,
)
from compete.sheets.reading.words import reduced
from compete.sheets.registration.table import NEXT_SHEET
from compete.sheets.workbook.cells import Cell, Fault
from compete.sheets.workbook.opened import OpenedWorkbook, open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.tables import Table, write_tables

Named: TypeAlias = Callable[[str, str], str | None]
"""The field of a heading, and of the word above it in a head of two rows."""
Answered: TypeAlias = Answers | Callable[[list[ColumnRead]], Answers]
"""The answers about a file, or a function that works them out from its columns."""
_HEAD_WITHIN, _LONGEST_HEAD = 20, 16
_SERIAL = frozenset({"序号", "no"})


@dataclass(frozen=True)
class RowsKind:
    """A kind of workbook of rows: its fields, and what their columns are called."""

    name: str
    """The key under which answers about its columns are remembered."""
    headings: Mapping[str, Message]
    others: Mapping[str, str]
    """Other names of a column: {heading: field}."""
    most: int
    """So many rows are read at once."""
    least_fields: int = 2
    """So many of the fields, the first, every table has."""
    as_in_file: Collection[str] = ()
    """Fields that count only as they stand in the file."""
    called: Kind | None = None
    """A kind of the reader whose names of columns are known too."""
    alone: str = ""
    """The field of which no column is taken where several could be it, but one of `bears`."""
    bears: Collection[str] = ()
    """Names that make a column that one: of a module, where marks are read."""
    kind: Kind = field(init=False)

    def __post_init__(self) -> None:
        words = {key: [reduced(str(title))] for key, title in self.headings.items()}
        for heading, key in self.others.items():
            words[key].append(reduced(heading))
        called = {it.key: it for it in self.called.fields} if self.called else {}
        # Fields not read here are known all the same, so that a head is seen as one.
        fields = [it for it in called.values() if it.key not in words]
        for key, own_words in words.items():
            it = called.get(key, Field(key, ""))
            words_of = " ".join(filter(None, (it.words, *own_words)))
            fields.append(Field(key, words_of, it.pattern, it.unless, ranks=it.ranks))
        unread = self.called.unread if self.called else "序号 备注 性别"
        must = (tuple(words)[:2],)
        object.__setattr__(self, "kind", Kind(self.name, tuple(fields), unread, must))


class HeadedRows(list[tuple[int, dict[str, str]]]):
    """Rows as (row, {field: text}); a row of a further sheet is numbered as `row_name` tells it."""

    def __init__(self, kind: RowsKind, content: bytes, answers: Answers) -> None:
        super().__init__()
        self.kind, self.content, self.answers = kind, content, answers
        self.remembered = False
        """True if the columns are read as somebody said of an earlier file."""
        self.notices: list[Message] = []
        """Notices of what was not read, and of what was filled."""
        self.sheets: list[str] = []
        self.columns: list[ColumnRead] = []
        self.missing: list[Message] = []
        """Fields without which no row is read, and which no column says."""
        self.faults: dict[int, dict[str, Message]] = {}
        """By row and field the cells without a value."""


class HeadedTable:
    """A table with the columns of each field that `named` finds in its headings."""

    def __init__(self, table: FoundTable, kind: Kind, named: Named) -> None:
        self.table, self.sheet = table, table.grid.name
        self.known = understand(table, kind)
        for column in self.known.columns:
            column.field = named(column.heading, column.upper)
        self._read: list[tuple[int, int]] = []
        self._empty: list[tuple[int, Message]] = []

    def leave_doubtful(self, field: str, bears: Collection[str]) -> None:
        """Take none of several columns that could be the field, but the only one so named."""
        could = [column for column in self.known.columns if column.field == field]
        if len(could) < 2:
            return
        names = {reduced(name) for name in bears}
        chosen = [it for it in could if any(name and name in reduced(it.heading) for name in names)]
        for column in could:
            if len(chosen) != 1 or column is not chosen[0]:
                column.field, column.certain = None, len(chosen) == 1
                column.why = msg("有 %(n)s 列都像，选一列", n=len(could))
                if len(chosen) == 1:
                    column.why = msg("读了“%(heading)s”", heading=chosen[0].heading)

    @property
    def columns(self) -> dict[str, list[Column]]:
        """The columns of each field."""
        by_field: dict[str, list[Column]] = {}
        for column in self.known.columns:
            if column.field is not None:
                by_field.setdefault(column.field, []).append(column)
        return by_field

    def holds(self, column: Column) -> bool:
        """True if anything stands below its heading."""
        return any(self.known.value(row, column.place) != "" for row in self.table.rows)

    def cell(self, row: int, column: Column) -> Cell:
        """The value of a cell; what is read here is told in `notices`."""
        self._read.append((row, column.place))
        return self.known.value(row, column.place)

    def leave_out(self, row: int) -> None:
        """Leave out a row of the table that says nothing in any of its columns."""
        self._empty.append((row, msg("要的列都空着")))

    def notices(self) -> list[Message]:
        """Notices of cells filled, and of rows and columns with content that were not read."""
        grid, places = self.table.grid, {place for _row, place in self._read}
        filled = [
            f"{grid.letters(place)}{row}"
            for row, place in dict.fromkeys(self._read)
            if grid.lent(row, place)
        ]
        unread = [
            column.heading or msg("%(letters)s 列", letters=column.letters)
            for column in self.known.columns
            if column.place not in places
            and reduced(column.heading) not in _SERIAL
            and (column.heading or self.holds(column))
        ]
        return [
            *cells_filled(self.sheet, filled),
            *rows_hidden(self.sheet, grid.hidden & {row for row, _place in self._read}),
            *rows_left_out(self.sheet, [*self.table.left_out, *self._empty]),
            *columns_unread(self.sheet, unread),
        ]


def headed_tables(
    book: OpenedWorkbook,
    kind: Kind,
    named: Named,
    wanted: Sequence[Collection[str]],
    answered: Answered = NOTHING_SAID,
    doubtful: RowsKind | None = None,
) -> tuple[list[HeadedTable], list[HeadedTable], list[Message], Answers]:
    """Split tables by `wanted` fields: those with one of each, the others; notices, answers.

    `answered` may be worked out from the columns as they are understood without it.
    """
    sheets = {name: Grid(book.sheet(name)) for name in book.names}
    tables = {
        name: [HeadedTable(table, kind, named) for table in find_tables(grid, kind).tables]
        for name, grid in sheets.items()
    }
    every = [table for of_sheet in tables.values() for table in of_sheet]
    if doubtful is not None:
        for table in every:
            table.leave_doubtful(doubtful.alone, doubtful.bears)
    if not isinstance(answered, Answers):
        known = [it.known for it in _whole(every, wanted) or every]
        answered = answered(distinct_columns(known)) if known else NOTHING_SAID
    for table in every:
        answer(table.known, answered)
    chosen_tables = _whole(every, wanted)
    notices: list[Message] = []
    for name, grid in sheets.items():
        if not tables[name] and any(map(grid.own, range(1, grid.last + 1))):
            notices.append(sheet_without_head(name))
        notices += [
            of_sheet(name, msg("第 %(row)s 行起的表没有要的列，没有读", row=table.table.head_row))
            for table in tables[name]
            if table not in chosen_tables
        ]
    others = [table for table in every if table not in chosen_tables]
    return chosen_tables, others, notices + sheets_hidden(book), answered


def _whole(tables: Sequence[HeadedTable], wanted: Sequence[Collection[str]]) -> list[HeadedTable]:
    return [it for it in tables if all(it.columns.keys() & choice for choice in wanted)]


def read_headed_rows(
    content: bytes, kind: RowsKind, answered: Answered = NOTHING_SAID
) -> HeadedRows:
    """The rows of every table that has the wanted fields, in all sheets, as it was `answered`.

    Where no table has all of them there are no rows, only columns and what is `missing`.

    Raises `WorkbookError` for a file that cannot be opened, has no table, no row, or too many.
    """
    wanted = list(kind.headings)[: kind.least_fields]
    book = open_workbook(content)

    def key_of_heading(heading: str, _upper: str) -> str | None:
        key = kind.kind.field_of(heading)[1]
        return key if key in kind.headings else None

    choices = [{key} for key in wanted]
    tables, others, notices, answers = headed_tables(
        book, kind.kind, key_of_heading, choices, answered, kind if kind.alone else None
    )
    if not tables and not others and (head := _likely_head(book)):
        # Nobody knows a word of it: the page asks what its columns are.
        unknown = [Field(f"?{place}", word) for place, word in enumerate(head)]
        fields = (*unknown, *kind.kind.fields)
        asked = Kind(kind.name, fields, kind.kind.unread, (("?0",),))
        tables, others, notices, answers = headed_tables(
            book, asked, key_of_heading, choices, answered
        )
    rows = HeadedRows(kind, content, answers)
    understood = distinct_columns([it.known for it in tables or others])
    rows.columns = answered_columns(understood, answers, kind.kind)
    if not tables and not others:
        titles = [str(kind.headings[key]) for key in wanted]
        columns = msg("“%(first)s”和“%(second)s”两列", first=titles[0], second=titles[-1])
        if len(titles) == 1:
            columns = msg("“%(first)s”一列", first=titles[0])
        raise WorkbookError(msg("没有找到%(columns)s，请用这里导出的表", columns=columns))
    if not tables:
        there = others[0].columns
        rows.missing = [kind.headings[key] for key in wanted if key not in there]
        return rows
    for table in tables:
        _take_rows(table, rows)
    if not rows:
        raise WorkbookError(msg("表里一行也没有"))
    if len(rows) > kind.most:
        raise WorkbookError(
            msg("一次最多 %(most)s 行，表里有 %(n)s 行", most=kind.most, n=len(rows))
        )
    rows.notices += notices
    return rows


def _likely_head(book: OpenedWorkbook) -> list[str]:
    """The likely head: the first row of several short texts above a row as wide; empty if none."""
    for name in book.names:
        rows = [[it for it in row if it != ""] for row in book.sheet(name).rows[:_HEAD_WITHIN]]
        for row, below in pairwise(rows):
            texts = [reduced(it) for it in row if isinstance(it, str) and len(it) <= _LONGEST_HEAD]
            if len(texts) == len(row) == len({*texts}) > 1 and len(below) > 1 and all(texts):
                return texts
    return []


def _take_rows(table: HeadedTable, rows: HeadedRows) -> None:
    if table.sheet not in rows.sheets:
        rows.sheets.append(table.sheet)
    first, fields = rows.sheets.index(table.sheet) * NEXT_SHEET, table.columns
    for row in table.table.rows:
        number = first + row
        texts: dict[str, str] = {}
        faults: dict[str, Message] = {}
        for key, columns in fields.items():
            for column in columns:
                # Of two columns for one field the first that says something counts.
                if texts.get(key) or key not in rows.kind.headings:
                    continue
                cell = table.cell(row, column)
                if isinstance(cell, Fault):
                    place = f"{column.letters}{row}"
                    faults[key] = cell_sentence(table.sheet, place, fault_words(cell))
                texts[key] = "" if isinstance(cell, Fault) else _text(cell)
        for key in rows.kind.headings:
            if (answer := rows.answers.cells.get((number, key))) is not None:
                texts[key] = answer
                faults.pop(key, None)
        if any(texts.values()) or faults:
            rows.append((number, texts))
            rows.faults.update({number: faults} if faults else {})
        else:
            table.leave_out(row)
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
    title: Message,
    headings: Mapping[str, Message],
    rows: Sequence[Mapping[str, str]],
    worded: Callable[[str], str] = str,
) -> bytes:
    """Write a workbook of rows, to be changed and read again; headings in Chinese, as read.

    `worded` says title and headings as the competition's kind does.
    """
    title = Message(worded(title.text), title.params)
    table = Table(
        name=title,
        title=title,
        columns=[worded(str(heading)) for heading in headings.values()],
        rows=[[row.get(field, "") for field in headings] for row in rows],
        frozen=1,
    )
    return write_tables([table])
