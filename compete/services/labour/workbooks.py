"""A department's squares of a period out to Excel, and in again as acts that are looked at first.

Nothing is written or kept here: the page writes what was looked at by the way of every act. An
empty cell leaves its square as it is; emptying is done on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from compete.domain.bundle.labour_types import Indicator
from compete.domain.identity.names import same_name_key
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.models import Account, LabourValueEntry
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.remembered_columns import remember_columns, remembered_columns
from compete.services.kernel.text_limits import LONGEST_REASON, too_long
from compete.services.labour.entry import Writer
from compete.services.labour.flat_values import PERIOD, flat_rows
from compete.services.labour.period_progress import require_open_period
from compete.services.labour.squares import (
    LONGEST_TEXT,
    Grid,
    GridUnit,
    grid_of,
    needs_target,
    read_number,
    read_value,
)
from compete.sheets.labour_values import (
    CODE,
    GROUP,
    UNIT,
    Chosen,
    HeadedTable,
    UnknownColumn,
    ValueRow,
    ValueRows,
    column_of,
    read_value_rows,
    unit_key,
    write_value_rows,
)
from compete.sheets.reading.cells import fault_words
from compete.sheets.reading.kinds import headings_match
from compete.sheets.reading.labour import (
    Said,
    indicator_name,
    indicator_of,
    measured_otherwise,
)
from compete.sheets.reading.words import says_signature
from compete.sheets.workbook.cells import Fault
from compete.sheets.workbook.tables import Value

Kind = Literal["value", "target", "reason"]
_MOST_ROWS = 2000
_MOST_PROBLEMS = 500
_MONTHS = [*"一二三四五六七八九十", "十一", "十二"]
_MONTH = re.compile(
    r"(?:(?<![0-9])([0-9]{4})年|(?<![0-9一二三四五六七八九十]))"
    r"([0-9]{1,2}|十[一二]?|[一二三四五六七八九])月(?![0-9一二三四五六七八九十]{1,3}[日号])"
)
"""A month of a year or of any; with a day behind it, it is a date."""


@dataclass(frozen=True, slots=True)
class BookCell:
    """A cell that would change its square: `was` is empty where nothing stood there.

    `place` is such as D5, `seen` the number of the row that stood, `ask` why it is odd.
    """

    unit: str
    name: str
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
    """A problem in a workbook: the row or the cell that was not understood, and why."""

    place: str
    what: str
    why: Message
    sheet: str = ""


@dataclass(slots=True)
class BookPreview:
    """The preview of what a workbook would write; `same` cells say what stands.

    `notices` tell what of the workbook was filled, and what was not read.
    """

    cells: list[BookCell] = field(default_factory=list)
    problems: list[BookProblem] = field(default_factory=list)
    same: int = 0
    notices: Sequence[Message] = ()
    unknown: Sequence[UnknownColumn] = ()
    """Columns to be asked about, or of which somebody said what they are: by key in `said`."""
    said: Mapping[str, str] = field(default_factory=dict)
    choices: Sequence[str] = ()
    """The possible meanings of a column."""


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
                row.append(_cell_value(grid.own.get(square), "value"))
            row.append(_cell_value(grid.standing.get(square), column.kind))
        rows.append(row)
    return write_value_rows(grid.period_name, _title(writer, grid), headings, rows)


def preview_book(
    writer: Writer,
    period: str,
    content: bytes,
    answers: Mapping[str, str] | None = None,
    by: Account | None = None,
) -> BookPreview:
    """Preview what a workbook would write into a leaf period.

    `answers` say what columns are, by their reduced headings, and are remembered for the
    department's next workbook; empty ones are not read.

    Raises `WorkbookError` for what is no such workbook, `Refused`: UNKNOWN for a unit's contact,
    CONFLICT for a closed period, INVALID for the table of another period or department.
    """
    grid = _grid(writer, period)
    require_open_period(writer.competition, period)
    columns, title = _columns(grid), _title(writer, grid)
    choices = [column.heading for column in columns]
    flat = _flat(grid, columns, content, title)
    if flat is not None:
        return _Reading(grid, columns, flat).preview
    remembered = _remembered(writer, answers, choices, by)
    known = [CODE, GROUP, *(_own_heading(grid, indicator) for indicator in grid.indicators)]
    value_rows = read_value_rows(
        content,
        [[UNIT], [column.heading for column in columns if column.kind != "reason"]],
        [*known, *(column.heading for column in columns)],
        _MOST_ROWS,
        units=[unit.name for unit in grid.units],
        alike=lambda heading, upper: _alike(grid, heading, upper, columns),
        chosen=lambda tables: _of_period(grid, tables, title),
        answers=remembered,
    )
    if value_rows.title and value_rows.title != title and value_rows.title.endswith(_END):
        raise _another_table(value_rows.title, title)
    preview = _Reading(grid, columns, value_rows).preview
    preview.unknown, preview.said, preview.choices = (
        value_rows.unknown,
        remembered,
        [UNIT, *choices],
    )
    return preview


def _flat(grid: Grid, columns: Sequence[_Column], content: bytes, title: str) -> ValueRows | None:
    """A flat file's rows for this period; None for another table."""
    labour = grid.labour

    def here(text: str) -> bool | None:
        named = {period.code for period in labour.periods if period.name == text}
        named |= _periods_in(grid, text)
        return grid.period in named if named else None

    @cache
    def column(name: str, kind: str) -> str | None:
        headings = _columns_of(Said(indicator_name(name), kind), columns, points=False)
        return headings[0] if len(headings) == 1 else None

    @cache
    def elsewhere(name: str) -> bool:
        bare = indicator_name(name)
        return any(headings_match(indicator_name(row.name), bare) for row in labour.indicators)

    @cache
    def counted(name: str) -> bool:
        bare = indicator_name(name)
        return any(
            it.indicator.scoring.type is not ScoringType.SCORE
            for it in columns
            if headings_match(indicator_name(it.indicator.name), bare)
        )

    def chosen(tables: list[HeadedTable]) -> Chosen:
        dated = [table for table in tables if PERIOD in table.columns]
        plain = [table for table in tables if PERIOD not in table.columns]
        if not dated:
            return _of_period(grid, plain, title)
        return [*dated, *(table for table in plain if not _other_periods(grid, table))], []

    return flat_rows(
        content,
        units=[unit.name for unit in grid.units],
        here=here,
        column=column,
        counted=counted,
        elsewhere=elsewhere,
        chosen=chosen,
    )


