"""Shapes of the preview of a registration workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewColumn:
    """A column of the workbook that is worth showing."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewCell:
    """A cell of the workbook."""

    text: str
    old: str | None = None
    """The former value, if the workbook changes it."""
    bad: bool = False
    """True if something is wrong with it."""
    fix: CellFix | None = None
    """The way to put it right on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFix:
    """A wrong cell as a field in place."""

    row: int
    key: str
    label: str
    why: Sequence[str]
    """The faults, to stand below it."""
    value: str
    """The value; empty if it is not shown whole."""
    hint: str
    best: str
    """The value that most likely belongs there, and in how many rows."""
    alike: int
    new_unit: bool
    """True if it may be a unit that does not exist yet."""
    empty: str
    """The words for leaving it empty, where a row can do without."""
    same: str
    """The row further up that is the same person's, if they say so; else empty."""
    twins: int
    """The number of rows that repeat one further up in every cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A row of the workbook, and what it would do."""

    number: str
    state: str
    """`added`, `changed`, `same` or `refused`."""
    cells: Mapping[str, PreviewCell]
    """The cells by the key of the column."""
    reasons: Sequence[str]
    place: int = 0
    """Its number among the rows of all sheets."""
    put_right: Sequence[str] = ()
    """Keys of the columns that were put right on the page."""
    left: bool = False
    """True if somebody said that another row of the same person is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFile:
    """The file, its page and how many rows it has."""

    name: str
    sheet: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewUrls:
    """The links of the preview."""

    upload: str
    write: str
    discard: str
    refused: str
    """The refused rows as a workbook."""
    again: str | None = None
    """Looking through it once more, where somebody changed the list meanwhile."""
    put_right: str | None = None
    """The address to put a cell right."""
    columns: str | None = None
    """The address of the file's columns, each with its meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A file of which some rows were written, and others wait to be put right."""

    name: str
    url: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChoice:
    """A field that a column may be."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownColumn:
    """A column of the file."""

    key: str
    letters: str
    heading: str
    upper: str
    samples: Sequence[str]
    field: str
    why: str
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnQuestion:
    """A question about one column: is it what it seems to be?"""

    key: str
    title: str
    why: str
    yes: str
    no: str
    """The fields that the two answers mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    """The columns of a file as they are understood."""

    competition: CompetitionLink
    filename: str
    columns: Sequence[ShownColumn]
    choices: Sequence[FieldChoice]
    question: ColumnQuestion | None
    understood: int
    questions: int
    remembered: bool
    lacking: str
    """The fields without which nobody can be written and which no column is."""
    say_url: str
    forget_url: str | None
    next_url: str
    upload_url: str
