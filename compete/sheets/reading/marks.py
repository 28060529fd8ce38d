"""Lists of marks held elsewhere: one row a module, each with its mark."""

from __future__ import annotations

import re

from compete.domain.values.messages import Message, listed, msg
from compete.sheets.reading import cells
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.context import Rows
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.sections import END_OF_MARKS, Names, bare_key, matched
from compete.sheets.reading.shapes import Column, Reading, ReadRow, RowTold
from compete.sheets.reading.words import one_line, reduced
from compete.sheets.workbook.cells import Cell, Fault

_ABSENT = re.compile(r"缺考|缺席|未到|未参加|缺赛|未考|弃考|旷考|^缺$")
_YES = frozenset({"是", "√", "✓", "✔", "1", "Y", "y", "缺考", "缺", "缺席", "有"})
ABSENT = "缺考"
ABSENT_WITH_MARK, ABSENT_ALONE = msg("这里写着缺考，却有成绩"), msg("成绩空着，这里写着缺考")
_END = re.compile(rf"(?:分$|{END_OF_MARKS.pattern})")


def read_marks(reading: Reading, known: Understanding, names: Names, rows: Rows) -> None:
    """Every mark of a table."""
    columns = _mark_columns(known, names)
    modules = _modules(known, columns, names, titled=rows.gives("module"))
    for column in columns:
        column.field = "mark" if column.place in modules else None
    reading.columns += known.columns
    reading.asked += known.asked
    module_column = next(iter(known.of("module")), None)
    for row in known.table.rows:
        given: dict[str, str] = {}
        if "" in modules.values() and module_column is None:
            given, asked = rows.given(row, (), ("module",))
            reading.asked += asked
        _read_row(reading, known, row, modules, module_column, given.get("module", ""))


def could_be_marks(known: Understanding) -> list[Column]:
    """The columns that could be marks, by their headings or by the numbers in them."""
    return [it for it in known.columns if it.field == "mark" or _has_marks(known, it)]


def _mark_columns(known: Understanding, names: Names) -> list[Column]:
    """The columns that could be marks: called so, or as a module, and unknown ones of numbers."""
    columns: list[Column] = []
    for column in known.columns:
        sample = known.samples[column.place]
        numbers = sum(_is_mark(text) for text in sample)
        unknown = column.heading and not known.kind.field_of(column.heading)[0]
        numbered = sample and numbers * 10 >= 8 * len(sample)
        named = unknown and bool(_module_of(column, names))
        if column.field == "mark" or named or (column.field is None and unknown and numbered):
            columns.append(column)
    # One of some numbers is it too: its other words are asked.
    return [it for it in known.columns if it in columns or _has_marks(known, it)]


def _has_marks(known: Understanding, column: Column) -> bool:
    """True for a column that is not understood and has numbers in half of its cells."""
    sample = known.samples[column.place]
    unknown = bool(column.heading) and not known.kind.field_of(column.heading)[0]
    numbers = sum(map(_is_mark, sample))
    return unknown and column.field is None and 0 < len(sample) <= 2 * numbers


def _is_mark(text: str) -> bool:
    if text in cells.STANDS_FOR_NONE or _ABSENT.search(text) is not None:
        return True
    return cells.read_decimal(text)[0] is not None


def _modules(
    known: Understanding, columns: list[Column], names: Names, *, titled: bool
) -> dict[int, str]:
    """By column the module whose marks stand there; where it is not plain the columns are asked.

    Empty where each row says its module, or the title above it does.
    """
    plain = len(columns) == 1 and reduced(columns[0].heading) in _PLAIN
    if known.of("module") or (titled and plain):
        return {columns[0].place: ""} if columns else {}
    if names.modules:
        chosen: dict[int, str] = {}
        taken: set[str] = set()
        for column in columns:
            name = _module_of(column, names)
            if name and name not in taken:
                taken.add(name)
                chosen[column.place] = one_line(column.heading)
        if chosen:
            # A module without its column may have one of another name.
            rest = [it for it in columns if it.place not in chosen]
            for column in rest if len(taken) < len(names.modules) else ():
                if not _TOTAL.search(column.heading):
                    known.ask(column, _no_module(column), field="mark")
            return chosen
        if plain and len(names.modules) == 1:
            return {columns[0].place: names.modules[0]}
        for column in columns:
            known.ask(column, _no_module(column), field="mark")
        return {}
    if len(columns) > 1:
        for column in columns:
            known.ask(
                column, msg("有几列都像成绩，不知道读哪一列：%(names)s",
                names=listed(it.heading for it in columns)), field="mark",
            )  # fmt: skip
        return {}
    return {it.place: one_line(it.heading) for it in columns}


