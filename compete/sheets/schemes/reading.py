"""Reading of a marking scheme: which sheet, which form, and the sums that it claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType, type_of
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.schemes import international_tables
from compete.sheets.reading.telling import of_sheet, sheet_without_head, sheets_hidden
from compete.sheets.scheme_aspects import MOST_LINES, Scheme, SchemeAspect, SchemeForm, SchemeLine
from compete.sheets.scheme_wording import ReadRule, Sure, read_rule
from compete.sheets.schemes.cells import (
    LONGEST_NAME,
    LONGEST_WORDS,
    Grid,
    as_number,
    key,
    sum_of,
    too_long,
)
from compete.sheets.schemes.eleven_columns import read_columns
from compete.sheets.workbook.limits import DEFAULT_LIMITS
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError

_TYPES = {
    name: kind
    for kind in AspectType
    for name in (class_of(kind).title.text, *class_of(kind).scheme_names)
}
_SUMS = ("合计", "总计", "小计")


@dataclass(frozen=True, slots=True)
class TradeHeader:
    """The header: the row where it ends, and the column of each key; both count from 0.

    `coarse` are the columns that together say the criterion, from the left.
    """

    row: int
    columns: Mapping[str, int]
    coarse: tuple[int, ...]
    unread: tuple[str, ...]
    passed: Mapping[int, Message]
    """Rows that are no aspects: notes, signatures, the head once more."""


def _find_trade(grid: Grid) -> TradeHeader | None:
    """The header, or None: 配分 and a column of what is marked, the finest of those its name."""
    from compete.sheets.reading.schemes import trade_columns

    found = trade_columns(grid.sheet)
    return None if found is None else TradeHeader(*found)


def _read_trade(grid: Grid, header: TradeHeader) -> Scheme:
    """The rows below the header; a blank 项目 is the one above."""
    columns, first, coarse = header.columns, header.row + 1, header.coarse
    filled = {columns[it] for it in ("rule", "standard", "type") if it in columns} | {*coarse}
    grid.fill_merged(filled, first)
    joined = grid.joined_below(columns["max"], first)
    lines: list[SchemeLine] = []
    warnings: list[Message] = []
    heading, since_last = ["" for _each in coarse], 0
    rows_of: dict[tuple[str, str], int] = {}
    for row in range(first, len(grid.rows)):
        said = [grid.line(row, column) for column in coarse]
        project, name = next(filter(None, reversed(said)), ""), grid.line(row, columns.get("name"))
        most, odd = grid.number(row, columns["max"])
        words = grid.at(row, columns.get("rule"))[: LONGEST_WORDS + 1]
        if len(lines) > MOST_LINES:
            break
        if row in header.passed:
            why = header.passed[row]
            warnings.append(msg("第 %(row)s 行没有读：%(why)s", row=row + 1, why=why))
            continue
        if any(key(cell) in _SUMS for cell in grid.rows[row][: columns["max"]]):
            part = any(key(cell) == "小计" for cell in grid.rows[row][: columns["max"]])
            warnings += _sum_warning(row, most, lines[since_last:] if part else lines)
            since_last = len(lines)
            continue
        for place, text in enumerate(said):
            if text and text != heading[place]:
                heading[place:] = [text, *said[place + 1 :]]
        if not (name or most or words or odd or row in joined):
            if project and not any(grid.rows[row][columns["max"] :]):
                continue  # a heading by itself
            if not project:
                if any(grid.rows[row]):
                    why = msg("要的列都空着")
                    warnings.append(msg("第 %(row)s 行没有读：%(why)s", row=row + 1, why=why))
                continue
        read = read_rule(words)
        criterion = "/".join(dict.fromkeys(filter(None, heading))) if name else ""
        line = SchemeLine(
            row + 1,
            _aspect(
                criterion, name or project, most, read, grid.line(row, columns.get("standard"))
            ),
            says_type=read.sure is not Sure.SILENT,
        )
        _take_type(line, grid.line(row, columns.get("type")), read)
        _note_problems(line, odd, joined=row in joined)
        again = rows_of.setdefault((line.aspect.criterion, line.aspect.name), row + 1)
        if again != row + 1 and line.aspect.name:
            line.problems.append(msg("和第 %(row)s 行的评分点重名", row=again))
        lines.append(line)
    if header.unread:
        warnings.append(msg("没有读的列：%(columns)s", columns=listed(header.unread)))
    return Scheme(
        form=SchemeForm.TRADE,
        sheet=grid.sheet.name,
        lines=lines,
        warnings=warnings,
        title=grid.title_above(header.row),
    )


def _aspect(criterion: str, name: str, most: str, read: ReadRule, standard: str) -> SchemeAspect:
    return SchemeAspect(
        **{"criterion": criterion, "name": name, "max": most, "standard": standard}
        | {"hint": read.hint}
        | dict(read.keys)
    )


def _take_type(line: SchemeLine, said: str, read: ReadRule) -> None:
    """Take the type from the column 类型 before the one that the words were taken for."""
    if said:
        wanted = _TYPES.get(key(said))
        if wanted is None:
            line.problems.append(msg("类型“%(type)s”不认得", type=said))
        elif wanted != line.aspect.type or read.sure is Sure.SILENT:
            line.says_type = True
            aspect = line.aspect
            line.aspect = SchemeAspect(
                criterion=aspect.criterion,
                name=aspect.name,
                max=aspect.max,
                standard=aspect.standard,
                type=wanted,
                hint=aspect.hint,
            )
        return
    if read.sure is Sure.GUESSED:
        aspect = line.aspect
        line.notes.append(class_of(type_of(aspect.type)).guess_words(aspect.own))


def _note_problems(line: SchemeLine, odd: Message | None, *, joined: bool) -> None:
    aspect = line.aspect
    if not aspect.name:
        line.problems.append(msg("考核要点没写"))
    if joined:
        line.problems.append(msg("配分和上一行合成了一格，每行各写各的"))
    elif odd is not None:
        line.problems.append(msg("配分%(what)s", what=odd))
    elif not aspect.max:
        line.problems.append(msg("配分没写"))
    elif as_number(aspect.max) is None:
        line.problems.append(msg("配分“%(text)s”不是数", text=aspect.max))
    line.problems += too_long(
        [
            ("项目", aspect.criterion, LONGEST_NAME),
            ("考核要点", aspect.name, LONGEST_NAME),
            ("评分标准", aspect.hint, LONGEST_WORDS),
        ]
    )


def _sum_warning(row: int, said: str, lines: list[SchemeLine]) -> list[Message]:
    total = sum_of(line.aspect for line in lines)
    claimed = as_number(said)
    if claimed is None or claimed == total:
        return []
    return [
        msg(
            "第 %(row)s 行写的合计是 %(said)s，上面的配分加起来是 %(found)s",
            row=row + 1,
            said=said,
            found=plain(total),
        )
    ]


_LIMITS = replace(DEFAULT_LIMITS, rows=5_000, columns=60)
ABOUT_SHEET = "说明"
"""Of our own workbook: what it says is no scheme."""
_NO_HEADER = msg(
    "没有找到表头。第一种要有“考核要点”和“配分”两列，第二种要有“Sub Criteria ID”和“Max Mark”两列"
)


def says_scheme(data: bytes) -> bool:
    """True if a workbook has the header of either form. Raises `WorkbookError` for no workbook."""
    book = open_workbook(data)
    grids = (Grid(book.sheet(name)) for name in book.names)
    return any(international_tables(it.sheet) or _find_trade(it) is not None for it in grids)


def read_scheme(data: bytes, wanted: str = "") -> Scheme:
    """Read a scheme: from the sheet that is called `wanted`, else the first with a header.

    Raises `WorkbookError` for what cannot be read as either form.
    """
    book = open_workbook(data, _LIMITS)
    found: list[Scheme] = []
    told: list[Message] = []
    for name in sorted(book.names, key=lambda name: name.strip() != wanted):
        grid = Grid(book.sheet(name))
        if tables := international_tables(grid.sheet):
            found.append(read_columns(grid, tables))
        elif (header := _find_trade(grid)) is not None:
            found.append(_read_trade(grid, header))
        elif name != ABOUT_SHEET and any(map(any, grid.rows)):
            told.append(sheet_without_head(name))
    if not found:
        raise WorkbookError(_NO_HEADER)
    scheme = next((it for it in found if it.lines), found[0])
    if not scheme.lines:
        raise WorkbookError(of_sheet(scheme.sheet, msg("表头下面没有评分点")))
    if len(scheme.lines) > MOST_LINES:
        raise WorkbookError(msg("一个模块最多 %(most)s 个评分点，这张表里不止", most=MOST_LINES))
    told += [
        msg("只读了“%(sheet)s”页，“%(other)s”页没有读", sheet=scheme.sheet, other=it.sheet)
        for it in found
        if it is not scheme
    ]
    return replace(scheme, warnings=[*scheme.warnings, *told, *sheets_hidden(book)])
