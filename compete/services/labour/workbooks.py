"""A department's squares of a period out to Excel, and in again as acts that are looked at first.

Nothing is written or kept here: the page writes what was looked at by the way of every act. An
empty cell leaves its square as it is; emptying is done on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from compete.domain.bundle import Indicator
from compete.domain.values import Message, msg, plain
from compete.models import LabourValueEntry
from compete.services.kernel import LONGEST_REASON, Refusal, Refused, too_long
from compete.services.labour.cells import (
    LONGEST_TEXT,
    Grid,
    GridUnit,
    grid_of,
    needs_target,
    read_number,
    read_value,
)
from compete.services.labour.entering import Writer
from compete.services.labour.stands import require_open_period
from compete.sheets.labour_values import ValueRows, read_value_rows, write_value_rows
from compete.sheets.workbook.tables import Value

Kind = Literal["value", "target", "reason"]
CODE, UNIT, GROUP = "编号", "单位", "组"
_MOST_ROWS = 2000
_MOST_PROBLEMS = 500


@dataclass(frozen=True, slots=True)
class BookCell:
    """A cell that would change its square: `was` is empty where nothing stood there.

    `place` is such as D5, `seen` the number of the row that stood, `ask` why it is odd.
    """

    unit: str
    unit_name: str
    indicator: str
    heading: str
    kind: Kind
    text: str
    was: str
    place: str
    seen: int | None
    ask: Message | None


@dataclass(frozen=True, slots=True)
class BookProblem:
    """What was not understood: the row, or the cell, and why."""

    place: str
    what: str
    why: Message
    sheet: str = ""


@dataclass(slots=True)
class BookPreview:
    """What a workbook would write; `same` cells say what stands, `passed` headings say nothing."""

    cells: list[BookCell] = field(default_factory=list)
    problems: list[BookProblem] = field(default_factory=list)
    same: int = 0
    passed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that is read: which of an indicator's three it is."""

    heading: str
    indicator: Indicator
    kind: Kind


def department_book(writer: Writer, period: str) -> bytes:
    """The department's squares of a leaf period with self-assessments beside them, to fill in."""
    grid = _grid(writer, period)
    columns, own = _columns(grid), grid.self_assessed()
    headings = [CODE, UNIT, GROUP]
    for column in columns:
        if column.kind == "value" and column.indicator.code in own:
            headings.append(_own_heading(grid, column.indicator))
        headings.append(column.heading)
    rows: list[list[Value]] = []
    for unit in grid.units:
        row: list[Value] = [unit.code, unit.name, unit.group or ""]
        for column in columns:
            square = unit.id, column.indicator.code
            if column.kind == "value" and column.indicator.code in own:
                row.append(_shown(grid.own.get(square), "value"))
            row.append(_shown(grid.standing.get(square), column.kind))
        rows.append(row)
    return write_value_rows(_period_name(grid), _title(writer, grid), headings, rows)


def preview_book(writer: Writer, period: str, content: bytes) -> BookPreview:
    """What a workbook would write into a leaf period.

    Raises `WorkbookError` for what is no such workbook, `Refused`: UNKNOWN for a unit's contact,
    CONFLICT for a closed period, INVALID for the table of another period or department.
    """
    grid = _grid(writer, period)
    require_open_period(writer.competition, period)
    columns = _columns(grid)
    known = [CODE, GROUP, *(_own_heading(grid, each) for each in grid.indicators)]
    told = read_value_rows(
        content,
        [UNIT, next(each.heading for each in columns if each.kind == "value")],
        [*known, *(each.heading for each in columns)],
        _MOST_ROWS,
    )
    title = _title(writer, grid)
    if told.title and told.title != title and told.title.endswith(_END):
        why = msg("这是“%(found)s”，这里要“%(wanted)s”", found=told.title, wanted=title)
        raise Refused(why, kind=Refusal.INVALID)
    return _Reading(grid, columns, told).preview


_END = "打分表"


def _grid(writer: Writer, period: str) -> Grid:
    if writer.department is None:
        raise Refused(msg("整表上传只给打分的部门"), kind=Refusal.UNKNOWN)
    return grid_of(writer.competition, period, writer.department.indicators)


def _period_name(grid: Grid) -> str:
    return next(each.name for each in grid.labour.periods if each.code == grid.period)


def _title(writer: Writer, grid: Grid) -> str:
    assert writer.department is not None
    name = writer.competition.name
    return " ".join(f"{name} {_period_name(grid)} {writer.department.name}{_END}".split())


def _columns(grid: Grid) -> list[_Column]:
    """What is read of each indicator: its target, its value, why points were taken."""
    found = []
    for each in grid.indicators:
        name = _name(grid, each)
        if needs_target(each):
            found.append(_Column(f"{name} 目标", each, "target"))
        full = "" if needs_target(each) else f"（满 {plain(each.max)}）"
        found.append(_Column(f"{name}{full} 考评", each, "value"))
        found.append(_Column(f"{name} 扣分原因", each, "reason"))
    return found


