"""Reading of whole sheets of any kind: certain things as rows, others as questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, listed, msg
from compete.sheets.reading import cells, words
from compete.sheets.reading.across import (
    PAST,
    PAST_ONLY,
    ask_of_same,
    leave_out_repeats,
    past_tables,
    tidy_up,
)
from compete.sheets.reading.columns import (
    Understanding,
    letters_of,
    names_helper,
    role_word,
    understand,
)
from compete.sheets.reading.context import Blank, Blanks, Rows, Section, SheetContext
from compete.sheets.reading.finding import find_tables
from compete.sheets.reading.found_tables import NOBODY, FoundSheet, FoundTable
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import KINDS, Kind
from compete.sheets.reading.labour import read_values
from compete.sheets.reading.lines import people_of_lines
from compete.sheets.reading.marked_cells import questions_of_marked
from compete.sheets.reading.marks import (
    ABSENT,
    ABSENT_ALONE,
    ABSENT_WITH_MARK,
    absent_beside,
    read_marks,
    says_absent,
)
from compete.sheets.reading.pictures import HAS_PICTURE, SEVERAL_PICTURES, picture_of_row
from compete.sheets.reading.schemes import read_scheme_tables
from compete.sheets.reading.sections import (
    Names,
    duty_of_group,
    event_in,
    matched,
    organisation,
    without_ordinal,
)
from compete.sheets.reading.shapes import Column, Question, Reading, ReadRow, RowTold, SheetUse
from compete.sheets.workbook.cells import Cell, Fault
from compete.sheets.workbook.opened import OpenedWorkbook

_READERS: Mapping[str, Callable[[Cell], cells.Read]] = {
    "name": cells.read_name,
    "unit": cells.read_unit,
    "phone": cells.read_phone,
    "gender": cells.read_gender,
    "grade": cells.read_grade,
    "years": cells.read_years,
    "duty": cells.read_duty,
    "credit_code": cells.read_credit_code,
    "note": cells.read_text,
    **dict.fromkeys(
        re.findall(
            r"\w+",
            "department team group job mentor coach"
            " leader education occupation certificate contact",
        ),
        cells.read_some,
    ),
}
_PEOPLE = ("people", "judges")
_GROUP_HEAD = "组长"
_MAY_SAY_STATE = (
    *(None, "note", "name", "contact"),
    *("unit", "event", "occupation", "team", "group"),
)
"""Fields beside whose texts may stand that somebody is out: 电工（替补）."""
_OF_GROUPS = frozenset({"组别", "小组", "组", "分组", "所在组", "工作组", "裁判组", "组名", "机构"})
"""Headings of the group that a judge is in."""
_BETWEEN_UNITS = re.compile(r"[、，,;；/\n]")
_LISTS = ("people", "judges", "units", "marks")
ONCE = {"people": ("event", "team", "role", "department"), "judges": ("duty",)}
"""Fields of which a cell may stand for the rows below it."""
EMPTY = msg("空的")
Sections: TypeAlias = Sequence[Section]


def read_sheets(
    book: OpenedWorkbook,
    kind: str,
    events: Sequence[str] = (),
    *,
    units: Sequence[str] = (),
    indicators: Sequence[str] = (),
    modules: Sequence[str] = (),
) -> Reading:
    """Read all that a workbook says of a kind; the names are those that there are."""
    return SheetsReader(book, KINDS[kind], Names(events, units, indicators, modules)).read()


Find: TypeAlias = Callable[[Grid, Kind, Names], FoundSheet]
Understand: TypeAlias = Callable[[FoundTable, Kind, Names], Understanding]


def _understood(table: FoundTable, kind: Kind, names: Names) -> Understanding:
    return understand(table, kind, names.events)


class SheetsReader:
    """A workbook's tables of a kind, found and understood; what their columns are can be answered
    before any row is read."""

    def __init__(
        self,
        book: OpenedWorkbook,
        kind: Kind,
        names: Names,
        *,
        without: Collection[str] = (),
        find: Find = find_tables,
        understood: Understand | None = None,
    ) -> None:
        """Read all sheets but those `without`, by ways of one's own where they are given."""
        self.kind, self.names = kind, names
        self.reading = Reading(kind.way)
        self.events = {same_name_key(name): name for name in names.events}
        self.units = {same_name_key(name): name for name in names.units}
        self.teams: set[tuple[str, str]] = set()
        """The columns of teams whose names were taken for units."""
        self.groups: Mapping[int, str] = {}
        """By row of the table being read the group of its judge, where a column says it."""
        self.group_heads: list[tuple[ReadRow, str]] = []
        """The judges who are 组长, each with the column that says so."""
        self.sheets: list[tuple[FoundSheet | SheetUse, list[tuple[Understanding, Sections]]]] = []
        """Every sheet with its tables and their sections; of samples why they are not read."""
        modules = names.modules if kind.way == "marks" else ()
        headed = kind.knowing(f"{it}{end}" for it in modules for end in ("", "成绩", "得分"))
        by_sheet = any(event_in(name, names.events)[0] for name in book.names)
        understood = understood or _understood
        for name in (it for it in book.names if it not in without):
            if words.names_examples(name) and len(book.names) > 1:
                self.sheets.append((SheetUse(name, why=msg("是填写的样例，没有读")), []))
                continue
            sheet = find(Grid(book.sheet(name)), headed, names)
            context = SheetContext(name, names, by_sheet=by_sheet)
            tables = [understood(it, kind, names) for it in sheet.tables]
            self.sheets.append((sheet, context.of_each(tables)))
        if kind.name == "people" and book.lines and not self.tables:
            name = book.names[0]
            lines = people_of_lines(book.lines, name, names.units)
            if lines is not None:
                tables = [understood(it, kind, names) for it in lines.tables]
                self.sheets = [(lines, SheetContext(name, names).of_each(tables))]
        self.hidden = book.hidden
        past = past_tables(self.tables) if kind.way in _LISTS else []
        self.past = past if len(past) < len(self.tables) else []
        """Tables of earlier years among others: they are asked about and not read."""
        for known in past:
            known.ask_table(PAST if self.past else PAST_ONLY)

    @property
    def tables(self) -> list[Understanding]:
        """The tables of all sheets, from the first."""
        return [known for _sheet, tables in self.sheets for known, _sections in tables]

    @property
    def grids(self) -> list[Grid]:
        """The sheets that are read."""
        return [it.grid for it, _tables in self.sheets if isinstance(it, FoundSheet)]

    def gives(self, known: Understanding, field: str) -> bool:
        """True if what stands above some rows of a table gives them a field."""
        tables = (it for _sheet, tables in self.sheets for it in tables)
        sections = next(sections for it, sections in tables if it is known)
        return any(section.value(field) for section in sections)

    def read(self, chosen: Collection[Understanding] | None = None) -> Reading:
        """Read the rows of all tables, or of those `chosen`; to be asked once."""
        reading = self.reading
        for sheet, tables in self.sheets:
            if isinstance(sheet, SheetUse):
                reading.sheets.append(sheet)
            else:
                self._sheet(sheet, [it for it in tables if chosen is None or it[0] in chosen])
        for name in self.hidden:
            reading.sheets.append(SheetUse(name, why=msg("是隐藏的工作表，没有读")))
        leave_out_repeats(reading)
        ask_of_same(reading)
        self._ask_of_heads()
        tidy_up(reading)
        return reading

    def _ask_of_heads(self) -> None:
        """Ask which 组长 is the chief where several could be: there is only one."""
        chiefs = [it for it in self.reading.rows if it.values.get("duty") == "chief"]
        heads = [(row, letters) for row, letters in self.group_heads if row in chiefs]
        for row, letters in heads if len(chiefs) > 1 else ():
            row.values.pop("duty")  # type: ignore[attr-defined]
            why = msg("有几个组长或裁判长，裁判长只有一名：是裁判长还是裁判")
            self.reading.ask(row.sheet, row.row, letters, "duty", _GROUP_HEAD, why, row)

    def _sheet(self, sheet: FoundSheet, tables: Sequence[tuple[Understanding, Sections]]) -> None:
        reading, grid = self.reading, sheet.grid
        before = len(reading.rows)
        if not sheet.tables:
            why = msg("没有找到表头") if any(map(grid.own, range(1, grid.last + 1))) else EMPTY
            reading.sheets.append(SheetUse(grid.name, why=why))
            return
        for row, why in sheet.outside:
            reading.leave_out(grid.name, row, why)
        for row, text, why in sheet.doubts:
            reading.ask(grid.name, row, "", None, text, why)
        if self.kind.name == "scheme":
            read_scheme_tables(reading, [known for known, _sections in tables])
        rows: Rows | None = None
        for known, sections in tables:
            if known in self.past:
                reading.columns += known.columns
                reading.asked += known.asked
                for row in known.table.rows:
                    reading.leave_out(grid.name, row, PAST)
                continue
            rows = Rows(known, sections, self.names, rows)
            if self.kind.name == "values":
                read_values(reading, known, self.names, rows)
                self._add_unread(known.table)
            elif self.kind.name == "marks":
                read_marks(reading, known, self.names, rows)
            elif self.kind.name != "scheme":
                self._table(known, rows)
        for known, _sections in tables:
            self._tell(known.table)
            for it in questions_of_marked(known):
                (reading.asked if isinstance(it, Question) else reading.remarks).append(it)  # type: ignore[arg-type]
        read = len({row.row for row in reading.rows[before:]})
        if read:
            reading.sheets.append(SheetUse(grid.name, read))
        else:
            asked = any(it.sheet == grid.name for it in reading.asked)
            why = msg("有要问的，答了才读得出") if asked else msg("表头下面一行也没有")
            reading.sheets.append(SheetUse(grid.name, why=why))

    def _tell(self, table: FoundTable) -> None:
        """Tell of rows that were left out, hidden ones, and merged cells that were filled."""
        reading, grid = self.reading, table.grid
        known = {(it.sheet, it.row) for it in reading.left_out}
        for row, why in table.left_out:
            if (grid.name, row) not in known:
                reading.leave_out(grid.name, row, why)
        self._tell_dittos(table)
        for row in table.rows:
            if row in grid.boxes:
                reading.remarks.append(RowTold(grid.name, row, msg("一格一个数字的号码连起来读")))
            if row in grid.hidden:
                reading.remarks.append(RowTold(grid.name, row, msg("是隐藏的行，也读了")))
            if row in grid.filled and any(grid.lent(row, it) for it in grid.filled[row]):
                why = msg("有合并单元格，每行都按同一个内容读")
                reading.remarks.append(RowTold(grid.name, row, why))

    def _tell_dittos(self, table: FoundTable) -> None:
        """Tell of ditto signs, and ask about those with nothing before them."""
        reading, grid = self.reading, table.grid
        before, nothing = dittos_told(table)
        cells = [(place, *cell) for place, cell in (table.form or {}).items()] or [
            (it, row, it) for row in table.rows for it in grid.loose.get(row, ())
        ]
        for row in dict.fromkeys([*table.rows, *(row for _place, row, _column in cells)]):
            if row in grid.same:
                reading.remarks.append(RowTold(grid.name, row, before))
        for place, row, column in cells:
            if column in grid.loose.get(row, ()):
                field = self.kind.field_of(table.headings[place].text)[1]
                reading.ask(grid.name, row, grid.letters(column), field, "同上", nothing)

    def _add_unread(self, table: FoundTable) -> None:
        """Add the headings that are of no row, where each row is a table of its own."""
        for place, heading in table.unread.items():
            grid = table.grid
            column = Column(
                grid.name, place, grid.letters(place), heading.text, head_row=table.head_row
            )
            column.field = self.kind.field_of(heading.text)[1]
            column.field = None if column.field in ("phone", "name") else column.field
            self.reading.columns.append(column)

    def _table(self, known: Understanding, rows: Rows) -> None:
        reading, table = self.reading, known.table
        if self.kind.way == "people":
            find_events(known, self.events)
        reading.columns += known.columns
        self._add_unread(table)
        reading.asked += known.asked
        role = role_of_table(table) if self.kind.way == "people" else None
        stated = state_columns(known) if self.kind.way in (*_PEOPLE, "units") else []
        columns = [
            (it, key, self.kind.by_key(key).inner)
            for it in known.columns
            if (key := it.field) is not None and it not in known.ticks
        ]
        blanks = Blanks(known, ONCE.get(self.kind.way, ()))
        self.groups = _groups_of_judges(known) if self.kind.way == "judges" else {}
        for row in table.rows:
            self._row(known, row, role, rows, columns, stated, blanks)

    def _row(
        self,
        known: Understanding,
        row: int,
        role: str | None,
        rows: Rows,
        columns: Sequence[tuple[Column, str, bool]],
        stated: Sequence[Column],
        blanks: Blanks,
    ) -> None:
        """Read a row by these columns, each with its field and whether no reading holds that."""
        grid = known.grid
        values: dict[str, object] = {}
        asked: list[tuple[str, str | None, str, Message]] = []
        raw: dict[str, Cell] = {}
        letters: dict[str, str] = {}
        for column, key, inner in columns:
            cell = known.value(row, column.place)
            if cell == "":
                continue
            if isinstance(cell, Fault):
                asked.append((column.letters, key, str(cell), cells.fault_words(cell)))
                continue
            if inner:
                continue
            letters.setdefault(key, column.letters)
            if key in raw:
                more = self._read(key, cell)[0]
                if more and more not in str(values.get(key, "")).split("、"):
                    values[key] = f"{values[key]}、{more}" if key in values else more
                continue
            raw[key] = cell
            if self.kind.way in _PEOPLE and key in ("id_number", "birth", "event", "role"):
                continue
            value, why = self._read(key, cell)
            if value is not None:
                values[key] = value
            if why is not None:
                asked.append((column.letters, key, cell_text(cell), why))
            if key == "phone" and value != cell and all(cells.first_mobile(cell_text(cell))):
                self.reading.remarks.append(RowTold(grid.name, row, cells.SEVERAL_NUMBERS))
            if (
                key == "phone"
                and self.kind.way == "units"
                and (contact := _contact_beside(cell, column.heading))
            ):
                values.setdefault("contact", contact)
        if self.kind.way == "units" and "name" in raw:
            self._contact_behind(known, row, raw["name"], values)
        if self.kind.way == "marks":
            asked += _absent(known, row, raw, values)
        if self.kind.way in _PEOPLE:
            asked += self._identity(raw, values, letters)
        if self.kind.way == "people":
            asked += self._entry(raw, values, letters)
            asked += self._ticked(known, row, raw, values)
        if why := self._empty(known, row, values, raw, asked):
            self.reading.leave_out(grid.name, row, why)
            return
        section = rows.section(row)
        word = (
            role_word(known, known.of("role")[0], cell_text(raw["role"])) if "role" in raw else None
        )
        self._below(known, row, blanks.of_row(row, section), values, word)
        if self.kind.way == "people" and self.names.units and "unit" in values:
            unit = matched(str(values["unit"]), self.names.units)
            if unit:
                values["unit"] = unit
            else:
                text = str(values.pop("unit"))
                why = msg("没有“%(unit)s”这个单位", unit=text)
                asked.append((letters["unit"], "unit", text, why))
        if self.kind.way in _PEOPLE:
            # What a cell says though it was not understood is not said again by a title.
            has = {*raw, *values, *(field for _place, field, _text, _why in asked if field)}
            has |= {"event"} if known.ticked(row) else set()
            wanted = ("unit", "event") if self.kind.way == "people" else ("unit",)
            given, questions = rows.given(row, has, wanted)
            values.update(given)
            self.reading.asked += questions
            if "team" in values and "unit" not in {*has, *values}:
                unit, question = unit_of_team(known, row, str(values["team"]), self.names)
                if unit:
                    values["unit"] = unit
                if question is not None and (question.sheet, question.column) not in self.teams:
                    self.teams.add((question.sheet, question.column))
                    asked.append((question.column, "unit", unit, question.why))
        if self.kind.way == "judges" and (
            duty := duty_of_group(self.groups.get(row, "")) or section.value("duty")
        ):
            asked = _duty_of_section(duty, raw, values, asked)
        for column in stated:
            cell = known.value(row, column.place)
            if isinstance(cell, str) and cells.says_away(column.heading, cell):
                why = msg("“%(text)s”，还参加吗", text=" ".join(cell.split())[:40])
                asked.append((column.letters, column.field, cell_text(cell), why))
        if "role" in raw and word is None:
            values.setdefault("job", cell_text(raw["role"]))
        if word is not None:
            named, sure = word
            if named is None or not sure:
                why = msg("“%(found)s”是哪种身份", found=cell_text(raw["role"]))
                asked.append((letters["role"], "role", cell_text(raw["role"]), why))
            elif cells.says_state(cell_text(raw["role"])):
                why = msg("“%(text)s”，还参加吗", text=cell_text(raw["role"]))
                asked.append((letters["role"], "role", cell_text(raw["role"]), why))
            role = named or "other"
        elif known.table.role is not None:
            role = known.table.role
            if role == "other":
                column = known.of("name")[0]
                why = msg("“%(heading)s”，参加吗", heading=column.heading)
                asked.append((column.letters, "role", column.heading, why))
        elif role == "entrant":
            role = helper_of(known, row) or section.value("role") or role
        shared = [c for c in known.of("name") if known.grid.lent(row, c.place)]
        if shared and "id_number" in raw:
            why = msg("姓名和上面合成一格，证件号码却不是一个")
            asked.append((shared[0].letters, "name", cell_text(raw["name"]), why))
        nameless = "name" not in values and not self.kind.as_written
        if nameless and not any(field == "name" for _l, field, _f, _w in asked):
            unnamed = msg("没写姓名") if self.kind.way in _PEOPLE else msg("没写名称")
            asked.append((letters_of(known.columns, "name"), "name", "", unnamed))
        picture = picture_of_row(known.table, row)
        if picture is not None:
            why = HAS_PICTURE if picture else SEVERAL_PICTURES
            self.reading.remarks.append(RowTold(grid.name, row, why))
        read = ReadRow(
            grid.name,
            row,
            values,
            role,
            letters=known.stands_in,
            picture=picture or "",
            written=raw if self.kind.as_written else {},
        )
        for place, field, seen_text, why in asked:
            at = known.row_of(row, field, seen_text)
            self.reading.ask(grid.name, at, place, field, seen_text, why, read)
        self.reading.rows.append(read)
        if "".join(cell_text(raw.get("duty", "")).split()) == _GROUP_HEAD:
            self.group_heads.append((read, letters["duty"]))

    def _contact_behind(
        self, known: Understanding, row: int, cell: Cell, values: dict[str, object]
    ) -> None:
        """Take the contact and the number that stand behind a unit in its own cell, and say so."""
        parted = cells.unit_and_contact(without_ordinal(cell_text(cell)))
        if parted is None or not parted[0]:
            return
        values["name"] = parted[0]
        for key, text in zip(("contact", "phone"), parted[1:], strict=True):
            if text:
                values.setdefault(key, text)
        why = msg("单位后面写着联系人或电话，没有当作单位名称")
        self.reading.remarks.append(RowTold(known.grid.name, row, why))

    def _below(
        self,
        known: Understanding,
        row: int,
        blanks: Mapping[str, Blank],
        values: dict[str, object],
        word: tuple[str | None, bool] | None,
    ) -> None:
        """Take what stands once for several rows, or ask whether it does."""
        for field, blank in blanks.items():
            if field == "event" and not _competes(known, row, word):
                continue
            if blank.is_taken:
                values[field] = blank.text
                if field == "event":
                    values[field] = matched_event(blank.text, self.events)[0]
            if (question := blank.question(row)) is not None:
                self.reading.asked.append(question)

    def _read(self, key: str, cell: Cell) -> cells.Read:
        """Read a cell as a field; the name of a unit is no person's."""
        if self.kind.way not in KINDS:
            return cells.read_text(cell)
        if key == "name" and self.kind.way == "units":
            return _read_unit_name(cell)
        return _READERS.get(key, cells.read_text)(cell)

    def _identity(
        self, raw: Mapping[str, Cell], values: dict[str, object], letters: Mapping[str, str]
    ) -> list[tuple[str, str | None, str, Message]]:
        """Read the number, and hold birth and gender against it."""
        asked: list[tuple[str, str | None, str, Message]] = []
        by_number: date | None = None
        if "id_number" in raw:
            cell = raw["id_number"]
            paper = str(values.get("paper", ""))
            other = paper and "身份证" not in paper and "居住证" not in paper
            number, why = (cells.read_paper_number if other else cells.read_id)(cell)
            if why is not None and cell_text(cell) in cells.NOTHING:
                why = None
            if number is not None:
                values["id_number"] = number
            if why is not None:
                asked.append((letters["id_number"], "id_number", cell_text(cell), why))
            elif number and not other:
                text = str(number)
                by_number = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
                gender = "男" if int(text[16]) % 2 else "女"
                if values.get("gender", gender) != gender:
                    why = msg(
                        "写“%(written)s”，证件号码是“%(told)s”",
                        written=values["gender"],
                        told=gender,
                    )
                    asked.append((letters["gender"], "gender", str(values["gender"]), why))
        if "birth" in raw:
            birth, why = cells.birth_of(raw["birth"])
            if birth is not None:
                value, why = cells.birth_text(birth, by_number, raw["birth"])
                if value is not None:
                    values["birth"] = value
            if why is not None:
                asked.append((letters["birth"], "birth", cell_text(raw["birth"]), why))
        return asked

    def _ticked(
        self,
        known: Understanding,
        row: int,
        raw: Mapping[str, Cell],
        values: dict[str, object],
    ) -> list[tuple[str, str | None, str, Message]]:
        """Read the event that has a tick; two ticks are a doubt."""
        columns = known.ticked(row)
        if not columns or "event" in raw:
            return []
        name, why = ticked_event(known, row)
        if not name:
            assert why is not None
            texts = " ".join(cell_text(known.value(row, it.place)) for it in columns)
            return [(columns[1].letters, "event", texts, why)]
        event, asked = matched_event(name, self.events)
        values["event"] = event
        return [(columns[0].letters, "event", name, asked)] if asked else []

    def _entry(
        self, raw: Mapping[str, Cell], values: dict[str, object], letters: Mapping[str, str]
    ) -> list[tuple[str, str | None, str, Message]]:
        """Find the event among those that there are."""
        if "event" not in raw:
            return []
        text, _why = cells.read_some(raw["event"])
        if text is None:
            return []
        name, asked = matched_event(str(text), self.events)
        values["event"] = name
        return [(letters["event"], "event", str(text), asked)] if asked else []

    def _empty(
        self,
        known: Understanding,
        row: int,
        values: Mapping[str, object],
        raw: Mapping[str, Cell],
        asked: Sequence[tuple[str, str | None, str, Message]],
    ) -> Message | None:
        """Say why a row is of nobody, or None."""
        if known.table.form is not None:
            return None
        of_whom = [c for c in known.columns if c.field in ("name", "id_number")]
        lent = [c for c in of_whom if known.grid.lent(row, c.place)]
        if lent and len(lent) == len(of_whom):
            return msg("姓名和上面合成一格，是同一个人")
        if self.kind.as_written:
            return None if raw or asked else msg("要的列都空着")
        if {"name", "id_number"} & {*raw, *(field for _place, field, _found, _why in asked)}:
            return None
        if self.kind.way == "units" or not ({"phone", "birth"} & raw.keys()):
            return NOBODY if self.kind.way in _PEOPLE else msg("没有写名称")
        return None


