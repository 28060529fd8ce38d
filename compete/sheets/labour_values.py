"""Labour values as a workbook: a department's squares of one period, a row for each unit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.context import Rows, Section
from compete.sheets.reading.found_tables import HEAD_AGAIN
from compete.sheets.reading.kinds import VALUES, Field, Kind
from compete.sheets.reading.marked_cells import marked_told
from compete.sheets.reading.reading import SheetsReader, dittos_told
from compete.sheets.reading.sections import Names
from compete.sheets.reading.shapes import Column, Question, SheetUse
from compete.sheets.reading.telling import (
    cells_filled,
    columns_unread,
    of_sheet,
    questions_told,
    rows_done,
    rows_hidden,
    rows_left_out,
    sheet_without_head,
    sheets_hidden,
)
from compete.sheets.reading.words import one_line, reduced
from compete.sheets.texts import unit_called
from compete.sheets.workbook.cells import Cell, Fault, Percent
from compete.sheets.workbook.limits import AT_ONCE_LIMITS, DEFAULT_LIMITS
from compete.sheets.workbook.opened import OpenedWorkbook, open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.tables import Table, Value, write_tables

CODE, UNIT, GROUP = "编号", "单位", "组"
_UNIT_FIELD = "unit"
"""The reader's field of the column of units."""
_COLUMNS = {"code": CODE, "unit": UNIT, "group": GROUP}
_SERIAL = frozenset({"序号", "no"})
Named: TypeAlias = Callable[[str, str], str | None]
"""The field of a heading, and of the word above it in a head of two rows."""
_PLACES = 6
_SAMPLES = 3
_LOOKED_AT, _LONGEST = 200, 140
"""Rows of a sheet, and signs of a cell, that may be a heading."""
_NEAR = 1e-9
"""A formula's 27.299999999999997 is the 27.3 that its reader sees."""


class HeadedTable:
    """A table of the reader with the columns of each field that `named` finds in its headings."""

    def __init__(self, known: Understanding, sections: Sequence[Section], named: Named) -> None:
        self.known, self.sections, self.table = known, sections, known.table
        self.sheet = known.grid.name
        for column in known.columns:
            if known.table.fields.get(column.place) == _UNIT_FIELD:
                continue
            meant = named(column.heading, column.upper)
            column.field = _UNIT_FIELD if meant == UNIT else meant
        self.asked: list[Question] = []
        """Questions about what was read for an empty cell."""
        self._read: list[tuple[int, int]] = []
        self._empty: list[tuple[int, Message]] = []

    @property
    def columns(self) -> dict[str, list[Column]]:
        """The columns of each field."""
        by_field: dict[str, list[Column]] = {}
        for column in self.known.columns:
            if column.field is not None:
                name = UNIT if column.field == _UNIT_FIELD else column.field
                by_field.setdefault(name, []).append(column)
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
            *questions_told(self.asked),
            *marked_told(self.known),
            *rows_done(self.sheet, dittos_told(self.table)[0], grid.same.keys() & self.table.rows),
            *cells_filled(self.sheet, filled),
            *rows_hidden(self.sheet, grid.hidden & {row for row, _place in self._read}),
            *rows_left_out(self.sheet, [*self.table.left_out, *self._empty]),
            *columns_unread(self.sheet, unread),
        ]


Chosen: TypeAlias = tuple[list[HeadedTable], list[Message]]


def _tables_with(
    book: OpenedWorkbook,
    kind: Kind,
    named: Named,
    wanted: Sequence[Collection[str]],
    names: Names,
) -> tuple[list[HeadedTable], list[HeadedTable], list[Message]]:
    """Split tables by `wanted` fields: those with one of each, and the others; with notices."""
    whole: list[HeadedTable] = []
    others: list[HeadedTable] = []
    notices: list[Message] = []
    for sheet, tables in SheetsReader(book, kind, names).sheets:
        if isinstance(sheet, SheetUse):
            notices += [of_sheet(sheet.name, sheet.why)] if sheet.why else []
            continue
        grid, name = sheet.grid, sheet.grid.name
        if not tables and any(map(grid.own, range(1, grid.last + 1))):
            notices.append(sheet_without_head(name))
        for known, sections in tables:
            table = HeadedTable(known, sections, named)
            if all(table.columns.keys() & choice for choice in wanted):
                whole.append(table)
                continue
            others.append(table)
            why = msg("第 %(row)s 行起的表没有要的列，没有读", row=table.table.head_row)
            notices.append(of_sheet(name, why))
    return whole, others, notices + sheets_hidden(book)


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row with its texts and columns by heading; where units go across, its cells.

    The text of a cell without a value is its `Fault`.
    """

    sheet: str
    number: int
    texts: Mapping[str, str] = field(repr=False)
    letters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column whose heading means nothing, or of which somebody said what it is."""

    key: str
    """Its heading, reduced."""
    letters: str
    heading: str
    samples: Sequence[str]