def _no_module(column: Column) -> Message:
    return msg("“%(heading)s”不是已有的模块", heading=column.heading)


_TOTAL = re.compile("总|合计|综合|折")
_PLAIN = frozenset(
    ["成绩", "得分", "总成绩", "分数", "最终成绩", "总分", "考核成绩", "考试成绩", "最终得分"]
)


def _module_of(column: Column, names: Names) -> str:
    for text in (column.heading, column.heading.removeprefix(column.upper), column.upper):
        if name := matched(text, names.modules):
            return name
        bare = _END.sub("", bare_key(text))
        for name in names.modules:
            if bare and bare == _END.sub("", bare_key(name)):
                return name
    return ""


def _read_row(
    reading: Reading,
    known: Understanding,
    row: int,
    modules: dict[int, str],
    module_column: Column | None,
    given: str,
) -> None:
    sheet = known.grid.name
    values: dict[str, object] = {}
    for key in ("code", "name", "id_number"):
        for column in known.of(key)[:1]:
            cell = known.value(row, column.place)
            if cell == "":
                continue
            if isinstance(cell, Fault):
                reading.ask(sheet, row, column.letters, key, str(cell), cells.fault_words(cell))
                continue
            value, why = {"name": cells.read_name, "id_number": cells.read_id}.get(
                key, cells.read_text
            )(cell)
            if value is not None:
                values[key] = value
            if why is not None:
                reading.ask(sheet, row, column.letters, key, cell_text(cell), why)
    if not values and not any(it.row == row and it.sheet == sheet for it in reading.asked):
        reading.leave_out(sheet, row, msg("没有写是谁"))
        return
    read = 0
    absent = absent_beside(known, row)
    for place, module in modules.items():
        column = next(it for it in known.columns if it.place == place)
        cell = known.value(row, place)
        whole = dict(values)
        if module_column is not None:
            module = one_line(cell_text(known.value(row, module_column.place)))
        if module := module or given:
            whole["module"] = module
        if isinstance(cell, str) and cell.strip() in cells.STANDS_FOR_NONE:
            reading.remarks.append(RowTold(sheet, row, cells.NONE_TOLD))
        elif cell != "":
            mark = _mark(reading, known, row, column, cell)
            if mark is not None:
                whole["mark"] = mark
            if absent is not None and mark not in (None, ABSENT):
                reading.ask(sheet, row, absent.letters, "mark", str(mark), ABSENT_WITH_MARK)
        elif absent is not None:
            whole["mark"] = ABSENT
            reading.ask(sheet, row, absent.letters, "mark", ABSENT, ABSENT_ALONE)
        reading.rows.append(ReadRow(sheet, row, whole, letters=column.letters))
        read += 1
    if not read:
        reading.rows.append(ReadRow(sheet, row, values))


def absent_beside(known: Understanding, row: int) -> Column | None:
    """The column that is read as nothing and says in this row that somebody was absent."""
    return next((it for it in known.columns if _says_absent(known, row, it)), None)


def says_absent(cell: Cell) -> bool:
    """True if a cell says nothing but that somebody was absent."""
    return isinstance(cell, str) and _ABSENT.fullmatch("".join(cell.split())) is not None


def _says_absent(known: Understanding, row: int, column: Column) -> bool:
    """True if a cell that is read as nothing says that somebody was absent."""
    if column.field is not None:
        return False
    cell = known.value(row, column.place)
    if _ABSENT.search(column.heading) is not None:
        # 是 below 是否缺考.
        return isinstance(cell, str | float) and cell_text(cell).strip() in _YES
    return says_absent(cell)


def _mark(
    reading: Reading, known: Understanding, row: int, column: Column, cell: Cell
) -> str | None:
    sheet = known.grid.name
    if isinstance(cell, Fault):
        reading.ask(sheet, row, column.letters, "mark", str(cell), cells.fault_words(cell))
        return None
    text = cell_text(cell)
    if says_absent(text):
        return ABSENT
    value, why = cells.read_decimal(cell)
    if value is not None and str(value).startswith("-"):
        why = msg("“%(text)s”不到 0 分", text=text)
    if value is None or why is not None:
        reading.ask(
            sheet, row, column.letters, "mark", text, why or msg("“%(text)s”不是数", text=text)
        )
        return None
    return str(value)