def _absent(
    known: Understanding, row: int, raw: Mapping[str, Cell], values: dict[str, object]
) -> list[tuple[str, str | None, str, Message]]:
    """Ask about an absence that stands beside a mark; take it where there is none."""
    column = absent_beside(known, row)
    if column is None or says_absent(raw.get("mark", "")):
        return []
    mark = cell_text(raw.get("mark", ""))
    if mark and mark not in cells.STANDS_FOR_NONE:
        return [(column.letters, "mark", mark, ABSENT_WITH_MARK)]
    values["mark"] = ABSENT
    return [(column.letters, "mark", ABSENT, ABSENT_ALONE)]


def _read_unit_name(cell: Cell) -> cells.Read:
    """Read the name of a unit in a list of units; ask where one cell has several."""
    name = cells.read_unit(without_ordinal(cell_text(cell)))[0]
    parts = [part for part in _BETWEEN_UNITS.split(cell_text(cell)) if part.strip()]
    if len(parts) > 1 and all(map(organisation, parts)):
        return name, msg("一格里写了 %(n)s 家单位，分成几行", n=len(parts))
    return name, None


def _competes(known: Understanding, row: int, word: tuple[str | None, bool] | None) -> bool:
    """True if nothing in a row says that its person is no contestant."""
    role = word[0] if word is not None else known.table.role or helper_of(known, row)
    return role in (None, "entrant")