def _remembered(
    writer: Writer, answers: Mapping[str, str] | None, choices: Sequence[str], by: Account | None
) -> dict[str, str]:
    """The answers on headings, of now and of the department's earlier workbooks."""
    assert writer.department is not None  # else there is no grid
    kind = f"values {writer.department.id}"
    before = remembered_columns(kind, _ALL_HEADS)
    fresh = {
        key[:_LONGEST_KEY]: answer
        for key, answer in (answers or {}).items()
        if answer in ("", UNIT, *choices)
    }
    merged = {**(before.columns if before else {}), **fresh}
    if fresh and by is not None:
        remember_columns(kind, _ALL_HEADS, merged, by)
    return {key: answer for key, answer in merged.items() if answer in ("", UNIT, *choices)}


_ALL_HEADS, _LONGEST_KEY = "any", 140
_END = "打分表"


def _another_table(title: str, wanted: str) -> Refused:
    why = msg("这是“%(found)s”，这里要“%(wanted)s”", found=title, wanted=wanted)
    return invalid(why)


def _of_period(grid: Grid, tables: Sequence[HeadedTable], title: str) -> Chosen:
    """The tables that no other period is named by, and what is said of the others.

    Raises `Refused` (INVALID) where that leaves none.
    """
    others = [_other_periods(grid, table) for table in tables]
    kept = [table for table, other in zip(tables, others, strict=True) if not other]
    if not kept:
        raise _another_table(others[0][-1], title)
    name = grid.period_name
    return kept, [
        msg("“%(found)s”是别的一期，这里填的是 %(period)s，没有读", found=text, period=name)
        for text in dict.fromkeys(other[0] for other in others if other)
    ]


def _other_periods(grid: Grid, table: HeadedTable) -> list[str]:
    """The name of a table's sheet and the first title with a period, if the period is another."""
    titles = [
        text
        for text in table.table.above
        # 填报日期：2022年3月 is when it was filled in.
        if not says_signature(text) or _MONTH.match(same_name_key(text))
    ]
    named = [(text, _periods_in(grid, text)) for text in (table.sheet, *titles)]
    if any(grid.period in periods for _text, periods in named):
        # A quarter may stand beside its month.
        within = {*PeriodTree(grid.labour.periods).around(grid.period)} - {grid.period}
        named = [(text, periods - within) for text, periods in named]
    first = [named[0], *[pair for pair in named[1:] if pair[1]][:1]]
    return [text for text, periods in first if periods and grid.period not in periods]