@dataclass(frozen=True, slots=True)
class ValueRows:
    """The rows of a workbook: `title` above the headings, the rows, the `headings` found.

    `notices` tell what was filled and what was not read, `unused` which sheets or tables.
    """

    title: str = ""
    rows: Sequence[ValueRow] = ()
    headings: frozenset[str] = frozenset()
    notices: Sequence[Message] = ()
    unused: Sequence[Message] = ()
    unknown: Sequence[UnknownColumn] = ()

    def place(self, row: ValueRow, heading: str = "") -> str:
        """The row or its cell, with the sheet where there are several: D5, 二月!D5."""
        several = len({value_row.sheet for value_row in self.rows}) > 1
        letters = row.letters.get(heading, "")
        number = "" if letters[-1:].isdigit() else row.number
        return f"{row.sheet}!" * several + f"{letters}{number}"


def write_value_rows(
    name: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]
) -> bytes:
    """The squares as they stand, to be filled in and read again; two columns stay in sight."""
    return write_tables([Table(name=name, title=title, columns=headings, rows=rows, frozen=2)])


def column_of(heading: str) -> str | None:
    """Find which of the columns of every such workbook a heading means, or None."""
    return _COLUMNS.get(VALUES.field_of(heading)[1] or "")


def unit_key(name: str) -> str:
    """A unit's name without blanks and without words that ask for its seal."""
    return "".join(unit_called(name).split())


def read_value_rows(
    content: bytes,
    wanted: Sequence[Collection[str]],
    known: Sequence[str],
    most: int,
    *,
    optional: bool = False,
    whole: bool = False,
    also: Mapping[str, str] | None = None,
    alike: Named = lambda _heading, _upper: None,
    answers: Mapping[str, str] | None = None,
    units: Sequence[str] = (),
    chosen: Callable[[list[HeadedTable]], Chosen] = lambda tables: (tables, []),
) -> ValueRows:
    """Read the rows of every table with one of each of the `wanted` headings; `known` are others.

    `also` says what else a heading may be called, and by which name it is known. What has no
    column of its very name may have one whose name `alike` takes for it. By reduced heading
    somebody `answers` what a column is, empty for nothing: then a table that lacks a wanted heading
    gives its `unknown` columns to be asked, where that is not None. Of the tables those are
    read that `chosen` keeps, with what it says of the others. A row without a unit is of the one
    that any reading finds for it, of these `units`. Sums, notes and signatures are no rows, unless
    the `whole` of a table of our own is wanted.

    Raises `WorkbookError` for a file that cannot be opened, has a heading twice or more rows
    than `most`; unless it is `optional`, also for one without such a table or any row.
    """
    names = {name for choice in wanted for name in choice} | {*known}
    exact = {one_line(text): name for text, name in (also or {}).items() if name in names}
    exact |= {one_line(name): name for name in names}

    def key_of_heading(heading: str, upper: str) -> str | None:
        if answers and (answered := answers.get(reduced(heading))) is not None:
            return answered or None
        for text in (heading, f"{upper} {heading}".strip()):
            if text in exact:
                return exact[text]
        return alike(heading, upper)

    # What has few rows is read while somebody waits, and so is refused by its rows.
    book = open_workbook(content, AT_ONCE_LIMITS if most <= AT_ONCE_LIMITS.rows else DEFAULT_LIMITS)
    first = next(iter(wanted[0]))
    reader_names = Names(units=units)
    kind = _kind(first, exact, key_of_heading, book)
    tables, others, unused = _tables_with(book, kind, key_of_heading, wanted, reader_names)
    if not tables and optional:
        return ValueRows(unused=unused)
    if not tables and others and answers is not None:
        above = others[0].table.above
        title = above[0] if above else ""
        return ValueRows(title, unused=unused, unknown=_unknown(others, answers))
    if not tables:
        second = next(iter(wanted[1]))
        raise WorkbookError(
            msg(
                "没有找到“%(first)s”和“%(second)s”两列，请用下载的那张表",
                first=first,
                second=second,
            )
        )
    tables, left = chosen(tables)
    unused += left
    rows: list[ValueRow] = []
    notices: list[Message] = []
    for table in tables:
        rows += _rows(table, exact, first, reader_names, whole=whole)
        notices += table.notices()
    if len(rows) > most:
        raise WorkbookError(msg("一次最多 %(most)s 行，表里有 %(n)s 行", most=most, n=len(rows)))
    if not rows and not optional:
        raise WorkbookError(msg("表里一行也没有"))
    above = tables[0].table.above
    headings = frozenset(heading for table in tables for heading in table.columns)
    unknown = _unknown(tables, answers) if answers is not None else ()
    return ValueRows(above[0] if above else "", rows, headings, notices, unused, unknown)


