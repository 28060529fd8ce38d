"""Cells of a row under examination: cleaned by their column, faults collected."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from compete.domain.grades.ladder import NATIONAL, Ladder
from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.sheets.reading.cells import fault_words
from compete.sheets.registration.people import OfferedEvent
from compete.sheets.registration.table import RawRow, RawSheet
from compete.sheets.texts import as_typed, broken_characters, is_clean, tidy, unit_called
from compete.sheets.workbook.cells import Cell, Fault

Shown = str | Message
"""Something to show: as typed, or a word in the reader's language."""

LONGEST_CALLED = 200
"""Longest name of a unit, team or event: what the desk's forms take, a workbook takes as well."""
LONGEST_CODE = 20

NOT_FILLED = msg("没填")
NONE = msg("无")
UNKNOWN = msg("没有“%(found)s”，从下拉里选")

NOTHING = frozenset({"无", "没有", "-", "--", "—", "——", "/"})
"""Words by which people say: none. An empty cell says nothing instead."""

Reader = Callable[["RowCheck", str], Any]
"""Reads the cell of the column of this key; none where it is empty or wrong, which it notes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column of the workbook, which is a field of the forms, too."""

    key: str
    """The code's name for it."""
    title: Message
    """The text of the header."""
    width: int = 14
    """In characters of the default font; a Chinese character takes two."""
    example: str = ""
    hint: Message
    """Shown when the header or a cell of the column is selected."""
    form_hint: Message | None = None
    """Said below the field of a form."""
    required: bool = False
    text: bool = False
    """Kept as text, so that Excel does not turn digits into a number."""
    longest: int = 60
    """Longest text in characters."""
    secondary: bool = False
    """True if an unclear cell stays empty and is asked about; nobody is refused for it."""
    read: Reader | None = None
    """None: what is read is settled together with other columns."""
    repeats: bool = True
    """True if many rows say the same, so that each text is read once."""
    stored: bool = False
    """True if it is written into the column of the same name of an entrant or member."""
    clears: bool = False
    """True if 无 takes away what was said before."""
    words: Callable[[Any, Ladder], Shown] | None = None
    """The words of a value, where it is neither a choice nor its own text."""
    none: Message = NONE
    """The words of no value."""
    choices: Mapping[Any, Message] = field(default_factory=dict)
    """The choices, by the value that is stored."""
    also: Mapping[str, Any] = field(default_factory=dict)
    """Other words that people write for a choice."""
    unknown: Message = UNKNOWN
    """The fault of a word that stands for none of the choices."""
    raw: bool = False
    """True if forms keep what is stored instead of its words."""
    shown: bool = False
    """True if a preview says it in our own words, else as typed."""

    @property
    def header(self) -> str:
        """The title in the workbook; what must be filled in bears a star."""
        return f"{self.title}*" if self.required else str(self.title)

    def value_words(self, value: Any, ladder: Ladder = NATIONAL) -> Shown:
        """Say a value in words."""
        if value is None:
            return self.none
        if self.words is not None:
            return self.words(value, ladder)
        return self.choices.get(value, str(value)) if self.choices else str(value)

    def typed(self, value: Any) -> str:
        """Write a value as a form keeps it, to be read again; empty for none."""
        return "" if value is None else str(value if self.raw else self.value_words(value))


@cache
def meanings(column: Column) -> Mapping[str, Any]:
    """The values that the words of a column stand for, by the reduced word."""
    words = {same_name_key(str(word)): value for value, word in column.choices.items()}
    return words | dict(column.also)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """The reason why a row is refused: in which column and cell, and what is wrong there."""

    about: Column
    cell: str
    """Such as D9; empty when the sheet lacks the column."""
    what: Message
    """The fault and what is wanted, without the place."""
    best: str = ""
    """The value that most likely belongs there."""
    same: int = 0
    """The row above with the same ID number, where that is what is wrong; else 0."""
    twin: bool = False
    """True if that row says the same in every cell."""
    needed: bool = False
    """True if the cell cannot be left empty, though the column can."""

    @property
    def column(self) -> str:
        """The key of the column."""
        return self.about.key

    @property
    def message(self) -> Message:
        """The whole sentence: 证件号码 D9：最后一位应为 2，现在是 3."""
        title = self.about.title
        if not self.cell:
            return msg("%(column)s：%(what)s", column=title, what=self.what)
        return msg("%(column)s %(cell)s：%(what)s", column=title, cell=self.cell, what=self.what)


def _no_value(cell: Cell) -> Message:
    return fault_words(cell) if isinstance(cell, Fault) else NOT_FILLED


T = TypeVar("T")
Seen = dict[tuple[str, str, str], object]
"""By column, text and event what a cell was found to mean in which nothing was wrong."""
_NOT_SEEN = object()