def unit_of_team(
    known: Understanding, row: int, team: str, names: Names
) -> tuple[str, Question | None]:
    """The unit whose name a team bears, and the question about it; empty where it is none."""
    unit = organisation(team, names.units)
    if not unit:
        return "", None
    column = known.of("team")[0]
    why = msg("没有单位，照“%(heading)s”一列的“%(unit)s”读", heading=column.heading, unit=unit)
    return unit, Question(column.sheet, row, column.letters, "unit", unit, why)


def dittos_told(table: FoundTable) -> tuple[Message, Message]:
    """What is told of a table's ditto signs: of those read, and of those with nothing before."""
    if table.form is not None and table.of is None:
        return msg("“同上”照左边一格读"), msg("写着“同上”，左边没有")
    return msg("“同上”照上面一格读"), msg("写着“同上”，上面没有")


def _contact_beside(cell: Cell, heading: str) -> str:
    """The person before the number of a cell below 联系人及电话, or nothing."""
    if not re.search(
        r"(?:联系|联络|经办|负责)(?:人|员)[^电手]{0,2}(?:电话|手机|联系)", words.reduced(heading)
    ):
        return ""
    name = re.match(r"[㐀-鿿·]{2,8}", cell_text(cell).strip())
    return name.group() if name else ""


def matched_event(text: str, events: Mapping[str, str]) -> tuple[str, Message | None]:
    """Find the event that a text names among those that there are; ask if it is only alike."""
    if not events:
        return text, None
    key = same_name_key(text)
    if key in events:
        return events[key], None
    bare = same_name_key(re.sub(r"[（(][^（()）]*[）)]", "", text))
    if bare in events:
        return events[bare], None
    alike = [
        name
        for event_key, name in events.items()
        if event_key in key or (len(bare) > 1 and bare in event_key)
    ]
    if len(alike) == 1:
        return text, msg("没有“%(found)s”。是不是“%(guess)s”？", found=text, guess=alike[0])
    return text, msg("没有“%(found)s”", found=text)


