"""Columns of a table and their fields: by the heading, and by what stands in the cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.sheets.reading.cells import (
    is_date,
    is_duty,
    is_gender,
    is_grade,
    is_id,
    is_phone,
    number_of,
    role_of,
)
from compete.sheets.reading.found_tables import FoundTable
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.kinds import Kind
from compete.sheets.reading.sections import organisation
from compete.sheets.reading.shapes import Column, Question
from compete.sheets.reading.words import reduced
from compete.sheets.workbook.cells import Cell, Fault

_SAMPLE = 60
_BY_CELLS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("id_number", is_id),
    ("phone", is_phone),
    ("gender", is_gender),
    ("birth", is_date),
    ("grade", is_grade),
)
_STRONG = {"id_number", "phone", "gender"}
_SURE_ROLES = ("entrant", "leader", "coach")
_ANY_ROLE = (*_SURE_ROLES, "official", "other")
_LONGEST_ROLE = 12
_GROUPS = ("职工", "教师", "学生", "老师")


class Understanding:
    """The columns of one table, and the questions about them."""

    def __init__(self, table: FoundTable, kind: Kind, events: Collection[str] = ()) -> None:
        self.table, self.kind = table, kind
        self.grid = table.grid
        self.asked: list[Question] = []
        self.doubts: list[Column] = []
        """Columns that were read as a proposal, because of their headings of two fields."""
        self.ticks: list[Column] = []
        """Columns in which a tick means the event that stands above."""
        self.columns = [self._column(place) for place in self._places()]
        self.samples = {column.place: self._sample(column.place) for column in self.columns}
        for column in self.doubts:
            self.ask(column, msg("列名里有两样，当作单位读"))
        if kind.way == "people":
            self._ticks(events)
        self._by_cells()
        if table.doubt is not None:
            self.ask_table(table.doubt)
        if kind.way == "people":
            self._people()
        elif kind.way == "judges":
            self._judges()
        for column in self.of("note") if kind.way in ("people", "judges") else ():
            if not self.samples[column.place]:
                column.field = None
        if kind.way in ("people", "judges"):
            self._several_fields()
        if kind.way in ("people", "judges", "units"):
            self._twice()

    @property
    def stands_in(self) -> str:
        """The letters of the column in which a person stands, where people go across; or empty."""
        if self.table.form is None:
            return ""
        cells = [*self.table.form.values()]
        across = len({row for row, _column in cells}) > 1 == len({column for _row, column in cells})
        return self.grid.letters(cells[0][1]) if across else ""

    def of(self, field: str) -> list[Column]:
        """The columns of a field, from the left."""
        return [column for column in self.columns if column.field == field]

    def ask(self, column: Column, why: Message, *, field: str | None = None) -> None:
        """Ask about a whole column, at its heading."""
        column.certain = False
        column.why = column.why or why
        self.asked.append(
            Question(
                column.sheet, column.head_row, column.letters, field or column.field,
                column.heading, why,
            )
        )  # fmt: skip

    def _places(self) -> list[int]:
        places = {*self.table.headings, *self.table.fields}
        if self.table.form is None:
            width = self.grid.width(self.table.first, self.table.first - 1)
            width = max(width, *(len(self.grid.rows[row - 1]) for row in self.table.rows or [1]))
            for place in range(min(width, 256)):
                if place not in places and self._holds(place):
                    places.add(place)
        return sorted(places)

    def _holds(self, place: int) -> bool:
        rows = self.grid.rows
        for row in self.table.rows:
            cells = rows[row - 1]
            if place < len(cells) and cells[place] != "" and cell_text(cells[place]):
                return True
        return False

    def _column(self, place: int) -> Column:
        heading = self.table.headings.get(place)
        letters = self.grid.letters(place)
        row = self.table.head_row
        if self.table.form is not None:
            row, column = self.table.form[place]
            letters = self.grid.letters(column)
            if self.table.role is not None:
                row = self.table.head_row
        text = heading.text if heading else ""
        field = self.kind.field_of(text)[1] if text else None
        two = field != "unit" and place not in self.table.fields and _says_unit_and_more(text)
        if two and any(it.key == "unit" for it in self.kind.fields):
            field = "unit"
        made = Column(
            self.grid.name, place, letters, text, self.table.fields.get(place, field),
            head_row=row, upper=heading.upper if heading else "",
        )  # fmt: skip
        if two and made.field == "unit":
            self.doubts.append(made)
        return made

    def ask_table(self, why: Message) -> None:
        """Ask about a whole table: read without its own head, or of another year."""
        table = self.table
        headings = " ".join(it.text for it in table.headings.values())
        self.asked.append(Question(self.grid.name, table.head_row, "", None, headings, why))
        for column in self.columns:
            column.certain = False

    def _ticks(self, events: Collection[str]) -> None:
        """Find columns in which a tick below an event's name says who competes in it."""
        keys = {same_name_key(name) for name in events}
        for column in self.columns:
            sample = self.samples[column.place]
            key = same_name_key(column.heading.removeprefix(column.upper) or column.heading)
            below = bool(column.upper) and self.kind.field_of(column.upper)[1] == "event"
            if not (below or key in keys or reduced(key) in keys) or not all(
                _is_tick(text) or text.strip() in _CROSS for text in sample
            ):
                continue
            other = column.field not in (None, "event", "occupation")
            if (other or not (sample or below)) and key not in keys:
                continue
            column.field = None
            self.ticks.append(column)
        if len(self.ticks) == 1 and not any(self.samples[it.place] for it in self.ticks):
            self.ticks = []
        for column in self.ticks:
            column.field = "event"
            column.why = msg("打勾的读作这个赛项")

    def ticked(self, row: int) -> list[Column]:
        """The columns of events that a row has ticks in."""
        return [
            column
            for column in self.ticks
            if (cell := self.value(row, column.place)) != "" and _is_tick(cell_text(cell))
        ]

    def value(self, row: int, place: int) -> Cell:
        """The value of a cell in a row of the table."""
        if self.table.form is not None:
            return self.grid.cell(*self.table.form[place])
        return self.grid.cell(row, place)

    def cell_name(self, row: int, place: int) -> str:
        """The name of a cell in a row of the table, such as D5."""
        if self.table.form is not None:
            row, place = self.table.form[place]
        return f"{self.grid.letters(place)}{row}"

    def row_of(self, row: int, field: str | None, text: str) -> int:
        """The row of the sheet in which a text of a field stands: where fields go down, its own."""
        if self.table.form is None:
            return row
        places = [column.place for column in self.columns if column.field == field]
        same = [place for place in places if cell_text(self.value(row, place)) == text]
        return next((self.table.form[place][0] for place in [*same, *places]), row)

    def _sample(self, place: int) -> list[str]:
        samples: list[str] = []
        rows, filled = self.grid.rows, self.grid.filled
        for row in self.table.rows:
            cells = rows[row - 1]
            # Most cells that say nothing are passed over without a further look.
            if self.table.form is None and row not in filled and cells[place : place + 1] == [""]:
                continue
            value = self.value(row, place)
            if value != "" and not isinstance(value, Fault):
                samples.append(cell_text(value))
                if len(samples) >= _SAMPLE:
                    break
        return samples

    def texts(self, place: int) -> Iterator[str]:
        """The texts of a column, one after another, without those that are empty."""
        rows, filled = self.grid.rows, self.grid.filled
        for row in self.table.rows:
            if self.table.form is None and row not in filled:
                cells = rows[row - 1]
                value = cells[place] if place < len(cells) else ""
            else:
                value = self.value(row, place)
            if value.__class__ is str and value:
                yield value

    def _by_cells(self) -> None:
        """Find fields by cells if headings don't say; where the two disagree, ask."""
        if self.kind.way not in ("people", "judges"):
            return
        keys = {field.key for field in self.kind.fields}
        for column in self.columns:
            if column in self.ticks or column in self.doubts or self.table.fields:
                continue
            sample = self.samples[column.place]
            if not sample:
                continue
            like = {
                key for key, fits in _BY_CELLS
                if key in keys and sum(map(fits, sample)) * 10 >= 8 * len(sample)
            }  # fmt: skip
            strong = like & _STRONG
            if column.field == "name" and _are_units(sample):
                self.ask(column, msg("列名是“%(heading)s”，格子里却像单位", heading=column.heading))
                continue
            if column.field in ("id_number", "phone", "gender", "name", "unit") and strong:
                if column.field not in like:
                    strongest = min(strong)
                    words = msg(
                        "列名是“%(heading)s”，格子里却像别的，没有读", heading=column.heading
                    )
                    self.ask(column, words, field=strongest)
                    column.field = None
                continue
            if column.field == "paper" and "id_number" in like and not self.of("id_number"):
                column.field = "id_number"
                self.ask(column, msg("列名像证件种类，格子里是证件号码，当作号码读"))
                continue
            if column.field == "code" and "id_number" in like and not self.of("id_number"):
                column.field = "id_number"
                if self.kind.field_of(f"{column.upper}{column.heading}")[1] != "id_number":
                    self.ask(column, msg("照格子里的内容认的，列名认不出"))
                continue
            known = self.kind.field_of(column.heading)[0] if column.heading else False
            # 领队电话 holds telephone numbers, of somebody else.
            like = {key for key in like if not self.kind.denies(column.heading, key)}
            if column.field is None and not known and like:
                key = next(key for key, _fits in _BY_CELLS if key in like)
                if not self.of(key):
                    column.field = key
                    self.ask(column, msg("照格子里的内容认的，列名认不出"))
            elif column.field is None and not known and self._may_be_units(column):
                column.field = "unit"
                self.ask(column, msg("照格子里的内容认的，列名认不出"))
        for column in self.columns:
            bare = not column.heading and column.field is None and self.table.doubt is None
            if bare and self.samples[column.place]:
                self.ask(column, msg("这一列没有列名，没有读"))

    def _may_be_units(self, column: Column) -> bool:
        """True for a column of organisations, where no other is of units."""
        denied = self.kind.denies(column.heading, "unit")
        is_free = bool(column.heading) and not self.of("unit") and not denied
        return is_free and _are_units(self.samples[column.place])

    def _people(self) -> None:
        self._roles()
        self._serial("code")
        if not self.of("name"):
            for key in ("leader", "coach"):
                if columns := self.of(key):
                    columns[0].field = "name"
                    break

    def _judges(self) -> None:
        for column in self.of("duty"):
            sample = self.samples[column.place]
            if sample and not any(map(is_duty, sample)):
                column.field = None
                column.why = msg("写的不是裁判的职责，没有读")
        if not self.of("duty"):
            for column in self.columns:
                sample = self.samples[column.place]
                free = column.field is None and reduced(column.heading) not in ("执裁赛项", "备注")
                if free and sample and all(map(is_duty, sample)):
                    column.field = "duty"
                    break

        for column in self.columns:
            below = column.field is None and self.samples[column.place]
            if below and _OF_JUDGES.fullmatch(reduced(column.heading)):
                why = msg("“%(heading)s”一列里是人，没有读", heading=column.heading)
                self.ask(column, why, field="name")

    def _roles(self) -> None:
        """Find the column of 身份, by its words; where there is none, one of 职务 may be it too."""
        for column in sorted(self.columns, key=lambda candidate: candidate.field != "role"):
            if column.field not in ("role", "job", None):
                continue
            if column.field == "job" and self.of("role"):
                continue
            sample = self.samples[column.place]
            plain_roles = column.field == "role"
            if column.field == "job" and not self.table.fields:
                plain = sum(_is_role(text) for text in sample)
                if sample and 2 * plain > len(sample) and plain > 1:
                    column.field = "role"
                    continue
            matches = sum(
                len(text) <= _LONGEST_ROLE
                and role_of(text)[0] in (_ANY_ROLE if plain_roles else _SURE_ROLES)
                for text in sample
            )
            if sample and matches == len(sample) and not (column.field is None and matches < 2):
                column.field = "role"
            elif column.field == "role":
                if sample and 2 * matches >= len(sample):
                    continue
                column.field = None
                if sample and all(any(it in text for it in _GROUPS) for text in sample):
                    column.field = "group"
                elif sample:
                    self.ask(column, msg("不知道写的是什么身份，没有读"), field="role")

    def _serial(self, key: str) -> None:
        """Drop a 编号 that only counts the rows: it is no contestant's number."""
        first = self.kind.by_key(key).first
        for column in self.of(key):
            cells = [self.value(row, column.place) for row in self.table.rows]
            # A leader below the contestants may have a word in the place of a number.
            written = [cell for cell in cells if cell != "" and not names_helper(cell)]
            numbers = [number_of(cell) for cell in written]
            if not numbers or None in numbers:
                continue
            if reduced(column.heading) in first and numbers[:1] != [1]:
                continue
            if numbers == list(range(1, len(numbers) + 1)):
                column.field = None
                why = msg(
                    "“%(heading)s”照顺序 1、2、3 往下编，当作序号，没有当选手编号",
                    heading=column.heading,
                )
                self.ask(column, why, field=key)

    def _several_fields(self) -> None:
        """Ask about headings of several fields, of which one is read or none: 工种/等级."""
        for column in self.columns:
            parts = [it for it in _PARTS.split(reduced(column.heading)) if it]
            if len(parts) < 2 or column in self.doubts or not self.samples[column.place]:
                continue
            fields = {self.kind.field_of(part)[1] for part in parts} - {None, "note"}
            if len(fields) > 1 and column.field is not None:
                field = self.kind.by_key(column.field)
                if not (field.joined or field.inner):
                    self.ask(column, msg("列名里有两样，只读了一样"))
            elif fields and column.field is None:
                self.ask(column, msg("列名里有两样，没有读"), field=min(filter(None, fields)))

    def _twice(self) -> None:
        """Choose the better of two columns for one field; tell or ask about the other."""
        for field in self.kind.fields:
            columns = [it for it in self.of(field.key) if it not in self.ticks]
            if len(columns) < 2:
                continue
            if field.joined:
                if field.key != "job":
                    self.ask(columns[1], msg("有两列，合在一起读"))
                continue
            ranked = [it for it in columns if reduced(it.heading) in field.first]
            chosen = (ranked or columns)[0]
            if not self.samples[chosen.place]:
                chosen = next((it for it in columns if self.samples[it.place]), chosen)
            for column in columns:
                if column is chosen:
                    continue
                why = msg("已经读了“%(heading)s”，这一列没有读", heading=chosen.heading)
                likely = chosen in ranked and column not in ranked
                sure = field.key in ("unit", "name") and likely
                column.field = None
                if sure:
                    column.why = why
                else:
                    self.ask(column, why, field=field.key)


