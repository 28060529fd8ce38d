"""The trade's form: 项目、考核要点、配分、评分标准, a row for each aspect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType, type_of
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.scheme_aspects import MOST_LINES, Scheme, SchemeAspect, SchemeForm, SchemeLine
from compete.sheets.scheme_wording import ReadRule, Sure, read_rule
from compete.sheets.schemes.cells import (
    LONGEST_NAME,
    LONGEST_WORDS,
    Grid,
    as_number,
    key,
    too_long,
)

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


def find_trade(grid: Grid) -> TradeHeader | None:
    """The header, or None: 配分 and a column of what is marked, the finest of those its name."""
    from compete.sheets.reading.schemes import trade_columns

    found = trade_columns(grid.sheet)
    return None if found is None else TradeHeader(*found)


def read_trade(grid: Grid, header: TradeHeader) -> Scheme:
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
    total = sum_of(lines)
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


def sum_of(lines: list[SchemeLine]) -> Decimal:
    """The sum of the maxima that are numbers."""
    return sum((as_number(line.aspect.max) or Decimal(0) for line in lines), Decimal(0))
