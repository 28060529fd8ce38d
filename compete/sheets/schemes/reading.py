"""Reading of a marking scheme: which sheet, which form, and the sums that it claims."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType, type_of
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.schemes import (
    InternationalTable,
    aspect_letter,
    international_tables,
    levels_in,
    measured_keys,
)
from compete.sheets.reading.telling import of_sheet, sheet_without_head, sheets_hidden
from compete.sheets.scheme_aspects import MOST_LINES, Scheme, SchemeAspect, SchemeForm, SchemeLine
from compete.sheets.scheme_wording import ReadRule, Sure, read_rule
from compete.sheets.workbook.cells import Cell, Fault
from compete.sheets.workbook.limits import DEFAULT_LIMITS
from compete.sheets.workbook.opened import OpenedSheet, open_workbook
from compete.sheets.workbook.refusal import WorkbookError

LONGEST_NAME, LONGEST_WORDS = 200, 2000
"""Characters of a name, and of words about how marks are given."""
_COMMA = re.compile(r"\d+[,，]\d{1,2}")
_SPACE = re.compile(r"[^\S\n]+")
_CALLED = re.compile(r"[（(]?(评分|配分)(标准|细则|办法|表)*[）)]?$")
_DIGITS = 15


@dataclass(slots=True)
class Grid:
    """A sheet as texts; rows and columns count from 0, `blank` is what lies outside."""

    sheet: OpenedSheet
    rows: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [[_text(cell) for cell in row] for row in self.sheet.rows]

    def at(self, row: int, column: int | None) -> str:
        """The text of a cell, empty outside the sheet and for a column that there is not."""
        if column is None or row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]

    def title_above(self, row: int) -> str:
        """The first text that stands alone in a row above this one, if it can be a name."""
        for cells in self.rows[:row]:
            if len(titles := set(filter(None, cells))) == 1:
                text = " ".join(titles.pop().split())
                return _CALLED.sub("", text).strip() if len(text) <= LONGEST_NAME else ""
        return ""

    def line(self, row: int, column: int | None) -> str:
        """The text of a cell as one line."""
        return " ".join(self.at(row, column).split())

    def number(self, row: int, column: int | None) -> tuple[str, Message | None]:
        """A cell as the form takes a number, and why it is none if that is plain."""
        if column is None:
            return "", None
        text = self.line(row, column)
        cell = self.sheet.rows[row][column] if text else ""
        if isinstance(cell, Fault) and cell.is_formula:
            return "", msg("是公式，没有算出的值。复制后“选择性粘贴”成数值再传")
        if isinstance(cell, date | datetime | time | timedelta | bool):
            return text, msg("“%(text)s”不是数", text=text)
        text = unicodedata.normalize("NFKC", text).strip()
        text = text.removesuffix("分").strip()
        return (text.replace(",", ".") if _COMMA.fullmatch(text) else text), None

    def fill_merged(self, columns: Iterable[int], first: int) -> None:
        """Fill merged cells of these columns in each of their rows, from row `first` on."""
        for column in set(columns):
            for row, top in self._joined(column, first):
                if (value := self.at(top, column)) and column < len(self.rows[row]):
                    self.rows[row][column] = value

    def joined_below(self, column: int, first: int) -> set[int]:
        """Rows whose cell of this column belongs to a merged one that begins further up."""
        return {row for row, _top in self._joined(column, first)}

    def _joined(self, column: int, first: int) -> Iterator[tuple[int, int]]:
        """Rows below the first of each merged area of the column, and the first."""
        joined = 0
        for top, left, bottom, right in self.sheet.scan.merged:
            if left - 1 <= column < right and top - 1 >= first:
                for row in range(top, min(bottom, len(self.rows))):
                    joined += 1
                    if joined > 2 * len(self.rows):  # areas upon one another: nobody's scheme
                        return
                    yield row, top - 1


def too_long(texts: Sequence[tuple[str, str, int]]) -> list[Message]:
    """Name the texts (name of a column, text, most characters) that are too long."""
    return [
        msg(
            "%(column)s有 %(found)s 个字，最多 %(longest)s 个",
            column=name,
            found=len(text),
            longest=most,
        )
        for name, text, most in texts
        if len(text) > most
    ]


def key(text: str) -> str:
    """Reduce a heading: no spaces, remarks in brackets and stars, in small letters."""
    bare = re.sub(r"\([^()]{0,30}\)", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s*：:]+", "", bare).casefold()


def as_number(text: str) -> Decimal | None:
    """The decimal that a text is, or None."""
    return Decimal(text) if re.fullmatch(r"-?\d{1,18}(\.\d{1,12})?", text, re.ASCII) else None


def sum_of(aspects: Iterable[SchemeAspect]) -> Decimal:
    """The sum of the maxima that are numbers."""
    return sum((as_number(aspect.max) or Decimal(0) for aspect in aspects), Decimal(0))


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        # As it shows: arithmetic in binary leaves 2.1999999999999997 behind.
        shown = format(cell, f".{_DIGITS}g")
        return plain(Decimal(shown)) if abs(cell) < 1e15 else shown
    if isinstance(cell, str):
        lines = (_SPACE.sub(" ", line).strip() for line in cell.splitlines())
        return "\n".join(line for line in lines if line)
    return str(cell)


HEADINGS = (
    "Sub Criteria ID",
    "Sub Criteria Name or Description",
    "Aspect Type\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Max Mark",
)
"""Nine as they are written; the criterion's letter and its total stand behind them in a header."""
LEVELS = ("0", "1", "2", "3")
_SUB = re.compile(r"[A-Za-z]{1,2}\d{1,3}")