def names_helper(cell: Cell) -> bool:
    """True if a cell says no more than that its row is of a leader or coach."""
    text = cell.strip() if isinstance(cell, str) else ""
    return 0 < len(text) <= _LONGEST_ROLE and role_of(text) in (("leader", True), ("coach", True))


_PLAIN_ROLE = re.compile(
    r"(?:[副正总主]?(?:领队|带队|教练|教练员|裁判|裁判员|裁判长|选手|参赛选手|队员|参赛队员|替补|候补|工作人员|随队|联络员)"
    r"(?:人员|选手|队员|员|人)?(?:[0-9一二三四五六七八九十]{1,2})?[兼/、,，]?)+"
)
_TICK = frozenset({"√", "✓", "✔", "☑", "●", "1", "是", "√。", "V", "v", "✅", "■", "◆", "Y", "y"})
_CROSS = frozenset({"×", "✗", "✘", "☐", "□", "○", "0", "否", "-", "—", "/", "无", "x", "X"})
_OF_JUDGES = re.compile(
    r"(?:[副总]?裁判长|裁判员?|副?组长|组员|(?:仲裁|监督|记录|加密)员?)[0-9一二三四五六A-D]?",
    re.IGNORECASE,
)
"""Headings of a judge's own column."""
_PARTS = re.compile(r"[及和与/、&+·\\]|以及")
_BESIDE_UNIT = re.compile(
    r"^(?:所在|所属|现|工作)?(?:部门|车间|班组|科室|处室|岗位|职务|职称|职位|职务职称|工段|工作岗位|部门名称)$"
)
_UNIT_PART = re.compile(
    r"^(?:所在|所属|工作|参赛|推荐|代表|申报|报名|现工作|选送|现|用人)?(?:单位|公司|企业|学校|院校)(?:名称|全称)?$"
)