def ticked_event(known: Understanding, row: int) -> tuple[str, Message | None]:
    """The event that has a row's tick; two ticks are a doubt."""
    columns = known.ticked(row)
    names = [it.heading.removeprefix(it.upper).strip() or it.heading for it in columns]
    if len(columns) > 1:
        return "", msg("打了 %(n)s 个勾：%(names)s", n=len(columns), names=listed(names))
    return (names[0] if names else ""), None


def find_events(known: Understanding, events: Mapping[str, str]) -> None:
    """Take a column of events' names for the event, where no heading says it.

    One of trades first, else one whose heading is not understood: a proposal. People below a
    heading that is an event are asked about. `events` are the names of those that there are, by
    `same_name_key`.
    """
    unread = [
        it
        for it in known.columns
        if it.field is None and it.heading and not known.kind.field_of(it.heading)[0]
        and known.samples[it.place]
    ]  # fmt: skip
    for column in unread:
        if {same_name_key(column.heading), words.reduced(column.heading)} & events.keys():
            why = msg("“%(heading)s”是赛项，格子里不是勾，没有读", heading=column.heading)
            known.ask(column, why, field="event")
    if not events:
        return
    chosen = next(iter(known.of("event")), None)
    for column in [*(known.of("occupation") if chosen is None else ()), *unread]:
        if not all(same_name_key(text) in events for text in known.samples[column.place] or [""]):
            continue
        if chosen is not None:
            why = msg("已经读了“%(heading)s”，这一列没有读", heading=chosen.heading)
            known.ask(column, why, field="event")
            continue
        chosen = column
        if column.field is None:
            known.ask(column, msg("照格子里的内容认的，列名认不出"), field="event")
        column.field = "event"
    if chosen is not None or len(events) < 2:
        return
    for column in known.of("occupation"):
        if any(_may_be_event(text, events) for text in known.samples[column.place]):
            column.field = "event"
            known.ask(column, msg("写的有的是赛项"))