class RowCheck:
    """Cells of one row by column key; `problems` and `notes` grow as they are looked at.

    `seen` is for all rows of a file that are looked at by the same readers.
    """

    __slots__ = (
        *("asked", "columns", "event", "notes", "problems", "row", "seen", "sheet", "today"),
        *("unnumbered", "values"),
    )

    def __init__(
        self,
        sheet: RawSheet,
        row: RawRow,
        columns: Mapping[str, Column],
        *,
        today: date = date.max,
        seen: Seen | None = None,
    ) -> None:
        self.sheet = sheet
        self.row = row
        self.columns = columns
        self.today = today
        self.event: OfferedEvent | None = None
        """The row's event, once it is read: it knows of grades."""
        self.unnumbered = False
        """True if a row needs no ID number, whichever its event is."""
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
                if self.columns[key].required:
                    self.problem(key, _no_value(row.cells[key]))

    def problem(self, key: str, what: Message, *, best: str = "") -> None:
        """Note why the row cannot be taken, and what most likely belongs there."""
        self.problems.append(self._cell_problem(key, what, best))

    def repeats(self, row: int, what: Message, *, twin: bool = False) -> None:
        """Note that the row's ID number stands in an earlier row already."""
        column, cell = self.columns["id_number"], self.sheet.cell("id_number", self.row)
        self.problems.append(RowProblem(column, cell, what, same=row, twin=twin, needed=True))

    def not_understood(self, key: str, what: Message) -> None:
        """Ask about a secondary cell of a sheet; in a form it is a problem."""
        if self.sheet.tables and self.columns[key].secondary:
            self.asked.add(key)
            self.ask(key, what)
        else:
            self.problem(key, what)

    def ask(self, key: str, what: Message) -> None:
        """Note a secondary cell that is not understood: it stays empty, unless it is needed."""
        if self._needs(key):
            self.problem(key, what)
            return
        problem = self._cell_problem(key, what).message
        self.notes.append(msg("%(problem)s，先空着", problem=problem))

    def _cell_problem(self, key: str, what: Message, best: str = "") -> RowProblem:
        cell = self.sheet.cell(key, self.row)
        return RowProblem(self.columns[key], cell, what, best, needed=self._needs(key))

    def _needs(self, key: str) -> bool:
        if self.event is None:
            return key == "id_number" and not self.unnumbered
        return key in self.event.needed or (key == "id_number" and not self.event.unnumbered)

    def is_unnumbered(self) -> bool:
        """True if the row may say no ID number: no column does, or its cell was left empty."""
        if not (self.unnumbered if self.event is None else self.event.unnumbered):
            return False
        return "id_number" in self.row.emptied or not self.sheet.cell("id_number", self.row)

    def tell_unsaid(self) -> None:
        """Tell cells without a value, once the event is read, and refuse emptied ones it needs.

        An answer that a condition needs is never taken for the answer that there is nothing.
        """
        for key in sorted(self.row.faults):
            if not self.columns[key].required:
                self.ask(key, _no_value(self.row.cells[key]))
        for key in sorted(self.row.emptied):
            if self._needs(key) and key not in self.values:
                self.problem(key, msg("条件要看这一项，不能空着：写清楚，没有就写“无”"))

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
        longest = self.columns[key].longest
        if len(text) > longest:
            self.not_understood(
                key,
                msg("有 %(found)s 个字，最多 %(longest)s 个", found=len(text), longest=longest),
            )
            return None
        return text or None

    def once(self, key: str, read: Callable[[RowCheck, str], T]) -> T | None:
        """Read the cell by `read`, asked once for each text; none for no cell.

        For columns that say the same few things over and over, of what the text alone, or the
        text and the event decide. A cell with which anything is wrong is read each time.
        """
        text = self.values.get(key)
        if text is None:
            return None
        if not isinstance(text, str):
            return read(self, key)
        place = key, text, self.event.code if self.event else ""
        value = self.seen.get(place, _NOT_SEEN)
        if value is _NOT_SEEN:
            before = len(self.problems), len(self.notes)
            value = read(self, key)
            if before == (len(self.problems), len(self.notes)):
                self.seen[place] = value
        return cast("T | None", value)

    def read(self, column: Column) -> Any:
        """The value of a column's cell; none where it says nothing or is wrong."""
        assert column.read is not None
        if column.repeats:
            return self.once(column.key, column.read)
        return column.read(self, column.key)

    def unknown(self, key: str, text: str) -> Message:
        """Say what is wrong with a word that stands for none of the column's choices."""
        return Message(self.columns[key].unknown.text, {"found": text})

    def choice(self, key: str) -> str | None:
        """The cell's text as `text`, letters and digits in plain width, for words from a list."""
        text = self.text(key)
        return text if text is None or text.isascii() else _in_plain_width(text)

    def required(self, key: str) -> str | None:
        """The cell's text as `text`; an empty cell is a problem."""
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
