"""A registration workbook as read: cells by column, nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from compete.domain.values import Message, listed, msg
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.workbook.opened import Cell


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row; `number` is the row in Excel, cells that are empty are left out."""

    number: int
    cells: Mapping[str, Cell] = field(repr=False)
    """Kept out of `repr`: an ID number must not slip into a log."""
    formulas: frozenset[str] = frozenset()
    """Columns whose cell holds a formula instead of a value."""
    merged: frozenset[str] = frozenset()
    """Columns whose value comes from a merged cell further up."""
    hidden: bool = False
    extras: tuple[str, ...] = ()
    """Texts of the columns we don't read, in the order of `RawSheet.extra_titles`."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The rows under one header."""

    name: str
    letters: Mapping[str, str]
    """Column key to column letters, for columns the sheet has."""
    rows: tuple[RawRow, ...] = ()
    extra_titles: tuple[str, ...] = ()

    def cell(self, key: str, row: RawRow) -> str:
        """The cell's name, such as D9; empty where the sheet lacks the column."""
        letters = self.letters.get(key)
        return f"{letters}{row.number}" if letters else ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """The sheets of one workbook; `notices` tell what was left unread, and why."""

    people: RawSheet
    units: RawSheet | None = None
    notices: tuple[Message, ...] = field(default=())

    def without(self, keys: frozenset[str]) -> RawTable:
        """The same without these columns of the people, of which a notice tells."""
        there = [key for key in self.people.letters if key in keys]
        if not keys or not any(keys & row.cells.keys() for row in self.people.rows):
            return self
        rows = tuple(
            replace(
                row,
                cells={key: cell for key, cell in row.cells.items() if key not in keys},
                formulas=row.formulas - keys,
            )
            for row in self.people.rows
        )
        notice = msg(
            "“%(sheet)s”页的这些列没有读：%(titles)s",
            sheet=self.people.name,
            titles=listed([PEOPLE_BY_KEY[key].title for key in there]),
        )
        notices = (*self.notices, notice) if there else self.notices
        return replace(self, people=replace(self.people, rows=rows), notices=notices)
