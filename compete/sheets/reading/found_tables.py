"""Tables of a sheet as they were found, before their columns are understood."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from compete.domain.values.messages import Message, msg
from compete.sheets.reading import words
from compete.sheets.reading.grid import Grid

TITLE, BLANK_NUMBER, HEAD_AGAIN = msg("标题"), msg("只有序号"), msg("表头")
COLUMN_NUMBERS = msg("列的编号")
SUM, NOTE, SIGNATURE, EXAMPLE = msg("合计"), msg("注"), msg("签名、盖章或日期"), msg("示例")
SUM_BELOW = msg("是下面几行的和")
PAGE = msg("页码")
NOBODY = msg("没有写姓名")
SECTION, NOTHING_KNOWN = msg("小标题"), msg("不在表里")
NEVER_THE_SAME = frozenset({"name", "id_number", "phone", "code", "value", "max"})
"""Fields in which no ditto sign means the cell above."""


def why_no_row(text: str) -> Message | None:
    """Say why a line by itself is a sum, a note or a signature; None if it is not."""
    if words.says_sum(text):
        return SUM
    if words.says_page(text):
        return PAGE
    if words.says_note(text):
        return NOTE
    return SIGNATURE if words.says_signature(text) else None


@dataclass(slots=True)
class Heading:
    """The words above a column: the lower word, and the upper one of a head of two rows."""

    text: str
    upper: str = ""


def same_head(head: Mapping[int, Heading], other: Mapping[int, Heading]) -> bool:
    """True if two heads have the same headings in the same columns."""
    return {c: words.reduced(h.text) for c, h in head.items()} == {
        c: words.reduced(h.text) for c, h in other.items()
    }


@dataclass(slots=True)
class FoundTable:
    """A table of a sheet; only its own rows are known so far."""

    grid: Grid
    head_row: int
    headings: dict[int, Heading]
    first: int
    """The first row below the head."""
    above: list[str] = field(default_factory=list)
    """Titles between this table and what is before it."""
    lines: list[int] = field(default_factory=list)
    """The rows of those titles, and of all else that stands there."""
    rows: list[int] = field(default_factory=list)
    left_out: list[tuple[int, Message]] = field(default_factory=list)
    form: Mapping[int, tuple[int, int]] | None = None
    """Of a form of one person: by column of the table the cell (row, column) that says it."""
    fields: Mapping[int, str] = field(default_factory=dict)
    """By column its field, where no heading says it."""
    role: str | None = None
    """The role that the heading of a person gives."""
    doubt: Message | None = None
    """The question about the whole table, if it was read by more than its own head."""
    beside: Collection[int] = ()
    """Of a table of one unit, where units go across: the columns of all of them."""
    of: FoundTable | None = None
    """Of one person of a team: the table with a team a row."""
    typed: bool = False
    """True where each row was typed as a line of its own: a blank never means the cell above."""
    unread: Mapping[int, Heading] = field(default_factory=dict)
    """By column the headings of no person, of a table with a team a row."""


@dataclass(slots=True)
class FoundSheet:
    """The tables of a sheet, and the rows outside of them."""

    grid: Grid
    tables: list[FoundTable] = field(default_factory=list)
    outside: list[tuple[int, Message]] = field(default_factory=list)
    doubts: list[tuple[int, str, Message]] = field(default_factory=list)
    """Questions about tables that were not understood: row, text."""