def _are_units(sample: Collection[str]) -> bool:
    """True if most texts of a column are organisations."""
    return len(sample) > 1 and sum(bool(organisation(text)) for text in sample) * 10 >= 8 * len(
        sample
    )


def _says_unit_and_more(heading: str) -> bool:
    """True for a heading of a unit and of another field: 单位及部门, 班组/单位, 工作单位及职务."""
    text = reduced(heading)
    if len(text) > 24 or not _PARTS.search(text):
        return False
    parts = [part for part in _PARTS.split(text) if part]
    units = [part for part in parts if _UNIT_PART.match(part)]
    return (
        len(parts) >= 2
        and bool(units)
        and all(_UNIT_PART.match(part) or _BESIDE_UNIT.match(part) for part in parts)
        and len(units) < len(parts)
    )


def _is_tick(text: str) -> bool:
    """True if a cell only says yes, by a tick or a word."""
    return text.strip() in _TICK


def _is_role(text: str) -> bool:
    return _PLAIN_ROLE.fullmatch("".join(text.split())) is not None


def role_word(known: Understanding, column: Column, text: str) -> tuple[str | None, bool] | None:
    """The role that a word of a column of roles names; None for a job among them."""
    if known.kind.field_of(column.heading)[1] != "job" or _is_role(text):
        return role_of(text)
    role, sure = role_of(text)
    return (role, sure) if role is not None and sure else None


def understand(table: FoundTable, kind: Kind, events: Collection[str] = ()) -> Understanding:
    """Understand the columns of a table."""
    return Understanding(table, kind, events)


def letters_of(columns: Iterable[Column], field: str) -> str:
    """The letters of a field's column; empty if there is none."""
    return next((column.letters for column in columns if column.field == field), "")