def _may_be_event(text: str, events: Mapping[str, str]) -> bool:
    name, _asked = matched_event(text, events)
    key = same_name_key(text)
    return name in events.values() or any(event in key for event in events)


def state_columns(known: Understanding) -> list[Column]:
    """The columns in which a state stands: notes, names, events, and those that are not read."""
    return [
        column
        for column in known.columns
        if column.field in _MAY_SAY_STATE
        and any(cells.says_away(column.heading, text) for text in known.texts(column.place))
    ]


def _groups_of_judges(known: Understanding) -> dict[int, str]:
    """By row the group that a column says of its judge; an empty cell means the one above."""
    headings = (it for it in known.columns if it.field is None)
    column = next((it for it in headings if words.reduced(it.heading) in _OF_GROUPS), None)
    groups: dict[int, str] = {}
    text = ""
    for row in known.table.rows if column is not None else ():
        assert column is not None
        text = cell_text(known.value(row, column.place)).strip() or text
        groups[row] = text
    return groups


def _duty_of_section(
    duty: str,
    raw: Mapping[str, Cell],
    values: dict[str, object],
    asked: list[tuple[str, str | None, str, Message]],
) -> list[tuple[str, str | None, str, Message]]:
    """Take members and heads of a section of arbiters or supervisors for what the section is."""
    text = "".join(cell_text(raw["duty"]).split()) if "duty" in raw else ""
    if text and duty not in ("arbiter", "supervisor"):
        # A filled cell of the row's own wins.
        return asked
    if not text or not any(
        word in text for word in ("裁判", "考评", "评委", "记录", "加密", "编码")
    ):
        values["duty"] = duty
        return [it for it in asked if it[1] != "duty"]
    return asked


def helper_of(known: Understanding, row: int) -> str | None:
    """The role that a word before the row's first field gives: 领队 in the place of a number."""
    place, cell = 0, known.grid.rows[row - 1][0] if known.grid.rows[row - 1] else ""
    if cell == "":
        written = enumerate(known.grid.rows[row - 1])
        place, cell = next(((at, it) for at, it in written if it != ""), (0, ""))
    if not names_helper(cell):
        return None
    if any(it.place == place and it.field not in (None, "code") for it in known.columns):
        return None
    return cells.role_of(cell_text(cell))[0]


def role_of_table(table: FoundTable) -> str:
    """The role of the people of a table by its headings: one of 领队 without any of names."""
    headings = [heading.text for heading in table.headings.values()]
    fields = {KINDS["people"].field_of(text)[1] for text in headings}
    if "name" not in fields and (helpers := fields & {"leader", "coach"}):
        return "leader" if "leader" in helpers else "coach"
    return "entrant"