def _read_columns(grid: Grid, tables: Sequence[InternationalTable]) -> Scheme:
    """Every criterion's rows; one row may be a sub-criterion and an aspect at once."""
    return _Reader(grid).read(tables)


class _Reader:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.columns: Mapping[str, Sequence[int]] = {}
        self.lines: list[SchemeLine] = []
        self.warnings: list[Message] = []
        self.heading = ""
        self.criteria: list[str] = []
        self.judged: set[int] = set()
        self.of_criterion: dict[str, list[SchemeLine]] = {}
        self.begun = 0
        self.claimed: tuple[int, str] | None = None
        self.ladder: list[tuple[str, str]] | None = None

    def read(self, tables: Sequence[InternationalTable]) -> Scheme:
        for table in tables:
            self._header(table)
            for row in table.rows:
                if len(self.lines) <= MOST_LINES:
                    self._row(row)
        self._end_ladder()
        self._end_criterion()
        self._summary(tables[0].head)
        for table in tables:
            self.warnings += [
                msg("第 %(row)s 行没有读：%(why)s", row=row + 1, why=why)
                for row, why in table.passed.items()
            ]
        if unread := list(dict.fromkeys(it for table in tables for it in table.unread)):
            self.warnings.append(msg("没有读的列：%(columns)s", columns=listed(unread)))
        if len(self.criteria) > 1:
            self.warnings.append(msg("表里有 %(n)s 个大项，都读进这一个模块", n=len(self.criteria)))
        return Scheme(
            form=SchemeForm.COLUMNS,
            sheet=self.grid.sheet.name,
            lines=self.lines,
            warnings=self.warnings,
        )

    def _place(self, field: str) -> int | None:
        return next(iter(self.columns.get(field, ())), None)

    def _header(self, table: InternationalTable) -> None:
        self._end_ladder()
        self._end_criterion()
        self.columns = table.columns
        self.criteria.append(table.letter)
        self.heading, self.begun = "", len(self.lines)
        claimed, odd = self.grid.number(table.head, table.total)
        self.claimed = (table.head + 1, claimed)
        if odd is not None:
            self.warnings.append(msg("第 %(row)s 行写的合计%(what)s", row=table.head + 1, what=odd))

    def _row(self, row: int) -> None:
        grid = self.grid
        code, name, kind, aspect, level = (
            grid.line(row, self._place(field))
            for field in ("sub_id", "sub_name", "type", "name", "level")
        )
        most, odd = grid.number(row, self._place("max"))
        if code or name:
            self._end_ladder()
            if not code or _SUB.fullmatch(code):
                self.heading = name
        if level and not kind and not aspect:
            self._level(row, level, grid.at(row, self._place("rule")))
            return
        if kind or aspect or (most and not code):
            self._end_ladder()
            self._aspect(row, kind, aspect, most, odd)
            if level == LEVELS[0] and self.ladder is not None:
                line = self.lines[-1]
                self.ladder.append((level, " ".join(line.aspect.hint.split())))
                line.aspect = replace(line.aspect, hint="")

    def _aspect(self, row: int, kind: str, name: str, most: str, odd: Message | None) -> None:
        grid = self.grid
        extra, *more = [grid.at(row, column) for column in self.columns.get("rule", ())] or [""]
        read = read_rule(extra[: LONGEST_WORDS + 1])
        hint = "\n".join(text for text in (read.hint, *more) if text)
        judged = aspect_letter(kind) == "J"
        keys: dict[str, Any]
        if judged:
            keys = {"type": "judgement"}
            keys |= {it: read.keys[it] for it in ("factor", "unit") if it in read.keys}
        elif read.sure is Sure.SAID:
            keys = dict(read.keys)
        else:
            rule = "\n".join(text for text in (extra, *more) if text)
            keys = dict(measured_keys(rule[: LONGEST_WORDS + 1]))
        line = SchemeLine(
            row + 1,
            SchemeAspect(
                **{"name": name, "criterion": self.heading, "max": most}
                | {"standard": grid.line(row, self._place("standard")), "hint": hint}
                | keys
            ),
            # What is given as it is because nothing says how may stay as it was.
            says_type=judged or read.sure is Sure.SAID or keys["type"] != "score",
        )
        if not aspect_letter(kind):
            shown = kind or msg("空着")
            line.problems.append(msg("Aspect Type 是“%(found)s”，应当是 M 或 J", found=shown))
        if keys["type"] == "deduction" and read.sure is not Sure.SAID:
            line.notes.append(class_of(AspectType.DEDUCTION).guess_words(line.aspect.own))
        if not name:
            line.problems.append(msg("写了 Max Mark，没写 Aspect - Description"))
        if odd is not None:
            line.problems.append(msg("Max Mark %(what)s", what=odd))
        elif not most:
            line.problems.append(msg("写了 Aspect - Description，没写 Max Mark"))
        elif as_number(most) is None:
            line.problems.append(msg("Max Mark “%(text)s”不是数", text=most))
        line.problems += too_long(
            [
                ("Aspect - Description", name, LONGEST_NAME),
                ("Sub Criteria Name", self.heading, LONGEST_NAME),
                ("Extra Aspect Description", hint, LONGEST_WORDS),
            ]
        )
        self.lines.append(line)
        if judged:
            self.judged.add(line.number)
        self.ladder = [] if judged else None

    def _level(self, row: int, level: str, words: str) -> None:
        if self.ladder is None:
            problem = msg("第 %(row)s 行是一档的说明，上面不是 J 的评分点", row=row + 1)
            if self.lines:
                self.lines[-1].problems.append(problem)
            else:
                self.warnings.append(problem)
            return
        self.ladder.append((level, " ".join(words.split())))

    def _end_ladder(self) -> None:
        """End a ladder: all four levels in their places, or the aspect says what is lacking."""
        ladder, self.ladder = self.ladder, None
        if ladder is None:
            return
        line = self.lines[-1]
        if not ladder:
            texts, hint = levels_in(line.aspect.hint)
            ladder = list(zip(LEVELS, texts, strict=False))
            line.aspect = replace(line.aspect, hint=hint)
        words = dict(ladder)
        if tuple(level for level, _words in ladder) != LEVELS or not all(words.values()):
            line.problems.append(
                msg(
                    "J 的评分点下面要有 0、1、2、3 四行，每行写说明；现在是 %(n)s 行", n=len(ladder)
                )
            )
        levels = "\n".join(text for _level, text in ladder if text)
        line.aspect = replace(line.aspect, own={"levels": levels} if levels else {})

    def _end_criterion(self) -> None:
        if self.claimed is None:
            return
        row, claim = self.claimed
        lines = self.lines[self.begun :]
        letter = self.criteria[-1].casefold().removeprefix("criterion").strip()
        self.of_criterion.setdefault(letter, []).extend(lines)
        total = sum_of(line.aspect for line in lines)
        claimed = as_number(claim)
        if claimed is not None and claimed != total:
            self.warnings.append(_differs(row, claim, total))

    def _summary(self, first: int) -> None:
        """Read the table on top: what each criterion brings, M, J and both, and all of them."""
        columns: dict[str, int] = {}
        for row in range(first):
            cells = [
                self.grid.line(row, column) for column in range(min(len(self.grid.rows[row]), 11))
            ]
            if key(cells[0] if cells else "") == "criterion":
                columns = {
                    kind: n for n, cell in enumerate(cells) if (kind := _sum_kind(cell)) is not None
                }
                continue
            if any(key(cell) == "total" for cell in cells[:2]):
                lines = self.lines
            elif columns and cells and (letter := cells[0].casefold()) in self.of_criterion:
                lines = self.of_criterion[letter]
            else:
                continue
            numbers = [n for n, cell in enumerate(cells) if as_number(cell) is not None]
            if numbers:
                self._claims(row, columns or {"": numbers[-1]}, lines)

    def _claims(self, row: int, columns: Mapping[str, int], lines: list[SchemeLine]) -> None:
        """Warn of each sum in a row of the summary that its aspects do not come to."""
        for kind, column in columns.items():
            claimed = as_number(self.grid.number(row, column)[0])
            total = sum_of(
                it.aspect for it in lines if not kind or (it.number in self.judged) == (kind == "J")
            )
            if claimed is not None and claimed != total:
                self.warnings.append(_differs(row + 1, plain(claimed), total, kind))