def _unknown(tables: Sequence[HeadedTable], answers: Mapping[str, str]) -> list[UnknownColumn]:
    """The unknown columns, and those that somebody had to explain, once each."""
    unknown: dict[str, UnknownColumn] = {}
    for table in tables:
        for column in table.known.columns:
            key = reduced(column.heading)
            asked = column.field is None and not table.known.kind.field_of(column.heading)[0]
            if key and key not in unknown and (key in answers or (asked and table.holds(column))):
                samples = table.known.samples[column.place][:_SAMPLES]
                unknown[key] = UnknownColumn(key, column.letters, column.heading, samples)
    return list(unknown.values())


def _kind(first: str, exact: Mapping[str, str], named: Named, book: OpenedWorkbook) -> Kind:
    """The kind of table whose heads have these words, or what means the same in this book."""
    words = {**exact}
    texts = {
        cell
        for sheet in book.names
        for row in book.sheet(sheet).rows[:_LOOKED_AT]
        for cell in row
        if isinstance(cell, str) and len(cell) <= _LONGEST
    }
    renamed = ((text, named(one_line(text), "")) for text in sorted(texts))
    words |= {text: name for text, name in renamed if name is not None and text not in words}
    fields: dict[str, list[str]] = {}
    for text, name in words.items():
        fields.setdefault(name, []).append(reduced(text))
    return Kind(
        "values",
        tuple(Field(name, " ".join(phrases)) for name, phrases in fields.items()),
        unread=VALUES.unread,
        must=((first,),),
    )


def _rows(
    table: HeadedTable, exact: Mapping[str, str], first: str, names: Names, *, whole: bool
) -> Iterator[ValueRow]:
    columns: dict[str, Column] = {}
    for heading, candidates in table.columns.items():
        named = [it for it in candidates if exact.get(it.heading) == heading]
        # A merged heading stands above columns in which nothing stands, too.
        chosen = named or candidates
        chosen = [it for it in chosen if table.holds(it)] or chosen[:1]
        if heading == first and not named:
            better = VALUES.by_key("unit").first
            chosen = ([it for it in chosen if reduced(it.heading) in better] or chosen)[:1]
        if len(chosen) > 1:
            raise WorkbookError(msg("“%(heading)s”有两列，留一列", heading=heading))
        columns[heading] = chosen[0]
    letters = {heading: column.letters for heading, column in columns.items()}
    if table.table.form is not None:
        head = table.table.head_row
        letters = {it: table.known.cell_name(head, column.place) for it, column in columns.items()}
    if whole:
        left = [row for row, why in table.table.left_out if why is not HEAD_AGAIN]
        table.table.rows = sorted([*table.table.rows, *left])
        table.table.left_out = [row for row in table.table.left_out if row[0] not in left]
    below = None if whole else Rows(table.known, table.sections, names)
    for number in table.table.rows:
        texts = {heading: _text(table.cell(number, column)) for heading, column in columns.items()}
        if any(texts.values()):
            if below is not None and UNIT in texts:
                has = {_UNIT_FIELD} if texts[UNIT] or texts.get(CODE) else set()
                given, asked = below.given(number, has, (_UNIT_FIELD,))
                texts[UNIT] = texts[UNIT] or given.get(_UNIT_FIELD, "")
                table.asked += asked
            yield ValueRow(table.sheet, number, texts, letters)
        else:
            table.leave_out(number)


def _text(cell: Cell) -> str:
    if isinstance(cell, Fault):
        return cell
    if isinstance(cell, Percent):
        # As it shows: 0.98 and 98% would be two values, and nobody could tell which was meant.
        return f"{_text(float(cell) * 100)}%"
    if isinstance(cell, float):
        rounded = round(cell, _PLACES)
        if abs(rounded - cell) <= _NEAR:
            return f"{rounded:.{_PLACES}f}".rstrip("0").rstrip(".")
        return repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return str(cell).strip()
