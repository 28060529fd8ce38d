"""A registration workbook as read: cells by column, nothing judged yet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.domain.values.messages import Message
from compete.sheets.workbook.cells import Cell

NEXT_SHEET = 1_000_000
"""Rows of the second sheet with people are numbered from here, of the third from twice as many."""


_IN_COLUMN = ":"
"""No name of a sheet has one."""


def place_of_rows(sheet: str, letters: str = "") -> str:
    """A place among the sheets for rows of its own: a sheet, or a column where people go across."""
    return f"{sheet}{_IN_COLUMN}{letters}" if letters else sheet


def row_name(number: int, sheets: Sequence[str]) -> str:
    """A row as people find it: 12 in the first of the sheets, 电工!12 in another.

    Where people go across it is the cell of their name, such as C1.
    """
    place, row = divmod(number, NEXT_SHEET)
    if not 0 <= place < len(sheets):
        return str(row)
    sheet, _colon, letters = sheets[place].partition(_IN_COLUMN)
    first = sheets[0].partition(_IN_COLUMN)[0]
    return f"{sheet}!{letters}{row}" if sheet != first else f"{letters}{row}"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row; `number` is the row in Excel, cells that are empty are left out."""

    number: int
    cells: Mapping[str, Cell] = field(repr=False)
    """Kept out of `repr`: an ID number must not slip into a log."""
    faults: frozenset[str] = frozenset()
    """Columns whose cell has no value: an error, or a formula that was never worked out."""
    merged: frozenset[str] = frozenset()
    """Columns whose value comes from a merged cell further up."""
    hidden: bool = False
    extras: tuple[str, ...] = ()
    """Texts of the columns we don't read, in the order of `RawSheet.extra_titles`."""
    emptied: frozenset[str] = frozenset()
    """Columns whose cell was left empty on the page."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The rows of all tables of people, or of the sheet of units."""

    name: str
    """The sheet that they stand on, the first of several."""
    tables: Sequence[tuple[int, Mapping[str, str]]] = ()
    """Of each table the number of its first row, and its columns' letters by key.

    Of people who go across, and of teams a row, there is a table each, with cells for letters.
    """
    rows: Sequence[RawRow] = ()
    extra_titles: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    """The names of the sheets by which rows are numbered; the first may have none of them."""

    @property
    def columns(self) -> frozenset[str]:
        """Keys of the columns that any table has."""
        return frozenset(key for _first, letters in self.tables for key in letters)

    def row_name(self, number: int) -> str:
        """A row as people find it."""
        return row_name(number, self.sheets)

    def cell(self, key: str, row: RawRow) -> str:
        """The cell's name, such as D9; empty where the table lacks the column."""
        place = bisect_right([first for first, _letters in self.tables], row.number) - 1
        letters = self.tables[max(place, 0)][1].get(key) if self.tables else None
        if not letters:
            return ""
        sheet, bang, number = row_name(row.number, self.sheets).rpartition("!")
        return f"{sheet}{bang}{letters}{'' if letters[-1].isdigit() else number}"


@dataclass(frozen=True, slots=True)
class RawTable:
    """The sheets of one workbook; `notices` tell what was left unread, and why."""

    people: RawSheet
    units: RawSheet | None = None
    notices: tuple[Message, ...] = field(default=())
    left: frozenset[int] = frozenset()
    """Rows of which somebody said that they are of the same person as one further up."""
    pictures: Mapping[int, str] = field(default_factory=dict)
    """By row the part of the workbook that is the picture beside its person."""
