"""The sections of a sheet's tables: for each row what stands above it says, and what is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.cells import read_duty
from compete.sheets.reading.columns import Understanding, role_word
from compete.sheets.reading.found_tables import HEAD_AGAIN, SECTION, FoundTable, why_no_row
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.sections import Names, Words, matched, words_of, words_of_sheet
from compete.sheets.reading.shapes import Column, Question
from compete.sheets.texts import unit_called
from compete.sheets.workbook.cells import Cell, Fault

_FIELDS = ("unit", "event", "period", "role", "duty", "module")
_ABOUT_ONE = re.compile(
    r"(?:联系|领队|教练|填表|填报人|报名人|负责|审核|制表|监督|举报|咨询|报送|电话|手机|邮箱|传真|地址|经办|日期|时间)"
    r"[^:：]{0,8}[:：]|报送"
)


@dataclass(slots=True)
class Giver:
    """A line that gave a field: what it says, its row (0: the sheet's name), and its text."""

    value: str
    row: int
    text: str
    column: str = ""
    labelled: bool = False
    """True where a label says that it is the unit of all below."""
    doubt: bool = False
    """True for one that stands in the place of a giver and gives nothing."""
    order: int = 0


@dataclass(slots=True)
class Section:
    """A run of rows with what is given to them."""

    first: int
    by: dict[str, Giver] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def value(self, key: str) -> str:
        """What is given; empty for nothing and for a doubt."""
        giver = self.by.get(key)
        return giver.value if giver is not None and not giver.doubt else ""


class SheetContext:
    """What a sheet's name, titles, lines and section rows say of the rows of its tables."""

    def __init__(self, name: str, names: Names, *, by_sheet: bool = False) -> None:
        self.names = names
        sheet = words_of_sheet(name, names)
        self.of_sheet = {
            key: Giver(text, 0, name) for key in _FIELDS if (text := getattr(sheet, key))
        }
        if by_sheet and "event" not in self.of_sheet:
            # Others of the sheets bear events: this one is not of theirs.
            self.of_sheet["event"] = Giver("", 0, name, doubt=True)
        self.before: Section | None = None
        self.outer: set[str] = set()
        """Fields that a line gave above the title of the block before."""
        self.order = 0

    def of_each(
        self, tables: Sequence[Understanding]
    ) -> list[tuple[Understanding, Sequence[Section]]]:
        """Each of a sheet's tables with its sections; the people of a team's table share theirs."""
        given: list[tuple[Understanding, Sequence[Section]]] = []
        for known in tables:
            team = known.table.of
            if team is not None and given and given[-1][0].table.of is team:
                given.append((known, given[-1][1]))
            else:
                given.append((known, self.sections(team or known.table)))
        return given

    def sections(self, table: FoundTable) -> list[Section]:
        """The sections of a table, from its first row."""
        base = self._of_lines(table)
        sections = [base]
        for row, why in sorted(table.left_out, key=lambda it: it[0]):
            if table.rows and row > table.rows[-1]:
                continue
            if why is HEAD_AGAIN:
                sections.append(Section(row, dict(sections[-1].by)))
            elif why is SECTION:
                words = words_of(table.grid, row, self.names, section=True)
                sections.append(self._after(sections[-1], words))
        self.before = sections[-1]
        return sections

    def _of_lines(self, table: FoundTable) -> Section:
        lines = [
            words_of(table.grid, row, self.names) for row in table.lines if table.grid.own(row)
        ]
        titles = [it for it in lines if not self._is_aside(it)]
        if self.before is not None and not titles:
            # A head again, with nothing above it of its own.
            return Section(table.head_row, dict(self.before.by))
        by: dict[str, Giver] = {}
        self.order += 1
        for number, words in enumerate(lines):
            for key in _FIELDS:
                if getattr(words, key):
                    if key == "role" and (words.labelled or re.search("[:：]", words.text)):
                        continue
                    by[key] = _giver(words, key, self.order + number)
        self.order += len(lines)
        # A title that names two things at once belongs to the whole.
        special = [
            it for it in lines if it.event or it.role or it.group or (it.unit and it.labelled)
        ]
        outer = {
            key
            for key, giver in by.items()
            if any(it.row > giver.row and getattr(it, key) == "" for it in special)
        }
        if self.before is not None:
            nearest = titles[-1]
            for key in _FIELDS:
                if key in by or key not in self.before.by:
                    continue
                giver = self.before.by[key]
                if key in self.outer and not giver.doubt:
                    by[key] = giver
                    outer.add(key)
                elif giver.row and (key == "period" or (giver.labelled and nearest.role)):
                    # 领队名单 takes no label's place.
                    by[key] = giver
                elif key in ("unit", "event") and giver.row:
                    by[key] = Giver("", nearest.row, nearest.text, nearest.column, doubt=True)
        elif not by.get("event"):
            group = next((it for it in reversed(titles) if it.group), None)
            if group is not None and self.names.events:
                by["event"] = Giver("", group.row, group.text, group.column, doubt=True)
        for key, giver in self.of_sheet.items():
            by.setdefault(key, giver)
        self.outer = outer
        return Section(table.head_row, by)

    @staticmethod
    def _is_aside(words: Words) -> bool:
        """True for a note, a signature or a line about one person: no title of what follows."""
        if any(getattr(words, key) for key in _FIELDS):
            return False
        return why_no_row(words.text) is not None or _ABOUT_ONE.match(words.text) is not None

    def _after(self, before: Section, words: Words) -> Section:
        """The section that a section row begins."""
        by = dict(before.by)
        self.order += 1
        given = {key for key in _FIELDS if getattr(words, key)}
        if words.group and "event" not in given:
            if self.names.events or "event" in before.by:
                by["event"] = Giver(
                    "", words.row, words.text, words.column, doubt=True, order=self.order
                )
            given.add("event")
        for key in ("unit", "event"):
            other = "event" if key == "unit" else "unit"
            old, wide = before.by.get(key), before.by.get(other)
            if key in given or old is None or not old.row:
                continue
            last_given = max((it.order for it in before.by.values() if it.row), default=0)
            nested = wide is not None and old.order > wide.order and other in given
            alone = not given and old.order == last_given and not words.within
            if nested or alone:
                by[key] = Giver(
                    "", words.row, words.text, words.column, doubt=True, order=self.order
                )
        if words.group:
            by.pop("duty", None)
            by.pop("role", None)
        for key in given:
            if getattr(words, key):
                by[key] = _giver(words, key, self.order)
        return Section(words.row, by)


def _giver(words: Words, key: str, order: int) -> Giver:
    """What a line gives of a field."""
    labelled = key == "unit" and words.labelled
    value = getattr(words, key)
    return Giver(value, words.row, words.text, words.column, labelled=labelled, order=order)


class Rows:
    """Walks down the rows of a table, and says of each what is given to it and what is asked."""

    def __init__(
        self,
        known: Understanding,
        sections: Sequence[Section],
        names: Names,
        before: Rows | None = None,
    ) -> None:
        self.known = known
        self.sections = sections
        table = known.table
        self.by_row = not table.typed and (table.form is None or table.of is not None)
        """True if rows of other people stand above and below."""
        self.at = 0
        self.units = known.of("unit") if self.by_row else []
        self.above: Cell = ""
        """The unit's cell in the rows above."""
        self.block = False
        if before is not None and table.of is not None and table.of is before.known.table.of:
            # The next person of the teams is in the same row or below.
            self.at, self.above, self.block = before.at, before.above, before.block
        self.fills = known.kind.way in ("people", "values")
        self.names = names
        self.called: dict[str, str] = {}
        """By what a title says the unit that the competition has."""

    def gives(self, key: str) -> bool:
        """True if what stands above some of the rows gives them a field."""
        return any(section.value(key) for section in self.sections)

    def section(self, row: int) -> Section:
        """The section of a row; rows are asked for from the top."""
        moved = False
        if self.by_row:
            while self.at + 1 < len(self.sections) and self.sections[self.at + 1].first < row:
                self.at += 1
                moved = True
        if moved:
            self.above, self.block = "", False
        return self.sections[self.at]

    def see_unit(self, row: int) -> None:
        """Keep the unit of a row, for the rows below that leave it empty."""
        self.section(row)
        cell = self.known.value(row, self.units[0].place) if self.units else ""
        if cell != "":
            self.above, self.block = ("" if isinstance(cell, Fault) else cell), False

    def _known_unit(self, text: str) -> str:
        """The name by which the competition has a unit; empty where it has none."""
        if text not in self.called:
            self.called[text] = matched(text, self.names.units)
        return self.called[text]

    def given(
        self, row: int, has: Collection[str], wanted: Collection[str]
    ) -> tuple[dict[str, str], list[Question]]:
        """The fields that a row does not say itself, and the questions about them."""
        section = self.section(row)
        values: dict[str, str] = {}
        asked: list[Question] = []
        sheet = self.known.grid.name
        if "unit" in wanted and self.fills and self.units:
            column = self.units[0]
            cell = self.known.value(row, column.place)
            if cell != "":
                self.above, self.block = ("" if isinstance(cell, Fault) else cell), False
            elif self.above != "" and "unit" not in has:
                values["unit"] = unit = unit_called(" ".join(cell_text(self.above).split()))
                if not self.block:
                    self.block = True
                    why = msg("这一格空着，照上面一格的“%(unit)s”读", unit=unit)
                    asked.append(Question(sheet, row, column.letters, "unit", unit, why))
        for key in wanted:
            giver = section.by.get(key)
            if giver is None or key in has or key in values:
                continue
            place = giver.row or self.known.table.head_row
            if giver.doubt:
                if key not in section.asked:
                    section.asked.add(key)
                    asked.append(
                        Question(sheet, place, giver.column, key, giver.text, _doubt(key, giver))
                    )
                continue
            value = giver.value
            unit = self._known_unit(value) if key == "unit" and self.names.units else value
            own = self.names.own if key == "unit" and not unit else ""
            if not unit and not own and not self.names.more_units:
                if key not in section.asked:
                    section.asked.add(key)
                    why = msg("没有“%(unit)s”这个单位", unit=value)
                    asked.append(Question(sheet, place, giver.column, key, value, why))
                continue
            values[key] = value = own or unit or value
            if key not in section.asked:
                section.asked.add(key)
                why = _proposal(key, giver)
                if own:
                    text = giver.value
                    why = msg("没有“%(unit)s”这个单位，当作本单位“%(own)s”的人", unit=text, own=own)
                asked.append(Question(sheet, place, giver.column, key, value, why))
        return values, asked


@dataclass(slots=True)
class Blank:
    """An empty cell below a filled one, in a column that may be filled once for several rows."""

    column: Column
    text: str
    """What stands above it."""
    is_taken: bool
    """True where it is read as the one above: the whole column is filled once for several rows."""
    asked: bool = False

    def question(self, row: int) -> Question | None:
        """The question about it, once for the rows below one cell."""
        if self.asked:
            return None
        self.asked = True
        why = msg("这一格空着，照上面一格的“%(unit)s”读", unit=self.text)
        if not self.is_taken:
            why = msg("这一格空着，上面一格是“%(text)s”，是不是一样", text=self.text)
        column = self.column
        return Question(column.sheet, row, column.letters, column.field, self.text, why)


_OF_SOME = ("team", "department")
"""Fields that not everybody has."""


class Blanks:
    """Walks down the rows of a table with columns that may be filled once for several rows."""

    def __init__(self, known: Understanding, fields: Collection[str]) -> None:
        self.known = known
        self.columns: dict[str, tuple[Column, bool]] = {}
        self.above: dict[str, Blank] = {}
        self.section: Section | None = None
        for key in fields if known.table.form is None else ():
            columns = [it for it in known.of(key) if it not in known.ticks]
            filled = _filled_once(known, columns[0].place) if columns else None
            # Not everybody has a team: what stands here and there is only that person's.
            if filled is not None and (filled or key not in _OF_SOME):
                self.columns[key] = columns[0], filled and key in ("event", *_OF_SOME)

    def __bool__(self) -> bool:
        """True if there is such a column."""
        return bool(self.columns)

    def of_row(self, row: int, section: Section) -> dict[str, Blank]:
        """By field the empty cells of a row that have a filled one above; from the top."""
        if not self.columns:
            return {}
        if section is not self.section:
            self.section, self.above = section, {}
        blanks: dict[str, Blank] = {}
        for key, (column, is_taken) in self.columns.items():
            cell = self.known.value(row, column.place)
            if isinstance(cell, Fault):
                self.above.pop(key, None)
            elif cell != "":
                text = " ".join(cell_text(cell).split())
                self.above[key] = Blank(column, text, is_taken)
                if self._is_usual(key, column, text):
                    del self.above[key]
            elif key in self.above:
                blanks[key] = self.above[key]
        return blanks

    def _is_usual(self, key: str, column: Column, text: str) -> bool:
        """True for a role or duty that says nothing of those below it: of a contestant, a chief."""
        if key == "duty":
            return read_duty(text)[0] in (None, "judge", "chief", "deputy")
        if key != "role":
            return False
        word = role_word(self.known, column, text)
        return word is None or word[0] in (None, "entrant")


def _filled_once(known: Understanding, place: int) -> bool | None:
    """True if a column is filled once for several rows, None if no empty cell may mean that."""
    rows, filled = known.grid.rows, known.grid.filled
    texts = [
        rows[row - 1][place] if place < len(rows[row - 1]) else ""
        for row in known.table.rows
        if row not in filled or not known.grid.lent(row, place)
    ]
    blank = sum(text == "" for text in texts)
    if not blank or blank == len(texts) or texts[0] == "":
        return None
    again = any(a == b != "" for a, b in pairwise(texts))
    return not again and len(texts) - blank > 1 and 2 * blank >= len(texts) - blank


def _doubt(key: str, giver: Giver) -> Message:
    if key == "unit":
        return msg("“%(text)s”里没有单位，下面的人没有填单位", text=giver.text)
    return msg("“%(text)s”不是已有的赛项，下面的人没有填赛项", text=giver.text)


def _proposal(key: str, giver: Giver) -> Message:
    where = {
        "unit": msg("单位"),
        "event": msg("赛项"),
        "period": msg("期次"),
        "module": msg("模块"),
    }[key]
    if giver.row:
        return msg("没有%(what)s，照上面写的“%(text)s”读", what=where, text=giver.value)
    return msg("没有%(what)s，照页名“%(text)s”读", what=where, text=giver.value)
