"""Results of reading sheets: columns, rows, questions, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from compete.domain.values.messages import Message
from compete.sheets.workbook.cells import Cell


@dataclass(slots=True)
class Column:
    """A column of a table: what stands above it, and which field it is (none: it is not read)."""

    sheet: str
    place: int
    """From 0."""
    letters: str
    heading: str
    field: str | None = None
    certain: bool = True
    why: Message | None = None
    """Why it is not read, or how it is understood, where that is worth a word."""
    upper: str = ""
    """The upper word of a head of two rows."""
    head_row: int = 0


@dataclass(frozen=True, slots=True)
class ReadRow:
    """The values of a row; a row of a wide table may stand here several times."""

    sheet: str
    row: int
    values: Mapping[str, Any] = field(repr=False)
    role: str | None = None
    letters: str = ""
    """The column of its value, where a row of the sheet is several of these."""
    picture: str = ""
    """The part of the workbook that is the picture beside a person."""
    written: Mapping[str, Cell] = field(default_factory=dict, repr=False)
    """Of a kind that somebody else judges: by field the cell as it stands."""


@dataclass(frozen=True, slots=True)
class Question:
    """A cell that was not understood, or only perhaps."""

    sheet: str
    row: int
    column: str
    field: str | None
    found: str
    why: Message
    whose: ReadRow | None = None
    """The row of which it is a cell, where it is of one."""

    def __repr__(self) -> str:
        """Show it without the cell's text, which may be an ID number."""
        return f"Question({self.sheet!r}, {self.row}, {self.column!r}, {self.field!r})"


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row of which something is told: why it was left out, or what was done on the way.

    One left out has something in it, but nothing of what is read.
    """

    sheet: str
    row: int
    why: Message


@dataclass(frozen=True, slots=True)
class SheetUse:
    """A sheet of the workbook: how many rows were read of it, or why none."""

    name: str
    rows: int = 0
    why: Message | None = None


@dataclass(slots=True)
class Reading:
    """All that a workbook says, and all that it did not say clearly."""

    kind: str
    sheets: list[SheetUse] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    rows: list[ReadRow] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    left_out: list[RowTold] = field(default_factory=list)
    remarks: list[RowTold] = field(default_factory=list)
    total: str | None = None
    said: str | None = None
    claims: dict[str, Decimal] = field(default_factory=dict)
    """Of a scheme, by sheet what its rows of sums say."""
    of: str | None = None
    """Of a scheme: what it is of, `labour` or `skills`."""

    def leave_out(self, sheet: str, row: int, why: Message) -> None:
        """Note a row that is not read."""
        self.left_out.append(RowTold(sheet, row, why))

    def ask(
        self, sheet: str, row: int, column: str, field: str | None, text: str, why: Message,
        whose: ReadRow | None = None,
    ) -> None:  # fmt: skip
        """Note a cell that was not understood, or only perhaps."""
        self.asked.append(Question(sheet, row, column, field, text, why, whose))
