"""One row under examination: its cells cleaned one by one, what is wrong collected."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

from compete.domain.identity.names import LONGEST_NAME
from compete.domain.values.messages import Message, msg
from compete.sheets.reading.cells import fault_words
from compete.sheets.registration.plan import RowProblem
from compete.sheets.registration.table import RawRow, RawSheet
from compete.sheets.texts import as_typed, broken_characters, is_clean, tidy, unit_called
from compete.sheets.workbook.cells import Cell, Fault

LONGEST_CALLED = 200
"""Longest name of a unit, team or event: what the desk's forms take, a workbook takes as well."""
LONGEST = {
    "name": LONGEST_NAME,
    "unit": LONGEST_CALLED,
    "team": LONGEST_CALLED,
    "event": LONGEST_CALLED,
    "code": 20,
    "unit_name": LONGEST_CALLED,
    "unit_code": 20,
}
"""Longest text in characters; other columns have `LONGEST_OTHER`."""
LONGEST_OTHER = 60

NOT_FILLED = msg("没填")

NOTHING = frozenset({"无", "没有", "-", "--", "—", "——", "/"})
"""What people write to say: none. An empty cell says nothing instead."""


_NEEDED = frozenset({"name", "id_number", "unit", "event", "unit_name"})
_SECONDARY = frozenset(
    {"phone", "grade", "gender", "birth", "education", "months", "certificate"}
    | {"grade_since", "papers"}
)
"""What cannot be understood there in a sheet stays empty and is asked; nobody is refused for it."""

MAY_STAY_EMPTY = _SECONDARY | {"code", "team"}
"""What a row can do without, so that somebody may say: leave it empty."""

T = TypeVar("T")
Seen = dict[tuple[str, str, str], object]
"""By column, text and event what a cell was found to mean in which nothing was wrong."""
_NOT_SEEN = object()


class RowCheck:
    """Cells of one row by column key; `problems` and `notes` grow as they are looked at.

    `seen` is for all rows of a file that are looked at by the same readers.
    """

    __slots__ = ("asked", "notes", "problems", "row", "seen", "sheet", "values")

    def __init__(self, sheet: RawSheet, row: RawRow, seen: Seen | None = None) -> None:
        self.sheet = sheet
        self.row = row
        self.seen = {} if seen is None else seen
        self.problems: list[RowProblem] = []
        self.notes: list[Message] = []
        self.asked: set[str] = set()
        """Secondary columns whose cell was not understood: they say nothing."""
        self.values = row.cells
        """The cells as they are; without those that have no value, each of which is told."""
        if row.faults:
            self.values = {key: cell for key, cell in row.cells.items() if key not in row.faults}
            for key in sorted(row.faults):
                self._no_value(key, row.cells[key])

    def problem(self, key: str, what: Message, *, best: str = "") -> None:
        """Note why the row cannot be taken, and what most likely belongs there."""
        self.problems.append(RowProblem(key, self.sheet.cell(key, self.row), what, best))

    def repeats(self, row: int, what: Message, *, twin: bool = False) -> None:
        """Note that the row's ID number stands in an earlier row already."""
        cell = self.sheet.cell("id_number", self.row)
        self.problems.append(RowProblem("id_number", cell, what, same=row, twin=twin))

    def not_understood(self, key: str, what: Message) -> None:
        """Ask about a secondary cell of a sheet; what is typed in a form is a problem."""
        if self.sheet.tables and key in _SECONDARY:
            self.asked.add(key)
            self.ask(key, what)
        else:
            self.problem(key, what)

    def ask(self, key: str, what: Message) -> None:
        """Note what a secondary cell says that is not understood: it stays empty."""
        told = RowProblem(key, self.sheet.cell(key, self.row), what)
        self.notes.append(msg("%(problem)s，先空着", problem=told.message))

    def _no_value(self, key: str, cell: Cell) -> None:
        """Who lacks a name, a number, a unit or an event is not taken, who lacks others is."""
        why = fault_words(cell) if isinstance(cell, Fault) else NOT_FILLED
        if key in _NEEDED:
            self.problem(key, why)
            return
        self.ask(key, why)

    def given(self) -> frozenset[str]:
        """Columns whose cell holds anything that can be seen."""
        # A letter, a digit or a Chinese character is there to be seen.
        return (
            frozenset(
                [
                    key
                    for key, value in self.values.items()
                    if not isinstance(value, str) or value[:1].isalnum() or tidy(value)
                ]
            )
            - self.asked
        )

    def text(self, key: str) -> str | None:
        """The cell's text cleaned; none when empty or not usable, the latter being noted."""
        value = self.values.get(key)
        if value is None:
            return None
        text = value if isinstance(value, str) else as_typed(value)
        cleaned = _cleaned(text)
        if cleaned is None:
            self.not_understood(key, msg("里面有乱码或看不见的控制字符，删掉重写"))
            return None
        text = unit_called(cleaned) if key in ("unit", "unit_name") else cleaned
        longest = LONGEST.get(key, LONGEST_OTHER)
        if len(text) > longest:
            self.not_understood(
                key,
                msg("有 %(found)s 个字，最多 %(longest)s 个", found=len(text), longest=longest),
            )
            return None
        return text or None

    def once(self, key: str, read: Callable[[RowCheck], T], event: str = "") -> T | None:
        """What `read` gives for the cell, asked once for each text; none for no cell.

        For columns that say the same few things over and over, of what the text alone, or the
        text and the event decide. A cell with which anything is wrong is read each time.
        """
        text = self.values.get(key)
        if text is None:
            return None
        if not isinstance(text, str):
            return read(self)
        found = self.seen.get((key, text, event), _NOT_SEEN)
        if found is _NOT_SEEN:
            before = len(self.problems), len(self.notes)
            found = read(self)
            if before == (len(self.problems), len(self.notes)):
                self.seen[key, text, event] = found
        return cast("T | None", found)

    def choice(self, key: str) -> str | None:
        """As `text`, with letters and digits in their plain width, for words from a list."""
        text = self.text(key)
        return text if text is None or text.isascii() else _in_plain_width(text)

    def required(self, key: str) -> str | None:
        """As `text`; an empty cell is a problem."""
        if key not in self.row.faults and key not in self.row.cells:
            self.problem(key, NOT_FILLED)
            return None
        before = len(self.problems)
        text = self.text(key)
        if text is None and key not in self.row.faults and len(self.problems) == before:
            self.problem(key, NOT_FILLED)  # only invisible characters
        return text


# Most columns of a file say the same few things over and over.
@lru_cache(maxsize=4000)
def _cleaned(text: str) -> str | None:
    """The text without what nobody can see; none for one that is broken."""
    if is_clean(text) and "\ufffd" not in text:
        return text
    return None if broken_characters(text) else tidy(text)


@lru_cache(maxsize=4000)
def _in_plain_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