def _periods_in(grid: Grid, text: str) -> set[str]:
    """The periods that a text names; the whole competition is none."""
    plain, named = same_name_key(text), dict[str, str]()
    months = _MONTH.findall(plain)
    for period in grid.labour.periods:
        name = same_name_key(period.name)
        own = _MONTH.fullmatch(name.removesuffix("份"))
        if period.part_of is not None and (
            any(_same_month(own.groups(""), month) for month in months)
            if own
            else len(name) > 1 and name in plain
        ):
            named[period.code] = "" if own else name
    # 一季度检查 is not 一季度.
    return {
        code
        for code, name in named.items()
        if not any(name and name != other and name in other for other in named.values())
    }


def _same_month(month: Sequence[str], other: Sequence[str]) -> bool:
    """True if both are of one month: of a year each, or of any where one has none."""
    return _number(month[1]) == _number(other[1]) and (
        month[0] == other[0] or "" in (month[0], other[0])
    )


def _number(month: str) -> int:
    return _MONTHS.index(month) + 1 if month in _MONTHS else int(month)


def _grid(writer: Writer, period: str) -> Grid:
    if writer.department is None:
        raise Refused(msg("整表上传只给打分的部门"), kind=Refusal.UNKNOWN)
    return grid_of(writer.competition, period, writer.department.indicators)


def _title(writer: Writer, grid: Grid) -> str:
    name = writer.competition.name
    return " ".join(f"{name} {grid.period_name} {writer.name}{_END}".split())


def _columns(grid: Grid) -> list[_Column]:
    """The columns read for each indicator: its target, its value, the reason for points taken."""
    columns = []
    for indicator in grid.indicators:
        name = _name(grid, indicator)
        if needs_target(indicator):
            columns.append(_Column(f"{name} 目标", indicator, "target"))
        full = "" if needs_target(indicator) else f"（满 {plain(indicator.max)}）"
        columns.append(_Column(f"{name}{full} 考评", indicator, "value"))
        columns.append(_Column(f"{name} 扣分原因", indicator, "reason"))
    return columns


def _alike(grid: Grid, heading: str, upper: str, columns: Sequence[_Column]) -> str | None:
    """The one heading of the download that another way of writing it means, or None.

    In a head of two rows 目标 and 完成 are of what stands above them, and an indicator is itself.
    """
    whole = f"{upper} {heading}".strip()
    known = [CODE, UNIT, GROUP, *(column.heading for column in columns)]
    same = [title for title in known if headings_match(title, whole)]
    if not same and (own := column_of(heading)):
        same = [own]
    if not same:
        meanings = [indicator_of(heading, upper), *([indicator_of(heading)] if upper else [])]
        meanings = [
            it for it in meanings if not it.period or grid.period in _periods_in(grid, it.period)
        ]
        points = any(text.rstrip("）) ").endswith("分") for text in (heading, upper))
        same = next(
            filter(None, (_columns_of(meaning, columns, points=points) for meaning in meanings)), []
        )
    names = {column.heading: column.indicator.name for column in columns}
    same = [it for it in same if not measured_otherwise(whole, names.get(it, ""))]
    return same[0] if len(same) == 1 else None


def _columns_of(meaning: Said, columns: Sequence[_Column], *, points: bool) -> list[str]:
    return [
        column.heading
        for column in columns
        if column.kind == meaning.field
        and headings_match(indicator_name(column.indicator.name), meaning.name)
        # Points are not the count or the quantity that they are given for.
        and not (points and column.indicator.scoring.type is not ScoringType.SCORE)
    ]


def _name(grid: Grid, indicator: Indicator) -> str:
    name = " ".join(indicator.name.split())
    alike = sum(" ".join(other.name.split()) == name for other in grid.indicators)
    return f"{name} {indicator.code}" if alike > 1 else name


def _own_heading(grid: Grid, indicator: Indicator) -> str:
    return f"{_name(grid, indicator)} 自评"