def _name(grid: Grid, indicator: Indicator) -> str:
    name = " ".join(indicator.name.split())
    alike = sum(" ".join(each.name.split()) == name for each in grid.indicators)
    return f"{name} {indicator.code}" if alike > 1 else name


def _own_heading(grid: Grid, indicator: Indicator) -> str:
    return f"{_name(grid, indicator)} 自评"


def _shown(row: LabourValueEntry | None, kind: Kind) -> Value:
    if row is None:
        return ""
    if kind == "reason":
        return row.reason or ""
    number = row.target if kind == "target" else row.value
    return "" if number is None else number


def _said(row: LabourValueEntry | None, kind: Kind) -> str:
    shown = _shown(row, kind)
    return plain(shown) if isinstance(shown, int | Decimal) else str(shown)


class _Reading:
    """A workbook's rows held against the squares as they stand."""

    def __init__(self, grid: Grid, columns: Sequence[_Column], told: ValueRows) -> None:
        self._grid, self._told = grid, told
        self._columns = [each for each in columns if each.heading in told.letters]
        self._by_code = {unit.code: unit for unit in grid.units}
        self._by_name = {_bare(unit.name): unit for unit in grid.units}
        self._names = Counter(_bare(unit.name) for unit in grid.units)
        self.preview = BookPreview(passed=told.passed)
        seen: dict[str, int] = {}
        for number, texts in told.rows:
            unit = self._unit(number, texts)
            if unit is None:
                continue
            if unit.code in seen:
                self._wrong(
                    f"{number}", unit.name, msg("第 %(row)s 行已经有这一家", row=seen[unit.code])
                )
                continue
            seen[unit.code] = number
            for column in self._columns:
                self._cell(number, unit, column, texts.get(column.heading, ""))

    def _wrong(self, place: str, what: str, why: Message) -> None:
        if len(self.preview.problems) < _MOST_PROBLEMS:
            self.preview.problems.append(BookProblem(place, what, why))

    def _unit(self, number: int, texts: Mapping[str, str]) -> GridUnit | None:
        """By its code, and by its name where there is none; both must mean the same."""
        code, name = texts.get(CODE, ""), _bare(texts.get(UNIT, ""))
        if not any(texts.get(column.heading) for column in self._columns):
            return None
        found = self._by_code.get(code) if code else self._by_name.get(name)
        if found is None:
            self._wrong(f"{number}", code or texts.get(UNIT, ""), msg("没有这个单位"))
        elif not code and self._names[name] > 1:
            self._wrong(f"{number}", found.name, msg("有几家叫这个名称，写上编号"))
        elif code and name and name != _bare(found.name):
            why = msg("编号 %(code)s 是%(name)s", code=code, name=found.name)
            self._wrong(f"{number}", texts.get(UNIT, ""), why)
        else:
            return found
        return None

    def _cell(self, number: int, unit: GridUnit, column: _Column, text: str) -> None:
        square = unit.id, column.indicator.code
        row = self._grid.standing.get(square)
        was, place = _said(row, column.kind), f"{self._told.letters[column.heading]}{number}"
        kept = self._same(column, text, was) and not self._goes(unit, column)
        if not text or kept:
            self.preview.same += bool(text)
            return
        what = f"{unit.name} {column.heading}"
        ask = None
        if column.kind == "reason":
            if len(text) > LONGEST_REASON:
                return self._wrong(place, what, too_long(text, LONGEST_REASON))
        else:
            before = self._grid.before.get(square)
            target = column.kind == "target"
            if len(text) > LONGEST_TEXT:
                return self._wrong(place, what, too_long(text, LONGEST_TEXT))
            read = read_value(column.indicator, text, before, target=target)
            if read.problem is not None and not read.ask:
                return self._wrong(place, what, read.problem)
            ask = read.problem
        self.preview.cells.append(
            BookCell(
                unit.code,
                unit.name,
                column.indicator.code,
                column.heading,
                column.kind,
                text,
                was,
                place,
                row.id if row is not None else None,
                ask,
            )
        )
        return None

    def _goes(self, unit: GridUnit, column: _Column) -> bool:
        """Whether a reason goes with the value that this book puts in the place of its own."""
        if column.kind != "reason" or not self.preview.cells:
            return False
        last = self.preview.cells[-1]
        return (last.unit, last.indicator, last.kind) == (
            unit.code, column.indicator.code, "value",
        )  # fmt: skip

    @staticmethod
    def _same(column: _Column, text: str, was: str) -> bool:
        if column.kind == "reason":
            return text == was
        number = read_number(text)
        return was != "" and number is not None and number == read_number(was)


def _bare(name: str) -> str:
    return "".join(name.split())
