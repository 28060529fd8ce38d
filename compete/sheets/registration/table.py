"""A registration workbook as read: cells by column, nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.domain.values import Message
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
    rows: Sequence[RawRow] = ()
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