def _sum_kind(heading: str) -> str | None:
    """The aspects that a column of the summary adds up: M, J, all of them (empty); None: no sum."""
    folded = heading.casefold()
    if "meas" in folded or "(m)" in folded:
        return "M"
    if "judg" in folded or "(j)" in folded:
        return "J"
    return "" if key(heading) == "total" else None


def _differs(row: int, claim: str, total: Decimal, kind: str = "") -> Message:
    if kind:
        return msg(
            "第 %(row)s 行写的 %(kind)s 合计是 %(said)s，评分点加起来是 %(found)s",
            row=row,
            kind=kind,
            said=claim,
            found=plain(total),
        )
    return msg(
        "第 %(row)s 行写的合计是 %(said)s，评分点加起来是 %(found)s",
        row=row,
        said=claim,
        found=plain(total),
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


def _find_trade(grid: Grid) -> TradeHeader | None:
    """The header, or None: 配分 and a column of what is marked, the finest of those its name."""
    from compete.sheets.reading.schemes import trade_columns

    columns = trade_columns(grid.sheet)
    return None if columns is None else TradeHeader(*columns)


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
        texts = [grid.line(row, column) for column in coarse]
        project, name = next(filter(None, reversed(texts)), ""), grid.line(row, columns.get("name"))
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
        for place, text in enumerate(texts):
            if text and text != heading[place]:
                heading[place:] = [text, *texts[place + 1 :]]
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


def _take_type(line: SchemeLine, word: str, read: ReadRule) -> None:
    """Take the type from the column 类型 before the one that the words were taken for."""
    if word:
        wanted = _TYPES.get(key(word))
        if wanted is None:
            line.problems.append(msg("类型“%(type)s”不认得", type=word))
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


def _sum_warning(row: int, claim: str, lines: list[SchemeLine]) -> list[Message]:
    total = sum_of(line.aspect for line in lines)
    claimed = as_number(claim)
    if claimed is None or claimed == total:
        return []
    return [
        msg(
            "第 %(row)s 行写的合计是 %(said)s，上面的配分加起来是 %(found)s",
            row=row + 1,
            said=claim,
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
    schemes: list[Scheme] = []
    notices: list[Message] = []
    for name in sorted(book.names, key=lambda name: name.strip() != wanted):
        grid = Grid(book.sheet(name))
        if tables := international_tables(grid.sheet):
            schemes.append(_read_columns(grid, tables))
        elif (header := _find_trade(grid)) is not None:
            schemes.append(_read_trade(grid, header))
        elif name != ABOUT_SHEET and any(map(any, grid.rows)):
            notices.append(sheet_without_head(name))
    if not schemes:
        raise WorkbookError(_NO_HEADER)
    scheme = next((it for it in schemes if it.lines), schemes[0])
    if not scheme.lines:
        raise WorkbookError(of_sheet(scheme.sheet, msg("表头下面没有评分点")))
    if len(scheme.lines) > MOST_LINES:
        raise WorkbookError(msg("一个模块最多 %(most)s 个评分点，这张表里不止", most=MOST_LINES))
    notices += [
        msg("只读了“%(sheet)s”页，“%(other)s”页没有读", sheet=scheme.sheet, other=it.sheet)
        for it in schemes
        if it is not scheme
    ]
    return replace(scheme, warnings=[*scheme.warnings, *notices, *sheets_hidden(book)])