def _cell_value(row: LabourValueEntry | None, kind: Kind) -> Value:
    if row is None:
        return ""
    if kind == "reason":
        return row.reason or ""
    number = row.target if kind == "target" else row.value
    return "" if number is None else number


def _cell_text(row: LabourValueEntry | None, kind: Kind) -> str:
    shown = _cell_value(row, kind)
    return plain(shown) if isinstance(shown, int | Decimal) else str(shown)


class _Reading:
    """A workbook's rows held against the squares as they stand."""

    def __init__(self, grid: Grid, columns: Sequence[_Column], value_rows: ValueRows) -> None:
        self._grid, self._told = grid, value_rows
        self._columns = [column for column in columns if column.heading in value_rows.headings]
        self._by_code = {unit.code: unit for unit in grid.units}
        self._by_name = {unit_key(unit.name): unit for unit in grid.units}
        self._names = Counter(unit_key(unit.name) for unit in grid.units)
        self.preview = BookPreview(notices=[*value_rows.notices, *value_rows.unused])
        seen: dict[tuple[str, str], ValueRow] = {}
        for row in value_rows.rows:
            unit = self._unit(row)
            if unit is None:
                continue
            # A further table may say of the same unit what the first has no column for.
            fresh = [column for column in self._columns if row.texts.get(column.heading)]
            again = [column for column in fresh if (unit.code, column.heading) in seen]
            if again:
                first = value_rows.place(seen[unit.code, again[0].heading])
                self._wrong(
                    value_rows.place(row), unit.name, msg("第 %(row)s 行已经有这一家", row=first)
                )
                continue
            seen |= {(unit.code, column.heading): row for column in fresh}
            # A square of which one cell has no value is refused whole.
            refused = {
                column.indicator.code
                for column in self._columns
                if isinstance(row.texts.get(column.heading), Fault)
            }
            for column in self._columns:
                text = row.texts.get(column.heading, "")
                if isinstance(text, Fault) or column.indicator.code not in refused:
                    self._cell(row, unit, column, text)

    def _wrong(self, place: str, what: str, why: Message) -> None:
        if len(self.preview.problems) < _MOST_PROBLEMS:
            self.preview.problems.append(BookProblem(place, what, why))

    def _unit(self, row: ValueRow) -> GridUnit | None:
        """Find the unit by its code, and by its name if there is none; both must mean the same."""
        texts = row.texts
        place = self._told.place(row, CODE if texts.get(CODE) else UNIT)
        for heading in (CODE, UNIT):
            if isinstance(text := texts.get(heading, ""), Fault):
                self._wrong(self._told.place(row, heading), f"{heading} {text}", fault_words(text))
                return None
        code, name = texts.get(CODE, ""), unit_key(texts.get(UNIT, ""))
        unit = self._by_code.get(code) if code else self._by_name.get(name)
        if unit is None:
            self._wrong(place, code or texts.get(UNIT, ""), msg("没有这个单位"))
        elif not code and self._names[name] > 1:
            self._wrong(place, unit.name, msg("有几家叫这个名称，写上编号"))
        elif code and name and name != unit_key(unit.name):
            why = msg("编号 %(code)s 是%(name)s", code=code, name=unit.name)
            self._wrong(place, texts.get(UNIT, ""), why)
        else:
            return unit
        return None

    def _cell(self, value_row: ValueRow, unit: GridUnit, column: _Column, text: str) -> None:
        square = unit.id, column.indicator.code
        row = self._grid.standing.get(square)
        was, place = _cell_text(row, column.kind), self._told.place(value_row, column.heading)
        if isinstance(text, Fault):
            return self._wrong(place, f"{unit.name} {column.heading} {text}", fault_words(text))
        kept = self._is_same(column, text, was) and not self._goes(unit, column)
        if not text or kept:
            self.preview.same += bool(text) and column.kind == "value"
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
        """True if a reason goes with the value that this book puts in the place of its own."""
        if column.kind != "reason" or not self.preview.cells:
            return False
        last = self.preview.cells[-1]
        return (last.unit, last.indicator, last.kind) == (
            unit.code, column.indicator.code, "value",
        )  # fmt: skip

    @staticmethod
    def _is_same(column: _Column, text: str, was: str) -> bool:
        if column.kind == "reason":
            return text == was
        number = read_number(text)
        return was != "" and number is not None and number == read_number(was)
